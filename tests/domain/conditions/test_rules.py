"""What merchants write, and what it says of Ana's purchase."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiel.domain.money import Currency, currency
from tests.domain.conditions.cast import (
    ANA,
    CAPPUCCINOS,
    EUR,
    REVIEW,
    TICKET,
    matches,
    of_activity,
    with_attributes,
)


def test_tobacco_is_excluded_and_coffee_is_not() -> None:
    tobacco = replace(CAPPUCCINOS, category="tabaco")

    assert matches('line.category != "tabaco"')
    assert not matches('line.category != "tabaco"', line=tobacco)


@pytest.mark.parametrize("fifty", ["50", "50.0", "50.00", "5e1", "(25 + 25)", "25 * 2.0"])
def test_a_ticket_of_fifty_is_reached_at_exactly_fifty(fifty: str) -> None:
    assert matches(f"sale.net >= {fifty}", sale=replace(TICKET, net=5_000))
    assert matches(f"sale.net == {fifty}", sale=replace(TICKET, net=5_000))
    assert not matches(f"sale.net >= {fifty}", sale=replace(TICKET, net=4_999))


@pytest.mark.parametrize(
    ("code", "minor"), [("EUR", 12_345), ("CLP", 123), ("KWD", 123_450)], ids=["EUR", "CLP", "KWD"]
)
def test_amounts_are_read_with_the_decimals_of_the_currency(code: str, minor: int) -> None:
    money = currency(code)
    major = Decimal(minor).scaleb(-money.decimals)

    assert matches(f"sale.net == {major}", sale=replace(TICKET, net=minor), money=money)
    assert not matches(f"sale.net > {major}", sale=replace(TICKET, net=minor), money=money)
    assert matches(f"sale.net > {major}", sale=replace(TICKET, net=minor + 1), money=money)


@given(
    minor=st.integers(0, 10**15),
    literal=st.decimals(0, 10**13, places=4, allow_nan=False),
    decimals=st.sampled_from([0, 2, 3]),
)
def test_an_amount_compares_exactly_with_every_literal(
    minor: int, literal: Decimal, decimals: int
) -> None:
    money = Currency("XXX", decimals)
    expected = Fraction(minor, 10**decimals) >= Fraction(literal)

    sale = replace(TICKET, net=minor)

    assert matches(f"sale.net >= {literal}", sale=sale, money=money) == expected


def test_what_floats_get_wrong_is_exact() -> None:
    assert matches("0.1 + 0.2 == 0.3")
    assert matches("line.unit_price * 3 == 9.3")
    assert matches("member.attributes.tip == 0.1", member=with_attributes(tip=0.1))
    assert matches("sale.net == 90071992547409.93", sale=replace(TICKET, net=9_007_199_254_740_993))


def test_an_amount_calculates_with_quantities_counts_and_amounts() -> None:
    assert matches("line.quantity * line.unit_price == line.net")
    assert matches("line.net / line.quantity == 3.1")
    assert matches("line.margin / line.net > 0.74")
    assert not matches("line.margin / line.net > 0.75")
    assert matches("member.spend > member.visits * 38")
    assert matches("-line.net < 0 && line.gross - line.net == 0.62")
    assert matches("2 * line.net == 12.4")
    assert matches("line.margin > line.net * 0.74 && line.margin < line.net * 0.75")
    assert matches("line.net / 0.5 == 12.4 && line.net / -2 == -3.1")
    assert matches("line.net / 3 + line.net / 2 == line.net * 5 / 6")
    assert matches("-(line.net - 10) == 3.8 && 3.1 + 3.1 == line.net")
    assert matches("line.net * line.net > 38 && line.net * line.net < 39")


def test_a_quantity_by_weight_compares_exactly() -> None:
    weighed = replace(CAPPUCCINOS, quantity=Decimal("0.35"))

    assert matches("line.quantity >= 0.35", line=weighed)
    assert not matches("line.quantity > 0.35", line=weighed)
    assert matches("line.quantity in [0.35, 1]", line=weighed)
    assert not matches("line.quantity >= 1", line=weighed)


def test_integers_divide_as_in_cel_and_all_else_exactly() -> None:
    assert matches("7 / 2 == 3 && -7 / 2 == -3 && -7 % 2 == -1")
    assert matches("7 / 2.0 == 3.5")
    assert matches("int(line.quantity) % 2 == 0")
    assert matches("int(3.99) == 3 && int(-3.99) == -3 && double(7) / 2 == 3.5")


def test_a_member_without_a_tier_has_an_empty_one() -> None:
    nobody = replace(ANA, tier=None)

    assert matches('member.tier in ["plata", "oro"]')
    assert not matches('member.tier in ["plata", "oro"]', member=nobody)
    assert matches('member.tier == ""', member=nobody)
    assert matches('member.tier != "oro"', member=nobody)


def test_segments_are_walked_through() -> None:
    assert matches('"vip" in member.segments')
    assert matches('member.segments.exists(s, s.startsWith("mad"))')
    assert not matches('member.segments.all(s, s.startsWith("mad"))')
    assert matches('member.segments.exists_one(s, s == "vip")')
    assert matches("member.segments.map(s, size(s)) == [3, 6]")
    assert matches('member.segments.filter(s, s != "vip") == ["madrid"]')
    assert matches('member.segments.map(s, s != "vip", s + "!") == ["madrid!"]')
    assert matches('member.segments[1] == "madrid" && size(member.segments) == 2')


def test_loops_may_stand_inside_each_other() -> None:
    assert matches('["ma", "mo"].exists(a, ["drid"].exists(b, (a + b) in member.segments))')
    assert not matches('["ma", "mo"].all(a, ["drid"].all(a, a in member.segments))')


def test_texts_are_searched_and_joined() -> None:
    assert matches('line.sku.startsWith("CAP-") && line.sku.endsWith("01")')
    assert matches('line.name.contains("puch") && size(line.name) == 9')
    assert matches('line.sku + "/" + sale.store == "CAP-01/centro"')
    assert matches('line.sku.matches("^CAP-[0-9]+$")')
    assert not matches('line.sku.matches("^AP")')
    assert matches('string(member.visits) == "31" && int("31") == member.visits')


def test_attributes_are_read_by_name_and_by_key() -> None:
    assert matches('member.attributes.favourite == "latte"')
    assert matches('member.attributes["favourite"].startsWith("lat")')
    assert matches('"favourite" in member.attributes && !has(member.attributes.allergy)')
    assert matches("member.attributes.children >= 2")
    assert matches('member.attributes.children != "two"')


@pytest.mark.parametrize("children", [2, 2.0, Decimal(2), Decimal("2.00")])
def test_numbers_of_attributes_compare_by_value(children: object) -> None:
    ana = with_attributes(children=children)

    assert matches("member.attributes.children == 2", member=ana)
    assert matches("member.attributes.children < 2.5", member=ana)
    assert matches("member.attributes.children in [1, 2]", member=ana)
    assert matches("member.visits > member.attributes.children", member=ana)
    assert matches("sale.net > member.attributes.children", member=ana)
    assert matches("member.attributes.children in [sale.net, 2]", member=ana)


def test_true_is_no_number() -> None:
    ana = with_attributes(newsletter=True)

    assert matches("member.attributes.newsletter", member=ana)
    assert matches("member.attributes.newsletter == true", member=ana)
    assert not matches("member.attributes.newsletter == 1", member=ana)
    assert matches("member.attributes.newsletter != 1", member=ana)


def test_lists_and_maps_inside_attributes() -> None:
    ana = with_attributes(
        colours=["red", "blue"], address={"city": "Madrid"}, sizes=[38, 40.0], nothing=None
    )

    assert matches('"red" in member.attributes.colours', member=ana)
    assert matches('member.attributes.colours == ["red", "blue"]', member=ana)
    assert matches('member.attributes.address.city == "Madrid"', member=ana)
    assert matches('member.attributes.address == member.attributes["address"]', member=ana)
    assert matches("member.attributes.sizes.exists(s, s > 39)", member=ana)
    assert matches("member.attributes.sizes.map(s, s + 1) == [39, 41]", member=ana)
    assert matches("member.attributes.nothing == null", member=ana)
    assert matches("has(member.attributes.nothing)", member=ana)
    assert matches(
        'has(member.attributes.address.city) && "city" in member.attributes.address', member=ana
    )
    assert matches('member.attributes.exists(key, key == "sizes")', member=ana)


def test_one_or_the_other() -> None:
    assert matches("member.spend >= 1000 ? sale.net > 5 : sale.net > 50")
    assert not matches("member.spend >= 5000 ? sale.net > 5 : sale.net > 50")


def test_an_activity_is_read_by_its_type_and_properties() -> None:
    five_stars = of_activity('activity.type == "review" && activity.properties.stars == 5')
    with_photos = of_activity("size(activity.properties.photos) >= 2 && member.visits > 30")

    assert five_stars.matches(None, None, ANA, REVIEW)
    assert with_photos.matches(None, None, ANA, REVIEW)
    assert not five_stars.matches(None, None, ANA, replace(REVIEW, properties={"stars": 4}))


def test_the_gross_and_the_margin_of_a_line_are_apart_from_its_net() -> None:
    assert matches("line.gross == 6.82 && line.margin == 4.6 && line.net == 6.2")
    assert matches("sale.gross == 6.82 && sale.items == 2")


def test_amounts_are_never_floats_inside() -> None:
    assert EUR.minor_per_major == 100
    assert matches("sale.net in [6.1, 6.2]")
    assert matches("[sale.net, 1].exists(a, a == 6.2)")
    assert matches("member.segments.map(s, sale.net) == [6.2, 6.2]")
    assert matches("sale.net * sale.net == 38.44")
