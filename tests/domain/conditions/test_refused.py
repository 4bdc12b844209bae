"""Nonsense is refused before it is published: what is wrong, where, and what was meant."""

from __future__ import annotations

import pytest

from fiel.domain.conditions import (
    LONGEST_TEXT,
    ConditionProblem,
    ConditionProblems,
    Scope,
    check_condition,
)
from tests.domain.conditions.cast import EUR


def problems(
    text: str,
    *,
    scope: Scope = Scope.SALE,
    attributes: list[str] | None = None,
    tiers: list[str] | None = None,
) -> tuple[ConditionProblem, ...]:
    with pytest.raises(ConditionProblems) as refused:
        check_condition(text, scope=scope, currency=EUR, attributes=attributes, tiers=tiers)
    return refused.value.problems


def said(problem: ConditionProblem) -> str:
    return problem.text.format(**problem.parameters)


def test_a_misspelt_field_is_named_with_what_was_meant() -> None:
    [problem] = problems('sale.net > 5 &&\n  line.categry == "cafe"')

    assert said(problem) == '"line.categry" is not known here.'
    assert (problem.line, problem.column, problem.offset) == (2, 3, 18)
    assert problem.suggestion == "line.category"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('lin.category == "cafe"', "line.category"),
        ('category == "cafe"', "line.category"),
        ('catgory == "cafe"', "line.category"),
        ("visits > 3", "member.visits"),
        ("Sale.Net > 3", "sale.net"),
        ("member.segments.exists(segment, segmet == 'vip')", "segment"),
    ],
)
def test_names_are_guessed(text: str, meant: str) -> None:
    [problem] = problems(text)

    assert problem.text == '"{name}" is not known here.'
    assert problem.suggestion == meant


def test_a_name_like_no_other_is_not_guessed() -> None:
    [problem] = problems("weather == 'rain'")

    assert problem.suggestion is None


def test_a_whole_record_is_no_value() -> None:
    [problem] = problems('line == "cafe"')

    assert said(problem) == '"line" is no value: say what of it, as in line.sku.'


@pytest.mark.parametrize(
    ("scope", "text", "allowed"),
    [
        (Scope.SALE, 'activity.type == "review"', "line, sale, member"),
        (Scope.ACTIVITY, "line.net > 5", "activity, member"),
        (Scope.ACTIVITY, "sale.net > 5", "activity, member"),
        (Scope.MEMBER, "sale.net > 5", "member"),
        (Scope.MEMBER, "activity", "member"),
    ],
)
def test_only_what_is_there_can_be_read(scope: Scope, text: str, allowed: str) -> None:
    [problem] = problems(text, scope=scope)

    assert problem.text == '"{name}" cannot be read here, only {allowed}.'
    assert problem.parameters["allowed"] == allowed


def test_every_mistake_is_reported_in_order_of_place() -> None:
    found = problems('line.categry == "cafe" || sale.nett > 5 || line.sku == 100')

    assert [problem.column for problem in found] == [1, 27, 56]


def test_declared_attributes_are_known_by_name() -> None:
    declared = ["favourite", "size"]

    [problem] = problems("member.attributes.favorite == 'latte'", attributes=declared)
    [same] = problems("has(member.attributes['favorite'])", attributes=declared)[:1]

    assert said(problem) == 'Members have no attribute "favorite".'
    assert problem.suggestion == "favourite"
    assert same.text == "has() asks for a key, as in has(member.attributes.size)."
    assert check_condition(
        "has(member.attributes.size)", scope=Scope.MEMBER, currency=EUR, attributes=declared
    )


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('member.tier == "plta"', 16),
        ('"plta" != member.tier', 1),
        ('member.tier in ["oro", "plta", ""]', 24),
    ],
)
def test_a_tier_that_the_program_does_not_have_is_taken_for_misspelt(
    text: str, column: int
) -> None:
    [problem] = problems(text, tiers=["bronce", "plata", "oro"])

    assert said(problem) == 'There is no tier "plta".'
    assert (problem.column, problem.suggestion) == (column, "plata")


def test_tiers_are_compared_with_their_names_and_with_none() -> None:
    check_condition(
        'member.tier in ["plata", "oro"] || member.tier == "" || line.category == "plta"',
        scope=Scope.SALE,
        currency=EUR,
        tiers=["bronce", "plata", "oro"],
    )


