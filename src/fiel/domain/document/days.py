"""Time in documents: durations, days, hours, zones."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import override
from zoneinfo import ZoneInfo

from fiel.domain.document.reading import Cursor
from fiel.domain.document.shapes import JsonSchema, Read, Shape
from fiel.domain.document.words import word_at
from fiel.domain.language import N_
from fiel.domain.time import Duration, DurationUnit

_DURATION = re.compile(r"([0-9]{1,6}) *(day|month|year)s?")


@dataclass(frozen=True)
class DurationOf(Shape[Duration]):
    """So many days, months or years."""

    is_zero_allowed: bool = True

    @override
    def read(self, cursor: Cursor) -> Read[Duration]:
        text = word_at(cursor)
        match = _DURATION.fullmatch(text.strip())
        if match is None:
            raise cursor.refuse(
                "duration",
                N_("“{found}” is no duration."),
                N_("Write it like “14 days”, “6 months” or “1 year”."),
                found=text[:60],
            )
        duration = Duration(int(match[1]), DurationUnit(f"{match[2]}s"))
        if not duration.count and not self.is_zero_allowed:
            raise cursor.refuse("duration_zero", N_("The duration must be longer than nothing."))
        if duration.count > _LONGEST[duration.unit]:
            raise cursor.refuse("duration_long", N_("The duration is longer than 100 years."))
        return duration, duration_plain(duration)

    @override
    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": r"^[0-9]+ *(day|month|year)s?$"}

    @override
    def words(self) -> str:
        return "a duration like `14 days`, `6 months` or `1 year`"


_LONGEST = {DurationUnit.DAYS: 36_525, DurationUnit.MONTHS: 1_200, DurationUnit.YEARS: 100}


def duration_plain(duration: Duration) -> str:
    """A duration as a document writes it: "1 year", "14 days"."""
    unit = str(duration.unit)
    return f"{duration.count} {unit[:-1] if duration.count == 1 else unit}"


@dataclass(frozen=True)
class Day(Shape[date]):
    """A day of the calendar."""

    @override
    def read(self, cursor: Cursor) -> Read[date]:
        text = word_at(cursor)
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError
            day = date.fromisoformat(text)
        except ValueError:
            raise cursor.refuse(
                "date",
                N_("“{found}” is no day of the calendar."),
                N_("Write year, month and day like 2026-11-30."),
                found=text[:60],
            ) from None
        if not 1900 <= day.year <= 2999:
            raise cursor.refuse("date_range", N_("The year must be from 1900 to 2999."))
        return day, day.isoformat()

    @override
    def schema(self) -> JsonSchema:
        return {"type": "string", "format": "date"}

    @override
    def words(self) -> str:
        return "a day like `2026-11-30`"


@dataclass(frozen=True)
class DayOfYear(Shape[tuple[int, int]]):
    """A month and a day of it."""

    @override
    def read(self, cursor: Cursor) -> Read[tuple[int, int]]:
        text = word_at(cursor)
        try:
            if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", text):
                raise ValueError
            day = date.fromisoformat(f"2024-{text}")
        except ValueError:
            raise cursor.refuse(
                "day_of_year",
                N_("“{found}” is no day of the year."),
                N_("Write month and day like “12-31”."),
                found=text[:60],
            ) from None
        return (day.month, day.day), text

    @override
    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}

    @override
    def words(self) -> str:
        return 'a month and day like `"12-31"`'


@dataclass(frozen=True)
class Hours(Shape[tuple[int, int]]):
    """Hours of the day, from a minute on to another, which is no longer part of them."""

    @override
    def read(self, cursor: Cursor) -> Read[tuple[int, int]]:
        text = word_at(cursor)
        match = re.fullmatch(_HOURS, text.replace(" ", ""))
        if match is None:
            raise cursor.refuse(
                "hours",
                N_("“{found}” are no hours of the day."),
                N_("Write them like “08:00-11:00”; “22:00-02:00” runs over midnight."),
                found=text[:60],
            )
        start = int(match[1]) * 60 + int(match[2])
        end = int(match[3]) * 60 + int(match[4])
        if start == end or (start, end) == (0, 1440):
            raise cursor.refuse(
                "hours_empty",
                N_("These hours are the whole day or none of it."),
                N_("Leave “hours” out for the whole day."),
            )
        return (start, end), match[0]

    @override
    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": f"^{_HOURS}$"}

    @override
    def words(self) -> str:
        return 'hours like `"08:00-11:00"`'


_HOURS = "([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]|24(?=:00)):([0-5][0-9])"


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones()) - {"localtime", "posixrules", "Factory"}


@dataclass(frozen=True)
class Timezone(Shape[ZoneInfo]):
    """A time zone by its name."""

    @override
    def read(self, cursor: Cursor) -> Read[ZoneInfo]:
        text = word_at(cursor)
        if text not in _zones():
            raise cursor.unknown(
                "timezone",
                N_("“{name}” is no time zone."),
                text,
                _near(text),
                N_("Write it like Europe/Madrid."),
            )
        return ZoneInfo(text), text

    @override
    def schema(self) -> JsonSchema:
        return {"type": "string"}

    @override
    def words(self) -> str:
        return "a time zone like `Europe/Madrid`"


def _near(text: str) -> set[str]:
    """The zones that a misspelt one may be; a city alone leads to its zone."""
    word = text.rsplit("/", 1)[-1].lower()
    named = {zone for zone in _zones() if zone.rsplit("/", 1)[-1].lower() == word}
    return named or {zone for zone in _zones() if "/" in zone and zone[0].isupper()}


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Weekday(Shape[int]):
    """A day of the week, counted from Monday = 0."""

    @override
    def read(self, cursor: Cursor) -> Read[int]:
        text = word_at(cursor)
        if text not in WEEKDAYS:
            raise cursor.unknown(
                "weekday", N_("“{name}” is no day of the week here."), text, WEEKDAYS
            )
        return WEEKDAYS.index(text), text

    @override
    def schema(self) -> JsonSchema:
        return {"enum": list(WEEKDAYS)}

    @override
    def words(self) -> str:
        return " or ".join(f"`{day}`" for day in WEEKDAYS)
