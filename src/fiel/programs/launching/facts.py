"""What has happened of a launch: read from what was recorded, and asked only until it has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.programs.launching import planning

# The version that only recorded sales does not count: the program begins with the one after it.
BEGAN: LiteralString = """
SELECT min(v.published_at) FROM program_version v
LEFT JOIN program_start s ON s.program_id = v.program_id
WHERE v.program_id = %s AND v.number > coalesce(s.quiet_version, 0)
"""
_FACTS: dict[str, LiteralString] = {
    planning.TILL: """
        SELECT paired_at FROM till_device
        WHERE program_id = %(program)s AND paired_at IS NOT NULL ORDER BY paired_at LIMIT 1
        """,
    planning.MATERIALS: """
        SELECT at FROM audit_entry
        WHERE program_id = %(program)s AND action LIKE 'materials.%%' ORDER BY id LIMIT 1
        """,
    planning.FIRST_MEMBER: """
        SELECT joined_at FROM standing
        WHERE program_id = %(program)s AND joined_at >= %(began)s LIMIT 1
        """,
    planning.FIRST_SALE: """
        SELECT recorded_at FROM activity
        WHERE program_id = %(program)s AND kind = 'sale' AND recorded_at >= %(began)s LIMIT 1
        """,
    planning.FIRST_REDEMPTION: """
        SELECT made_at FROM redemption
        WHERE program_id = %(program)s AND made_at >= %(began)s
          AND status IN ('held', 'captured', 'used') LIMIT 1
        """,
}
_SINCE_IT_BEGAN = (planning.FIRST_MEMBER, planning.FIRST_SALE, planning.FIRST_REDEMPTION)
_DONE: LiteralString = "SELECT step FROM launch_step WHERE program_id = %s AND done_at IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Happened:
    """When the program began, and when each step that facts tick happened, as far as it did."""

    began: datetime | None
    steps: dict[str, datetime | None]


async def began_at(connection: Connection, program_id: UUID) -> datetime | None:
    """When the program itself was first published; None before."""
    row = await (await connection.execute(BEGAN, (program_id,))).fetchone()
    return None if row is None else row[0]


async def what_happened(connection: Connection, program_id: UUID) -> Happened:
    """The facts that tick steps, of those not ticked yet; inside the program's transaction."""
    rows = await (await connection.execute(_DONE, (program_id,))).fetchall()
    done: Collection[str] = {str(row[0]) for row in rows}
    began = await began_at(connection, program_id)
    steps: dict[str, datetime | None] = {planning.PUBLISHED: began}
    asked = {"program": program_id, "began": began}
    for code, statement in _FACTS.items():
        if code in done or (code in _SINCE_IT_BEGAN and began is None):
            continue
        row = await (await connection.execute(statement, asked)).fetchone()
        steps[code] = None if row is None else row[0]
    return Happened(began, steps)
