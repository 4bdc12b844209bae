"""Whose gift cards are whose: the cards that were issued to members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.rewards.gift_cards import COLUMNS, GiftCard

MOST = 200

OF_MEMBERS: LiteralString = f"""
SELECT {COLUMNS} FROM gift_card AS g
WHERE g.program_id = %s AND g.member_id = ANY(%s)
ORDER BY g.made_at DESC, g.id
LIMIT {MOST}
"""


async def gift_cards_of_members(
    connection: Connection, program_id: UUID, members: Sequence[UUID]
) -> list[GiftCard]:
    """The gift cards that were issued to these members, newest first."""
    cursor = await connection.execute(OF_MEMBERS, (program_id, list(members)))
    return [GiftCard(*row) for row in await cursor.fetchall()]
