"""Who is it: from what names a member to where the member's rows are, for a whole group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import LiteralString
from uuid import UUID

from fiel.domain.program import Program
from fiel.ledger.arrays import plain_array, text_array
from fiel.ledger.scope import Connection
from fiel.members.identity import NotAPhoneNumber, region_of_zone, sought_phone
from fiel.members.queries import Whereabouts
from fiel.members.references import KeyKind, MemberKey, MemberRef

KEYS: LiteralString = """
SELECT k.kind, k.value, k.shard, k.member_id
FROM unnest(%(kinds)s::text[], %(values)s::text[]) AS asked (kind, value)
JOIN member_key k
  ON k.program_id = %(program)s AND k.kind = asked.kind AND k.value = asked.value
"""
IDS: LiteralString = """
SELECT id, shard FROM member WHERE program_id = %(program)s AND id = ANY(%(ids)s::uuid[])
"""


async def whereabouts(
    connection: Connection, program_id: UUID, program: Program, refs: Iterable[MemberRef]
) -> dict[MemberRef, Whereabouts]:
    """Look up where members are; one that does not exist is left out."""
    sought = {ref: normal(ref, program) for ref in refs}
    ids = [ref for ref in sought.values() if isinstance(ref, UUID)]
    keys = [ref for ref in sought.values() if isinstance(ref, MemberKey)]
    found: dict[MemberRef, Whereabouts] = {}
    if keys:
        cursor = await connection.execute(
            KEYS,
            {
                "program": program_id,
                "kinds": plain_array(key.kind.value for key in keys),
                "values": text_array(key.value for key in keys),
            },
            prepare=True,
        )
        for kind, value, shard, member_id in await cursor.fetchall():
            found[MemberKey(KeyKind(kind), value)] = Whereabouts(shard, member_id)
    if ids:
        cursor = await connection.execute(
            IDS, {"program": program_id, "ids": plain_array(ids)}, prepare=True
        )
        for member_id, shard in await cursor.fetchall():
            found[member_id] = Whereabouts(shard, member_id)
    return {
        ref: found[normal_ref]
        for ref, normal_ref in sought.items()
        if normal_ref is not None and normal_ref in found
    }


def normal(ref: MemberRef, program: Program) -> MemberRef | None:
    """A reference in its normal form; None where nobody can have such a name."""
    if isinstance(ref, UUID) or ref.kind is not KeyKind.PHONE:
        return ref
    try:
        return MemberKey(ref.kind, sought_phone(ref.value, region_of_zone(program.timezone.key)))
    except NotAPhoneNumber:
        return None
