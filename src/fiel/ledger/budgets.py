"""Budgets: what rules may still give out, shared by all members of a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import LiteralString
from uuid import UUID

from fiel.ledger.arrays import text_array
from fiel.ledger.scope import Connection
from fiel.ledger.statements import prepared
from fiel.ledger.trips import Rows, Trip

type Limits = Mapping[tuple[str, str], int]  # (rule, unit) → points in all

BUDGETS: LiteralString = "SELECT rule, unit, used FROM budget WHERE program_id = %(program)s"


async def budgets_left(
    connection: Connection, program_id: UUID, limits: Limits
) -> dict[tuple[str, str], int]:
    """What is left of budgets, as of now and for no longer."""
    if not limits:
        return {}
    cursor = await connection.execute(BUDGETS, {"program": program_id})
    return _left(limits, await cursor.fetchall())


async def lock_budgets(
    connection: Connection, program_id: UUID, limits: Limits
) -> dict[tuple[str, str], int]:
    """What is left of budgets, and of nobody else's until the transaction ends."""
    asked = {
        "program": str(program_id),
        "rules": text_array(rule for rule, _ in limits),
        "units": text_array(unit for _, unit in limits),
    }
    trip = Trip(connection)
    trip.ask(prepared("open_budgets"), asked)
    locked = trip.ask(prepared("lock_budgets"), asked)
    await trip.go()
    return _left(limits, trip.rows(locked))


def _left(limits: Limits, rows: Rows) -> dict[tuple[str, str], int]:
    left = dict(limits)
    for rule, unit, used in rows:
        if (rule, unit) in left:
            left[rule, unit] -= used
    return left
