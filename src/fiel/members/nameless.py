"""Nameless members: who holds a sale that nobody has claimed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fiel.ledger.arrays import plain_array
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip

INSERT = numbered(
    "new_nameless_members",
    """
INSERT INTO member (program_id, shard, id, status, name, consents, attributes, joined_at,
                    created_at)
SELECT %(program)s::uuid, %(shard)s::smallint, id, 'nameless', '', '{}', '{}', joined_at, joined_at
FROM unnest(%(ids)s::uuid[], %(joined)s::timestamptz[]) AS nameless (id, joined_at)
""",
)


def new_nameless_members(
    trip: Trip, program_id: UUID, shard: int, joined: Sequence[tuple[UUID, datetime]]
) -> None:
    """Make members who have no name, each with the moment of the sale that it holds."""
    trip.ask(
        INSERT,
        {
            "program": str(program_id),
            "shard": str(shard),
            "ids": plain_array(member_id for member_id, _ in joined),
            "joined": plain_array(at.isoformat() for _, at in joined),
        },
    )
