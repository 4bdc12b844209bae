"""A member's statement: what there was, every movement in words, what there is, and what adds up.

Opening + totals by category = closing, to the point. A day ends with its midnight: what ends with
a day is in that day's statement, what happens at midnight in the next day's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fiel.insights.held import ToldLot, told_lots
from fiel.insights.movements import Narrator, ToldMovement, total_of
from fiel.ledger.accounts import Balance
from fiel.ledger.accounts import Place as Where
from fiel.ledger.entries import DrawnLot, entries_between
from fiel.ledger.history import Stood, stood_before
from fiel.ledger.recorded import activities
from fiel.ledger.settling import Move


@dataclass(frozen=True, slots=True)
class UnitStatement:
    """What became of one unit. `totals` has an entry for each category that occurs, signed."""

    unit: str
    opening: Balance
    movements: tuple[ToldMovement, ...]
    totals: Mapping[str, int]
    closing: Balance
    lots: tuple[ToldLot, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A member's statement of a time, from its beginning to its end, which is not in it."""

    since: datetime
    until: datetime
    units: Mapping[str, UnitStatement]


async def statement_of_member(
    narrator: Narrator,
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> Statement:
    """What happened to a member's points in a time; of a time to come, what is known to happen."""
    connection, program = narrator.connection, narrator.published.program
    whose = narrator.place, narrator.member_id
    before = await stood_before(connection, *whose, since, program)
    after = await stood_before(connection, *whose, until, program)
    booked = await entries_between(connection, *whose, since=since, until=until)
    movements = [await narrator.entry(entry) for entry in booked]
    due = [move for move in after.due if _is_later(move, since)]
    earned = await _earned_by(narrator, after, due)
    movements += [narrator.due(move, earned.get(move, ()), now) for move in due]
    movements.sort(key=lambda movement: movement.order)
    lots = await told_lots(narrator, after, until=until, now=now)
    names = dict.fromkeys((*narrator.published.program.units, *before.balances, *after.balances))
    units = {
        unit: _unit_statement(
            unit,
            before.balances.get(unit, Balance()),
            [movement for movement in movements if movement.unit == unit],
            after.balances.get(unit, Balance()),
            tuple(lot for lot in lots if lot.lot.unit == unit),
        )
        for unit in names
    }
    return Statement(since, until, units)


def _unit_statement(
    unit: str,
    opening: Balance,
    movements: Sequence[ToldMovement],
    closing: Balance,
    lots: tuple[ToldLot, ...],
) -> UnitStatement:
    running, told, totals = total_of(opening), [], dict[str, int]()
    for movement in movements:
        running += movement.change
        told.append(replace(movement, balance=running))
        if movement.category is not None:
            totals[movement.category] = totals.get(movement.category, 0) + movement.change
    return UnitStatement(unit, opening, tuple(told), totals, closing, lots)


def _is_later(move: Move, since: datetime) -> bool:
    """Whether what is due belongs to the time that begins; what ends with a day, to that day."""
    return move.at > since if move.credit is Where.EXPIRED else move.at >= since


async def _earned_by(
    narrator: Narrator, stood: Stood, due: Sequence[Move]
) -> dict[Move, tuple[DrawnLot, ...]]:
    """What had earned the points that fall due."""
    by_lot = {lot.id: lot.activity_id for lot in stood.ended if lot.activity_id is not None}
    sought = {by_lot[draw.lot_id] for move in due for draw in move.draws if draw.lot_id in by_lot}
    if not sought:
        return {}
    ids = list(sought)
    found = await activities(
        narrator.connection,
        narrator.place.program_id,
        narrator.place.shard,
        [narrator.member_id] * len(ids),
        ids,
    )
    known = {each.id: each for each in found}
    earned: dict[Move, tuple[DrawnLot, ...]] = {}
    for move in due:
        draws = []
        for draw in move.draws:
            by = known.get(by_lot.get(draw.lot_id, draw.lot_id))
            if by is not None:
                draws.append(
                    DrawnLot(draw.lot_id, draw.points, by.kind, by.external_id, by.occurred_at)
                )
        earned[move] = tuple(draws)
    return earned
