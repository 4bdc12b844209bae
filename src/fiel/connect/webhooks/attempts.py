"""Attempts to deliver, and the log of the newest of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row

from fiel.connect.webhooks.sending import Answer
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection

MOST_KEPT = 1000  # of each endpoint

INSERT: LiteralString = """
INSERT INTO webhook_attempt
  (program_id, endpoint_id, id, message, type, sequence, number, attempted_at, milliseconds, status,
   error, outcome, next_at)
VALUES (%(program)s, %(endpoint)s, %(id)s, %(message)s, %(type)s, %(sequence)s, %(number)s,
        %(at)s, %(milliseconds)s, %(status)s, %(error)s, %(outcome)s, %(next_at)s)
"""
TRIM: LiteralString = """
DELETE FROM webhook_attempt
WHERE program_id = %(program)s AND endpoint_id = %(endpoint)s AND id <= (
  SELECT id FROM webhook_attempt WHERE program_id = %(program)s AND endpoint_id = %(endpoint)s
  ORDER BY id DESC OFFSET %(most)s LIMIT 1
)
"""
BEFORE: LiteralString = """
SELECT id, message, type, sequence, number, attempted_at, milliseconds, status, error, outcome,
       next_at
FROM webhook_attempt
WHERE program_id = %s AND endpoint_id = %s AND (%s::uuid IS NULL OR id < %s::uuid)
ORDER BY id DESC
LIMIT %s
"""


class Outcome(StrEnum):
    """What came of an attempt."""

    DELIVERED = "delivered"
    FAILED = "failed"
    GIVEN_UP = "given_up"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver a message; `number` counts those for the same message."""

    id: UUID
    message: str
    type: str
    sequence: int
    number: int
    attempted_at: datetime
    milliseconds: int
    status: int | None
    error: str
    outcome: str
    next_at: datetime | None


def attempt(
    message: str,
    type_: str,
    sequence: int,
    answer: Answer,
    *,
    number: int,
    at: datetime,
    outcome: Outcome,
    next_at: datetime | None = None,
) -> Attempt:
    """What is kept of an attempt."""
    return Attempt(
        new_id(), message, type_, sequence, number, at, answer.milliseconds, answer.status,
        answer.error, outcome, next_at,
    )  # fmt: skip


async def keep_attempts(
    connection: Connection, program_id: UUID, endpoint_id: UUID, attempts: Iterable[Attempt]
) -> None:
    """Write attempts down, and forget those that are too many."""
    here = {"program": program_id, "endpoint": endpoint_id, "most": MOST_KEPT}
    told = [
        here
        | {
            "id": each.id, "message": each.message, "type": each.type, "sequence": each.sequence,
            "number": each.number, "at": each.attempted_at, "milliseconds": each.milliseconds,
            "status": each.status, "error": each.error, "outcome": each.outcome,
            "next_at": each.next_at,
        }
        for each in attempts
    ]  # fmt: skip
    async with connection.cursor() as cursor:
        await cursor.executemany(INSERT, told)
        await cursor.execute(TRIM, here)


async def attempts_before(
    connection: Connection, program_id: UUID, endpoint_id: UUID, before: UUID | None, *, limit: int
) -> list[Attempt]:
    """An endpoint's attempts, newest first, before the one that is named."""
    async with connection.cursor(row_factory=class_row(Attempt)) as cursor:
        await cursor.execute(BEFORE, (program_id, endpoint_id, before, before, limit))
        return await cursor.fetchall()
