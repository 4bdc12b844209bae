"""Batches of coupons as a whole: which there are, how many of their codes were used, their end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.rewards.coupons import CartUse
from fiel.rewards.making import Batch

BATCHES: LiteralString = """
SELECT id, name, coupon, version, count, made_at FROM coupon_batch
WHERE program_id = %s AND (%s::text IS NULL OR coupon = %s)
ORDER BY made_at DESC, id DESC LIMIT %s OFFSET %s
"""
RATES: LiteralString = """
SELECT batch_id, count(*), count(*) FILTER (WHERE used > 0), sum(used)::bigint,
       count(*) FILTER (WHERE cancelled_at IS NOT NULL), min(ends_at)
FROM coupon WHERE program_id = %s AND batch_id = ANY(%s) GROUP BY batch_id
"""
# In the order of ids, in which whoever takes several of them locks them too.
CANCEL_BATCH: LiteralString = """
WITH open AS (
  SELECT id FROM coupon
  WHERE program_id = %(program)s AND batch_id = %(batch)s AND used = 0 AND cancelled_at IS NULL
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE coupon SET cancelled_at = %(now)s
FROM open WHERE coupon.program_id = %(program)s AND coupon.id = open.id
"""
# No batch is cancelled that has no open code: what ended last, ended then.
CANCELLED_LAST: LiteralString = """
SELECT count(*) FROM coupon WHERE program_id = %(program)s AND batch_id = %(batch)s
AND cancelled_at = (
  SELECT max(cancelled_at) FROM coupon WHERE program_id = %(program)s AND batch_id = %(batch)s
)
"""
USES: LiteralString = """
SELECT cart, state, reserved_until, used_at, shard, member_id, sale_id, external_id, answer
FROM coupon_use WHERE program_id = %s AND coupon_id = %s
ORDER BY coalesce(used_at, reserved_until) DESC NULLS LAST, cart LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class CancelledCodes:
    """How many codes of a batch were cancelled, now or, when `repeated`, before."""

    count: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """What a batch has come to: codes that were used, uses in all, codes that were cancelled."""

    codes: int = 0
    used_codes: int = 0
    uses: int = 0
    cancelled: int = 0
    ends_at: datetime | None = None

    @property
    def share(self) -> float | None:
        """The share of the codes that were used; None without any."""
        return self.used_codes / self.codes if self.codes else None

    @property
    def last_moment(self) -> datetime | None:
        """The last moment in which they can be used, which is of their last day."""
        return None if self.ends_at is None else self.ends_at - timedelta(microseconds=1)

    @property
    def left(self) -> int:
        """How many codes nobody has used and nobody took back."""
        return max(0, self.codes - self.used_codes - self.cancelled)


async def latest_batches(
    connection: Connection, program_id: UUID, *, coupon: str | None = None, limit: int,
    offset: int = 0,
) -> list[Batch]:  # fmt: skip
    """The batches of a program, the newest first."""
    cursor = await connection.execute(BATCHES, (program_id, coupon, coupon, limit, offset))
    return [Batch(*row) for row in await cursor.fetchall()]


async def rates_of_batches(
    connection: Connection, program_id: UUID, batches: Sequence[UUID]
) -> dict[UUID, Rate]:
    """What batches have come to; their codes are all looked at."""
    if not batches:
        return {}
    cursor = await connection.execute(RATES, (program_id, list(batches)))
    return {row[0]: Rate(*row[1:]) for row in await cursor.fetchall()}


async def cancel_batch(
    connection: Connection, program_id: UUID, batch_id: UUID, *, now: datetime
) -> CancelledCodes:
    """Take the codes of a batch back that nobody has used, inside the program's transaction.

    Where none is left, it tells how many were taken back the last time.
    """
    told: dict[str, Any] = {"program": program_id, "batch": batch_id, "now": now}
    if count := (await connection.execute(CANCEL_BATCH, told)).rowcount:
        return CancelledCodes(count)
    row = await (await connection.execute(CANCELLED_LAST, told)).fetchone()
    return CancelledCodes(row[0] if row else 0, repeated=True)


async def uses_of(
    connection: Connection, program_id: UUID, coupon_id: UUID, *, limit: int
) -> list[CartUse]:
    """What carts did with a coupon, the latest first."""
    cursor = await connection.execute(USES, (program_id, coupon_id, limit))
    return [CartUse(*row) for row in await cursor.fetchall()]
