"""Movements, statements and explanations as plain data: the same in the API and on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fiel.domain.program import Program
from fiel.insights.explanation import Part, UnitExplanation
from fiel.insights.held import ToldLot
from fiel.insights.movements import ToldMovement, total_of
from fiel.insights.statement import Statement, UnitStatement
from fiel.intake.telling import told_balances, told_time
from fiel.ledger.accounts import Balance

type Content = dict[str, object]


def movement_content(movement: ToldMovement) -> Content:
    """A movement with its sentence; what is due and not booked has neither id nor activity."""
    cause = movement.cause
    return {
        "id": movement.id,
        "unit": movement.unit,
        "points": movement.points,
        "change": movement.change,
        "balance": movement.balance,
        "category": movement.category,
        "from": str(movement.source),
        "to": str(movement.target),
        "text": movement.text,
        "occurred_at": told_time(movement.occurred_at),
        "recorded_at": told_time(movement.recorded_at),
        "activity": cause and cause.id,
        "kind": cause and cause.kind,
        "external_id": cause and cause.external_id,
        "program_version": cause and cause.version,
        "pair": movement.pair_id,
        "explanation": list(movement.explanation),
        "lots": [{"id": draw.lot_id, "points": draw.points} for draw in movement.draws],
    }


def statement_content(member_id: UUID, statement: Statement, program: Program) -> Content:
    """A statement, by unit."""
    return {
        "member": member_id,
        "from": told_time(statement.since),
        "to": told_time(statement.until),
        "units": {
            name: _unit_statement(unit, statement.until, program)
            for name, unit in statement.units.items()
        },
    }


def explanation_content(
    member_id: UUID, at: datetime, explained: Mapping[str, UnitExplanation], program: Program
) -> Content:
    """Why a member has a balance, by unit."""
    return {
        "member": member_id,
        "at": told_time(at),
        "units": {
            name: {
                "text": list(unit.text),
                **_balance(name, unit.balance, program),
                "lots": [
                    _lot(lot, at)
                    | {"drawn": [_draw(each.points, each.movement) for each in lot.drawn]}
                    for lot in unit.lots
                ],
                "held_for": [_part(part) for part in unit.held],
                "owed_for": [_part(part) for part in unit.owed],
            }
            for name, unit in explained.items()
        },
    }


def _unit_statement(unit: UnitStatement, until: datetime, program: Program) -> Content:
    return {
        "opening": _balance(unit.unit, unit.opening, program),
        "movements": [movement_content(movement) for movement in unit.movements],
        "totals": dict(unit.totals),
        "closing": _balance(unit.unit, unit.closing, program),
        "lots": [_lot(lot, until) for lot in unit.lots],
    }


def _balance(unit: str, balance: Balance, program: Program) -> Content:
    return {"balance": total_of(balance), **told_balances({unit: balance}, program)[unit]}


def _lot(lot: ToldLot, at: datetime) -> Content:
    kept, made = lot.lot, lot.made
    assert made.cause is not None, "what made a lot is booked"
    return {
        "id": kept.id,
        "unit": kept.unit,
        "status": "pending" if kept.starts_at > at else "available",
        "points": kept.points,
        "left": kept.left,
        "text": made.text,
        "earned_by": made.cause.id,
        "kind": made.cause.kind,
        "external_id": made.cause.external_id,
        "program_version": made.cause.version,
        "explanation": list(made.explanation),
        "worth": None if kept.worth is None else str(kept.worth),
        "starts_at": told_time(kept.starts_at),
        "ends_at": told_time(lot.ends_at),
        "ends_by_inactivity": lot.by_inactivity,
    }


def _explained(lot: ToldLot, at: datetime) -> Content:
    return _lot(lot, at) | {"drawn": [_draw(draw.points, draw.movement) for draw in lot.drawn]}


def _draw(points: int, movement: ToldMovement) -> Content:
    return {
        "points": points,
        "text": movement.text,
        "occurred_at": told_time(movement.occurred_at),
        "activity": movement.cause and movement.cause.id,
        "kind": movement.cause and movement.cause.kind,
    }


def _part(part: Part) -> Content:
    return _draw(part.points, part.movement)
