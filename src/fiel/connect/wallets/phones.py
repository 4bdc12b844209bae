"""Phones that keep passes for Apple Wallet: what each has still to hear of, and from when on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection

# Nobody knows which pass a phone was given before it registered: an older one, perhaps. Unless it
# asks by itself, it is told once.
REGISTER: LiteralString = """
INSERT INTO wallet_device
  (program_id, device, shard, member_id, push_token, registered_at, news_at, push_at)
VALUES (%(program)s, %(device)s, %(shard)s, %(member)s, %(token)s, %(now)s, %(now)s, %(now)s)
ON CONFLICT (program_id, device, member_id) DO UPDATE
SET push_token = excluded.push_token, registered_at = excluded.registered_at,
    push_at = excluded.push_at
RETURNING xmax = 0
"""
OF_DEVICE: LiteralString = (
    "SELECT member_id FROM wallet_device WHERE program_id = %s AND device = %s"
)
UNREGISTER: LiteralString = """
DELETE FROM wallet_device WHERE program_id = %s AND device = %s AND member_id = %s
"""
FORGET_DEVICE: LiteralString = """
DELETE FROM wallet_device WHERE program_id = %s AND device = %s AND push_token = %s
"""
FORGET_MEMBER: LiteralString = "DELETE FROM wallet_device WHERE program_id = %s AND member_id = %s"
NEWS: LiteralString = """
UPDATE wallet_device SET news_at = %s WHERE program_id = %s AND member_id = %s
"""
HEARD: LiteralString = """
UPDATE wallet_device SET news_at = NULL, failures = 0, push_at = %s
WHERE program_id = %s AND device = %s AND member_id = %s
"""
# Whoever claims a phone has it for a while. Should it end before it is done, others do it then.
CLAIM: LiteralString = """
UPDATE wallet_device d SET push_at = %(until)s
FROM (
  SELECT device, member_id FROM wallet_device
  WHERE program_id = %(program)s AND news_at IS NOT NULL AND push_at <= %(now)s
  ORDER BY push_at LIMIT %(limit)s
  FOR UPDATE SKIP LOCKED
) AS due
WHERE d.program_id = %(program)s AND d.device = due.device AND d.member_id = due.member_id
RETURNING d.device, d.member_id, d.push_token, d.registered_at, d.news_at, d.failures
"""
# News that came while the phone was being told are news still.
TOLD: LiteralString = """
UPDATE wallet_device
SET news_at = nullif(news_at, %(news_at)s), failures = 0, push_at = %(now)s
WHERE program_id = %(program)s AND device = %(device)s AND member_id = %(member)s
"""
AGAIN: LiteralString = """
UPDATE wallet_device SET failures = failures + 1, push_at = %(at)s
WHERE program_id = %(program)s AND device = %(device)s AND member_id = %(member)s
  AND push_token = %(token)s
"""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that has to be told of a pass. `failures` counts how often that went wrong so far."""

    device: str
    member_id: UUID
    push_token: str
    registered_at: datetime
    news_at: datetime
    failures: int


async def register_device(
    connection: Connection,
    program_id: UUID,
    device: str,
    *,
    shard: int,
    member_id: UUID,
    push_token: str,
    now: datetime,
) -> bool:
    """Let a phone hear of a pass; whether it did not before."""
    told = {
        "program": program_id, "device": device, "shard": shard, "member": member_id,
        "token": push_token, "now": now,
    }  # fmt: skip
    row = await (await connection.execute(REGISTER, told)).fetchone()
    return row is not None and bool(row[0])


async def members_on_device(
    connection: Connection, program_id: UUID, device: str
) -> Sequence[UUID]:
    """The members whose passes a phone keeps."""
    cursor = await connection.execute(OF_DEVICE, (program_id, device))
    return [row[0] for row in await cursor.fetchall()]


async def unregister_device(
    connection: Connection, program_id: UUID, device: str, member_id: UUID
) -> None:
    """Let a phone hear of a pass no more."""
    await connection.execute(UNREGISTER, (program_id, device, member_id))


async def have_news(
    connection: Connection, program_id: UUID, member_id: UUID, news_at: datetime
) -> None:
    """Have every phone told that keeps a member's pass: it has changed."""
    await connection.execute(NEWS, (news_at, program_id, member_id))


async def has_heard(
    connection: Connection, program_id: UUID, device: str, member_id: UUID, now: datetime
) -> None:
    """Keep that a phone knows of a pass as it is now: it asked by itself."""
    await connection.execute(HEARD, (now, program_id, device, member_id))


async def claim_phones(
    connection: Connection, program_id: UUID, *, now: datetime, until: datetime, limit: int
) -> Sequence[Phone]:
    """Phones that are to be told now, of which nobody else takes care `until` then."""
    told = {"program": program_id, "now": now, "until": until, "limit": limit}
    cursor = await connection.execute(CLAIM, told)
    return [Phone(*row) for row in await cursor.fetchall()]


async def was_told(connection: Connection, program_id: UUID, phone: Phone, now: datetime) -> None:
    """Keep that a phone was told what it was claimed for."""
    told = {
        "program": program_id, "device": phone.device, "member": phone.member_id,
        "news_at": phone.news_at, "now": now,
    }  # fmt: skip
    await connection.execute(TOLD, told)


async def tell_phone_again(
    connection: Connection, program_id: UUID, phone: Phone, at: datetime
) -> None:
    """Have a phone told later that could not be told now."""
    told = {
        "program": program_id, "device": phone.device, "member": phone.member_id,
        "token": phone.push_token, "at": at,
    }  # fmt: skip
    await connection.execute(AGAIN, told)


async def forget_device(connection: Connection, program_id: UUID, phone: Phone) -> None:
    """Forget a phone that Apple knows no more, unless it registered anew meanwhile."""
    await connection.execute(FORGET_DEVICE, (program_id, phone.device, phone.push_token))


async def forget_phones(connection: Connection, program_id: UUID, member_id: UUID) -> None:
    """Forget the phones of a member who is there no more."""
    await connection.execute(FORGET_MEMBER, (program_id, member_id))
