"""Coupons as they are kept: found by code, locked in the order of ids, with what carts did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from fiel.ledger.arrays import plain_array, text_array
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip

COLUMNS: LiteralString = (
    "c.id, c.code, c.coupon, c.version, c.terms, c.shard, c.member_id, c.batch_id, c.made_at, "
    "c.ends_at, c.cancelled_at, c.used, c.most"
)
FIND = numbered(
    "coupons_of_codes",
    f"""
SELECT k.code, {COLUMNS}
FROM unnest(%(codes)s::text[]) AS asked (code)
CROSS JOIN LATERAL (
  -- One look at the index for each code, whatever the planner believes of the table.
  SELECT code, id FROM code
  WHERE program_id = %(program)s AND code = asked.code AND kind = 'coupon'
  OFFSET 0
) AS k
CROSS JOIN LATERAL (
  SELECT * FROM coupon WHERE program_id = %(program)s AND id = k.id OFFSET 0
) AS c
""",
)
LOCK = numbered(
    "lock_coupons",
    f"""
SELECT {COLUMNS} FROM coupon AS c
WHERE c.program_id = %(program)s AND c.id = ANY(%(ids)s::uuid[])
ORDER BY c.id FOR NO KEY UPDATE
""",
)
MAKE_SHARED = numbered(
    "make_shared_coupon",
    """
WITH made AS (
  INSERT INTO code (program_id, code, kind, id)
  VALUES (%(program)s::uuid, %(normal)s, 'coupon', %(id)s::uuid)
  ON CONFLICT (program_id, code) DO NOTHING
  RETURNING id
)
INSERT INTO coupon (program_id, id, code, coupon, made_at)
SELECT %(program)s::uuid, id, %(code)s::text, %(coupon)s::text, %(now)s::timestamptz FROM made
""",
)
USES = numbered(
    "uses_of_coupons",
    """
SELECT asked.coupon_id, asked.cart, held.count, held.until, u.state, u.reserved_until, u.used_at,
       u.shard, u.member_id, u.sale_id, u.external_id, u.answer
FROM unnest(%(ids)s::uuid[], %(carts)s::text[]) AS asked (coupon_id, cart)
CROSS JOIN LATERAL (
  SELECT count(*) AS count, min(reserved_until) AS until FROM coupon_use
  WHERE program_id = %(program)s AND coupon_id = asked.coupon_id AND state = 'reserved'
    AND reserved_until > %(now)s::timestamptz AND cart <> asked.cart
) AS held
LEFT JOIN LATERAL (
  SELECT * FROM coupon_use
  WHERE program_id = %(program)s AND coupon_id = asked.coupon_id AND cart = asked.cart
  OFFSET 0
) AS u ON true
""",
)
COUNTS = numbered(
    "coupon_counts",
    """
