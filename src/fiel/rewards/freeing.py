"""Freeing: the coupons of a sale that was undone can be used again."""

from __future__ import annotations

from typing import Any, LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.rewards.coupons import lock_coupons

OF_SALE: LiteralString = """
SELECT u.coupon_id FROM coupon_use AS u
WHERE u.program_id = %s AND u.sale_id = %s AND u.state = 'used'
"""
FREE: LiteralString = """
UPDATE coupon_use AS u SET state = 'free', reserved_until = NULL
FROM coupon AS c
WHERE u.program_id = %(program)s AND u.sale_id = %(sale)s AND u.state = 'used'
  AND c.program_id = %(program)s AND c.id = u.coupon_id
RETURNING c.id, c.code, c.coupon, u.shard, u.member_id, u.answer
"""
COUNT_BACK: LiteralString = """
UPDATE coupon SET used = used - 1 WHERE program_id = %s AND id = %s AND used > 0
"""
COUNT_BACK_OF_MEMBER: LiteralString = """
UPDATE coupon_count SET used = used - 1
WHERE program_id = %s AND shard = %s AND member_id = %s AND coupon = %s AND used > 0
"""


async def free_coupons_of_sale(
    connection: Connection, program_id: UUID, sale_id: UUID
) -> list[dict[str, Any]]:
    """Let the coupons that a sale used be used again, inside the program's transaction.

    What each had given is told: id, code and coupon. Doing it twice frees nothing twice. Points
    that a coupon gave are the caller's to take back.
    """
    cursor = await connection.execute(OF_SALE, (program_id, sale_id))
    ids = {row[0] for row in await cursor.fetchall()}
    if not ids:
        return []
    await lock_coupons(connection, program_id, ids)
    told = {"program": program_id, "sale": sale_id}
    freed = await (await connection.execute(FREE, told)).fetchall()
    for coupon_id, _, coupon, shard, member_id, _ in sorted(freed, key=lambda row: row[0]):
        await connection.execute(COUNT_BACK, (program_id, coupon_id))
        if member_id is not None:
            row = (program_id, shard, member_id, coupon)
            await connection.execute(COUNT_BACK_OF_MEMBER, row)
    return [
        {"id": str(coupon_id), "code": code, "coupon": coupon, "given": given}
        for coupon_id, code, coupon, _, _, given in freed
    ]
