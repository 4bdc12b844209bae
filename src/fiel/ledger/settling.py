"""Bring an account up to date: book what started and what ended since it was last touched.

A balance is right before any of this is booked, because whoever reads it looks at the lots;
settling makes the counters say the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.domain.lots import Draw
from fiel.ledger.accounts import DATES_TOLD, Account, Place
from fiel.ledger.books import Book, OpenLot


@dataclass(frozen=True, slots=True)
class Move:
    """A transfer to be written, with the lots that it draws on.

    A draw below zero puts points back; `pair_id` is shared by the two halves of what goes from one
    member to another.
    """

    unit: str
    debit: Place
    credit: Place
    points: int
    at: datetime
    draws: tuple[Draw, ...] = ()
    pair_id: UUID | None = None


# From a unit and the moment when doing nothing ended its points to the next such moment.
type NextEnd = Callable[[str, datetime], datetime | None]


def settle(
    book: Book, now: datetime, *, ends_too: bool = True, next_end: NextEnd | None = None
) -> list[Move]:
    """Book activations and expiries that fell due up to `now`, in the order of their moments.

    Where both fall due at one moment, points are activated before others end; without `ends_too`
    what ends just now is left for later, because something else comes between. `next_end` tells
    when what doing nothing did not end (it waits still, or came later) ends.
    """
    if not book.has_points_due(now):
        return []
    assert book.lots_read, "whoever settles a due book has read its lots"
    moves: list[Move] = []
    for account in book.accounts.values():
        while (at := account.inactive_at) is not None and (at < now or (ends_too and at == now)):
            moves += _settle_unit(book, account, at, ends_too=True)
            moves += _end_all(book, account, at)
            has_more = account.available or account.pending
            account.inactive_at = next_end(account.unit, at) if next_end and has_more else None
        if account.changes_at is not None and account.changes_at <= now:
            moves += _settle_unit(book, account, now, ends_too=ends_too)
    return moves


def _settle_unit(book: Book, account: Account, now: datetime, *, ends_too: bool) -> list[Move]:
    lots = book.lots.get(account.unit, [])
    steps: list[tuple[datetime, int, OpenLot]] = []
    for lot in lots:
        if not lot.activated and lot.starts_at <= now:
            steps.append((lot.starts_at, 0, lot))
        if lot.ends_at is not None and (lot.ends_at < now or (ends_too and lot.ends_at == now)):
            steps.append((lot.ends_at, 1, lot))
    moves = []
    for at, is_end, lot in sorted(steps, key=lambda step: (step[0], step[1], step[2].id)):
        if not lot.left:
            continue
        move = _end(lot, at) if is_end else _start(lot, at)
        account.move(move.debit, move.credit, move.points)
        moves.append(move)
        if not is_end and account.debt:
            moves.append(_pay(account, lot, at))
    look_ahead(account, lots)
    return moves


def _pay(account: Account, lot: OpenLot, at: datetime) -> Move:
    points = min(account.debt, lot.left)
    lot.drawn += points
    account.move(Place.AVAILABLE, Place.DEBT, points)
    return Move(lot.unit, Place.AVAILABLE, Place.DEBT, points, at, (Draw(lot.id, points),))


def _start(lot: OpenLot, at: datetime) -> Move:
    lot.activated = lot.is_changed = True
    return Move(lot.unit, Place.PENDING, Place.AVAILABLE, lot.left, at)


def _end(lot: OpenLot, at: datetime) -> Move:
    left = lot.left
    lot.drawn = lot.points
    lot.is_changed = True
    # A term can end before its wait does: such points never become available.
    debit = Place.AVAILABLE if lot.activated else Place.PENDING
    return Move(lot.unit, debit, Place.EXPIRED, left, at, (Draw(lot.id, left),))


def _end_all(book: Book, account: Account, at: datetime) -> list[Move]:
    moves = []
    for lot in book.lots.get(account.unit, []):
        # What starts at the very moment when the rest ends has its own time before it.
        if lot.left and lot.activated and lot.starts_at < at:
            move = _end(lot, at)
            account.move(move.debit, move.credit, move.points)
            moves.append(move)
    look_ahead(account, book.lots.get(account.unit, []))
    return moves


def look_ahead(account: Account, lots: list[OpenLot]) -> None:
    """Find anew, from the lots that are still open, what is due next and what ends when."""
    account.changes_at = None
    ends: dict[datetime, int] = {}
    for lot in lots:
        if not lot.left:
            continue
        if not lot.activated:
            account.changes_no_later_than(lot.starts_at)
        if lot.ends_at is not None:
            account.changes_no_later_than(lot.ends_at)
            ends[lot.ends_at] = ends.get(lot.ends_at, 0) + lot.left
    account.expiring.clear()
    for at in sorted(ends)[:DATES_TOLD]:
        account.expects_expiry(ends[at], at)
