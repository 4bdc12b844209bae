"""The clock of a sandbox program, and how far its calendar went."""

from __future__ import annotations

from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection

# Forward only, whoever sets it at the same moment.
SET_CLOCK: LiteralString = """
UPDATE program SET clock_at = %(now)s
WHERE id = %(program)s AND sandbox AND (clock_at IS NULL OR clock_at < %(now)s)
"""
DAY_DONE: LiteralString = "SELECT day FROM calendar_day WHERE program_id = %s AND name = %s"
KEEP_DAY: LiteralString = """
INSERT INTO calendar_day (program_id, name, day) VALUES (%s, %s, %s)
ON CONFLICT (program_id, name) DO UPDATE SET day = greatest(calendar_day.day, excluded.day)
"""
BEGIN_ANEW: LiteralString = "UPDATE calendar_day SET day = %s WHERE program_id = %s"


async def set_clock(connection: Connection, program_id: UUID, now: datetime) -> None:
    """Let a sandbox live at a moment from now on; one that is later already stays."""
    await connection.execute(SET_CLOCK, {"program": program_id, "now": now})


async def day_done(connection: Connection, program_id: UUID, name: str) -> date | None:
    """The last day of which everything of a kind was done; None before the first."""
    row = await (await connection.execute(DAY_DONE, (program_id, name))).fetchone()
    return None if row is None else row[0]


async def keep_day_done(connection: Connection, program_id: UUID, name: str, day: date) -> None:
    """Remember that everything of a kind was done up to the end of a day."""
    await connection.execute(KEEP_DAY, (program_id, name, day))


async def begin_days_anew(connection: Connection, program_id: UUID, day: date) -> None:
    """Let a sandbox in which nothing happened yet begin at a day before today."""
    await connection.execute(BEGIN_ANEW, (day, program_id))