SELECT member_id, coupon, used FROM coupon_count
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = ANY(%(members)s::uuid[])
""",
)
TIMES_USED: LiteralString = """
SELECT count(*) FROM coupon_use WHERE program_id = %s AND coupon_id = %s AND state = 'used'
"""
OF_EXTERNAL_ID: LiteralString = """
SELECT coupon_id, cart, fingerprint FROM coupon_use WHERE program_id = %s AND external_id = %s
"""


@dataclass(frozen=True, slots=True)
class IssuedCoupon:
    """A coupon that bears a code.

    It keeps the terms of the document's `version`, of the reward that gave it (`terms`), or,
    where it has neither, those of the version in force. `most` None leaves it to the terms.
    """

    id: UUID
    code: str
    coupon: str
    version: int | None
    terms: Mapping[str, Any] | None
    shard: int | None
    member_id: UUID | None
    batch_id: UUID | None
    made_at: datetime
    ends_at: datetime | None
    cancelled_at: datetime | None
    used: int
    most: int | None


@dataclass(frozen=True, slots=True)
class CartUse:
    """What one cart did with a coupon: it reserved it, used it, or gave it back."""

    cart: str
    state: str
    reserved_until: datetime | None = None
    used_at: datetime | None = None
    shard: int | None = None
    member_id: UUID | None = None
    sale_id: UUID | None = None
    external_id: str | None = None
    answer: Mapping[str, Any] | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the cart has a reservation that has not ended."""
        return self.state == "reserved" and (self.reserved_until or now) > now


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found of a coupon for a cart: the carts besides that hold it, and its own use."""

    others: int
    until: datetime | None
    mine: CartUse | None


async def find_coupons(
    connection: Connection, program_id: UUID, codes: Iterable[str]
) -> dict[str, IssuedCoupon]:
    """The coupons that bear these codes, which are in their normal form."""
    trip = Trip(connection)
    asked = trip.ask(FIND, {"program": str(program_id), "codes": text_array(codes)})
    await trip.go()
    return {row[0]: IssuedCoupon(*row[1:]) for row in trip.rows(asked)}


async def make_shared_coupons(
    connection: Connection,
    program_id: UUID,
    shared: Iterable[tuple[str, str, str]],
    *,
    now: datetime,
) -> None:
    """Keep coupons that everybody shares (normal code, code as shown, coupon), once each."""
    trip = Trip(connection)
    for normal, shown, coupon in sorted(shared):
        told = {
            "program": str(program_id),
            "normal": normal,
            "id": str(new_id()),
            "code": shown,
            "coupon": coupon,
            "now": now.isoformat(),
        }
        trip.ask(MAKE_SHARED, told)
    await trip.go()


async def lock_coupons(
    connection: Connection, program_id: UUID, ids: Iterable[UUID]
) -> dict[UUID, IssuedCoupon]:
    """Lock coupons until the transaction ends; they are as they stand then."""
    trip = Trip(connection)
    asked = trip.ask(LOCK, {"program": str(program_id), "ids": plain_array(sorted(ids))})
    await trip.go()
    return {row[0]: IssuedCoupon(*row) for row in trip.rows(asked)}


async def uses_of_coupons(
    connection: Connection, program_id: UUID, pairs: Sequence[tuple[UUID, str]], *, now: datetime
) -> dict[tuple[UUID, str], Seen]:
    """What carts did with coupons; to be asked once the coupons are locked."""
    trip = Trip(connection)
    asked = trip.ask(
        USES,
        {
            "program": str(program_id),
            "ids": plain_array(coupon_id for coupon_id, _ in pairs),
            "carts": text_array(cart for _, cart in pairs),
            "now": now.isoformat(),
        },
    )
    await trip.go()
    return {
        (coupon_id, cart): Seen(others, until, CartUse(cart, *mine) if mine[0] else None)
        for coupon_id, cart, others, until, *mine in trip.rows(asked)
    }


async def coupon_counts(
    connection: Connection, program_id: UUID, shard: int, members: Iterable[UUID]
) -> dict[tuple[UUID, str], int]:
    """How often members used each kind of coupon; to be asked once the members are locked."""
    trip = Trip(connection)
    here = {"program": str(program_id), "shard": str(shard), "members": plain_array(members)}
    asked = trip.ask(COUNTS, here)
    await trip.go()
    return {(member_id, coupon): used for member_id, coupon, used in trip.rows(asked)}


async def times_used(connection: Connection, program_id: UUID, coupon: IssuedCoupon) -> int:
    """How often a coupon has been used."""
    cursor = await connection.execute(TIMES_USED, (program_id, coupon.id))
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def use_named(
    connection: Connection, program_id: UUID, external_id: str
) -> tuple[UUID, str, bytes] | None:
    """The coupon, the cart and the fingerprint of the use that bears an external id."""
    cursor = await connection.execute(OF_EXTERNAL_ID, (program_id, external_id))
    row = await cursor.fetchone()
    return None if row is None else (row[0], row[1], bytes(row[2] or b""))
