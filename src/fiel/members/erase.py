"""Erase: what is known of a person leaves every row, and what is left is a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip
from fiel.members.consents import forget_consents
from fiel.members.notes import forget_notes
from fiel.members.queries import Whereabouts

ERASE: LiteralString = """
UPDATE member
SET status = 'erased', external_id = NULL, name = '', email = NULL, phone = NULL, card = NULL,
    birthday = NULL, consents = '{}', attributes = '{}', referral_code = NULL, referred_by = NULL
WHERE program_id = %s AND shard = %s AND id = %s
"""
FREE_KEYS: LiteralString = """
DELETE FROM member_key WHERE program_id = %s AND shard = %s AND member_id = %s
"""
END_SESSIONS: LiteralString = """
DELETE FROM member_session WHERE program_id = %s AND shard = %s AND member_id = %s
"""
# A kept answer that told of the person: whoever sends the request again finds nobody.
FORGET_ANSWERS: LiteralString = """
UPDATE idempotency_key SET status = 404, answer = NULL, request_hash = ''
WHERE program_id = %s AND tells = ANY(%s)
"""
FORGET_TOLD = numbered(
    "forget_told",
    "SELECT forget_told(%(program)s::uuid, %(shard)s::smallint, %(member)s::uuid)",
)


async def erase_people(
    connection: Connection, program_id: UUID, members: Sequence[Whereabouts]
) -> None:
    """Erase what members' own rows, keys and kept answers know of them."""
    for member in members:
        place = (program_id, member.shard, member.member_id)
        await connection.execute(ERASE, place)
        await connection.execute(FREE_KEYS, place)
        await connection.execute(END_SESSIONS, place)
    await forget_notes(connection, program_id, members)
    await forget_consents(connection, program_id, members)
    await forget_answers(connection, program_id, [member.member_id for member in members])


async def forget_answers(connection: Connection, program_id: UUID, told: Sequence[UUID]) -> None:
    """Forget the kept answers that tell about members, or about households that have ended."""
    await connection.execute(FORGET_ANSWERS, (program_id, list(told)))


def forget_told(trip: Trip, program_id: UUID, member: Whereabouts) -> None:
    """Forget what activities told of a member who has been erased; points and reasons stay."""
    trip.ask(
        FORGET_TOLD,
        {
            "program": str(program_id),
            "shard": str(member.shard),
            "member": str(member.member_id),
        },
    )
