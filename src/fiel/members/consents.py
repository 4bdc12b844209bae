"""What a member consented to, and when each consent was given or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.members.queries import Whereabouts

OF_MEMBERS: LiteralString = """
SELECT name, given, at FROM member_consent
WHERE program_id = %s AND (shard, member_id) IN (SELECT * FROM unnest(%s::smallint[], %s::uuid[]))
ORDER BY at DESC, name
"""
FORGET: LiteralString = """
DELETE FROM member_consent WHERE program_id = %s AND shard = %s AND member_id = %s
"""


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """A consent that was given or taken back at a moment."""

    name: str
    given: bool
    at: datetime


async def consents_of(
    connection: Connection, program_id: UUID, places: Sequence[Whereabouts]
) -> list[ConsentChange]:
    """Every consent that a member gave or took back, the newest first."""
    shards = [place.shard for place in places]
    members = [place.member_id for place in places]
    cursor = await connection.execute(OF_MEMBERS, (program_id, shards, members))
    return [ConsentChange(*row) for row in await cursor.fetchall()]


async def forget_consents(
    connection: Connection, program_id: UUID, places: Sequence[Whereabouts]
) -> None:
    """Forget what people who are erased consented to."""
    for place in places:
        await connection.execute(FORGET, (program_id, place.shard, place.member_id))
