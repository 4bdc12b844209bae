"""Terms of what is awarded: the ends of a day are found once and kept."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from fiel.domain.decision import Term
from fiel.domain.lots import term_of
from fiel.domain.program import Unit

# An import goes through years of days; a till stays on one.
_DAYS_KEPT = 1_000


class UnitTerms:
    """The terms of one unit, by the day of earning."""

    __slots__ = ("_by_day", "_unit", "_waits", "_zone")

    def __init__(self, unit: Unit, zone: tzinfo) -> None:
        self._unit = unit
        self._zone = zone
        self._waits = bool(unit.pending.count)
        self._by_day: dict[date, Term] = {}

    def at(self, earned_at: datetime, day: date) -> Term:
        """The term of points earned at an instant, on the day that it was then."""
        known = self._by_day.get(day)
        if known is None:
            if len(self._by_day) >= _DAYS_KEPT:
                self._by_day.clear()
            known = self._by_day[day] = term_of(self._unit, earned_at, self._zone, on=day)
        return known if self._waits else Term(earned_at, known.ends_at)
