"""Forgetting a person: what the uses of coupons kept of whoever asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection

# The digest of a request says nothing by itself; whoever guesses a phone number could check it.
FORGET_USES: LiteralString = """
UPDATE coupon_use SET fingerprint = '' WHERE program_id = %s AND member_id = ANY(%s)
"""


async def forget_uses(connection: Connection, program_id: UUID, members: Sequence[UUID]) -> None:
    """Forget the digests of what members, or tills for them, asked of coupons."""
    await connection.execute(FORGET_USES, (program_id, list(members)))
