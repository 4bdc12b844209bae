"""Conditions compiled to tables answer what they answer at the till."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import ibis
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from ibis.backends import BaseBackend

from fiel.insights.columns.opening import LAMBDAS
from fiel.insights.conditions import CannotCompile, compiled
from tests.domain.conditions.cast import ANA, CAPPUCCINOS, TICKET, of_sale, with_attributes
from tests.domain.conditions.writing import conditions, lines, members, sales
from tests.insights.conditions.tables import Row, answers, matched


@pytest.fixture(scope="module")
def engine() -> Iterator[BaseBackend]:
    backend = ibis.duckdb.connect(lambda_syntax=LAMBDAS)
    yield backend
    backend.disconnect()


@given(
    text=conditions(),
    rows=st.lists(st.tuples(lines(), sales(), members()), min_size=1, max_size=6),
)
@settings(max_examples=150, deadline=None)
def test_a_table_answers_what_every_row_answers(
    engine: BaseBackend, text: str, rows: list[Row]
) -> None:
    condition = of_sale(text)
    try:
        found = answers(engine, condition, rows)
    except CannotCompile as refused:
        event(str(refused))
        assume(False)

    assert found == matched(condition, rows)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('line.sku.startsWith("CAP-") && line.quantity >= 2', True),
        ("line.quantity * 3.1 == line.net && line.unit_price == 3.10", True),
        ("line.margin / line.net > 0.74", True),
        ("line.margin / line.net > 0.75", False),
        ("sale.net / (sale.items - 2) > 1 || true", True),
        ("!(sale.net / (sale.items - 2) > 1)", False),
        ("7 / 2 == 3 && 7 / 2.0 == 3.5 && -7 / 2 == -3 && -7 % 2 == -1", True),
        ("member.visits / 10 == 3 && member.visits % 10 == 1", True),
        ("int(line.quantity) % 2 == 0", True),
        ('line.sku.matches("^CAP-[0-9]+$")', True),
        ('member.segments.exists(s, s.startsWith("mad")) && size(member.segments) == 2', True),
        ('"vip" in member.segments && !("gone" in member.segments)', True),
        ('member.segments.filter(s, s != "vip") == ["madrid"]', True),
        ('member.tier in ["plata", "oro"]', True),
        ('member.attributes.favourite == "latte" && member.attributes.children >= 2', True),
        ('member.attributes.children == "2"', False),
        ("member.attributes.children == 2.0", True),
        ("member.attributes.favourite > 3", False),
        ("has(member.attributes.allergy) ? false : true", True),
        ('!(member.attributes.allergy == "milk")', False),
    ],
)
def test_what_is_written_in_the_documentation_holds_of_a_table(
    engine: BaseBackend, text: str, *, expected: bool
) -> None:
    assert answers(engine, of_sale(text), [(CAPPUCCINOS, TICKET, ANA)]) == [expected]


def test_a_list_of_attributes_is_looked_through(engine: BaseBackend) -> None:
    rows = [
        (CAPPUCCINOS, TICKET, with_attributes(**attributes))
        for attributes in (
            {"likes": ["latte", 2]},
            {"likes": ["mocha"]},
            {"likes": {"latte": True}},
            {"likes": "latte"},
            {},
        )
    ]

    assert answers(engine, of_sale('"latte" in member.attributes.likes'), rows) == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_texts_are_ordered_by_their_characters(engine: BaseBackend) -> None:
    rows = [
        (replace(CAPPUCCINOS, category=category), TICKET, ANA)
        for category in ("Zumo", "azúcar", "zumo", "ñandú")
    ]

    condition = of_sale('line.category >= "a" && line.category <= "zz"')

    assert answers(engine, condition, rows) == matched(condition, rows)
    assert matched(condition, rows) == [False, True, True, False]


def test_a_member_without_a_tier_has_an_empty_one(engine: BaseBackend) -> None:
    rows = [(CAPPUCCINOS, TICKET, replace(ANA, tier=tier)) for tier in (None, "oro")]

    assert answers(engine, of_sale('member.tier == ""'), rows) == [True, False]


def test_what_no_column_says_cannot_be_compiled() -> None:
    condition = of_sale("sale.net > 5")

    with pytest.raises(CannotCompile):
        compiled(condition, {})


def test_floats_are_no_amounts() -> None:
    table = ibis.table({"net": "float64"}, name="sales")

    with pytest.raises(CannotCompile):
        compiled(of_sale("sale.net > 5"), {"sale.net": table.net})


def test_a_product_that_38_digits_do_not_hold_cannot_be_compiled(engine: BaseBackend) -> None:
    condition = of_sale("line.quantity * line.unit_price == line.net")

    with pytest.raises(CannotCompile):
        answers(engine, condition, [(CAPPUCCINOS, TICKET, ANA)])
