"""Making coupons: by the hundred thousand, or one that a reward gives; and taking them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import orjson

from fiel.domain.language import N_
from fiel.domain.refusal import Refusal
from fiel.ledger.arrays import plain_array, text_array
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip
from fiel.rewards.codes import new_code, new_codes, normal_code, shown_code
from fiel.rewards.coupons import IssuedCoupon, find_coupons, lock_coupons
from fiel.rewards.refusals import coupon_used

AT_ONCE = 20_000

NEW_BATCH: LiteralString = """
INSERT INTO coupon_batch (program_id, id, name, coupon, version, count, made_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING id
"""
BATCH: LiteralString = """
SELECT id, name, coupon, version, count, made_at FROM coupon_batch
WHERE program_id = %s AND (id = %s OR name = %s)
"""
# A code that is taken already, by whatever, makes no coupon: another is tried.
NEW_COUPONS = numbered(
    "new_coupons",
    """
WITH made AS (
  INSERT INTO code (program_id, code, kind, id)
  SELECT %(program)s::uuid, code, 'coupon', id
  FROM unnest(%(codes)s::text[], %(ids)s::uuid[]) AS fresh (code, id)
  ON CONFLICT (program_id, code) DO NOTHING
  RETURNING code, id
)
INSERT INTO coupon (program_id, id, code, batch_id, coupon, version, made_at, ends_at, most)
SELECT %(program)s::uuid, made.id, shown.code, %(batch)s::uuid, %(coupon)s::text,
       %(version)s::integer, %(now)s::timestamptz, nullif(%(ends)s, '')::timestamptz,
       nullif(%(most)s, '')::bigint
FROM made
CROSS JOIN LATERAL (
  SELECT string_agg(substr(made.code, place, 4), '-' ORDER BY place) AS code
  FROM generate_series(1, length(made.code), 4) AS places (place)
) AS shown
RETURNING id
""",
)
ISSUE = numbered(
    "issue_coupon",
    """
WITH made AS (
  INSERT INTO code (program_id, code, kind, shard, member_id, id)
  VALUES (%(program)s::uuid, %(normal)s, 'coupon', %(shard)s::smallint, %(member)s::uuid,
          %(id)s::uuid)
)
INSERT INTO coupon (program_id, id, code, coupon, version, terms, shard, member_id, made_at,
                    ends_at, most)
VALUES (%(program)s::uuid, %(id)s::uuid, %(code)s, %(coupon)s, %(version)s::integer,
        %(terms)s::jsonb, %(shard)s::smallint, %(member)s::uuid, %(now)s::timestamptz,
        nullif(%(ends)s, '')::timestamptz, 1)
""",
)
CANCEL: LiteralString = """
UPDATE coupon SET cancelled_at = %s WHERE program_id = %s AND id = %s
"""
PAGE: LiteralString = """
SELECT id, code, coupon, batch_id, made_at, ends_at, cancelled_at, used, most, member_id
FROM coupon
WHERE program_id = %s AND batch_id = %s AND id > %s
ORDER BY id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes that were made together."""

    id: UUID
    name: str | None
    coupon: str
    version: int
    count: int
    made_at: datetime


class BatchReused(Refusal):
    """The name belongs to a batch of another coupon or another number of codes."""

    code = "external_id_reused"


async def make_batch(
    connection: Connection,
    program_id: UUID,
    batch: Batch,
    *,
    most: int | None,
    ends_at: datetime | None,
) -> tuple[Batch, bool]:
    """Make a batch and all its codes, inside the program's transaction; whether it was there.

    Raises:
        BatchReused: its name belongs to another.
    """
    row = (batch.id, batch.name, batch.coupon, batch.version, batch.count, batch.made_at)
    cursor = await connection.execute(NEW_BATCH, (program_id, *row))
    if await cursor.fetchone() is None:
        return await _earlier(connection, program_id, batch), True
    left = batch.count
    while left:
        left -= await _make_some(
            connection, program_id, batch, min(left, AT_ONCE), most=most, ends_at=ends_at
        )
    return batch, False


async def _earlier(connection: Connection, program_id: UUID, batch: Batch) -> Batch:
    cursor = await connection.execute(BATCH, (program_id, batch.id, batch.name))
    row = await cursor.fetchone()
    assert row is not None, "something was in the way"
    earlier = Batch(*row)
    if (earlier.coupon, earlier.count) != (batch.coupon, batch.count):
        raise BatchReused(
            N_("A batch of other coupons bears the name “{name}”."),
            facts={"id": str(earlier.id)},
            name=batch.name,
        )
    return earlier


async def _make_some(
    connection: Connection,
    program_id: UUID,
    batch: Batch,
    count: int,
    *,
    most: int | None,
    ends_at: datetime | None,
) -> int:
    trip = Trip(connection)
    asked = trip.ask(
        NEW_COUPONS,
        {
            "program": str(program_id),
            "codes": text_array(new_codes(count)),
            "ids": plain_array(new_id() for _ in range(count)),
            "batch": str(batch.id),
            "coupon": batch.coupon,
            "version": str(batch.version),
            "now": batch.made_at.isoformat(),
            "ends": ends_at.isoformat() if ends_at else "",
            "most": "" if most is None else str(most),
        },
    )
    await trip.go()
    return len(trip.rows(asked))


async def find_batch(connection: Connection, program_id: UUID, named: UUID | str) -> Batch | None:
    """The batch with an id or a name."""
    by_id, by_name = (named, None) if isinstance(named, UUID) else (None, named)
    cursor = await connection.execute(BATCH, (program_id, by_id, by_name))
    row = await cursor.fetchone()
    return None if row is None else Batch(*row)


async def coupons_of_batch(
    connection: Connection, program_id: UUID, batch_id: UUID, *, after: UUID, limit: int
) -> list[tuple[Any, ...]]:
    """A part of a batch, in the order of ids."""
    cursor = await connection.execute(PAGE, (program_id, batch_id, after, limit))
    return await cursor.fetchall()


def issue_coupon(
    trip: Trip,
    program_id: UUID,
    *,
    reward: str,
    version: int,
    terms: Mapping[str, Any],
    shard: int,
    member_id: UUID,
    now: datetime,
    expires_at: datetime | None,
    code: str | None = None,
) -> str:
    """Make a coupon of one use that a reward gives a member; its code as it is shown.

    `terms` are those of `fiel.domain.couponing.terms_of_reward`. A code that is taken fails the
    trip as unique violation; `code` is one that was made before with `new_code`.
    """
    normal = normal_code(code) if code else new_code()
    trip.ask(
        ISSUE,
        {
            "program": str(program_id),
            "normal": normal,
            "id": str(new_id()),
            "code": shown_code(normal),
            "coupon": reward,
            "version": str(version),
            "terms": orjson.dumps(terms).decode(),
            "shard": str(shard),
            "member": str(member_id),
            "now": now.isoformat(),
            "ends": expires_at.isoformat() if expires_at else "",
        },
    )
    return shown_code(normal)


async def withdraw_coupon(
    connection: Connection,
    program_id: UUID,
    code: str,
    *,
    now: datetime,
    even_used: bool = False,
) -> IssuedCoupon | None:
    """Take a coupon back that nobody has used, inside the program's transaction.

    A reservation does not keep it. One that was withdrawn stays so; None where no coupon bears
    the code. `even_used` takes back also one that was used: a sale that gives it free by its
    return does not bring it to life.

    Raises:
        CouponUsed: it has been used.
    """
    normal = normal_code(code)
    found = (await find_coupons(connection, program_id, [normal])).get(normal)
    if found is None:
        return None
    coupon = (await lock_coupons(connection, program_id, [found.id]))[found.id]
    if coupon.used and not even_used:
        raise coupon_used()
    if coupon.cancelled_at is None:
        await connection.execute(CANCEL, (now, program_id, coupon.id))
    return coupon
