"""What conditions may ask about people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from fiel.ledger.arrays import plain_array
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip

FACTS = numbered(
    "facts_of_people",
    """
SELECT id, birthday, attributes::text
FROM member
WHERE program_id = %(program)s AND shard = %(shard)s AND id = ANY(%(members)s::uuid[])
""",
)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person's birthday and attributes."""

    birthday: date | None
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AskedPeople:
    """People whom a trip asks about; read once it is over."""

    trip: Trip
    facts: int

    def read(self) -> dict[UUID, PersonFacts]:
        """What is known of them."""
        return {
            member_id: PersonFacts(birthday, orjson.loads(attributes))
            for member_id, birthday, attributes in self.trip.rows(self.facts)
        }


def ask_people(trip: Trip, program_id: UUID, shard: int, members: Iterable[UUID]) -> AskedPeople:
    """Ask what is known of these members of one shard."""
    here = {"program": str(program_id), "shard": str(shard), "members": plain_array(members)}
    return AskedPeople(trip, trip.ask(FACTS, here))
