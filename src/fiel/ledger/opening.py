"""Open members' books: lock them in order, then read what a posting needs in few round trips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncCursor

from fiel.domain.member import LimitKey
from fiel.ledger.accounts import Account, Expiring
from fiel.ledger.arrays import plain_array, text_array
from fiel.ledger.books import Book, Counted, OpenLot, Standing
from fiel.ledger.scope import Connection
from fiel.ledger.statements import statement

type Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Span:
    """The tier windows of a member's activities: first and last start, and last end."""

    first_start: datetime
    last_start: datetime
    last_end: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Whose facts a statement may touch: one program, one shard."""

    program_id: UUID
    shard: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a posting asks of the books. `now` is the latest moment it works at."""

    members: Sequence[UUID]
    now: datetime
    limits: frozenset[LimitKey] = frozenset()
    spans: Mapping[UUID, Span] = field(default_factory=dict)


async def open_books(
    connection: Connection, place: Place, asked: Asked, *, lock: bool = True
) -> dict[UUID, Book]:
    """Lock members and read their books; one that does not exist has none.

    To be called inside the program's transaction; the locks are held until it ends. Without
    `lock` the books are only good for looking ahead.
    """
    here: dict[str, object] = {
        "program": place.program_id,
        "shard": place.shard,
        "members": plain_array(asked.members),
    }
    async with connection.pipeline():
        if lock:
            await connection.execute(statement("lock_standings"), here, prepare=True)
        standings = await connection.execute(statement("standings"), here, prepare=True)
        accounts = await connection.execute(statement("accounts"), here, prepare=True)
        limits = await _ask_limits(connection, here, asked.limits)
        books = {row[0]: Book(row[0], Standing(*row[1:])) for row in await _all(standings)}
        for member_id, unit, *counters, points, ends in await _all(accounts):
            account = Account(unit, *counters)
            account.expiring = _expiring(points, ends)
            books[member_id].accounts[unit] = account
        if limits is not None:
            for member_id, rule, period_start, used in await _all(limits):
                books[member_id].limits[rule, period_start] = used
    await _read_due_lots(connection, place, books, asked.now)
    await _read_spans(connection, place, books, asked.spans)
    return books


async def read_lots(connection: Connection, place: Place, books: Iterable[Book]) -> None:
    """Read all open lots of these members into their books."""
    by_member = {book.member_id: book for book in books}
    here = {
        "program": place.program_id,
        "shard": place.shard,
        "members": plain_array(by_member),
    }
    for book in by_member.values():
        assert not book.lots_read, "lots are read once"
        book.lots_read = True
    cursor = await connection.execute(statement("open_lots"), here, prepare=True)
    for member_id, lot_id, unit, _, _, _, points, drawn, starts, ends, activated in await _all(
        cursor
    ):
        by_member[member_id].lots.setdefault(unit, []).append(
            OpenLot(lot_id, unit, points, drawn, starts, ends, activated)
        )


async def _ask_limits(
    connection: Connection, here: Mapping[str, object], limits: frozenset[LimitKey]
) -> AsyncCursor[Any] | None:
    if not limits:
        return None
    return await connection.execute(
        statement("limits_used"),
        {
            **here,
            "rules": text_array({rule for rule, _ in limits}),
            "periods": plain_array({start for _, start in limits}),
        },
        prepare=True,
    )


async def _read_due_lots(
    connection: Connection, place: Place, books: Mapping[UUID, Book], now: datetime
) -> None:
    due = [book for book in books.values() if book.is_due(now)]
    if due:
        await read_lots(connection, place, due)


async def _read_spans(
    connection: Connection, place: Place, books: Mapping[UUID, Book], spans: Mapping[UUID, Span]
) -> None:
    members, since, until = [], [], []
    for member_id, span in spans.items():
        if member_id in books and (read := _span_to_read(books[member_id].standing, span)):
            members.append(member_id)
            since.append(read[0])
            until.append(read[1])
    if not members:
        return
    cursor = await connection.execute(
        statement("qualifying"),
        {
            "program": place.program_id,
            "shard": place.shard,
            "members": plain_array(members),
            "since": plain_array(since),
            "until": plain_array(until),
        },
        prepare=True,
    )
    for member_id, at, spend, points, visits in await _all(cursor):
        books[member_id].qualified.append(Counted(at, spend or 0, points or 0, visits or 0))


def _span_to_read(standing: Standing, span: Span) -> tuple[datetime, datetime] | None:
    """The past activities that moving or reopening a member's tier window asks for, if any."""
    if standing.window_from is None or standing.first_activity_at is None:
        return None
    if span.first_start < standing.window_from:
        return span.first_start, max(span.last_end, standing.window_from)
    if span.last_start > standing.window_from and standing.first_activity_at < span.last_start:
        return standing.window_from, span.last_start
    return None


def _expiring(points: list[int] | None, ends: list[datetime] | None) -> list[Expiring]:
    return [Expiring(p, at) for p, at in zip(points or (), ends or (), strict=True)]


async def _all(cursor: AsyncCursor[Any]) -> Rows:
    return await cursor.fetchall()
