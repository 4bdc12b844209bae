"""Days: which day and minute each moment was in a zone, and what a program makes of each day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from fiel.domain.deciding.schedules import is_open
from fiel.domain.lots import inactive_at, term_of
from fiel.domain.program import CalendarYear, ExpiresByInactivity, Program, Schedule, Tiers
from fiel.domain.reviewing import tier_term
from fiel.domain.tiers import window_days
from fiel.domain.time import Period, end_of_day, period_start, start_of_day
from fiel.insights.simulation.kernel.layout import ALWAYS, NEVER, Numbers, Small

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_ORDINAL = EPOCH.date().toordinal()
_MICROSECOND = timedelta(microseconds=1)
_HOUR, _MINUTE, _DAY = 3_600_000_000, 60_000_000, 86_400_000_000
PERIODS = tuple(Period)


def micros(moment: datetime) -> int:
    """A moment in microseconds."""
    return (moment - EPOCH) // _MICROSECOND


def moment_of(number: int) -> datetime:
    """The moment that `micros` numbered."""
    return EPOCH + timedelta(microseconds=number)


def day_of(number: int) -> date:
    """The day of a number; 0 is 1 January 1970."""
    return date.fromordinal(_FIRST_ORDINAL + number)


def number_of(day: date) -> int:
    """The number that `day_of` takes."""
    return day.toordinal() - _FIRST_ORDINAL


def local(moments: Numbers, zone: tzinfo) -> Numbers:
    """What the clocks of a zone showed, in microseconds, as if they showed UTC."""
    if not len(moments):
        return moments
    starts, offsets = _offsets(int(moments.min()), int(moments.max()), zone)
    shown: Numbers = moments + offsets[np.searchsorted(starts, moments, side="right") - 1]
    return shown


def days_and_minutes(moments: Numbers, zone: tzinfo) -> tuple[Small, NDArray[np.int16]]:
    """The day's number and the minute of the day that the clocks of a zone showed."""
    shown = local(moments, zone)
    days = shown // _DAY
    minutes = (shown - days * _DAY) // _MINUTE
    return days.astype(np.int32), minutes.astype(np.int16)


def _offsets(first: int, last: int, zone: tzinfo) -> tuple[Numbers, Numbers]:
    """From when on a zone's clocks were how far from UTC, between two moments."""
    begin = first - first % _HOUR
    starts, offsets = [begin], [_offset(begin, zone)]
    for hour in range(begin + _HOUR, last + _HOUR, _HOUR):
        offset = _offset(hour, zone)
        if offset != offsets[-1]:
            low, high = hour - _HOUR, hour
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (
                    (middle, high) if _offset(middle, zone) == offsets[-1] else (low, middle)
                )
            starts.append(high)
            offsets.append(offset)
    return np.array(starts, np.int64), np.array(offsets, np.int64)


def _offset(number: int, zone: tzinfo) -> int:
    offset = moment_of(number).astimezone(zone).utcoffset()
    assert offset is not None, "a zone tells how far it is from UTC"
    return offset // _MICROSECOND


@dataclass(frozen=True, slots=True)
class Span:
    """The days that matter, by their number: `first` is the first row of every table."""

    first: int
    last: int

    @classmethod
    def of(cls, days: Iterable[Small], until: datetime, zone: tzinfo) -> Span:
        """From the first day that something happened to the day after the end."""
        found = [each for each in days if len(each)]
        end = number_of(until.astimezone(zone).date()) + 1
        first = min((int(each.min()) for each in found), default=end)
        last = max((int(each.max()) for each in found), default=end)
        return cls(first - 1, max(last, end) + 1)

    @property
    def days(self) -> list[date]:
        """The days in order."""
        return [day_of(number) for number in range(self.first, self.last + 1)]


def openings(
    schedule: Schedule | None, days: Small, minutes: NDArray[np.int16], span: Span
) -> NDArray[np.bool_]:
    """Whether a schedule holds, asking it once for each part of each day."""
    if schedule is None:
        return np.ones(len(days), np.bool_)
    edges = sorted({0, *(edge for edge in schedule.hours or () if 0 < edge < 24 * 60)})
    holds = np.array(
        [
            [
                is_open(schedule, datetime(day.year, day.month, day.day, *divmod(edge, 60)))  # noqa: DTZ001 - what clocks show
                for edge in edges
            ]
            for day in span.days
        ]
    )
    parts = np.searchsorted(np.array(edges), minutes, side="right") - 1
    return holds[days - span.first, parts]


def periods(span: Span) -> Small:
    """The number of the first day of each kind of period, by kind and day."""
    return np.array(
        [
            [number_of(period_start(period, day)) for day in span.days]
            if period is not Period.PROGRAM
            else [ALWAYS_ONE] * len(span.days)
            for period in PERIODS
        ],
        np.int32,
    )


ALWAYS_ONE = -(1 << 30)  # the period that never starts anew


def windows(tiers: Tiers, span: Span, zone: tzinfo) -> Numbers:
    """From when on what counted counts, by the day on which it is asked."""
    return np.array(
        [micros(start_of_day(window_days(tiers, day)[0], zone)) for day in span.days], np.int64
    )


def tier_terms(tiers: Tiers, span: Span, zone: tzinfo) -> tuple[Small, Numbers, Numbers]:
    """The last day, the review and the first moment that counts of a term, by the day it begins."""
    lasts, reviews, counts = [], [], []
    for day in span.days:
        term = tier_term(tiers, tiers.levels[-1].id, day, zone)
        if term is None:
            lasts.append(0)
            reviews.append(NEVER)
            counts.append(ALWAYS)
            continue
        last = (
            day.replace(month=12, day=31)
            if isinstance(tiers.window, CalendarYear)
            else tiers.window.after(day)
        )
        assert micros(end_of_day(last, zone)) == micros(term.until), "the term ends with this day"
        lasts.append(number_of(last))
        reviews.append(micros(term.review_at))
        counts.append(micros(term.counts_from))
    return np.array(lasts, np.int32), np.array(reviews, np.int64), np.array(counts, np.int64)


def unit_terms(program: Program, span: Span) -> tuple[Numbers, Numbers, Numbers]:
    """When points earned on a day start, end, and end if nothing happens; by unit and day."""
    zone = program.timezone
    starts, ends, idle = [], [], []
    for unit in program.units.values():
        terms = [term_of(unit, start_of_day(day, zone), zone, on=day) for day in span.days]
        waits = bool(unit.pending.count)
        starts.append([micros(term.starts_at) if waits else ALWAYS for term in terms])
        ends.append([micros(term.ends_at) if term.ends_at else NEVER for term in terms])
        ends_idle = isinstance(unit.expiry, ExpiresByInactivity)
        idle.append(
            [
                micros(at) if ends_idle and (at := inactive_at(unit, moment, zone)) else NEVER
                for moment in (start_of_day(day, zone) for day in span.days)
            ]
        )
    return np.array(starts, np.int64), np.array(ends, np.int64), np.array(idle, np.int64)
