"""What happened to a member, a page at a time: every activity with what it moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from fiel.ledger.entries import Entry, entries_of_activities
from fiel.ledger.opening import Place
from fiel.ledger.posting import Recorded
from fiel.ledger.scope import Connection
from fiel.ledger.statements import statement


@dataclass(frozen=True, slots=True)
class Happened:
    """An activity of a member, the transfers it made, and what returns left of a sale."""

    recorded: Recorded
    entries: tuple[Entry, ...]
    state: dict[str, Any] | None


async def timeline_of_member(
    connection: Connection,
    place: Place,
    member_id: UUID,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
    kinds: Sequence[str] | None = None,
    stores: Sequence[str] | None = None,
) -> list[Happened]:
    """What happened to a member before a moment, the newest first.

    `stores` are those whose sales are told; what happened in none of them at all is told anyway.
    """
    before_at, before_id = before or (None, None)
    asked = {
        "program": place.program_id,
        "shard": place.shard,
        "member": member_id,
        "before_at": before_at,
        "before_id": before_id,
        "limit": limit,
        "kinds": None if kinds is None else list(kinds),
        "stores": None if stores is None else list(stores),
    }
    cursor = await connection.execute(statement("history/timeline"), asked)
    read = [_read(row) for row in await cursor.fetchall()]
    made: dict[UUID, list[Entry]] = {recorded.id: [] for recorded, _ in read}
    if made:
        for entry in await entries_of_activities(connection, place, member_id, list(made)):
            made[entry.cause.id].append(entry)
    return [Happened(recorded, tuple(made[recorded.id]), state) for recorded, state in read]


def _read(row: tuple[Any, ...]) -> tuple[Recorded, dict[str, Any] | None]:
    *head, decision, fingerprint, about, counts_at, state = row
    fields: list[Any] = [*head, orjson.loads(decision), bytes(fingerprint), about, counts_at]
    return Recorded(*fields), None if state is None else orjson.loads(state)
