"""Milestones: what is counted towards each, how often it is reached, and what a streak is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from fiel.domain.program import Milestone
from fiel.domain.slots import set_directly
from fiel.domain.time import Period, period_start

SPEND, VISITS, ACTIVITIES, STREAK = "spend", "visits", "activities", "streak"
COUNTED_WORDS = (SPEND, VISITS, ACTIVITIES, STREAK)  # anything else is a unit

# Streaks count from here on: a date that was mistyped must not make a row a million bits long.
FIRST_DAY = date(2000, 1, 1)
_BADGE = "badge:"


@set_directly
@dataclass(frozen=True, slots=True)
class Progress:
    """How far a member is with what one milestone counts.

    `total` is what counted: of a streak the number of times. `reached` is how many gifts stand
    given, `kept` for how many levels nothing more is given when they are reached again: what was
    lost by a return, and whose gift could not be taken back; below zero it is how many are still
    to be given, with the next that counts. `marks` has a bit for each period of a streak in which
    something counted, the lowest for the period number `first`.
    """

    total: int = 0
    reached: int = 0
    kept: int = 0
    first: int = 0
    marks: int = 0


NO_PROGRESS = Progress()


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    """What a decision must know to tell which milestones an activity reaches.

    `progress` is by counter (`counter_of`); `issued` what was ever earned of each unit, `usable`
    what can be spent of it at `now`, less what is owed.
    """

    progress: Mapping[str, Progress] = field(default_factory=dict)
    issued: Mapping[str, int] = field(default_factory=dict)
    usable: Mapping[str, int] = field(default_factory=dict)
    now: datetime | None = None


def counter_of(milestone: Milestone, day: date) -> str:
    """The name under which is kept what a milestone counts on a day.

    It names what is counted, so that a milestone that counts something else than before begins
    anew, and the period, where the count begins anew with each.
    """
    what = milestone.period.value if milestone.period else milestone.of
    counter = f"{milestone.id}@{what}"
    if milestone.restart is None:
        return counter
    return f"{counter}@{period_start(milestone.restart, day).isoformat()}"


def milestone_id(counter: str) -> str:
    """The milestone that a counter is of; ids hold no “@”."""
    return counter.partition("@")[0]


def badge_counter(badge: str) -> str:
    """The name under which is kept that a member holds a badge."""
    return _BADGE + badge


def badge_of(counter: str) -> str | None:
    """The badge that a counter is of; None where it is one of a milestone."""
    return counter.removeprefix(_BADGE) if counter.startswith(_BADGE) else None


def limit_rule(milestone: str) -> str:
    """The name under which the limit of a milestone is counted; no rule can have it."""
    return f"milestone:{milestone}"


def counts_of_book(milestone: Milestone) -> bool:
    """Whether a milestone counts what the ledger counts anyway: all spend or all visits."""
    return (
        milestone.of in (SPEND, VISITS)
        and milestone.where is None
        and milestone.when is None
        and milestone.restart is None
    )


def counts_all_of_unit(milestone: Milestone) -> bool:
    """Whether a milestone counts everything that is earned of its unit, whenever and by what."""
    return (
        milestone.of not in COUNTED_WORDS
        and milestone.where is None
        and milestone.when is None
        and milestone.restart is None
        and milestone.activity is None
    )


def level(milestone: Milestone, total: int) -> int:
    """How often a total reaches a milestone."""
    if milestone.every is not None:
        return max(0, total) // milestone.every
    assert milestone.at is not None, "exactly one of the two is given"
    return 1 if total >= milestone.at else 0


def streak_level(milestone: Milestone, marks: int) -> int:
    """How often periods in a row reach a milestone."""
    if milestone.every is not None:
        return sum(run // milestone.every for run in runs(marks))
    assert milestone.at is not None, "exactly one of the two is given"
    return 1 if any(run >= milestone.at for run in runs(marks)) else 0


def level_of(milestone: Milestone, progress: Progress) -> int:
    """How often what a member's progress says reaches a milestone."""
    if milestone.of == STREAK:
        return streak_level(milestone, progress.marks)
    return level(milestone, progress.total)


def runs(marks: int) -> Iterator[int]:
    """The lengths of the runs of periods in a row, the earliest first."""
    while marks:
        marks >>= (marks & -marks).bit_length() - 1
        length = (~marks & (marks + 1)).bit_length() - 1
        yield length
        marks >>= length


def period_number(period: Period, day: date) -> int:
    """The number of the period that a day is in; periods in a row have numbers in a row."""
    match period:
        case Period.WEEK:
            return (day.toordinal() - 1) // 7  # the calendar's first day is a Monday
        case Period.MONTH:
            return day.year * 12 + day.month - 1
        case _:
            return day.toordinal()


def period_began(period: Period, number: int) -> date:
    """The first day of the period with a number."""
    match period:
        case Period.WEEK:
            return date.min + timedelta(weeks=number)
        case Period.MONTH:
            return date(number // 12, number % 12 + 1, 1)
        case _:
            return date.fromordinal(number)


def is_marked(progress: Progress, number: int) -> bool:
    """Whether something counted in a period."""
    return number >= progress.first and bool(progress.marks >> (number - progress.first) & 1)


def with_mark(progress: Progress, number: int) -> Progress:
    """The progress with a period in which something counted."""
    if not progress.marks:
        return replace(progress, first=number, marks=1)
    if number < progress.first:
        marks = progress.marks << (progress.first - number)
        return replace(progress, first=number, marks=marks | 1)
    return replace(progress, marks=progress.marks | 1 << (number - progress.first))


def without_mark(progress: Progress, number: int) -> Progress:
    """The progress without a period, in which nothing counts any more."""
    if not is_marked(progress, number):
        return progress
    return replace(progress, marks=progress.marks & ~(1 << (number - progress.first)))


def run_until(progress: Progress, number: int) -> int:
    """How many periods in a row there are up to a period, which may not have counted yet."""
    last = number if is_marked(progress, number) else number - 1
    length = 0
    while is_marked(progress, last - length):
        length += 1
    return length


@dataclass(frozen=True, slots=True)
class Ahead:
    """How much a member has done towards the next time that a milestone is reached."""

    done: int
    goal: int

    @property
    def missing(self) -> int:
        """What is left to do."""
        return self.goal - self.done


def ahead(milestone: Milestone, total: int) -> Ahead | None:
    """The way to the next level from a total; None where there is none any more."""
    total = max(0, total)
    if milestone.every is not None:
        return Ahead(total % milestone.every, milestone.every)
    assert milestone.at is not None, "exactly one of the two is given"
    return None if total >= milestone.at else Ahead(total, milestone.at)


def streak_ahead(milestone: Milestone, progress: Progress, number: int) -> Ahead | None:
    """The way on of the run up to a period; None where there is none any more."""
    run = run_until(progress, number)
    if milestone.every is None and streak_level(milestone, progress.marks):
        return None
    return ahead(milestone, run)
