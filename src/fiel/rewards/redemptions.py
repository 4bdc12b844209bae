"""Redemptions as they are kept, and the statements that keep them.

A redemption is written under the lock of its member. What is looked up by its id alone, or because
it is due, is only a hint: whoever changes it opens the member's book and reads it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

import orjson

from fiel.domain.redeeming import CodeKind, Status, due_at
from fiel.ledger.arrays import plain_array
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip

COLUMNS: LiteralString = (
    "shard, member_id, id, activity_id, source, external_id, reward, kind, quantity, status, "
    "spent::text, transfers::text, code, code_kind, made_at, hold_until, captured_at, expires_at, "
    "used_at, ended_at, limit_start, is_stocked, cost, milestone, sale_id, version, store, author"
)
# A row travels as one JSON object, with a value for every column.
INSERT = numbered(
    "new_redemption",
    """
INSERT INTO redemption
SELECT r.* FROM jsonb_populate_record(
  NULL::redemption,
  %(row)s::jsonb
    || jsonb_build_object('program_id', %(program)s::uuid, 'shard', %(shard)s::smallint)
) AS r
""",
)
CHANGE = numbered(
    "change_redemption",
    """
UPDATE redemption
SET status = r.status, code = r.code, code_kind = r.code_kind, captured_at = r.captured_at,
    expires_at = r.expires_at, used_at = r.used_at, ended_at = r.ended_at, due_at = r.due_at,
    sale_id = r.sale_id, spent = r.spent, transfers = r.transfers, limit_start = r.limit_start,
    is_stocked = r.is_stocked, cost = r.cost, version = r.version
FROM jsonb_populate_record(NULL::redemption, %(row)s::jsonb) AS r
WHERE redemption.program_id = %(program)s AND redemption.shard = %(shard)s
  AND redemption.member_id = r.member_id AND redemption.id = r.id
""",
)
OF_MEMBER = numbered(
    "redemptions_of_member",
    f"""
SELECT {COLUMNS} FROM redemption
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND id = ANY(%(ids)s::uuid[])
""",
)
OVERDUE = numbered(
    "overdue_holds",
    f"""
SELECT {COLUMNS} FROM redemption
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND status = 'held' AND due_at <= %(now)s
ORDER BY due_at, id
""",
)
DUE = numbered(
    "due_redemptions",
    """
SELECT member_id, id FROM redemption
WHERE program_id = %(program)s AND shard = %(shard)s AND due_at <= %(now)s
ORDER BY due_at, id
LIMIT %(most)s
""",
)
NEXT_DUE: LiteralString = """
SELECT min(due_at) FROM redemption WHERE program_id = %s AND shard = %s AND due_at > %s
"""
BY_ID: LiteralString = f"SELECT {COLUMNS} FROM redemption WHERE program_id = %s AND id = %s"
PAGE: LiteralString = f"""
SELECT {COLUMNS} FROM redemption
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND (%(before_time)s::timestamptz IS NULL
       OR (made_at, id) < (%(before_time)s::timestamptz, %(before_id)s::uuid))
ORDER BY made_at DESC, id DESC
LIMIT %(limit)s
"""
OPEN_ACCESSES: LiteralString = f"""
SELECT {COLUMNS} FROM redemption
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND kind = 'access' AND status IN ('captured', 'used')
  AND coalesce(expires_at, 'infinity') > %(now)s
