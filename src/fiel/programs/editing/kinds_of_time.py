"""Durations, days and hours in fields of a form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import override

from fiel.domain.document.days import WEEKDAYS
from fiel.domain.language import N_
from fiel.programs.editing.kinds import Fields, Kind, Several, Word, first, text_of
from fiel.programs.editing.known import Known
from fiel.programs.editing.said import Said

_DURATION = re.compile(r"([0-9]{1,6}) *(day|month|year)s?")
_HOURS = re.compile(r"([0-9]{2}:[0-9]{2}) *- *([0-9]{2}:[0-9]{2})")
DURATION_UNITS = (("days", N_("days")), ("months", N_("months")), ("years", N_("years")))
DAY_NAMES = (
    N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"),
)  # fmt: skip


@dataclass(frozen=True)
class Span(Kind):
    """So many days, months or years."""

    default: str = ""

    widget = "span"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        text = text_of(said) or self.default
        found = _DURATION.fullmatch(text.strip())
        if found is None:
            return {"count": [text], "unit": ["days"] if text else []}
        return {"count": [found[1]], "unit": [f"{found[2]}s"]}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        count, unit = first(fields, "count").strip(), first(fields, "unit") or "days"
        if not count.isdecimal():
            return count or None
        return f"{count} {unit[:-1] if count == '1' else unit}"

    @override
    def is_same(self, fields: Fields, was: Said, known: Known) -> bool:
        shown = self.shown(was, known)
        if not first(fields, "count").strip() and not first(shown, "count"):
            return True
        return all(
            first(fields, name).strip() == first(shown, name).strip() for name in ("count", "unit")
        )


@dataclass(frozen=True)
class Day(Word):
    """A day of the calendar."""

    widget = "day"


@dataclass(frozen=True)
class DayOfYear(Kind):
    """A day of any year."""

    widget = "day_of_year"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        month, _, day = text_of(said).partition("-")
        return {"month": [month], "day": [day]}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        month, day = first(fields, "month").strip(), first(fields, "day").strip()
        if not month and not day:
            return None
        return f"{month:0>2}-{day:0>2}"


@dataclass(frozen=True)
class Hours(Kind):
    """From an hour of the day to another."""

    widget = "hours"

    @override
    def shown(self, said: Said, known: Known) -> Fields:
        found = _HOURS.fullmatch(text_of(said).strip())
        if found is None:
            return {"from": [text_of(said)], "to": [""]}
        return {"from": [found[1]], "to": ["00:00" if found[2] == "24:00" else found[2]]}

    @override
    def meant(self, fields: Fields, was: Said, known: Known) -> Said:
        start, end = first(fields, "from").strip(), first(fields, "to").strip()
        if not start and not end:
            return None
        if not end and "-" in start:
            return start
        return f"{start or '00:00'}-{'24:00' if end in ('', '00:00') else end}"


WEEK = Several(tuple(zip(WEEKDAYS, DAY_NAMES, strict=True)), is_compact=True)
