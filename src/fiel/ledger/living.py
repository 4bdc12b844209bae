"""What keeps points alive that end when nothing happens."""

from __future__ import annotations

from datetime import datetime

from fiel.domain.lots import inactive_at
from fiel.domain.program import Doing, ExpiresByInactivity, Program
from fiel.ledger.books import Book

# What members do, by the kinds of activity that say so; what always extends the life of points
# besides: joining, and points brought in from elsewhere.
_DOINGS = {
    "sale": Doing.SALE,
    "activity": Doing.ACTIVITY,
    "redemption": Doing.REDEMPTION,
    "capture": Doing.REDEMPTION,
    "return": Doing.RETURN,
    "adjustment": Doing.ADJUSTMENT,
}
_ALWAYS_EXTENDS = frozenset({"enrolment", "balance"})


def live_on(book: Book, program: Program, kind: str, at: datetime) -> None:
    """Extend the life of points that end by inactivity, as their unit says of what happened.

    Points that have no such end yet get one, whatever brought them. A unit that the program
    dropped keeps the end it has.
    """
    doing = _DOINGS.get(kind)
    for account in book.accounts.values():
        unit = program.units.get(account.unit)
        if unit is None:
            continue
        if not isinstance(unit.expiry, ExpiresByInactivity):
            if doing is not None:
                account.inactive_at = None
            continue
        extends = kind in _ALWAYS_EXTENDS or doing in unit.expiry.extended_by
        end = inactive_at(unit, at, program.timezone)
        assert end is not None, "such a unit's points end"
        if account.inactive_at is None:
            if extends or account.available or account.pending:
                account.inactive_at = end
        elif extends and end > account.inactive_at:
            account.inactive_at = end
