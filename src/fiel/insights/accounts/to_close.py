"""Which month can be closed next, and whether it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fiel.insights.accounts.closed import ClosedMonth, newest
from fiel.insights.accounts.moment import month_after

MOST_FIRST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class ToClose:
    """The months that can be closed now, the latest first.

    One after another closing there is the one that follows it, once it is over; before the first
    there are as many as a year has. `following` is the month that follows the last closed one.
    """

    months: tuple[date, ...]
    following: date | None


def months_to_close(closed: Sequence[ClosedMonth], today: date) -> ToClose:
    """What can be closed on a day."""
    last = newest(closed)
    if last is not None:
        following = month_after(last.month)
        is_over = month_after(following) <= today
        return ToClose((following,) if is_over else (), following)
    months, month = [], today.replace(day=1)
    for _ in range(MOST_FIRST_MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        months.append(month)
    return ToClose(tuple(months), None)
