"""Durations, periods and days in a program's zone."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache


class DurationUnit(StrEnum):
    """What a duration is counted in."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Duration:
    """So many days, months or years; days of months that are too short become their last day."""

    count: int
    unit: DurationUnit

    def after(self, day: date) -> date:
        """The day this long after `day`: a month after 31 January is 28 or 29 February."""
        return _shifted(day, self.count, self.unit)

    def before(self, day: date) -> date:
        """The day this long before `day`."""
        return _shifted(day, -self.count, self.unit)


NO_TIME = Duration(0, DurationUnit.DAYS)


class Period(StrEnum):
    """How often a limit starts anew; weeks start on Monday, "program" never does."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    PROGRAM = "program"


def period_start(period: Period, day: date) -> date:
    """The first day of the period that `day` is in; `date.min` for the program's whole life."""
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH:
            return day.replace(day=1)
        case Period.YEAR:
            return day.replace(month=1, day=1)
        case Period.PROGRAM:
            return date.min


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first instant of a day in a zone."""
    return datetime.combine(day, time.min, zone)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The instant a day ends, which is the first of the next: midnight of the zone."""
    return start_of_day(day + timedelta(days=1), zone)


def day_of_year(year: int, month: int, day: int) -> date:
    """A named day in a year; a day that its month lacks that year is the month's last."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _shifted(day: date, count: int, unit: DurationUnit) -> date:
    if unit is DurationUnit.DAYS:
        return day + timedelta(days=count)
    months = count if unit is DurationUnit.MONTHS else count * 12
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return day_of_year(year, month + 1, day.day)


def utc_text(moment: datetime) -> str:
    """Write an instant as RFC 3339 in UTC: "2026-03-01T09:15:00Z"."""
    return _written(moment.astimezone(UTC))


# Ends of days come again and again: thousands of accounts have the same few.
@lru_cache(maxsize=4096)
def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
