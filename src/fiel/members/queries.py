"""Find members; whatever names one leads first to its shard and id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString, cast
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.members.records import Member
from fiel.members.references import MemberKey, MemberRef

KEY: LiteralString = """
SELECT shard, member_id FROM member_key WHERE program_id = %s AND kind = %s AND value = %s
"""
# Whoever was merged is the survivor.
BY_ID: LiteralString = f"""
SELECT {Member.COLUMNS} FROM member
WHERE program_id = %s AND status = 'active'
  AND id = (SELECT coalesce(survivor_id, id) FROM member WHERE program_id = %s AND id = %s)
"""
BY_SHARD_AND_ID: LiteralString = f"""
SELECT {Member.COLUMNS} FROM member
WHERE program_id = %s AND shard = %s AND id = %s AND status = 'active'
"""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a member's rows are."""

    shard: int
    member_id: UUID


async def member_of_key(
    connection: Connection, program_id: UUID, key: MemberKey
) -> Whereabouts | None:
    """Where the member is who has this key; None when nobody has it."""
    cursor = await connection.execute(KEY, (program_id, str(key.kind), key.value))
    row = await cursor.fetchone()
    return None if row is None else Whereabouts(cast(int, row[0]), cast(UUID, row[1]))


async def member(connection: Connection, program_id: UUID, ref: MemberRef) -> Member | None:
    """The active member who is named, or who survives the one that is; None for nobody."""
    if isinstance(ref, UUID):
        cursor = await connection.execute(BY_ID, (program_id, program_id, ref))
    else:
        found = await member_of_key(connection, program_id, ref)
        if found is None:
            return None
        cursor = await connection.execute(
            BY_SHARD_AND_ID, (program_id, found.shard, found.member_id)
        )
    row = await cursor.fetchone()
    return None if row is None else Member.of_row(row)
