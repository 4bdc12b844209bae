"""The words of one program in one language: its units, amounts, days and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from fiel.domain.language import (
    N_,
    N_many,
    counted_text,
    day_text,
    money_text,
    number_text,
    pick,
    say,
    say_many,
)
from fiel.domain.program import Limit, Program, Schedule, Texts
from fiel.domain.time import Duration, DurationUnit, Period

_DURATIONS = {
    DurationUnit.DAYS: N_many("{count} day", "{count} days"),
    DurationUnit.MONTHS: N_many("{count} month", "{count} months"),
    DurationUnit.YEARS: N_many("{count} year", "{count} years"),
}
_TIMES = {
    Period.DAY: N_many("At most {count} time a day.", "At most {count} times a day."),
    Period.WEEK: N_many("At most {count} time a week.", "At most {count} times a week."),
    Period.MONTH: N_many("At most {count} time a month.", "At most {count} times a month."),
    Period.YEAR: N_many("At most {count} time a year.", "At most {count} times a year."),
    Period.PROGRAM: N_many("At most {count} time in all.", "At most {count} times in all."),
}
_WEEKDAYS = (
    N_("Mondays"),
    N_("Tuesdays"),
    N_("Wednesdays"),
    N_("Thursdays"),
    N_("Fridays"),
    N_("Saturdays"),
    N_("Sundays"),
)


class Speaker:
    """Says things of a program in a language, with the names that the program gives them."""

    def __init__(self, program: Program, language: str) -> None:
        self.program = program
        self.language = language

    def say(self, msgid: str, **parameters: object) -> str:
        """A message with its places filled."""
        return say(self.language, msgid, **parameters)

    def money(self, minor: int) -> str:
        """An amount of the program's currency."""
        return money_text(self.language, self.program.currency, minor)

    def number(self, number: int | Decimal | Fraction) -> str:
        """A number."""
        return number_text(self.language, number)

    def name(self, texts: Texts, identifier: str) -> str:
        """What something is called; its id where nobody named it."""
        return pick(texts, self.language, self.program.locale) or identifier

    def units(self, unit_id: str) -> str:
        """What several of a unit are called."""
        return self.name(self.program.units[unit_id].name, unit_id)

    def points(self, unit_id: str, count: int | Fraction) -> str:
        """So many of a unit."""
        one = pick(self.program.units[unit_id].one, self.language, self.program.locale)
        return counted_text(self.language, count, self.units(unit_id), one or None)

    def amounts(self, amounts: Mapping[str, int] | Mapping[str, Fraction]) -> str:
        """So many of each of several units."""
        return self.all_of([self.points(unit, count) for unit, count in amounts.items()])

    def tier(self, identifier: str) -> str:
        """What a tier is called; the id itself where there is no such tier."""
        levels = self.program.tiers.levels if self.program.tiers else ()
        names = {level.id: self.name(level.name, level.id) for level in levels}
        return names.get(identifier, identifier)

    def segment(self, identifier: str) -> str:
        """What a segment is called, marked; the id itself where it has no name."""
        segment = self.program.segments.get(identifier)
        return self.quoted(self.name(segment.name, identifier) if segment else identifier)

    def quoted(self, text: str) -> str:
        """A word that the merchant uses, marked as such."""
        return self.say(N_("“{value}”"), value=text)

    def all_of(self, parts: Sequence[str]) -> str:
        """A list with “and” before its last element."""
        return self._joined(parts, N_("{first} and {last}"))

    def any_of(self, parts: Sequence[str]) -> str:
        """A list with “or” before its last element."""
        return self._joined(parts, N_("{first} or {last}"))

    def _joined(self, parts: Sequence[str], msgid: str) -> str:
        if len(parts) < 2:
            return "".join(parts)
        start = ", ".join(parts[:-1])
        text = self.say(msgid, first=start, last=parts[-1])
        return _euphonic(text, start, parts[-1]) if self.language == "es" else text

    def duration(self, duration: Duration) -> str:
        """So many days, months or years."""
        singular, plural = _DURATIONS[duration.unit]
        return say_many(self.language, singular, plural, duration.count)

    def limit(self, limit: Limit | None) -> list[str]:
        """How often something can be had, as a sentence; none where there is no limit."""
        if limit is None:
            return []
        singular, plural = _TIMES[limit.every]
        return [say_many(self.language, singular, plural, limit.per_member)]

    def schedule(self, schedule: Schedule | None) -> list[str]:
        """When something holds, in sentences; none where it always does."""
        if schedule is None:
            return []
        return [*self._dates(schedule), *self._days(schedule.days), *self._hours(schedule.hours)]

    def _dates(self, schedule: Schedule) -> Iterable[str]:
        first = day_text(self.language, schedule.first) if schedule.first else ""
        last = day_text(self.language, schedule.last) if schedule.last else ""
        if first and last:
            yield self.say(N_("From {first} to {last}, both included."), first=first, last=last)
        elif first:
            yield self.say(N_("From {first} on."), first=first)
        elif last:
            yield self.say(N_("Until {last}, included."), last=last)

    def _days(self, days: frozenset[int]) -> Iterable[str]:
        if days and len(days) < len(_WEEKDAYS):
            names = [self.say(_WEEKDAYS[day]) for day in sorted(days)]
            yield self.say(N_("Only on {days}."), days=self.all_of(names))

    def _hours(self, hours: tuple[int, int] | None) -> Iterable[str]:
        if hours is None:
            return
        start, end = (f"{minute // 60}:{minute % 60:02d}" for minute in hours)
        if hours[0] < hours[1]:
            yield self.say(N_("Only from {start} to {end}."), start=start, end=end)
        else:
            yield self.say(N_("Only from {start} to {end} of the next day."), start=start, end=end)


def _euphonic(text: str, start: str, last: str) -> str:
    """Spanish says “e” for “y” before the sound i, and “u” for “o” before the sound o."""
    sound = last.lstrip("«").lower()
    if re.match("h?[ií](?![aeo])", sound):
        return text.replace(f"{start} y {last}", f"{start} e {last}")
    if re.match("h?[oó]", sound):
        return text.replace(f"{start} o {last}", f"{start} u {last}")
    return text
