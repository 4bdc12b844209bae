"""Passes that members keep: what each said last, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import LiteralString
from uuid import UUID

from fiel.connect.wallets.content import PassContent
from fiel.connect.wallets.phones import have_news
from fiel.ledger.scope import Connection

KEPT: LiteralString = """
SELECT digest, changed_at FROM wallet_pass
WHERE program_id = %(program)s AND wallet = %(wallet)s AND member_id = %(member)s
FOR UPDATE
"""
# A pass that says something else than before has changed now, and later than the last time: also
# for phones, which count in whole seconds.
KEEP: LiteralString = """
INSERT INTO wallet_pass (program_id, wallet, shard, member_id, digest, changed_at)
VALUES (%(program)s, %(wallet)s, %(shard)s, %(member)s, %(digest)s, %(now)s)
ON CONFLICT (program_id, wallet, member_id) DO UPDATE
SET digest = excluded.digest,
    changed_at = greatest(
      excluded.changed_at, date_trunc('second', wallet_pass.changed_at) + interval '1 second')
RETURNING changed_at
"""
# What happened to a member has a number that rises: a pass is behind where it was told an earlier
# one. Of whoever was merged the survivor's counts too, for that is whom the pass tells of. Whoever
# claims it writes the number down first, so that two do not tell the same. What no phone keeps is
# told to nobody.
CLAIM: LiteralString = """
UPDATE wallet_pass p SET sequence = behind.sequence
FROM (
  SELECT w.member_id, own.sequence + coalesce(survivor.sequence, 0) AS sequence
  FROM wallet_pass w
  JOIN standing own
    ON own.program_id = w.program_id AND own.shard = w.shard AND own.member_id = w.member_id
  LEFT JOIN member m ON m.program_id = w.program_id AND m.shard = w.shard AND m.id = w.member_id
  LEFT JOIN standing survivor
    ON survivor.program_id = w.program_id AND survivor.shard = m.survivor_shard
    AND survivor.member_id = m.survivor_id
  WHERE w.program_id = %(program)s AND w.wallet = %(wallet)s
    AND own.sequence + coalesce(survivor.sequence, 0) <> w.sequence
    AND (w.wallet <> 'apple' OR EXISTS (
      SELECT FROM wallet_device d WHERE d.program_id = w.program_id AND d.member_id = w.member_id))
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


class Wallet(StrEnum):
    """Where a pass is kept."""

    APPLE = "apple"
    GOOGLE = "google"


async def lock_pass(
    connection: Connection, program_id: UUID, wallet: Wallet, member_id: UUID
) -> None:
    """Let nobody else write down what a pass says, before it is found out.

    What was found out earlier would else be kept over what is newer.
    """
    told = {"program": program_id, "wallet": str(wallet), "member": member_id}
    await connection.execute(KEPT, told)


async def keep_pass(
    connection: Connection,
    program_id: UUID,
    wallet: Wallet,
    content: PassContent,
    *,
    shard: int,
    now: datetime,
) -> datetime:
    """Write down what a pass says now; since when it does. Phones that keep it have news then."""
    told = {
        "program": program_id, "wallet": str(wallet), "shard": shard,
        "member": UUID(content.member_id), "digest": content.digest(), "now": now,
    }  # fmt: skip
    kept = await (await connection.execute(KEPT, told)).fetchone()
    if kept is not None and kept[0] == told["digest"]:
        since: datetime = kept[1]
        return since
    row = await (await connection.execute(KEEP, told)).fetchone()
    assert row is not None, "what is kept is told"
    changed_at: datetime = row[0]
    if wallet is Wallet.APPLE:
        await have_news(connection, program_id, UUID(content.member_id), changed_at)
    return changed_at


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
