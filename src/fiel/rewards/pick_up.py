"""Pick-up codes: what a member shows where the thing is handed over."""

from __future__ import annotations

from typing import LiteralString
from uuid import UUID

from fiel.domain.codes import is_sound, normal_code
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip

CLAIM = numbered(
    "claim_pick_up_code",
    """
INSERT INTO code (program_id, code, kind, shard, member_id, id)
VALUES (%(program)s::uuid, %(code)s::text, 'redemption', %(shard)s::smallint, %(member)s::uuid,
        %(id)s::uuid)
""",
)
FIND: LiteralString = (
    "SELECT id FROM code WHERE program_id = %s AND code = %s AND kind = 'redemption'"
)


def claim_pick_up_code(
    trip: Trip, place: Place, code: str, *, member_id: UUID, redemption_id: UUID
) -> None:
    """Let a code lead to a redemption; one that is taken fails the trip with a UniqueViolation."""
    trip.ask(
        CLAIM,
        {
            "program": str(place.program_id),
            "shard": str(place.shard),
            "code": code,
            "member": str(member_id),
            "id": str(redemption_id),
        },
    )


async def redemption_of_code(connection: Connection, program_id: UUID, told: str) -> UUID | None:
    """The redemption that a code leads to, however it was typed; None where there is none."""
    code = normal_code(told)
    if not is_sound(code):
        return None
    cursor = await connection.execute(FIND, (program_id, code))
    row = await cursor.fetchone()
    if row is None:
        return None
    found: UUID = row[0]
    return found
