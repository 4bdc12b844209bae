"""How quickly something is used up: the pace of the last weeks, and the day on which it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

PACE_DAYS = 28
_LEAST_DAYS = 7
_WEEK = 7
_FARTHEST_DAYS = 3 * 366  # what ends later than that ends nobody knows when


@dataclass(frozen=True, slots=True)
class Pace:
    """So many a week; None where it is too early to say."""

    a_week: Fraction | None

    def ends_on(self, left: int | None, today: date) -> date | None:
        """The day on which what is left is gone at this pace; None for never, or nobody knows."""
        if left is None or self.a_week is None or self.a_week <= 0:
            return None
        days = int(Fraction(max(0, left) * _WEEK) / self.a_week)
        return None if days > _FARTHEST_DAYS else today + timedelta(days=days)


def pace_of(by_day: Mapping[date, int], today: date) -> Pace:
    """The pace of the last four weeks, or since the first day within them, a week at least."""
    since = today - timedelta(days=PACE_DAYS - 1)
    recent = {day: count for day, count in by_day.items() if since <= day <= today}
    if not recent:
        return Pace(Fraction(0) if by_day else None)
    is_older = any(day < since for day in by_day)
    began = since if is_older else min(recent)
    days = max(_LEAST_DAYS, (today - began).days + 1)
    return Pace(Fraction(sum(recent.values()) * _WEEK, days))


def by_week(by_day: Mapping[date, int], today: date, *, weeks: int) -> list[tuple[date, int]]:
    """How many in each of the last weeks, from Mondays on, the running one included."""
    this_week = today - timedelta(days=today.weekday())
    mondays = [this_week - timedelta(days=_WEEK * back) for back in range(weeks - 1, -1, -1)]
    counts = dict.fromkeys(mondays, 0)
    for day, count in by_day.items():
        monday = day - timedelta(days=day.weekday())
        if monday in counts:
            counts[monday] += count
    return list(counts.items())


def summed(rows: Sequence[tuple[date, int]]) -> dict[date, int]:
    """Counts by day, of rows that may name a day twice."""
    total: dict[date, int] = {}
    for day, count in rows:
        total[day] = total.get(day, 0) + count
    return total
