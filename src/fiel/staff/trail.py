"""The audit trail, searched: who did what, to what, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, cast
from uuid import UUID

from fiel.ledger.scope import Connection

SEARCH: LiteralString = r"""
SELECT id, at, user_id, actor, action, about, details, address FROM audit_entry
WHERE program_id = %(program_id)s
  AND (%(person)s = '' OR strpos(lower(actor), lower(%(person)s)) > 0)
  AND (%(action)s = '' OR action = %(action)s OR starts_with(action, %(action)s || '.'))
  AND (%(about)s = '' OR strpos(lower(about), lower(%(about)s)) > 0
       OR strpos(lower(details::text), lower(%(about)s)) > 0)
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
ACTIONS: LiteralString = """
SELECT DISTINCT action FROM audit_entry WHERE program_id = %s ORDER BY action
"""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; what is empty does not matter.

    `action` is one ("member.merged") or a family of them ("member"); `about` is found in what a
    deed was done to and in its particulars.
    """

    person: str = ""
    action: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed, as it was written down."""

    id: UUID
    at: datetime
    user_id: UUID | None
    actor: str
    action: str
    about: str
    details: Mapping[str, object]
    address: str


async def deeds_of(
    connection: Connection, program_id: UUID, search: Search, *, limit: int, offset: int = 0
) -> list[Entry]:
    """Deeds of a program's staff, newest first, in a transaction of that program."""
    told = {
        "program_id": program_id,
        "person": search.person,
        "action": search.action,
        "about": search.about,
        "since": search.since,
        "until": search.until,
        "limit": limit,
        "offset": offset,
    }
    rows = await (await connection.execute(SEARCH, told)).fetchall()
    return [_entry(row) for row in rows]


async def actions_of(connection: Connection, program_id: UUID) -> list[str]:
    """The kinds of deeds that there are, in a transaction of their program."""
    rows = await (await connection.execute(ACTIONS, [program_id])).fetchall()
    return [cast(str, row[0]) for row in rows]


def _entry(row: tuple[object, ...]) -> Entry:
    return Entry(
        cast(UUID, row[0]),
        cast(datetime, row[1]),
        cast("UUID | None", row[2]),
        cast(str, row[3]),
        cast(str, row[4]),
        cast(str, row[5]),
        cast("dict[str, object]", row[6]),
        cast(str, row[7]),
    )
