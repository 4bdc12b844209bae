"""A condition that cannot be evaluated says so, unless a part that can be decides it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fiel.domain.conditions import CannotEvaluate
from fiel.domain.member import MemberFacts
from tests.domain.conditions.cast import ANA, matches, with_attributes


def refuses(text: str, member: MemberFacts = ANA) -> str:
    with pytest.raises(CannotEvaluate) as failure:
        matches(text, member=member)
    return failure.value.text.format(**failure.value.parameters)


def test_an_attribute_that_a_member_does_not_have() -> None:
    assert refuses('member.attributes.allergy == "nuts"') == '"allergy" is not there.'
    assert refuses('member.attributes["allergy"] != "nuts"') == '"allergy" is not there.'
    assert refuses("member.attributes.favourite.roast == 1") == (
        "A value is of another kind than the condition expects."
    )
    assert refuses('member.segments[2] == "vip"') == '"2" is not there.'
    assert refuses('member.segments[-1] == "vip"') == '"-1" is not there.'


ABSENT = "member.attributes.allergy == 'nuts'"
ABSENT_TOO = "member.attributes.intolerance == 'nuts'"


@pytest.mark.parametrize(
    "text",
    [
        f"{ABSENT} || line.net > 1",
        f"line.net > 1 || {ABSENT}",
        f"{ABSENT} || {ABSENT_TOO} || member.attributes.children == 2",
        f"!({ABSENT} && line.net > 100)",
        f"!(line.net > 100 && {ABSENT})",
        f"!({ABSENT} && {ABSENT_TOO} && member.attributes.children == 3)",
        f"{ABSENT} || ({ABSENT_TOO} || member.attributes.children == 2)",
        f"line.net > 1 ? line.net > 2 : {ABSENT}",
        f"member.segments.exists(s, s == 'madrid' || {ABSENT})",
        f"!member.segments.all(s, s != 'madrid' && {ABSENT})",
        "member.attributes.allergies.exists(a, a == 'nuts') || true",
        "[member.attributes.children].exists(c, c || true)",
        "[member.attributes.children].exists(c, c.exists(any, true) || true)",
        "[1, 0].exists(n, 1 / n == 1)",
        "!([0, 1].all(n, 1 / n == 2))",
    ],
)
def test_a_part_that_decides_wins_over_one_that_fails(text: str) -> None:
    assert matches(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{ABSENT} || line.net > 100",
        f"{ABSENT} && line.net > 1",
        f"{ABSENT} && {ABSENT_TOO}",
        f"!({ABSENT})",
        f"{ABSENT} ? true : true",
        f"member.segments.exists(s, s == 'lugo' || {ABSENT})",
        f"member.segments.all(s, s != 'lugo' && {ABSENT})",
        f"member.segments.exists_one(s, s == 'vip' || {ABSENT})",
        "[0, 1].map(n, 1 / n) == [1]",
        "[0, 1].filter(n, 1 / n == 1) == [1]",
    ],
)
def test_nothing_else_decides(text: str) -> None:
    refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "member.attributes.favourite > 3",
        "member.attributes.favourite + 1 == 3",
        "-member.attributes.favourite == 3",
        "member.attributes.favourite",
        "!member.attributes.favourite",
        "member.attributes.children.contains('2')",
        "size(member.attributes.children) == 1",
        "'a' in member.attributes.favourite",
        "has(member.attributes.favourite.roast)",
        "member.attributes.favourite.exists(f, true)",
        "member.segments[member.attributes.favourite] == 'vip'",
        "int(member.attributes.favourite) == 1",
        "double(member.attributes.favourite) == 1",
        "string(member.attributes.list) == ''",
        "int('1_000') == 1000",
        "int(' 1') == 1",
        "double('inf') > 1",
    ],
)
def test_a_value_of_another_kind(text: str) -> None:
    ana = with_attributes(favourite="latte", children=2, list=[1])

    assert refuses(text, ana) == "A value is of another kind than the condition expects."


@pytest.mark.parametrize(
    "text",
    [
        "member.visits + 9223372036854775807 > 0",
        "member.visits * 9223372036854775807 > 0",
        "-9223372036854775808 - member.visits < 0",
        "-(-9223372036854775808 + 0) > 0",
        "(-9223372036854775808 + 0) / -1 > 0",
        "int(sale.net * 1e19) > 0",
        "member.attributes.large + 1 > 0",
    ],
)
def test_an_integer_beyond_64_bits(text: str) -> None:
    ana = with_attributes(large=2**63 - 1)

    assert refuses(text, ana) == "A number is too large."


@pytest.mark.parametrize(
    "text",
    [
        "line.net / (line.quantity - 2) > 1",
        "member.visits / (member.visits - 31) > 1",
        "member.visits % (member.visits - 31) > 1",
        "member.attributes.children / (line.quantity - 2) > 1",
        "sale.net / (sale.net - sale.net) > 1",
    ],
)
def test_a_division_by_zero(text: str) -> None:
    assert refuses(text) == "A number is divided by zero."


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), Decimal("NaN"), Decimal("1e999999999"), Decimal("1e-999999999")],
)
def test_a_number_that_cannot_be_held_exactly(value: object) -> None:
    refuses("member.attributes.x > 1", with_attributes(x=value))
    refuses("member.attributes.x + 1 == 1", with_attributes(x=value))
    refuses("member.attributes.x == 1", with_attributes(x=value))


def test_an_integer_with_a_million_digits_is_not_calculated_with() -> None:
    assert refuses("member.attributes.x * 2 > 1", with_attributes(x=10**100_000)) == (
        "A number is too large."
    )


def test_a_list_that_is_too_long_is_not_walked_through() -> None:
    ana = with_attributes(numbers=[1] * 1_001)

    assert refuses("member.attributes.numbers.all(n, n == 1)", ana) == "A list is too long."
    assert refuses("1 in member.attributes.numbers", ana) == "A list is too long."
    assert matches("size(member.attributes.numbers) == 1001", member=ana)


def test_lists_inside_lists_are_compared_up_to_a_size() -> None:
    nested: list[object] = []
    for _ in range(999):
        nested = [nested]
    ana = with_attributes(deep=nested, deeper=[[nested]], wide=[[1] * 900, [1] * 900])

    assert matches("member.attributes.deep == member.attributes.deep", member=ana)
    assert refuses("member.attributes.deeper == member.attributes.deeper", ana) == (
        "A list is too long."
    )
    assert refuses("member.attributes.wide == member.attributes.wide", ana) == (
        "A list is too long."
    )


def test_a_text_that_is_too_long_is_not_matched() -> None:
    ana = with_attributes(essay="a" * 1_001)

    assert refuses("member.attributes.essay.matches('a')", ana) == (
        "A text is too long for a pattern."
    )


def test_a_text_that_is_no_unicode_is_not_matched() -> None:
    ana = with_attributes(name="\ud800")

    assert refuses("member.attributes.name.matches('a')", ana) == (
        "A text holds characters that do not exist."
    )


def test_a_pattern_that_would_take_python_for_ever_takes_no_time() -> None:
    ana = with_attributes(name="x" * 1_000)

    assert not matches("member.attributes.name.matches('^(x+x+)+y$')", member=ana)
