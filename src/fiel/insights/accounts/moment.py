"""The moments at which the books are looked at: a day's end, or now while the day lasts."""

from __future__ import annotations

import re
from datetime import date, datetime

from fiel.domain.program import Program
from fiel.domain.time import end_of_day
from fiel.ledger.history import INSTANT

# Sales lie after the first; nobody asks for books beyond the last.
FIRST_YEAR, LAST_YEAR = 2000, 2999
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def month_named(text: str) -> date | None:
    """The month that a text names, like 2026-03; None where it names none that can be closed."""
    found = _MONTH.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    return date(int(found[1]), int(found[2]), 1)


def over(day: date, program: Program, now: datetime) -> datetime:
    """When a day is over; of a day that is not over yet, the instant after now."""
    return min(end_of_day(day, program.timezone), now + INSTANT)


def month_after(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
