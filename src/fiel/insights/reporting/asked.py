"""What is asked of a report, and what it is made from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem, NotFound
from fiel.insights.reporting.report import Report
from fiel.intake.contents.errors import invalid
from fiel.ledger.scope import Connection

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns

EVERY = ("day", "week", "month", "quarter", "year")
# No shop of today sold before; reports look back years from a day, which the calendar must allow.
_FIRST_YEAR, _LAST_YEAR = 1970, 2999


class NoSuchReport(NotFound):
    """No report has this name."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: about which program, from which day to which, narrowed by which options.

    `since` and `until` are days of the program's zone, both included; None leaves the choice to
    the report. `today` is the day of `now` in the program's zone.
    """

    program: Program
    program_id: UUID
    shards: int
    now: datetime
    since: date | None = None
    until: date | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The program's day."""
        return self.now.astimezone(self.program.timezone).date()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what it is answered from.

    `prepared` is what the entry's `prepare` read in the database.
    """

    question: Question
    copy: Columns | None = None
    prepared: object = None

    @property
    def columns(self) -> Columns:
        """The columnar copy."""
        assert self.copy is not None, "an entry that reads the copy needs it"
        return self.copy

    @property
    def program(self) -> Program:
        """The program in force."""
        return self.question.program

    @property
    def program_id(self) -> UUID:
        """The program's id."""
        return self.question.program_id

    @property
    def since(self) -> date | None:
        """The first day."""
        return self.question.since

    @property
    def until(self) -> date | None:
        """The last day, included."""
        return self.question.until

    @property
    def now(self) -> datetime:
        """The program's time."""
        return self.question.now

    @property
    def today(self) -> date:
        """The program's day."""
        return self.question.today

    @property
    def options(self) -> Mapping[str, str]:
        """What narrows the question."""
        return self.question.options


type Make = Callable[[Asked], Report]
type Prepare = Callable[[Connection, Question], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Entry:
    """How a report is made: `prepare` reads the database, `make` works in a thread.

    `options` names what the question may bring; `needs_columns` is False for what is read in the
    database alone.
    """

    make: Make
    prepare: Prepare | None = None
    options: frozenset[str] = frozenset()
    needs_columns: bool = True


def problems_of_days(since: date | None, until: date | None) -> list[FieldProblem]:
    """What is wrong with the days that are asked for: no shop's, or the wrong way round."""
    told = {"first": str(_FIRST_YEAR), "last": str(_LAST_YEAR)}  # as numbers they get separators
    text = N_("It must lie in the years {first} to {last}.")
    problems = [
        FieldProblem(name, "too_early" if day.year < _FIRST_YEAR else "too_late", text, told)
        for name, day in (("from", since), ("to", until))
        if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR
    ]
    if not problems and since and until and until < since:
        problems = [FieldProblem("to", "too_early", N_("It must not lie before the beginning."))]
    return problems


def checked(question: Question, entry: Entry) -> Question:
    """The question, when the report can be asked it.

    Raises:
        Invalid: the days are no shop's or the wrong way round, or an option is unknown or has no
            such value.
    """
    problems = problems_of_days(question.since, question.until)
    for name, value in question.options.items():
        if name not in entry.options:
            known = ", ".join(sorted(entry.options)) or "-"
            text = N_("This report has no such option; it has: {known}.")
            problems.append(FieldProblem(name, "unknown", text, {"known": known}))
        elif name == "every" and value not in EVERY:
            text = N_("It must be one of: {known}.")
            problems.append(FieldProblem(name, "invalid", text, {"known": ", ".join(EVERY)}))
        elif (known_values := _known_values(name, question.program)) is not None and (
            value not in known_values
        ):
            text = N_("The program has no such one; it has: {known}.")
            known = ", ".join(known_values) or "-"
            problems.append(FieldProblem(name, "unknown", text, {"known": known}))
    if problems:
        raise invalid(problems)
    return question


def _known_values(name: str, program: Program) -> tuple[str, ...] | None:
    """What an option may be, where the program says so."""
    if name == "unit":
        return tuple(program.units)
    if name == "tier":
        return tuple(level.id for level in program.tiers.levels) if program.tiers else ()
    return None
