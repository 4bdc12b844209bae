"""Change what is known about a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.members.enrol import claim_keys
from fiel.members.plain import json_text
from fiel.members.queries import member
from fiel.members.records import Member, Person
from fiel.members.references import MemberKey
from fiel.members.refusals import no_such_member

LOCK: LiteralString = f"""
SELECT {Member.COLUMNS} FROM member
WHERE program_id = %s AND shard = %s AND id = %s AND status = 'active'
FOR NO KEY UPDATE
"""
RELEASE_KEY: LiteralString = """
DELETE FROM member_key
WHERE program_id = %s AND kind = %s AND value = %s AND shard = %s AND member_id = %s
"""
UPDATE: LiteralString = """
UPDATE member SET external_id = %s, name = %s, email = %s, phone = %s, card = %s, birthday = %s,
  consents = %s::jsonb, attributes = %s::jsonb
WHERE program_id = %s AND shard = %s AND id = %s
"""

# What is left of a fact that is forgotten; of all others nothing is.
_FORGOTTEN: Mapping[str, object] = {"name": "", "consents": {}, "attributes": {}}


async def change_member(
    connection: Connection, *, program_id: UUID, member_id: UUID, changes: Mapping[str, object]
) -> Member:
    """Change the named facts of a person, within the caller's program transaction.

    `changes` maps fields of `Person` to their new values, and None forgets; consents and attributes
    are merged with what is known, and one set to None is forgotten.

    Raises:
        NotFound: there is no such member in the program.
        MemberExists: another member has one of the new identities.
    """
    before = await locked_member(connection, program_id, member_id)
    person = changed_person(before.person, changes)
    if person == before.person:
        return before

    had, has = set(before.person.keys()), set(person.keys())
    await claim_keys(connection, program_id, before.shard, before.id, list(has - had))
    for key in had - has:
        await _release(connection, program_id, before, key)
    await connection.execute(
        UPDATE,
        (
            person.external_id,
            person.name,
            person.email,
            person.phone,
            person.card,
            person.birthday,
            json_text(person.consents),
            json_text(person.attributes),
            program_id,
            before.shard,
            before.id,
        ),
    )
    return replace(before, person=person)


async def locked_member(connection: Connection, program_id: UUID, member_id: UUID) -> Member:
    """Lock the member, or the survivor of one who was merged, also at this very moment.

    Raises:
        NotFound: there is no such member in the program.
    """
    known = await member(connection, program_id, member_id)
    while known is not None:
        locked = await connection.execute(LOCK, (program_id, known.shard, known.id))
        row = await locked.fetchone()
        if row is not None:
            return Member.of_row(row)
        known = await member(connection, program_id, member_id)
    raise no_such_member()


def changed_person(person: Person, changes: Mapping[str, object]) -> Person:
    """The person with changes made; maps are merged, and None forgets an entry or all of them."""
    made: dict[str, object] = {}
    for field, value in changes.items():
        if value is None:
            made[field] = _FORGOTTEN.get(field)
        elif isinstance(value, Mapping):
            merged = {**getattr(person, field), **value}
            made[field] = {name: kept for name, kept in merged.items() if kept is not None}
        else:
            made[field] = value
    return replace(person, **made)  # type: ignore[arg-type]  # the boundary checked the types


async def _release(
    connection: Connection, program_id: UUID, holder: Member, key: MemberKey
) -> None:
    await connection.execute(
        RELEASE_KEY, (program_id, str(key.kind), key.value, holder.shard, holder.id)
    )
