"""The demo's doors: sandbox programs into which whoever comes may step with one click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString, cast
from uuid import UUID

from fiel.ledger.scope import Connection

# Only a sandbox has such a door, whatever the table says.
DOORS: LiteralString = """
SELECT d.program_id, d.user_id FROM demo_door d JOIN program p ON p.id = d.program_id
WHERE p.sandbox ORDER BY p.slug
"""
OPEN: LiteralString = """
INSERT INTO demo_door (program_id, user_id) VALUES (%s, %s)
ON CONFLICT (program_id) DO UPDATE SET user_id = excluded.user_id
"""


@dataclass(frozen=True, slots=True)
class DemoDoor:
    """A sandbox that is open to all, and the account by which they come in."""

    program_id: UUID
    user_id: UUID


async def demo_doors(connection: Connection) -> list[DemoDoor]:
    """The doors that are open; `connection` is an owner's."""
    rows = await (await connection.execute(DOORS)).fetchall()
    return [DemoDoor(cast(UUID, row[0]), cast(UUID, row[1])) for row in rows]


async def open_demo_door(connection: Connection, program_id: UUID, user_id: UUID) -> None:
    """Let everybody step into a sandbox as this account; `connection` is an owner's."""
    await connection.execute(OPEN, [program_id, user_id])
