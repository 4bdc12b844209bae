"""What waits for a manager: redemptions that tills handed over, and that went too far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, cast
from uuid import UUID

from fiel.ledger.scope import Connection

MOST = 200

QUEUED: LiteralString = """
SELECT r.id, r.member_id, coalesce(m.name, ''), coalesce(r.reward, ''), r.quantity, r.spent,
       a.occurred_at, r.store, coalesce(a.facts ->> 'cashier', ''),
       coalesce(a.decision #>> '{offline,till}', ''), coalesce(a.decision ->> 'queued', '')
FROM redemption r
JOIN activity a ON a.shard = r.shard AND a.member_id = r.member_id AND a.id = r.activity_id
  AND a.program_id = r.program_id
LEFT JOIN member m ON m.program_id = r.program_id AND m.shard = r.shard AND m.id = r.member_id
WHERE r.program_id = %(program)s AND r.status = 'queued'
ORDER BY r.made_at, r.id
LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Queued:
    """A redemption that was handed over and takes nothing yet; `why` is a refusal's code."""

    id: UUID
    member_id: UUID
    member: str
    reward: str
    quantity: int
    price: Mapping[str, int]
    handed_over_at: datetime
    store: str
    cashier: str
    till: str
    why: str


async def queued_redemptions(connection: Connection, program_id: UUID) -> list[Queued]:
    """What waits for a manager, oldest first, the first of them where there are very many."""
    asked = {"program": program_id, "most": MOST}
    rows = await (await connection.execute(QUEUED, asked)).fetchall()
    return [
        Queued(
            cast(UUID, row[0]),
            cast(UUID, row[1]),
            *cast("tuple[str, str, int, dict[str, int], datetime, str, str, str, str]", row[2:]),
        )
        for row in rows
    ]
