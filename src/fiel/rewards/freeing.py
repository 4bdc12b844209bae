"""Freeing: the coupons of a sale that was undone can be used again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip

OF_SALE: LiteralString = """
SELECT c.id, c.code, c.coupon, u.cart, u.shard, u.member_id, u.answer
FROM coupon_use AS u JOIN coupon AS c ON c.program_id = u.program_id AND c.id = u.coupon_id
WHERE u.program_id = %s AND u.sale_id = %s AND u.state = 'used'
ORDER BY c.id
"""
# Those that can be used any number of times are not counted, so there is nothing to count back.
COUNT_BACK = numbered(
    "count_coupon_back",
    """
UPDATE coupon SET used = used - 1
WHERE program_id = %(program)s AND id = %(coupon)s AND used > 0
""",
)
FREE = numbered(
    "free_coupon",
    """
UPDATE coupon_use SET state = 'free', reserved_until = NULL
WHERE program_id = %(program)s AND coupon_id = %(coupon)s AND cart = %(cart)s
""",
)
COUNT_BACK_OF_MEMBER = numbered(
    "count_coupon_of_member_back",
    """
UPDATE coupon_count SET used = used - 1
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND coupon = %(kind)s AND used > 0
""",
)


@dataclass(frozen=True, slots=True)
class UsedBySale:
    """A coupon that a sale used, and what it gave."""

    id: UUID
    code: str
    coupon: str
    cart: str
    shard: int | None
    member_id: UUID | None
    given: Mapping[str, Any]


async def coupons_of_sale(
    connection: Connection, program_id: UUID, sale_id: UUID
) -> list[UsedBySale]:
    """The coupons that a sale uses, in the order in which they are locked."""
    cursor = await connection.execute(OF_SALE, (program_id, sale_id))
    return [UsedBySale(*row) for row in await cursor.fetchall()]


def free_coupons(trip: Trip, program_id: UUID, used: Iterable[UsedBySale]) -> None:
    """Let coupons of a sale be used again; whoever holds the sale is locked meanwhile."""
    for one in used:
        told = {"program": str(program_id), "coupon": str(one.id), "cart": one.cart}
        trip.ask(COUNT_BACK, told)
        trip.ask(FREE, told)
        if one.member_id is not None:
            here = {"shard": str(one.shard), "member": str(one.member_id), "kind": one.coupon}
            trip.ask(COUNT_BACK_OF_MEMBER, {"program": str(program_id), **here})
