"""What stands in the ledger, read without a lock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncCursor

from fiel.domain.program import Program
from fiel.domain.tiers import window_of
from fiel.ledger.books import Book
from fiel.ledger.opening import Asked, Place, Span, ask_books
from fiel.ledger.posting import Posting, Recorded, Version
from fiel.ledger.scope import Connection
from fiel.ledger.settling import settle
from fiel.ledger.statements import statement
from fiel.ledger.trips import Trip

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
    connection: Connection,
    place: Place,
    member_id: UUID,
    now: datetime,
    program: Program | None = None,
) -> Book | None:
    """Where a member stands now, with all that is due settled in memory; None for nobody.

    By the program, tiers whose term is over are looked at too, and the window that counts towards
    the next one is that of today.
    """
    window = None
    spans = {}
    if program is not None and program.tiers is not None:
        window = window_of(program.tiers, now, program.timezone)
        spans[member_id] = Span(now, window[0], window[0])
    trip = Trip(connection)
    asked = ask_books(connection, trip, place, Asked([member_id], now, spans=spans), lock=False)
    await trip.go()
    book = (await asked.read()).get(member_id)
    if book is None:
        return None
    if program is None:
        settle(book, now)
    else:
        # What it would write is forgotten.
        Posting(Version(0, program)).settle(book, now)
    if window is not None:
        book.window(*window)
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


async def _all(cursor: AsyncCursor[Any]) -> list[Row]:
    rows: list[Row] = await cursor.fetchall()
    return rows
