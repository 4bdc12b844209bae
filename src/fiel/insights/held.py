"""The lots that hold points, in words: what earned them, what was drawn, when they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.insights.movements import Narrator, ToldMovement
from fiel.ledger.books import OpenLot
from fiel.ledger.entries import Entry, entries_behind
from fiel.ledger.history import Stood


@dataclass(frozen=True, slots=True)
class ToldDraw:
    """Points that a movement took out of a lot, below zero where it put them back."""

    points: int
    movement: ToldMovement


@dataclass(frozen=True, slots=True)
class ToldLot:
    """A lot in words. `made` is the movement that made it.

    `ends_at` is when its points end as things stand: the lot's own end, or (`by_inactivity`) the
    moment until which the member must do something.
    """

    lot: OpenLot
    made: ToldMovement
    drawn: tuple[ToldDraw, ...]
    ends_at: datetime | None
    by_inactivity: bool


async def told_lots(
    narrator: Narrator,
    stood: Stood,
    *,
    until: datetime,
    now: datetime,
) -> tuple[ToldLot, ...]:
    """The lots that held something before a moment, in the order in which they are spent."""
    entries = await behind(narrator, stood, until=until)
    return await lots_told_by(narrator, stood, entries, now=now)


async def behind(narrator: Narrator, stood: Stood, *, until: datetime) -> list[Entry]:
    """The transfers that explain what a member had before a moment."""
    lots = [lot.id for lot in stood.lots]
    return await entries_behind(
        narrator.connection, narrator.place, narrator.member_id, lots=lots, until=until
    )


async def lots_told_by(
    narrator: Narrator, stood: Stood, entries: Sequence[Entry], *, now: datetime
) -> tuple[ToldLot, ...]:
    """The lots, told by the transfers that made them and drew on them."""
    told = {entry.id: await narrator.entry(entry) for entry in entries}
    drawn: dict[UUID, list[ToldDraw]] = {}
    for entry in entries:
        for draw in entry.draws:
            drawn.setdefault(draw.lot_id, []).append(ToldDraw(draw.points, told[entry.id]))
    for move in stood.due:
        for due in move.draws:
            by = narrator.due(move, (), now)
            drawn.setdefault(due.lot_id, []).append(ToldDraw(due.points, by))
    return tuple(
        ToldLot(
            lot,
            told[lot.id],
            tuple(drawn.get(lot.id, ())),
            lot.ends_at or stood.inactive_at.get(lot.unit),
            lot.ends_at is None and lot.unit in stood.inactive_at,
        )
        for lot in stood.lots
    )
