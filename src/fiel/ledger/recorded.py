"""Activities as they were recorded, found by their names or ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import orjson

from fiel.ledger.arrays import plain_array, text_array
from fiel.ledger.posting import Recorded
from fiel.ledger.scope import Connection
from fiel.ledger.statements import prepared
from fiel.ledger.trips import Trip


class ActivityName(NamedTuple):
    """What an activity is called by whoever told it; unique within a program."""

    kind: str
    source: str
    external_id: str


@dataclass(frozen=True, slots=True)
class AskedNames:
    """Names of activities that a trip asks about; read once it is over."""

    connection: Connection
    trip: Trip
    program_id: UUID
    taken: int

    async def read(self) -> dict[ActivityName, Recorded]:
        """The activities that bear these names; a name that is free is left out."""
        by_shard: dict[int, dict[UUID, tuple[ActivityName, UUID]]] = {}
        for kind, source, external_id, shard, member_id, activity_id in self.trip.rows(self.taken):
            name = ActivityName(kind, source, external_id)
            by_shard.setdefault(shard, {})[activity_id] = (name, member_id)
        found: dict[ActivityName, Recorded] = {}
        for shard, by_id in by_shard.items():
            members = [member_id for _, member_id in by_id.values()]
            for recorded in await activities(
                self.connection, self.program_id, shard, members, list(by_id)
            ):
                found[by_id[recorded.id][0]] = recorded
        return found


def ask_names(
    connection: Connection, trip: Trip, program_id: UUID, names: Sequence[ActivityName]
) -> AskedNames:
    """Ask which activities bear these names."""
    asked = {
        "program": str(program_id),
        "kinds": plain_array(name.kind for name in names),
        "sources": text_array(name.source for name in names),
        "external_ids": text_array(name.external_id for name in names),
    }
    return AskedNames(connection, trip, program_id, trip.ask(prepared("activity_keys"), asked))


async def activities_named(
    connection: Connection, program_id: UUID, names: Sequence[ActivityName]
) -> dict[ActivityName, Recorded]:
    """The activities that bear these names; a name that is free is left out."""
    trip = Trip(connection)
    asked = ask_names(connection, trip, program_id, names)
    await trip.go()
    return await asked.read()


@dataclass(frozen=True, slots=True)
class AskedMade:
    """An activity that a trip asks about by the id that its request made."""

    trip: Trip
    made: int

    def read(self) -> Recorded | None:
        """The activity; None where it was not recorded."""
        rows = self.trip.rows(self.made)
        return recorded_of(rows[0]) if rows else None


def ask_made(trip: Trip, program_id: UUID, kind: str, activity_id: UUID) -> AskedMade:
    """Ask whether the activity of an id was recorded before."""
    asked = {"program": str(program_id), "id": str(activity_id), "kind": kind}
    return AskedMade(trip, trip.ask(prepared("activity_made"), asked))


async def activities(
    connection: Connection,
    program_id: UUID,
    shard: int,
    members: Sequence[UUID],
    ids: Sequence[UUID],
) -> list[Recorded]:
    """Activities of one shard's members."""
    trip = Trip(connection)
    asked = trip.ask(
        prepared("activities"),
        {
            "program": str(program_id),
            "shard": str(shard),
            "members": plain_array(members),
            "ids": plain_array(ids),
        },
    )
    await trip.go()
    return [recorded_of(row) for row in trip.rows(asked)]


def recorded_of(row: tuple[Any, ...]) -> Recorded:
    """Read a row of the statement `activities`."""
    decision: dict[str, Any] = orjson.loads(row[13])
    return Recorded(*(*row[:13], decision, bytes(row[14]), row[15]))


NEWEST: LiteralString = """
SELECT max(latest.recorded_at)
FROM generate_series(0, %(shards)s - 1) AS here (shard)
CROSS JOIN LATERAL (
  SELECT recorded_at FROM outbox
  WHERE program_id = %(program)s AND shard = here.shard
  ORDER BY sequence DESC
  LIMIT 1
) AS latest
"""


async def newest_recorded_at(
    connection: Connection, program_id: UUID, shards: int
) -> datetime | None:
    """When the newest activity of a program was recorded; None where nothing was."""
    asked = {"program": program_id, "shards": shards}
    row = await (await connection.execute(NEWEST, asked)).fetchone()
    return None if row is None else row[0]
