"""Days that come back every year: birthdays, and the day a member joined."""

from __future__ import annotations

from datetime import date

from fiel.domain.program import LeapDay


def honoured_on(first: date, year: int, leap_day: LeapDay) -> date:
    """The day of a year on which a day that comes back is honoured."""
    if (first.month, first.day) == (2, 29) and not _is_leap(year):
        return date(year, 2, 28) if leap_day is LeapDay.FEB_28 else date(year, 3, 1)
    return first.replace(year=year)


def firsts_honoured_on(day: date, leap_day: LeapDay, *, oldest: int) -> list[date]:
    """Every day from the year `oldest` to the year before that is honoured on `day`."""
    firsts = []
    for year in range(oldest, day.year):
        days = [day.replace(year=year)] if (day.month, day.day) != (2, 29) or _is_leap(year) else []
        if _is_leap(year):
            days.append(date(year, 2, 29))
        firsts += [
            first for first in dict.fromkeys(days) if honoured_on(first, day.year, leap_day) == day
        ]
    return firsts


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
