"""Members whose day it is: of birth, or on which they joined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection

BORN: LiteralString = """
SELECT id FROM member
WHERE program_id = %(program)s AND shard = %(shard)s AND birthday = ANY(%(days)s::date[])
  AND status = 'active' AND joined_at < %(before)s AND id > %(after)s
ORDER BY id
LIMIT %(most)s
"""
JOINED: LiteralString = """
SELECT m.id FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS day (starts, ends)
CROSS JOIN LATERAL (
  -- One look at the index for each day, however many years there are.
  SELECT id FROM member
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND joined_at >= day.starts AND joined_at < day.ends AND status = 'active'
  OFFSET 0
) AS m
WHERE m.id > %(after)s
ORDER BY m.id
LIMIT %(most)s
"""
BIRTHDAYS: LiteralString = """
SELECT DISTINCT birthday FROM member WHERE program_id = %s AND birthday IS NOT NULL
"""
DAYS_JOINED: LiteralString = """
SELECT DISTINCT (joined_at AT TIME ZONE %s)::date FROM member WHERE program_id = %s
"""
OLDEST: LiteralString = """
SELECT min(birthday), min(joined_at) FROM member WHERE program_id = %s AND shard = %s
"""
NOBODY = UUID(int=0)


async def born_on(
    connection: Connection,
    program_id: UUID,
    shard: int,
    days: Sequence[date],
    *,
    joined_before: datetime,
    after: UUID,
    most: int,
) -> list[UUID]:
    """Members who were born on one of these days and have joined by then, by id."""
    asked = {
        "program": program_id, "shard": shard, "days": list(days), "before": joined_before,
        "after": after, "most": most,
    }  # fmt: skip
    return [row[0] for row in await (await connection.execute(BORN, asked)).fetchall()]


async def joined_on(
    connection: Connection,
    program_id: UUID,
    shard: int,
    days: Sequence[tuple[datetime, datetime]],
    *,
    after: UUID,
    most: int,
) -> list[UUID]:
    """Members who joined within one of these days, each from its start to before its end, by id."""
    asked = {
        "program": program_id, "shard": shard, "after": after, "most": most,
        "starts": [start for start, _ in days], "ends": [end for _, end in days],
    }  # fmt: skip
    return [row[0] for row in await (await connection.execute(JOINED, asked)).fetchall()]


async def oldest_days(
    connection: Connection, program_id: UUID, shard: int
) -> tuple[date | None, datetime | None]:
    """When a shard's oldest member was born, and when its first one joined."""
    row = await (await connection.execute(OLDEST, (program_id, shard))).fetchone()
    assert row is not None, "an aggregate has a row"
    return row[0], row[1]


async def every_birthday(connection: Connection, program_id: UUID) -> list[date]:
    """The days on which a program's members were born, each once."""
    return [row[0] for row in await (await connection.execute(BIRTHDAYS, [program_id])).fetchall()]


async def every_day_joined(connection: Connection, program_id: UUID, zone: str) -> list[date]:
    """The days on which a program's members joined, each once."""
    cursor = await connection.execute(DAYS_JOINED, [zone, program_id])
    return [row[0] for row in await cursor.fetchall()]
