"""What stands in the ledger, read without a lock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncCursor

from fiel.ledger.accounts import Account, Expiring
from fiel.ledger.arrays import plain_array
from fiel.ledger.books import Book, Standing
from fiel.ledger.opening import Place, read_lots
from fiel.ledger.posting import Recorded
from fiel.ledger.scope import Connection
from fiel.ledger.settling import settle
from fiel.ledger.statements import statement

type Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something to be announced, with the activity that it is about."""

    sequence: int
    member_sequence: int
    type: str
    recorded_at: datetime
    member_id: UUID
    activity_id: UUID
    kind: str
    source: str
    external_id: str | None
    occurred_at: datetime
    net: int
    gross: int
    version: int
    decision: dict[str, Any]


async def book_now(
    connection: Connection, place: Place, member_id: UUID, now: datetime
) -> Book | None:
    """Where a member stands now, with all that is due settled in memory; None for nobody."""
    here = _here(place, members=plain_array([member_id]))
    cursor = await connection.execute(statement("standings"), here)
    row = await cursor.fetchone()
    if row is None:
        return None
    fields: Row = row
    book = Book(member_id, Standing(*fields[1:]))
    cursor = await connection.execute(statement("accounts"), here)
    for _, unit, *counters, points, ends in await _all(cursor):
        account = book.accounts[unit] = Account(unit, *counters)
        account.expiring = _expiring(points, ends)
    if book.is_due(now):
        await read_lots(connection, place, [book])
        settle(book, now)
    return book


async def activity_by_id(
    connection: Connection, program_id: UUID, kind: str, activity_id: UUID
) -> tuple[Recorded, bool] | None:
    """An activity, and whether its member is nameless; None when the program has none such."""
    cursor = await connection.execute(
        statement("activity_by_id"), {"program": program_id, "kind": kind, "id": activity_id}
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    *head, facts, decision, fingerprint, about, status = row
    fields: Sequence[Any] = [*head, facts, json.loads(str(decision)), fingerprint, about]
    return Recorded(*fields), status == "nameless"


async def events_after(
    connection: Connection, program_id: UUID, shards: int, *, after: int, limit: int
) -> list[Event]:
    """A program's events after a sequence, oldest first."""
    here = {"program": program_id, "shards": shards, "after": after, "limit": limit}
    cursor = await connection.execute(statement("events_after"), here)
    return [_event(row) for row in await _all(cursor)]


async def events_named(
    connection: Connection, program_id: UUID, shards: int, sequences: Sequence[int]
) -> list[Event]:
    """The events of a program that bear these sequences, oldest first."""
    here = {"program": program_id, "shards": shards, "sequences": list(sequences)}
    cursor = await connection.execute(statement("events_named"), here)
    return [_event(row) for row in await _all(cursor)]


def _event(row: Row) -> Event:
    fields: list[Any] = [*row[:-1], json.loads(row[-1])]
    return Event(*fields)


def _here(place: Place, **more: object) -> dict[str, object]:
    return {"program": place.program_id, "shard": place.shard, **more}


def _expiring(points: list[int] | None, ends: list[datetime] | None) -> list[Expiring]:
    return [Expiring(p, at) for p, at in zip(points or (), ends or (), strict=True)]


async def _all(cursor: AsyncCursor[Any]) -> list[Row]:
    rows: list[Row] = await cursor.fetchall()
    return rows
