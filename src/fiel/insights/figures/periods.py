"""Periods: which days a row of figures is about, and which days it is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
DEFAULT_PERIODS = 12


class Every(StrEnum):
    """How long a period of the calendar is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}
_DAYS = {Every.DAY: 1, Every.WEEK: 7}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `since` to `until`, both included."""

    since: date
    until: date

    def __post_init__(self) -> None:
        assert self.since <= self.until, "a period has a day at least"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    @property
    def eve(self) -> date:
        """The day before it begins."""
        return self.since - DAY


def period_of(day: date, every: Every) -> Period:
    """The whole period of the calendar that a day lies in; weeks begin on Monday."""
    if every in _DAYS:
        since = day - timedelta(days=day.weekday() if every is Every.WEEK else 0)
        return Period(since, since + timedelta(days=_DAYS[every] - 1))
    months = _MONTHS[every]
    first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    return Period(first, _months_later(first, months) - DAY)


def later(period: Period, every: Every, steps: int) -> Period:
    """The whole period that lies so many steps after a whole one (before it, if negative)."""
    if every in _DAYS:
        return period_of(period.since + timedelta(days=_DAYS[every] * steps), every)
    return period_of(_months_later(period.since, _MONTHS[every] * steps), every)


def periods(since: date, until: date, every: Every) -> Iterator[Period]:
    """The periods of the calendar between two days; the first and the last may be cut short."""
    whole = period_of(since, every)
    while whole.since <= until:
        yield Period(max(since, whole.since), min(until, whole.until))
        whole = later(whole, every, 1)


def before(period: Period, every: Every) -> Period:
    """What a period of the calendar is compared with: the same days of the one before it.

    A whole period is compared with a whole one. One that is cut short, because it is not over yet,
    is compared with as many days of the one before: 1–20 November with 1–20 October. Days that the
    one before does not have are left out.
    """
    whole = period_of(period.since, every)
    assert period.until <= whole.until, "a period lies within one of the calendar"
    earlier = later(whole, every, -1)
    if period == whole:
        return earlier
    since = min(earlier.since + (period.since - whole.since), earlier.until)
    until = earlier.until
    if period.until < whole.until:
        until = min(earlier.since + (period.until - whole.since), earlier.until)
    return Period(since, until)


def before_all(told: Sequence[Period], every: Every) -> Period:
    """What a row of periods, taken as one, is compared with: as many periods before the first.

    Where the first or the last is cut short, as many days before the first day.
    """
    whole = Period(told[0].since, told[-1].until)
    first = period_of(whole.since, every)
    if first.since == whole.since and period_of(whole.until, every).until == whole.until:
        return Period(later(first, every, -len(told)).since, whole.eve)
    return Period(whole.since - timedelta(days=whole.days), whole.eve)


def _months_later(first: date, months: int) -> date:
    assert first.day == 1, "months are counted from their first day"
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
