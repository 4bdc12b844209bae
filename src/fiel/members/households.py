"""Households: people who pool their points. A member is in one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, cast
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import NotFound
from fiel.ledger.scope import Connection
from fiel.members.erase import forget_answers
from fiel.members.queries import Whereabouts
from fiel.members.refusals import InAHousehold

MAKE: LiteralString = """
INSERT INTO household (program_id, id, name, made_at, fingerprint) VALUES (%s, %s, %s, %s, %s)
"""
READ: LiteralString = """
SELECT id, name, made_at, ended_at, fingerprint FROM household WHERE program_id = %s AND id = %s
"""
LOCK: LiteralString = READ + " FOR NO KEY UPDATE"
MEMBERS: LiteralString = """
SELECT shard, member_id FROM household_member
WHERE program_id = %s AND household_id = %s ORDER BY joined_at, member_id
"""
OF_MEMBER: LiteralString = """
SELECT household_id FROM household_member
WHERE program_id = %s AND shard = %s AND member_id = %s AND household_id IS NOT NULL
"""
JOIN: LiteralString = """
INSERT INTO household_member AS kept (program_id, shard, member_id, household_id, joined_at)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (shard, member_id) DO UPDATE
SET household_id = excluded.household_id, joined_at = excluded.joined_at
WHERE kept.household_id IS NULL
RETURNING member_id
"""
LEAVE: LiteralString = """
UPDATE household_member SET household_id = NULL
WHERE program_id = %s AND shard = %s AND member_id = %s AND household_id = %s
RETURNING member_id
"""
END: LiteralString = """
UPDATE household SET ended_at = %(now)s, name = '', fingerprint = ''
WHERE program_id = %(program)s AND id = %(id)s AND NOT EXISTS (
  SELECT FROM household_member WHERE program_id = %(program)s AND household_id = %(id)s)
"""


@dataclass(frozen=True, slots=True)
class Household:
    """A household and who is in it, in the order in which they came."""

    id: UUID
    name: str
    made_at: datetime
    ended_at: datetime | None
    fingerprint: bytes
    members: tuple[Whereabouts, ...]


async def make_household(
    connection: Connection,
    program_id: UUID,
    household_id: UUID,
    *,
    name: str,
    fingerprint: bytes,
    members: Sequence[Whereabouts],
    now: datetime,
) -> None:
    """Make a household within the caller's transaction.

    Raises:
        InAHousehold: one of the members is in another one.
    """
    await connection.execute(MAKE, (program_id, household_id, name, now, fingerprint))
    for member in sorted(members, key=_place_order):
        await _join(connection, program_id, household_id, member, now)


async def household(
    connection: Connection, program_id: UUID, household_id: UUID, *, lock: bool = False
) -> Household | None:
    """A household that still has members; None where there is none."""
    cursor = await connection.execute(LOCK if lock else READ, (program_id, household_id))
    row = await cursor.fetchone()
    if row is None or row[3] is not None:
        return None
    members = await household_members(connection, program_id, household_id)
    return Household(row[0], row[1], row[2], row[3], bytes(row[4]), members)


async def household_members(
    connection: Connection, program_id: UUID, household_id: UUID
) -> tuple[Whereabouts, ...]:
    """Who is in a household, in the order in which they came."""
    rows = await (await connection.execute(MEMBERS, (program_id, household_id))).fetchall()
    return tuple(Whereabouts(cast(int, shard), cast(UUID, member)) for shard, member in rows)


async def household_of(
    connection: Connection, program_id: UUID, member: Whereabouts
) -> UUID | None:
    """The household that a member is in; None where in none."""
    asked = (program_id, member.shard, member.member_id)
    row = await (await connection.execute(OF_MEMBER, asked)).fetchone()
    return None if row is None else cast(UUID, row[0])


async def join_household(
    connection: Connection,
    program_id: UUID,
    household_id: UUID,
    member: Whereabouts,
    *,
    now: datetime,
) -> None:
    """Let a member join; one who is in it already stays.

    Raises:
        NotFound: there is no such household.
        InAHousehold: the member is in another one.
    """
    if await household(connection, program_id, household_id, lock=True) is None:
        raise no_such_household()
    if await household_of(connection, program_id, member) != household_id:
        await _join(connection, program_id, household_id, member, now)


async def leave_household(
    connection: Connection,
    program_id: UUID,
    household_id: UUID,
    member: Whereabouts,
    *,
    now: datetime,
) -> bool:
    """Let a member leave, with the points that are its own; whether it was in it.

    A household that nobody is left in ends, and its name is forgotten.

    Raises:
        NotFound: there is no such household.
    """
    if await household(connection, program_id, household_id, lock=True) is None:
        raise no_such_household()
    left = await connection.execute(
        LEAVE, (program_id, member.shard, member.member_id, household_id)
    )
    was_in = await left.fetchone() is not None
    ended = await connection.execute(END, {"program": program_id, "id": household_id, "now": now})
    if ended.rowcount:
        await forget_answers(connection, program_id, [household_id])
    return was_in


async def follow_into_household(
    connection: Connection,
    program_id: UUID,
    merged: Whereabouts,
    survivor: Whereabouts,
    *,
    now: datetime,
) -> None:
    """Let the survivor of a merge be in the merged member's household, unless it is in one."""
    household_id = await household_of(connection, program_id, merged)
    if household_id is None:
        return
    if await household_of(connection, program_id, survivor) is None:
        await join_household(connection, program_id, household_id, survivor, now=now)
    await leave_household(connection, program_id, household_id, merged, now=now)


def no_such_household() -> NotFound:
    """The refusal where no household has the id."""
    return NotFound(N_("There is no such household in this program."))


async def _join(
    connection: Connection,
    program_id: UUID,
    household_id: UUID,
    member: Whereabouts,
    now: datetime,
) -> None:
    asked = (program_id, member.shard, member.member_id, household_id, now)
    if await (await connection.execute(JOIN, asked)).fetchone() is None:
        raise InAHousehold(
            N_("The member is in another household; a member is in one at a time."),
            facts={"member": str(member.member_id)},
        )


def _place_order(member: Whereabouts) -> tuple[int, UUID]:
    return member.shard, member.member_id
