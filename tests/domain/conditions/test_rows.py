"""Conditions as rows, and rows as conditions."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.conditions import Scope
from fiel.domain.conditions.rows import Group, Joined, Operator, Row, rows_of, text_of
from tests.domain.conditions.cast import matches, of_sale
from tests.domain.conditions.test_documentation import examples
from tests.domain.conditions.writing import WORDS

ALL, ANY = Joined.ALL, Joined.ANY


def test_a_comparison_is_a_row():
    assert rows_of('line.category != "tabaco"', Scope.SALE) == Group(
        ALL, (Row("line.category", Operator.IS_NOT, ("tabaco",)),)
    )


def test_a_comparison_that_stands_the_other_way_round_is_turned():
    assert rows_of("50 <= sale.net", Scope.SALE) == Group(
        ALL, (Row("sale.net", Operator.AT_LEAST, (50,)),)
    )


def test_groups_in_groups_are_kept_apart():
    text = '(member.tier in ["plata", "oro"] || "vip" in member.segments) && sale.net > 20.5'
    assert rows_of(text, Scope.SALE) == Group(
        ALL,
        (
            Group(
                ANY,
                (
                    Row("member.tier", Operator.ONE_OF, ("plata", "oro")),
                    Row("member.segments", Operator.HAS, ("vip",)),
                ),
            ),
            Row("sale.net", Operator.MORE, (Fraction("20.5"),)),
        ),
    )


def test_attributes_are_rows_with_a_key():
    text = '!has(member.attributes.shoe) || member.attributes["a b"] == 42'
    assert rows_of(text, Scope.SALE) == Group(
        ANY,
        (
            Row("member.attributes", Operator.UNKNOWN, (), "shoe"),
            Row("member.attributes", Operator.IS, (42,), "a b"),
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "line.net / line.quantity > 3",
        "member.segments.exists(s, s == 'vip')",
        'line.categry == "cafe"',
        "sale.net >",
        '!(sale.net > 3 && line.sku == "x")',
        'activity.type == "review"',
        "line.net == line.gross",
    ],
)
def test_what_says_more_than_rows_can_stays_a_text(text):
    assert rows_of(text, Scope.SALE) is None


def test_nothing_is_no_rows():
    assert rows_of("", Scope.SALE) == Group(ALL, ())
    assert text_of(Group(ALL, ())) == ""


@pytest.mark.parametrize("text", examples("holds"))
def test_what_holds_still_holds_when_its_rows_are_written(text):
    group = rows_of(text, Scope.SALE)
    if group is not None:
        assert matches(text_of(group))


TEXTS = st.sampled_from([*WORDS, 'a "quoted" \\ one', "two\nlines"])
NUMBERS = st.integers(-9, 10**6) | st.decimals(0, 999, places=2).map(Fraction)
SAME = st.sampled_from([Operator.IS, Operator.IS_NOT])
ORDERS = st.sampled_from([Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST])
FINDS = st.sampled_from([Operator.STARTS, Operator.ENDS, Operator.CONTAINS, Operator.NOT_CONTAINS])
LISTS = st.sampled_from([Operator.ONE_OF, Operator.NONE_OF])
KEYS = st.sampled_from(["favourite", "age", "a b", "in", "ñ"])


def one(values):
    return values.map(lambda value: (value,))


ROWS = st.one_of(
    st.builds(Row, st.sampled_from(["line.sku", "sale.store"]), SAME | FINDS, one(TEXTS)),
    st.builds(Row, st.sampled_from(["sale.net", "member.visits", "line.quantity"]), SAME | ORDERS,
              one(NUMBERS)),
    st.builds(Row, st.just("line.category"), LISTS,
              st.lists(TEXTS, min_size=1, max_size=3).map(tuple)),
    st.builds(Row, st.just("member.segments"),
              st.sampled_from([Operator.HAS, Operator.HAS_NOT]), one(TEXTS)),
    st.builds(Row, st.just("member.attributes"), SAME, one(TEXTS | NUMBERS | st.booleans()), KEYS),
    st.builds(Row, st.just("member.attributes"),
              st.sampled_from([Operator.KNOWN, Operator.UNKNOWN]), st.just(()), KEYS),
)  # fmt: skip
OTHER = {ALL: ANY, ANY: ALL}


def groups(joined, depth):
    inner = ROWS if depth == 0 else ROWS | groups(OTHER[joined], depth - 1)
    return st.lists(inner, min_size=2, max_size=3).map(lambda parts: Group(joined, tuple(parts)))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([ALL, ANY]).flatmap(lambda joined: groups(joined, 2)))
def test_rows_that_are_written_are_read_as_the_same_rows_and_can_be_published(group):
    text = text_of(group)
    assert rows_of(text, Scope.SALE) == group
    assert of_sale(text).text == text


def test_reserved_words_as_keys_are_written_in_brackets():
    row = Row("member.attributes", Operator.IS, ("x",), "in")
    assert text_of(Group(ALL, (row,))) == 'member.attributes["in"] == "x"'
    assert of_sale(text_of(Group(ALL, (row,)))).reads == {"member.attributes.in"}
