"""Lists of members: by what they are and where they stand, sorted by any of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, cast
from uuid import UUID

from psycopg import sql

from fiel.ledger.scope import Connection
from fiel.members.queries import Whereabouts

MOST_COUNTED = 10_000
SORTED_BY: Mapping[str, LiteralString] = {
    "joined": "m.joined_at",
    "name": 'm.name COLLATE "C"',
    "spend": "s.spend",
    "visits": "s.visits",
    "seen": "s.last_activity_at",
}
_FROM: LiteralString = """
FROM member AS m
JOIN standing AS s
  ON s.program_id = m.program_id AND s.shard = m.shard AND s.member_id = m.id
WHERE m.program_id = %(program)s AND m.status = 'active'
"""
_ROWS: LiteralString = """
SELECT m.shard, m.id, m.external_id, m.name, m.email, m.phone, m.joined_at, s.tier, s.spend,
       s.visits, s.last_activity_at, s.segments,
       (SELECT a.available_in - a.available_out FROM account AS a
        WHERE a.program_id = m.program_id AND a.shard = m.shard AND a.member_id = m.id
          AND a.unit = %(unit)s)
"""
_WANTED: Mapping[str, LiteralString] = {
    "tier": "s.tier = %(tier)s",
    "segment": "s.segments @> ARRAY[%(segment)s::text]",
    "joined_from": "m.joined_at >= %(joined_from)s",
    "joined_until": "m.joined_at < %(joined_until)s",
    "consent": "m.consents @> jsonb_build_object(%(consent)s::text, true)",
    "store": (
        "EXISTS (SELECT FROM activity AS b WHERE b.program_id = m.program_id "
        "AND b.shard = m.shard AND b.member_id = m.id AND b.kind IN ('sale', 'claim') "
        "AND b.store = %(store)s)"
    ),
    "manager": (
        "EXISTS (SELECT FROM member_manager AS g WHERE g.program_id = m.program_id "
        "AND g.shard = m.shard AND g.member_id = m.id AND g.user_id = %(manager)s)"
    ),
}
OF_MEMBERS: LiteralString = _ROWS + _FROM + " AND m.id = ANY(%(ids)s)"


@dataclass(frozen=True, slots=True)
class Filters:
    """Whom a list shows; what is None narrows nothing. `store` is where somebody has bought."""

    tier: str | None = None
    segment: str | None = None
    joined_from: datetime | None = None
    joined_until: datetime | None = None
    consent: str | None = None
    store: str | None = None
    manager: UUID | None = None

    def asked(self) -> dict[str, object]:
        """What narrows the list."""
        return {name: value for name in _WANTED if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class Listed:
    """A member in a list; `available` is what can be used of the unit that was asked for."""

    shard: int
    id: UUID
    external_id: str | None
    name: str
    email: str | None
    phone: str | None
    joined_at: datetime
    tier: str | None
    spend: int
    visits: int
    last_activity_at: datetime | None
    segments: tuple[str, ...]
    available: int

    @property
    def place(self) -> Whereabouts:
        """Where the member's rows are."""
        return Whereabouts(self.shard, self.id)


async def list_members(
    connection: Connection,
    program_id: UUID,
    filters: Filters,
    *,
    unit: str,
    sort: str = "joined",
    downwards: bool = True,
    limit: int,
    offset: int = 0,
) -> list[Listed]:
    """Members who fit, in an order of `SORTED_BY`; who has nothing to sort by comes last."""
    direction: LiteralString = "DESC NULLS LAST" if downwards else "ASC NULLS LAST"
    # The plain order is the one that the index has.
    if sort in ("joined", "name"):
        direction = "DESC" if downwards else "ASC"
    last: LiteralString = "DESC" if downwards else "ASC"
    text = (
        _ROWS
        + _FROM
        + _narrowed(filters)
        + f" ORDER BY {SORTED_BY[sort]} {direction}, m.id {last}"
        + " LIMIT %(limit)s OFFSET %(offset)s"
    )
    asked = {"program": program_id, "unit": unit, "limit": limit, "offset": offset}
    cursor = await connection.execute(sql.SQL(text), asked | filters.asked())
    return [_listed(row) for row in await cursor.fetchall()]


async def count_members(connection: Connection, program_id: UUID, filters: Filters) -> int:
    """How many fit; of very many only that they are more than `MOST_COUNTED`."""
    text = (
        "SELECT count(*) FROM (SELECT "
        + _FROM
        + _narrowed(filters)
        + f" LIMIT {MOST_COUNTED + 1}) AS found"
    )
    asked = {"program": program_id} | filters.asked()
    cursor = await connection.execute(sql.SQL(text), asked)
    row = await cursor.fetchone()
    assert row is not None, "a count has a row"
    return cast(int, row[0])


async def members_listed(
    connection: Connection, program_id: UUID, ids: list[UUID], *, unit: str
) -> list[Listed]:
    """These members as a list shows them, in the order in which they are named."""
    asked = {"program": program_id, "unit": unit, "ids": ids}
    rows = await (await connection.execute(OF_MEMBERS, asked)).fetchall()
    found = {each.id: each for each in map(_listed, rows)}
    return [found[member_id] for member_id in ids if member_id in found]


def _narrowed(filters: Filters) -> LiteralString:
    text: LiteralString = ""
    for name in filters.asked():
        text += " AND " + _WANTED[name]
    return text


def _listed(row: tuple[Any, ...]) -> Listed:
    fields: list[Any] = [*row[:-2], tuple(row[-2]), row[-1] or 0]
    return Listed(*fields)
