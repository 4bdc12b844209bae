"""Passes that members keep: what each said last, and the phones that ask for a newer one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import LiteralString
from uuid import UUID

from fiel.connect.wallets.content import PassContent
from fiel.ledger.scope import Connection

# A pass that says something else than before has changed now.
KEEP: LiteralString = """
INSERT INTO wallet_pass (program_id, wallet, shard, member_id, digest, changed_at)
VALUES (%(program)s, %(wallet)s, %(shard)s, %(member)s, %(digest)s, %(now)s)
ON CONFLICT (program_id, wallet, member_id) DO UPDATE
SET digest = excluded.digest,
    changed_at = CASE WHEN wallet_pass.digest = excluded.digest THEN wallet_pass.changed_at
                      ELSE excluded.changed_at END
RETURNING changed_at, changed_at = %(now)s
"""
# What happened to a member has a number that rises: a pass is behind where it was told an earlier
# one. Whoever claims it writes the number down first, so that two do not tell the same.
CLAIM: LiteralString = """
UPDATE wallet_pass p SET sequence = behind.sequence
FROM (
  SELECT w.member_id, s.sequence FROM wallet_pass w
  JOIN standing s
    ON s.program_id = w.program_id AND s.shard = w.shard AND s.member_id = w.member_id
  WHERE w.program_id = %(program)s AND w.wallet = %(wallet)s AND s.sequence > w.sequence
  ORDER BY w.member_id LIMIT %(limit)s
  FOR UPDATE OF w SKIP LOCKED
) AS behind
WHERE p.program_id = %(program)s AND p.wallet = %(wallet)s AND p.member_id = behind.member_id
RETURNING p.member_id
"""
TELL_AGAIN: LiteralString = """
UPDATE wallet_pass SET sequence = -1 WHERE program_id = %s AND wallet = %s AND member_id = %s
"""
FORGET: LiteralString = """
DELETE FROM wallet_pass WHERE program_id = %s AND wallet = %s AND member_id = %s
"""
REGISTER: LiteralString = """
INSERT INTO wallet_device (program_id, device, shard, member_id, push_token, registered_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (program_id, device, member_id) DO UPDATE SET push_token = excluded.push_token
RETURNING xmax = 0
"""
OF_DEVICE: LiteralString = (
    "SELECT member_id FROM wallet_device WHERE program_id = %s AND device = %s"
)
UNREGISTER: LiteralString = """
DELETE FROM wallet_device WHERE program_id = %s AND device = %s AND member_id = %s
"""


class Wallet(StrEnum):
    """Where a pass is kept."""

    APPLE = "apple"
    GOOGLE = "google"


async def keep_pass(
    connection: Connection,
    program_id: UUID,
    wallet: Wallet,
    content: PassContent,
    *,
    shard: int,
    now: datetime,
) -> tuple[datetime, bool]:
    """Write down what a pass says now; since when it does, and whether that is new."""
    told = {
        "program": program_id, "wallet": str(wallet), "shard": shard,
        "member": UUID(content.member_id), "digest": content.digest(), "now": now,
    }  # fmt: skip
    row = await (await connection.execute(KEEP, told)).fetchone()
    assert row is not None, "what is kept is told"
    return row[0], bool(row[1])


async def claim_passes(
    connection: Connection, program_id: UUID, wallet: Wallet, *, limit: int
) -> Sequence[UUID]:
    """Members to whom something happened that their wallet has not been told: now somebody does."""
    told = {"program": program_id, "wallet": str(wallet), "limit": limit}
    cursor = await connection.execute(CLAIM, told)
    return [row[0] for row in await cursor.fetchall()]


async def tell_again(
    connection: Connection, program_id: UUID, wallet: Wallet, member_id: UUID
) -> None:
    """Have a wallet told again that did not listen."""
    await connection.execute(TELL_AGAIN, (program_id, str(wallet), member_id))


async def forget_pass(
    connection: Connection, program_id: UUID, wallet: Wallet, member_id: UUID
) -> None:
    """Forget a pass that nobody keeps any more."""
    await connection.execute(FORGET, (program_id, str(wallet), member_id))


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
    told = (program_id, device, shard, member_id, push_token, now)
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
