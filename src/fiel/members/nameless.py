"""Nameless members: who holds a sale that nobody has claimed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from fiel.ledger.arrays import plain_array
from fiel.ledger.scope import Connection

INSERT: LiteralString = """
INSERT INTO member (program_id, shard, id, status, name, consents, attributes, joined_at,
                    created_at)
SELECT %(program)s, %(shard)s, id, 'nameless', '', '{}', '{}', joined_at, joined_at
FROM unnest(%(ids)s::uuid[], %(joined)s::timestamptz[]) AS nameless (id, joined_at)
"""


async def new_nameless_members(
    connection: Connection,
    program_id: UUID,
    shard: int,
    joined: Sequence[tuple[UUID, datetime]],
) -> None:
    """Make members who have no name, each with the moment of the sale that it holds."""
    await connection.execute(
        INSERT,
        {
            "program": program_id,
            "shard": shard,
            "ids": plain_array(member_id for member_id, _ in joined),
            "joined": plain_array(at.isoformat() for _, at in joined),
        },
        prepare=True,
    )
