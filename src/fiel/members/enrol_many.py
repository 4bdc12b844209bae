"""Make many members at once: for files, and whoever else brings a crowd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, cast
from uuid import UUID

from fiel.ledger.arrays import nullable_array, plain_array, text_array
from fiel.ledger.scope import Connection
from fiel.members.plain import json_text
from fiel.members.records import Person
from fiel.members.references import KeyKind
from fiel.members.referral import proposed_codes

# In one order for everybody, so that nobody waits in a ring.
CLAIM_KEYS: LiteralString = """
INSERT INTO member_key (program_id, kind, value, shard, member_id)
SELECT %(program)s, kind, value, shard, member_id
FROM unnest(%(kinds)s::text[], %(values)s::text[], %(shards)s::smallint[], %(members)s::uuid[])
     AS asked (kind, value, shard, member_id)
ORDER BY kind, value
ON CONFLICT (program_id, kind, value) DO NOTHING
RETURNING member_id, kind, value
"""

INSERT_MEMBERS: LiteralString = """
INSERT INTO member (program_id, shard, id, status, external_id, name, email, phone, card, birthday,
  consents, attributes, referral_code, joined_at, created_at)
SELECT %(program)s, shard, id, 'active', external_id, name, email, phone, card, birthday,
  consents, attributes, referral_code, joined_at, %(now)s
FROM unnest(%(shards)s::smallint[], %(ids)s::uuid[], %(external_ids)s::text[], %(names)s::text[],
            %(emails)s::text[], %(phones)s::text[], %(cards)s::text[], %(birthdays)s::date[],
            %(consents)s::jsonb[], %(attributes)s::jsonb[], %(codes)s::text[],
            %(joined)s::timestamptz[])
     AS enrolled (shard, id, external_id, name, email, phone, card, birthday, consents, attributes,
                  referral_code, joined_at)
"""

type Claim = tuple[str, str, int, UUID]  # kind, value, shard, member


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person to be made a member, whom nobody brought."""

    id: UUID
    shard: int
    person: Person
    joined_at: datetime


async def new_members(
    connection: Connection, *, program_id: UUID, newcomers: Sequence[Newcomer], now: datetime
) -> set[UUID]:
    """Make members within the caller's transaction; the answer is who could not be made.

    When somebody could not, because one of the keys is taken, nobody was made: the caller rolls
    back and asks again for the others.
    """
    codes = {new.id: next(proposed_codes(new.person.name)) for new in newcomers}
    claims = [claim for new in newcomers for claim in _claims(new, codes[new.id])]
    failed = await _failed_claims(connection, program_id, claims)
    if failed:
        return failed
    people = [new.person for new in newcomers]
    await connection.execute(
        INSERT_MEMBERS,
        {
            "program": program_id,
            "now": now,
            "shards": plain_array(new.shard for new in newcomers),
            "ids": plain_array(new.id for new in newcomers),
            "external_ids": nullable_array(person.external_id for person in people),
            "names": text_array(person.name for person in people),
            "emails": nullable_array(person.email for person in people),
            "phones": nullable_array(person.phone for person in people),
            "cards": nullable_array(person.card for person in people),
            "birthdays": plain_array(person.birthday or "NULL" for person in people),
            "consents": text_array(json_text(person.consents) for person in people),
            "attributes": text_array(json_text(person.attributes) for person in people),
            "codes": text_array(codes[new.id] for new in newcomers),
            "joined": plain_array(new.joined_at.isoformat() for new in newcomers),
        },
    )
    return set()


def _claims(new: Newcomer, code: str) -> list[Claim]:
    named = new.person.keys()
    keys = [(str(key.kind), key.value) for key in named]
    return [
        (kind, value, new.shard, new.id)
        for kind, value in [*keys, (str(KeyKind.REFERRAL_CODE), code)]
    ]


async def _failed_claims(
    connection: Connection, program_id: UUID, claims: Sequence[Claim]
) -> set[UUID]:
    """Claim keys; the answer is whose claim failed."""
    cursor = await connection.execute(
        CLAIM_KEYS,
        {
            "program": program_id,
            "kinds": text_array(claim[0] for claim in claims),
            "values": text_array(claim[1] for claim in claims),
            "shards": plain_array(claim[2] for claim in claims),
            "members": plain_array(claim[3] for claim in claims),
        },
    )
    claimed = {cast("tuple[UUID, str, str]", row) for row in await cursor.fetchall()}
    return {
        member_id for kind, value, _, member_id in claims if (member_id, kind, value) not in claimed
    }
