"""Members' sessions: who is signed in on which device, kept by the hash of a cookie."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row

from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.members.queries import Whereabouts

LIFE = timedelta(days=180)  # since it was last seen
SEEN_EVERY = timedelta(days=1)
LONGEST_DEVICE = 120

INSERT: LiteralString = """
INSERT INTO member_session
  (program_id, token, id, shard, member_id, device, made_at, seen_at, ends_at)
VALUES (%(program)s, %(token)s, %(id)s, %(shard)s, %(member)s, %(device)s, %(now)s,
        %(now)s, %(ends)s)
"""
COLUMNS: LiteralString = "id, shard, member_id, device, made_at, seen_at, ends_at"
OF_TOKEN: LiteralString = f"""
SELECT {COLUMNS} FROM member_session WHERE program_id = %s AND token = %s AND ends_at > %s
"""
SEEN: LiteralString = """
UPDATE member_session SET seen_at = %s, ends_at = %s WHERE program_id = %s AND token = %s
"""
OF_MEMBERS: LiteralString = f"""
SELECT {COLUMNS} FROM member_session
WHERE program_id = %s AND member_id = ANY(%s) AND ends_at > %s
ORDER BY seen_at DESC, id
"""
END: LiteralString = """
DELETE FROM member_session WHERE program_id = %s AND token = %s RETURNING id
"""
END_ONE: LiteralString = """
DELETE FROM member_session WHERE program_id = %s AND member_id = ANY(%s) AND id = %s
"""
END_ALL: LiteralString = """
DELETE FROM member_session WHERE program_id = %s AND (member_id = ANY(%s) OR ends_at <= %s)
"""


@dataclass(frozen=True, slots=True)
class Session:
    """A device on which a member is signed in."""

    id: UUID
    shard: int
    member_id: UUID
    device: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime

    def is_to_be_seen(self, now: datetime) -> bool:
        """Whether it is time to write down that the session is used."""
        return now - self.seen_at >= SEEN_EVERY


async def open_session(
    connection: Connection, program_id: UUID, member: Whereabouts, *, device: str, now: datetime
) -> str:
    """Sign a member in; the token that the device keeps is told once."""
    token = secrets.token_urlsafe(32)
    told = {
        "program": program_id,
        "token": _hash(token),
        "id": new_id(),
        "shard": member.shard,
        "member": member.member_id,
        "device": device[:LONGEST_DEVICE],
        "now": now,
        "ends": now + LIFE,
    }
    await connection.execute(INSERT, told)
    return token


async def session_of_token(
    connection: Connection, program_id: UUID, token: str, *, now: datetime
) -> Session | None:
    """The session of a device; None when it has ended or never was."""
    async with connection.cursor(row_factory=class_row(Session)) as cursor:
        await cursor.execute(OF_TOKEN, (program_id, _hash(token), now))
        return await cursor.fetchone()


async def keep_seen(connection: Connection, program_id: UUID, token: str, *, now: datetime) -> None:
    """Write down that a session is used, so that it lasts from now on."""
    await connection.execute(SEEN, (now, now + LIFE, program_id, _hash(token)))


async def sessions_of(
    connection: Connection, program_id: UUID, members: Sequence[UUID], *, now: datetime
) -> list[Session]:
    """The sessions of a member, known under these ids, the last seen first."""
    async with connection.cursor(row_factory=class_row(Session)) as cursor:
        await cursor.execute(OF_MEMBERS, (program_id, list(members), now))
        return await cursor.fetchall()


async def end_session(connection: Connection, program_id: UUID, token: str) -> None:
    """Sign a device out."""
    await connection.execute(END, (program_id, _hash(token)))


async def end_session_of(
    connection: Connection, program_id: UUID, members: Sequence[UUID], session_id: UUID
) -> None:
    """Sign one device of a member out, by what the list of them calls it."""
    await connection.execute(END_ONE, (program_id, list(members), session_id))


async def end_sessions_of(
    connection: Connection, program_id: UUID, members: Sequence[UUID], *, now: datetime
) -> None:
    """Sign a member, known under these ids, out everywhere."""
    await connection.execute(END_ALL, (program_id, list(members), now))


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
