"""Transfers of a member as they are told: each with what caused it and which lots it drew on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from fiel.ledger.accounts import Place as Where
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.statements import statement

type Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """An activity that moved points. Of a sale what was told is left out; it may be long."""

    id: UUID
    kind: str
    external_id: str | None
    occurred_at: datetime
    version: int
    decision: dict[str, Any]
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DrawnLot:
    """Points drawn on a lot, below zero where they were put back, and what had earned it."""

    lot_id: UUID
    points: int
    kind: str
    external_id: str | None
    earned_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A transfer with its cause, and what that is `about` where it is about something.

    `balance` is all that the member had of the unit after it, less what was owed, where it was
    asked for; `starts_at` and `ends_at` are those of the lot it made.
    """

    id: UUID
    unit: str
    points: int
    debit: Where
    credit: Where
    occurred_at: datetime
    recorded_at: datetime
    pair_id: UUID | None
    balance: int | None
    cause: Cause
    about: Cause | None
    starts_at: datetime | None
    ends_at: datetime | None
    draws: tuple[DrawnLot, ...]

    @property
    def change(self) -> int:
        """How the transfer changes what the member has, less what is owed."""
        return change_of(self.debit, self.credit, self.points)

    @property
    def moment(self) -> datetime:
        """From when on it counts: what was told ahead of its time counts from when it was told."""
        return min(self.occurred_at, self.recorded_at)


def change_of(debit: Where, credit: Where, points: int) -> int:
    """How a transfer changes what a member has, less what is owed: within the account, nothing."""
    if credit < Where.ISSUED:
        return 0 if debit < Where.ISSUED else points
    return -points


async def entries_of_member(
    connection: Connection, place: Place, member_id: UUID, *, before: UUID | None, limit: int
) -> list[Entry]:
    """A member's transfers, newest first, before the one that is named, each with its balance."""
    asked = {"before": before, "limit": limit}
    text = statement("history/page") + statement("history/entries") + "ORDER BY t.id DESC"
    return await _entries(connection, text, _here(place, member_id) | asked)


async def entries_between(
    connection: Connection, place: Place, member_id: UUID, *, since: datetime, until: datetime
) -> list[Entry]:
    """A member's transfers from a moment on, before another, in the order in which they count."""
    asked = {"since": since, "until": until}
    text = statement("history/between") + statement("history/entries") + _IN_ORDER
    return await _entries(connection, text, _here(place, member_id) | asked)


async def entries_behind(
    connection: Connection,
    place: Place,
    member_id: UUID,
    *,
    lots: Sequence[UUID],
    until: datetime,
) -> list[Entry]:
    """What made these lots or drew on them, and all that was ever held or owed, in order."""
    asked = {"lots": list(lots), "until": until}
    text = statement("history/behind") + statement("history/entries") + _IN_ORDER
    return await _entries(connection, text, _here(place, member_id) | asked)


async def entries_of_activities(
    connection: Connection, place: Place, member_id: UUID, activities: Sequence[UUID]
) -> list[Entry]:
    """What some activities of a member moved, in the order in which it counts."""
    asked = {"activities": list(activities)}
    text = statement("history/of_activities") + statement("history/entries") + _IN_ORDER
    return await _entries(connection, text, _here(place, member_id) | asked)


_IN_ORDER = "ORDER BY least(t.occurred_at, t.recorded_at), t.credit <> 12, t.id"


def _here(place: Place, member_id: UUID) -> dict[str, object]:
    return {"program": place.program_id, "shard": place.shard, "member": member_id}


async def _entries(connection: Connection, text: Any, asked: dict[str, object]) -> list[Entry]:  # noqa: ANN401
    cursor = await connection.execute(text, asked)
    return [_entry(row) for row in await cursor.fetchall()]


def _entry(row: Row) -> Entry:
    cause = _cause([*row[9:14], row[14], row[15]])
    about = None if row[16] is None else _cause([*row[16:23]])
    draws = tuple(
        DrawnLot(UUID(lot_id), points, kind, external_id, datetime.fromisoformat(earned_at))
        for lot_id, points, kind, external_id, earned_at in orjson.loads(row[25] or "[]")
    )
    fields = [*row[:3], Where(row[3]), Where(row[4]), *row[5:9], cause, about, *row[23:25], draws]
    return Entry(*fields)


def _cause(row: list[Any]) -> Cause:
    fields: list[Any] = [*row[:5], orjson.loads(row[5]), orjson.loads(row[6])]
    return Cause(*fields)
