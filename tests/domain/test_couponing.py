"""What coupons take off: exactly, never more than the goods, spread to the last cent."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiel.domain.activity import Line, LineKind, Sale
from fiel.domain.conditions import Scope, check_condition
from fiel.domain.couponing import (
    Use,
    Why,
    coupon_of_terms,
    discount_of,
    half_up,
    hindrances,
    terms_of_reward,
)
from fiel.domain.member import MemberFacts
from fiel.domain.money import currency
from fiel.domain.program import Coupon, CouponKind

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
EUR = currency("EUR")


def line(number: int, gross: int, *, sku: str = "", category: str = "", quantity: int = 1) -> Line:
    kind = LineKind.GIFT_CARD if category == "gift_card" else LineKind.GOODS
    return Line(number, sku, "", category, kind, quantity, Decimal(1), gross, gross, gross)


def use_of(*lines: Line, facts: MemberFacts | None = None) -> Use:
    goods = sum(each.gross for each in lines if each.kind is LineKind.GOODS)
    return Use(NOW, Sale(NOW, "", "", lines, 0, goods, goods, len(lines)), facts)


def percent(number: int) -> Coupon:
    return Coupon("c", CouponKind.DISCOUNT, percent=Decimal(number))


def where(text: str) -> Coupon:
    condition = check_condition(text, scope=Scope.SALE, currency=EUR)
    return Coupon("c", CouponKind.DISCOUNT, percent=Decimal(100), where=condition)


def whys(coupon: Coupon, use: Use) -> list[Why]:
    return [reason.why for reason in hindrances(coupon, use, currency=EUR)]


@pytest.mark.parametrize(("goods", "taken_off"), [(1_004, 100), (1_005, 101), (1_014, 101), (4, 0)])
def test_a_tenth_is_rounded_half_up(goods, taken_off):
    assert discount_of(percent(10), use_of(line(1, goods)), taken={}).total == taken_off


LINES = st.lists(st.integers(0, 5_000), min_size=1, max_size=8)


@given(LINES, st.integers(1, 100), st.data())
def test_parts_come_to_the_whole_and_no_line_below_zero(amounts, share, data):
    lines = [line(number, gross) for number, gross in enumerate(amounts, start=1)]
    taken = {each.number: data.draw(st.integers(0, each.gross)) for each in lines}
    left = {each.number: each.gross - taken[each.number] for each in lines}

    found = discount_of(percent(share), use_of(*lines), taken=taken)

    assert found.total == half_up(Fraction(sum(left.values()) * share, 100))
    assert sum(found.lines.values()) == found.total
    assert all(0 < part <= left[number] for number, part in found.lines.items())


@given(LINES, st.integers(1, 30_000))
def test_an_amount_is_never_more_than_the_goods(amounts, amount):
    lines = [line(number, gross) for number, gross in enumerate(amounts, start=1)]
    coupon = Coupon("c", CouponKind.DISCOUNT, amount=amount)

    found = discount_of(coupon, use_of(*lines, line(99, 9_999, category="gift_card")), taken={})

    assert found.total == min(amount, sum(amounts)) == sum(found.lines.values())
    assert 99 not in found.lines


def test_the_dearest_one_of_an_article_is_free():
    coupon = Coupon("c", CouponKind.PRODUCT, sku="CAP")
    use = use_of(line(1, 630, sku="CAP", quantity=3), line(2, 250, sku="CAP"), line(3, 900))

    found = discount_of(coupon, use, taken={})

    assert (found.total, found.lines) == (250, {2: 250})


def test_three_at_a_price_that_does_not_divide_are_rounded_half_up():
    coupon = Coupon("c", CouponKind.PRODUCT, sku="CAP")

    assert discount_of(coupon, use_of(line(1, 500, sku="CAP", quantity=3)), taken={}).total == 167


def test_a_condition_of_the_sale_takes_all_goods_or_none():
    coupon = where("sale.gross >= 10.0")

    assert discount_of(coupon, use_of(line(1, 600), line(2, 400)), taken={}).total == 1_000
    assert whys(coupon, use_of(line(1, 999))) == [Why.WHERE]


def test_a_condition_that_cannot_be_evaluated_does_not_hold():
    coupon = where('member.attributes["size"] > 3')

    assert whys(coupon, use_of(line(1, 999), facts=MemberFacts())) == [Why.WHERE]


def test_without_a_sale_only_what_is_about_the_member_is_asked():
    nobody = Use(NOW)

    assert whys(where("sale.gross >= 10.0"), nobody) == []
    assert whys(where("member.spend >= 10.0"), nobody) == [Why.WHERE]
    assert whys(where("member.spend >= 10.0"), Use(NOW, None, MemberFacts(spend=1_000))) == []


def test_everything_that_stands_in_the_way_is_told():
    coupon = Coupon(
        "c", CouponKind.PRODUCT, sku="CAP", members_only=True, min_spend=1_000, stack=False
    )
    use = use_of(line(1, 999))
    use = Use(use.local, use.sale, None, (percent(5),))

    assert whys(coupon, use) == [Why.MEMBER, Why.STACK, Why.MIN_SPEND, Why.PRODUCT]


@pytest.mark.parametrize(
    ("amount", "share"), [(500, None), (None, Decimal(10)), (None, Decimal("12.5"))]
)
def test_the_terms_of_a_reward_are_kept_and_read_again(amount, share):
    terms = terms_of_reward("dto", amount=amount, percent=share)

    coupon = coupon_of_terms(terms)

    assert (coupon.id, coupon.amount, coupon.percent, coupon.uses) == ("dto", amount, share, 1)
