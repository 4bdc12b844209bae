"""What conditions may ask about people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

import orjson

from fiel.ledger.arrays import plain_array
from fiel.ledger.scope import Connection

FACTS: LiteralString = """
SELECT id, birthday, attributes::text
FROM member
WHERE program_id = %(program)s AND shard = %(shard)s AND id = ANY(%(members)s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person's birthday and attributes."""

    birthday: date | None
    attributes: Mapping[str, Any]


async def facts_of_people(
    connection: Connection, program_id: UUID, shard: int, members: Iterable[UUID]
) -> dict[UUID, PersonFacts]:
    """What is known of these members of one shard."""
    cursor = await connection.execute(
        FACTS,
        {"program": program_id, "shard": shard, "members": plain_array(members)},
        prepare=True,
    )
    return {
        member_id: PersonFacts(birthday, orjson.loads(attributes))
        for member_id, birthday, attributes in await cursor.fetchall()
    }
