"""What the reports of accounts share: who reads, and the days asked for, cut into spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem
from fiel.insights.accounts.books import Accountant, accountant
from fiel.insights.accounts.late import Late
from fiel.insights.accounts.moment import FIRST_YEAR, LAST_YEAR, month_after
from fiel.insights.accounts.reading import read_broadly
from fiel.insights.reporting.asked import Question
from fiel.insights.reporting.report import Column, Kind, Table
from fiel.intake.contents.errors import invalid
from fiel.ledger.scope import Connection

DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Span:
    """Some days, both included."""

    since: date
    until: date


async def reader(connection: Connection, question: Question) -> Accountant:
    """Whoever reads the books that a question is about, all in one snapshot."""
    await read_broadly(connection)
    return await accountant(
        connection,
        question.program_id,
        question.program,
        shards=question.shards,
        now=question.now,
    )


def asked_days(question: Question) -> Span:
    """From which day to which: without a word, from the month's first to today.

    Raises:
        Invalid: nobody keeps books of such days.
    """
    told = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}  # as numbers they get separators
    text = N_("It must lie in the years {first} to {last}.")
    problems = [
        FieldProblem(name, "too_early" if day.year < FIRST_YEAR else "too_late", text, told)
        for name, day in (("from", question.since), ("to", question.until))
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR
    ]
    if problems:
        raise invalid(problems)
    until = question.until or max(question.today, question.since or question.today)
    return Span(question.since or until.replace(day=1), until)


def spans_of(question: Question, *, every: str | None, most: int) -> list[Span]:
    """The days that are asked for, in spans of a day, week, month, quarter or year.

    Raises:
        Invalid: there are too many.
    """
    whole = asked_days(question)
    spans: list[Span] = []
    since = whole.since
    while since <= whole.until:
        if len(spans) == most:
            text = N_("It is too long a time for so short periods; at most {most} fit.")
            raise invalid([FieldProblem("every", "too_many", text, {"most": most})])
        until = min(_last(since, every), whole.until) if every else whole.until
        spans.append(Span(since, until))
        since = until + DAY
    return spans


def _last(day: date, every: str) -> date:
    """The last day of the period that a day is in."""
    if every == "day":
        return day
    if every == "week":
        return day + (6 - day.weekday()) * DAY
    months = _MONTHS[every]
    month = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    for _ in range(months):
        month = month_after(month)
    return month - DAY


def bounds_of(spans: Sequence[Span]) -> list[date]:
    """The day before the spans, and the last day of each."""
    return [spans[0].since - DAY, *(span.until for span in spans)]


def late_table(late: Sequence[Late]) -> Table:
    """What was told of closed months since, each with its own day."""
    return Table(
        "late",
        N_("Told of closed months since"),
        (
            Column("day", N_("Day"), Kind.DAY),
            Column("kind", N_("What"), Kind.TEXT),
            Column("unit", N_("Unit"), Kind.TEXT),
            Column("change", N_("Change"), Kind.TEXT),
            Column("points", N_("Points"), Kind.POINTS),
        ),
        tuple((each.day, each.kind, each.unit, each.category, each.points) for each in late),
    )