ORDER BY made_at, id
"""


@dataclass(frozen=True, slots=True)
class Redemption:
    """A redemption, or points that are held to pay with (`reward` None).

    `transfers` leads, by unit, to the transfer that took the points out of their lots;
    `limit_start` is the period in which it counts against the reward's limit; `is_stocked` says
    whether it counts against the reward's stock, `cost` (minor units) against its budget.
    """

    shard: int
    member_id: UUID
    id: UUID
    activity_id: UUID
    source: str
    external_id: str | None
    reward: str | None
    kind: str | None
    quantity: int
    status: Status
    spent: Mapping[str, int]
    transfers: Mapping[str, UUID]
    code: str | None
    code_kind: CodeKind | None
    made_at: datetime
    hold_until: datetime | None = None
    captured_at: datetime | None = None
    expires_at: datetime | None = None
    used_at: datetime | None = None
    ended_at: datetime | None = None
    limit_start: date | None = None
    is_stocked: bool = False
    cost: int = 0
    milestone: str | None = None
    sale_id: UUID | None = None
    version: int = 0
    store: str = ""
    author: str = ""
    due_at: datetime | None = field(init=False)

    def __post_init__(self) -> None:
        due = due_at(self.status, hold_until=self.hold_until, expires_at=self.expires_at)
        object.__setattr__(self, "due_at", due)


@dataclass(frozen=True, slots=True)
class AskedRedemptions:
    """Redemptions that a trip asks for; read once it is over."""

    trip: Trip
    asked: int

    def read(self) -> list[Redemption]:
        """The redemptions that were found."""
        return [redemption_of(row) for row in self.trip.rows(self.asked)]


def keep_redemption(trip: Trip, place: Place, redemption: Redemption) -> None:
    """Write a new redemption; its member is locked."""
    trip.ask(INSERT, _parameters(place, redemption))


def change_redemption(trip: Trip, place: Place, redemption: Redemption) -> None:
    """Write what has changed about a redemption; its member is locked."""
    trip.ask(CHANGE, _parameters(place, redemption))


def ask_redemptions(
    trip: Trip, place: Place, member_id: UUID, ids: Sequence[UUID]
) -> AskedRedemptions:
    """Ask for redemptions of a member, who is locked where they are to be changed."""
    here = _here(place, member_id) | {"ids": plain_array(ids)}
    return AskedRedemptions(trip, trip.ask(OF_MEMBER, here))


def ask_overdue_holds(trip: Trip, place: Place, member_id: UUID, now: datetime) -> AskedRedemptions:
    """Ask for what a member, who is locked, has held for longer than it was to be."""
    here = _here(place, member_id) | {"now": now.isoformat()}
    return AskedRedemptions(trip, trip.ask(OVERDUE, here))


async def due_redemptions(
    connection: Connection, place: Place, *, now: datetime, most: int
) -> list[tuple[UUID, UUID]]:
    """Members of a shard with what is due of theirs, longest due first."""
    trip = Trip(connection)
    asked = trip.ask(
        DUE,
        {
            "program": str(place.program_id),
            "shard": str(place.shard),
            "now": now.isoformat(),
            "most": str(most),
        },
    )
    await trip.go()
    return [(member_id, redemption_id) for member_id, redemption_id in trip.rows(asked)]


async def next_redemption_due(
    connection: Connection, place: Place, after: datetime
) -> datetime | None:
    """When the next redemption of a shard is due after a moment; None for never."""
    asked = (place.program_id, place.shard, after)
    row = await (await connection.execute(NEXT_DUE, asked)).fetchone()
    return None if row is None else row[0]


async def redemption_by_id(
    connection: Connection, program_id: UUID, redemption_id: UUID
) -> Redemption | None:
    """A redemption of the program, read without a lock; None when there is none such."""
    cursor = await connection.execute(BY_ID, (program_id, redemption_id))
    row = await cursor.fetchone()
    return None if row is None else redemption_of(row)


async def redemptions_of(
    connection: Connection,
    place: Place,
    member_id: UUID,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Redemption]:
    """A member's redemptions, newest first, before the one that is named."""
    before_time, before_id = before or (None, None)
    cursor = await connection.execute(
        PAGE,
        {
            "program": place.program_id,
            "shard": place.shard,
            "member": member_id,
            "before_time": before_time,
            "before_id": before_id,
            "limit": limit,
        },
    )
    return [redemption_of(row) for row in await cursor.fetchall()]


async def accesses_held(
    connection: Connection, place: Place, member_id: UUID, now: datetime
) -> list[Redemption]:
    """The accesses that a member redeemed, or was given, and still has."""
    cursor = await connection.execute(
        OPEN_ACCESSES,
        {
            "program": place.program_id,
            "shard": place.shard,
            "member": member_id,
            "now": now,
        },
    )
    return [redemption_of(row) for row in await cursor.fetchall()]


def redemption_of(row: tuple[Any, ...]) -> Redemption:
    """Read a row of `COLUMNS`."""
    fields = list(row)
    fields[9] = Status(row[9])
    fields[10] = orjson.loads(row[10])
    fields[11] = {unit: UUID(transfer) for unit, transfer in orjson.loads(row[11]).items()}
    fields[13] = None if row[13] is None else CodeKind(row[13])
    return Redemption(*fields)


def _parameters(place: Place, redemption: Redemption) -> dict[str, str]:
    told = {name: getattr(redemption, name) for name in Redemption.__dataclass_fields__}
    return {
        "program": str(place.program_id),
        "shard": str(place.shard),
        "row": orjson.dumps(told).decode(),
    }


def _here(place: Place, member_id: UUID) -> dict[str, str]:
    return {
        "program": str(place.program_id),
        "shard": str(place.shard),
        "member": str(member_id),
    }
