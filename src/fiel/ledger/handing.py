"""Handing points from one member to another: what was in a lot keeps its dates.

Both books were opened and settled. Points go through transit: what leaves one member and what
reaches the other share a pair's id, and the audit sees that they are as many. What could be used
can be used at once by whoever it reaches.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from fiel.domain.decision import Term
from fiel.domain.program import Program, Unit
from fiel.ledger.accounts import Place
from fiel.ledger.books import Book, OpenLot
from fiel.ledger.ids import new_id
from fiel.ledger.moving import credit, move_debt, pay_debt, take, take_lot
from fiel.ledger.posting import Posting, Told


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its book, the posting of its shard and the activity that tells of it."""

    posting: Posting
    book: Book
    told: Told


@dataclass(frozen=True, slots=True)
class Handed:
    """Points that left one lot for another member, with the dates that they keep."""

    lot_id: UUID
    unit: str
    points: int
    starts_at: datetime
    ends_at: datetime | None


def hand_points(
    giver: Side, taker: Side, unit: Unit, points: int, *, now: datetime
) -> tuple[Handed, ...]:
    """Hand over points that can be used, those that end soonest first.

    Raises:
        InsufficientPoints: the giver has less; nothing was changed.
    """
    pair_id = new_id()
    lots = {lot.id: lot for lot in giver.book.lots.get(unit.id, ())}
    taken = take(
        giver.posting, giver.book, giver.told, unit.id, points,
        to=Place.TRANSIT, now=now, pair_id=pair_id,
    )  # fmt: skip
    return tuple(
        _receive(taker, unit, lots[draw.lot_id], draw.points, pair_id, now) for draw in taken.draws
    )


def hand_lots(
    giver: Side, taker: Side, lots: Collection[OpenLot], *, now: datetime
) -> tuple[Handed, ...]:
    """Hand over all that is left in some lots, whether or not it can be used yet."""
    handed = []
    for lot in list(lots):
        if not lot.left:
            continue
        pair_id, points = new_id(), lot.left
        take_lot(
            giver.posting, giver.book, giver.told, lot, to=Place.TRANSIT, now=now, pair_id=pair_id
        )
        unit = unit_named(giver.posting.version.program, lot.unit)
        handed.append(_receive(taker, unit, lot, points, pair_id, now))
    return tuple(handed)


def hand_debts(
    giver: Side, taker: Side, *, now: datetime, most: dict[str, int] | None = None
) -> dict[str, int]:
    """Hand over what is owed, by unit, and pay it out of what the taker can use.

    `most` bounds how much of each unit is handed over; without it everything is.
    """
    handed: dict[str, int] = {}
    for unit_id, account in giver.book.accounts.items():
        owed = account.debt if most is None else min(account.debt, most.get(unit_id, 0))
        if not owed:
            continue
        pair_id = new_id()
        for side, away in ((giver, True), (taker, False)):
            move_debt(
                side.posting, side.book, side.told, unit_id, owed,
                away=away, now=now, pair_id=pair_id,
            )  # fmt: skip
        pay_debt(taker.posting, taker.book, taker.told, unit_id, now=now)
        handed[unit_id] = owed
    return handed


def open_lots(book: Book) -> list[OpenLot]:
    """The lots of a book that hold points."""
    return [lot for lots in book.lots.values() for lot in lots if lot.left]


def points_by_unit(handed: Collection[Handed]) -> dict[str, int]:
    """How many points were handed over, by unit."""
    totals: dict[str, int] = {}
    for one in handed:
        totals[one.unit] = totals.get(one.unit, 0) + one.points
    return totals


def unit_named(program: Program, unit_id: str) -> Unit:
    """A unit of a program; one that the program dropped goes on as the others do."""
    found = program.units.get(unit_id)
    if found is None:
        found = replace(next(iter(program.units.values())), id=unit_id)
    return found


def _receive(
    taker: Side, unit: Unit, lot: OpenLot, points: int, pair_id: UUID, now: datetime
) -> Handed:
    term = Term(lot.starts_at, lot.ends_at)
    credit(
        taker.posting, taker.book, taker.told, unit, points, term,
        source=Place.TRANSIT, now=now, pair_id=pair_id, like=lot,
    )  # fmt: skip
    return Handed(lot.id, unit.id, points, lot.starts_at, lot.ends_at)
