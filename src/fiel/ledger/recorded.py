"""Activities as they were recorded, found by their names or ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from fiel.ledger.arrays import plain_array, text_array
from fiel.ledger.posting import Recorded
from fiel.ledger.scope import Connection
from fiel.ledger.statements import statement


class ActivityName(NamedTuple):
    """What an activity is called by whoever told it; unique within a program."""

    kind: str
    source: str
    external_id: str


async def activities_named(
    connection: Connection, program_id: UUID, names: Sequence[ActivityName]
) -> dict[ActivityName, Recorded]:
    """The activities that bear these names; a name that is free is left out."""
    cursor = await connection.execute(
        statement("activity_keys"),
        {
            "program": program_id,
            "kinds": plain_array(name.kind for name in names),
            "sources": text_array(name.source for name in names),
            "external_ids": text_array(name.external_id for name in names),
        },
        prepare=True,
    )
    taken: dict[int, dict[UUID, tuple[ActivityName, UUID]]] = {}
    for kind, source, external_id, shard, member_id, activity_id in await cursor.fetchall():
        name = ActivityName(kind, source, external_id)
        taken.setdefault(shard, {})[activity_id] = (name, member_id)
    found: dict[ActivityName, Recorded] = {}
    for shard, by_id in taken.items():
        members = [member_id for _, member_id in by_id.values()]
        for recorded in await activities(connection, program_id, shard, members, list(by_id)):
            found[by_id[recorded.id][0]] = recorded
    return found


async def activities(
    connection: Connection,
    program_id: UUID,
    shard: int,
    members: Sequence[UUID],
    ids: Sequence[UUID],
) -> list[Recorded]:
    """Activities of one shard's members."""
    cursor = await connection.execute(
        statement("activities"),
        {
            "program": program_id,
            "shard": shard,
            "members": plain_array(members),
            "ids": plain_array(ids),
        },
        prepare=True,
    )
    return [recorded_of(row) for row in await cursor.fetchall()]


def recorded_of(row: tuple[Any, ...]) -> Recorded:
    """Read a row of the statement `activities`."""
    decision: dict[str, Any] = orjson.loads(row[13])
    return Recorded(*(*row[:13], decision, bytes(row[14])))