@pytest.mark.parametrize(
    ("text", "column", "message", "meant"),
    [
        ("line.sku == 100", 13, "Text cannot be compared with a number.", '"100"'),
        ('member.birthday_month == "5"', 26, "Text cannot be compared with a number.", "5"),
        ("line.net > line.sku", 10, "Text cannot be compared with a number.", None),
        ("line.sku == true", 10, "Text cannot be compared with true or false.", None),
        ("line.net == true", 10, "A number cannot be compared with true or false.", None),
        ('member.segments == "vip"', 17, "A list is compared with one value by in.", "in"),
        ("line.net in ['a']", 10, "Text cannot be compared with a number.", None),
        (
            "line.sku == null",
            10,
            "This value is never null: a text that is not known is empty.",
            None,
        ),
        ("member.segments < ['a']", 17, "These values have no order: use == or !=.", None),
        (
            "member.attributes == line.sku",
            19,
            "These values cannot be compared with each other.",
            None,
        ),
        ("line.sku - 1 > 0", 10, "- calculates with numbers only.", None),
        ("-line.sku == 'a'", 1, "- calculates with numbers only.", None),
        ('1 + "a" == 2', 3, "These values cannot be added to each other.", None),
        ("line.net / 0 > 1", 10, "Nothing can be divided by zero.", None),
        ("member.visits % 0 == 1", 15, "Nothing can be divided by zero.", None),
        ('["a", 1] == []', 1, "The elements of a list must be of the same kind.", None),
        ("true ? line.sku : 1", 6, "Both outcomes of ? : must be of the same kind.", None),
        (
            "line.sku",
            1,
            "True or false is needed here: compare the value with something.",
            None,
        ),
        (
            "true && line.net",
            9,
            "True or false is needed here: compare the value with something.",
            None,
        ),
        ("line.sku.size == 3", 9, 'This value has no "size".', "size()"),
        ("line.sku[0] == 'C'", 9, "This value has no parts.", None),
        (
            "member.segments['a'] == 'C'",
            16,
            "The places of a list are whole numbers from 0.",
            None,
        ),
        (
            "member.attributes[0] == 'C'",
            18,
            "Keys of attributes and properties are text.",
            None,
        ),
        ("1 in member.attributes", 3, "Keys of attributes and properties are text.", None),
        ("line.net.exists(n, true)", 10, "exists walks through a list.", None),
        (
            "member.segments.exists(line, true)",
            17,
            '"line" is taken: give the element another name.',
            "l",
        ),
        ("b'a' == b'a'", 1, "Conditions do not use this kind of value.", None),
        ("1u == 1u", 1, "Conditions do not use this kind of value.", None),
        ('{"a": 1} == {}', 1, "Conditions do not use this kind of value.", None),
        ("1e999 > 1.0", 1, "Conditions do not use this kind of value.", None),
    ],
)
def test_values_that_do_not_go_together(
    text: str, column: int, message: str, meant: str | None
) -> None:
    problem = problems(text)[0]

    assert (said(problem), problem.column, problem.suggestion) == (message, column, meant)


def test_tiers_are_not_compared_by_the_letters_of_their_names() -> None:
    [problem] = problems('member.tier >= "plata"')

    assert said(problem) == (
        'Tiers have no order here, only names: list them, as in member.tier in ["plata", "oro"].'
    )


@pytest.mark.parametrize(
    ("text", "message", "meant"),
    [
        (
            'line.sku.startswith("A")',
            'There is no function "startswith" in conditions.',
            "startsWith",
        ),
        ("timestamp('x') > 1", 'There is no function "timestamp" in conditions.', None),
        ("math.least(1, 2) > 1", 'There is no function "least" in conditions.', None),
        ("size() > 1", "size is used as in size(member.segments).", None),
        ("int(member.segments) > 1", "int is used as in int(line.quantity).", None),
        ("string(line.net) == 'a'", "string is used as in string(member.visits).", None),
        ("double(true) > 1", "double is used as in double(member.visits).", None),
        (
            "line.net.contains('1')",
            'contains works on text, as in line.name.contains("latte").',
            None,
        ),
        (
            "member.segments.exists(s)",
            'exists is used as in member.segments.exists(s, s.startsWith("vip")).',
            None,
        ),
        ("line.sku.matches(line.name)", "The pattern of matches must be written out.", None),
        (
            "line.sku.matches('[')",
            'The pattern "[" cannot be read: missing ]: [',
            None,
        ),
        (
            r"line.sku.matches('(a)\\1')",
            'The pattern "(a)\\1" cannot be read: invalid escape sequence: \\1',
            None,
        ),
        (
            r"line.sku.matches('\\pL{900}')",
            r'The pattern "\pL{900}" cannot be read: too large: pattern too large - compile failed',
            None,
        ),
        (
            "has(line.sku)",
            (
                "has() asks for a key of attributes or properties; line.sku is always there, "
                "and empty or zero when it is not known."
            ),
            None,
        ),
        (
            "line.quantity % 2 == 0",
            "% works on whole numbers: take the whole part first, as in int(line.quantity) % 2.",
            None,
        ),
        ("'a' in line.sku", 'in looks into a list, as in line.sku in ["A", "B"].', None),
    ],
)
def test_functions_say_how_they_are_used(text: str, message: str, meant: str | None) -> None:
    problem = problems(text)[0]

    assert (said(problem), problem.suggestion) == (message, meant)


