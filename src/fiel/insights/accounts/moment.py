"""The moments at which the books are looked at: a day's end, or now while the day lasts."""

from __future__ import annotations

from datetime import date, datetime

from fiel.domain.program import Program
from fiel.domain.time import end_of_day
from fiel.ledger.history import INSTANT


def over(day: date, program: Program, now: datetime) -> datetime:
    """When a day is over; of a day that is not over yet, the instant after now."""
    return min(end_of_day(day, program.timezone), now + INSTANT)


def month_after(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
