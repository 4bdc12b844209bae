"""What a report can be asked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from fiel.domain.document import read_program
from fiel.domain.refusal import Invalid
from fiel.insights.reporting.asked import Asked, Entry, NoSuchReport, Question, checked
from fiel.insights.reporting.registry import REPORTS, entry_of
from fiel.insights.reporting.report import Report

PROGRAM = read_program(
    """
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, expiry: never}
tiers:
  by: spend
  window: 12 months
  levels: [{id: bronce, from: 0}, {id: plata, from: 300}]
"""
)
NIGHT = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)


def nothing(asked: Asked) -> Report:
    return Report("nothing", "Nothing", asked.since, asked.until, None, ())


def question(**told: object) -> Question:
    return Question(PROGRAM, UUID(int=1), 1, NIGHT, **told)  # type: ignore[arg-type]


def problems(asked: Question, *options: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        checked(asked, Entry(nothing, options=frozenset(options)))
    return [(problem.field, problem.code) for problem in refused.value.problems]


def test_today_is_the_day_of_the_program() -> None:
    assert question().today == date(2026, 4, 1)


def test_days_the_wrong_way_round_are_refused() -> None:
    asked = question(since=date(2026, 2, 2), until=date(2026, 2, 1))
    assert problems(asked) == [("to", "too_early")]
    one_day = question(since=date(2026, 2, 1), until=date(2026, 2, 1))
    assert checked(one_day, Entry(nothing)) is one_day


def test_an_option_that_the_report_has_not_is_refused() -> None:
    assert problems(question(options={"store": "centro"}), "every") == [("store", "unknown")]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"every": "fortnight"}, [("every", "invalid")]),
        ({"unit": "stars"}, [("unit", "unknown")]),
        ({"tier": "oro"}, [("tier", "unknown")]),
        ({"tier": "oro", "unit": "stars"}, [("tier", "unknown"), ("unit", "unknown")]),
    ],
)
def test_a_value_that_the_program_does_not_know_is_refused(
    options: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert problems(question(options=options), "every", "unit", "tier") == expected


def test_what_can_be_asked_is_passed_on() -> None:
    asked = question(options={"every": "month", "unit": "points", "tier": "plata"})
    assert checked(asked, Entry(nothing, options=frozenset({"every", "unit", "tier"}))) is asked


def test_every_report_that_is_listed_can_be_made() -> None:
    for name in REPORTS:
        assert isinstance(entry_of(name), Entry)


def test_an_unknown_report_is_refused_with_those_there_are() -> None:
    with pytest.raises(NoSuchReport) as refused:
        entry_of("weather")
    assert refused.value.parameters["name"] == "weather"


def test_days_that_no_shop_has_lived_are_refused() -> None:
    first, last = date(1, 1, 1), date(9999, 12, 31)
    assert problems(question(since=first, until=last)) == [
        ("from", "too_early"),
        ("to", "too_late"),
    ]
    known = question(since=date(1970, 1, 1), until=date(2999, 12, 31))
    assert checked(known, Entry(nothing)) is known