@pytest.mark.parametrize(
    ("text", "column", "message", "meant"),
    [
        ("", 1, "The condition is empty.", None),
        ("  \n ", 1, "The condition is empty.", None),
        ("line.net >", 11, "The condition ends too early.", None),
        ("(line.net > 1", 14, "The condition ends too early.", None),
        ("line.net > 1)", 13, '")" is not expected here.', None),
        ('line.sku == "cafe', 13, "The text that starts here is not closed by a quote.", None),
        (r'line.sku == "\q"', 13, "This text has an escape that does not exist.", None),
        (r'line.sku == "\ud800"', 13, "This text has an escape that does not exist.", None),
        ("line.net >= 50,5", 13, "Decimals are written with a point.", "50.5"),
        ("line.net = 5", 10, '"=" is not expected here.', "=="),
        ("line.net <> 5", 10, '"<>" is not expected here.', "!="),
        ("line.net ≥ 5", 10, '"≥" is not expected here.', ">="),
        ("true and false", 6, '"and" is not expected here.', "&&"),
        ("true OR false", 6, '"or" is not expected here.', "||"),
        ("true y false", 6, '"y" is not expected here.', "&&"),
        ("not true", 1, '"not" is not expected here.', "!"),
        ("true & false", 6, '"&" is not expected here.', "&&"),
        ("“cafe” == line.sku", 1, '"“" is not expected here.', '"'),
        ("line.sku == 9223372036854775808", 13, "This number is too large.", None),
        ("while == 1", 1, '"while" is a reserved word.', None),
        ("has(line)", 5, "has() asks for a key, as in has(member.attributes.size).", None),
        (
            "member.segments.all(1, true)",
            21,
            "A simple name for each element is expected here.",
            None,
        ),
        ("line.sku == '\x00'", 14, "There is an unreadable character here.", None),
        ("line.sku == '\ud800'", 14, "There is an unreadable character here.", None),
    ],
)
def test_what_is_no_cel_is_explained(
    text: str, column: int, message: str, meant: str | None
) -> None:
    [problem] = problems(text)

    assert (said(problem), problem.column, problem.suggestion) == (message, column, meant)


def test_a_text_that_is_too_long_is_refused() -> None:
    long = 'line.sku != "' + "x" * LONGEST_TEXT + '"'

    [problem] = problems(long)

    assert said(problem) == "A condition may have 2000 characters; this one has 2014."


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["1"] * 100) + " > 1",
        "(" * 50 + "true" + ")" * 50,
        "[" * 900,
        "a.b" + ".b" * 100,
    ],
    ids=["chain", "parentheses", "lists", "names"],
)
def test_a_condition_that_is_nested_too_deeply_is_refused(text: str) -> None:
    [problem] = problems(text)

    assert problem.text.startswith("The condition is nested too deeply")


def test_a_condition_with_too_many_parts_is_refused() -> None:
    [problem] = problems("||".join(["1==1"] * 300))

    assert problem.text == "The condition has too many parts."


@pytest.mark.parametrize(
    "text",
    [
        "member.attributes.x.exists(a, a in member.attributes.y)",
        "member.attributes.x.map(a, member.attributes.x.map(b, [a, b])) == []",
        "member.attributes.x.exists(a, a.matches('x'))",
        "member.attributes.x.exists(a, a * a * a * a * a > 1.0)",
        "member.segments.all(a, member.segments.all(b, member.segments.exists(c, a == b)))",
    ],
)
def test_a_condition_that_could_take_too_long_is_refused(text: str) -> None:
    [problem] = problems(text)

    assert problem.text.startswith("The condition could take too long")


def test_lists_that_are_written_out_may_be_walked_through_within_a_list() -> None:
    check_condition(
        '["a", "b", "c"].exists(a, a in member.segments)', scope=Scope.MEMBER, currency=EUR
    )
