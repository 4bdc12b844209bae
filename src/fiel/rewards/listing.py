"""Redemptions of all members, as lists tell them: the newest first, or those that wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from fiel.domain.redeeming import Status
from fiel.ledger.scope import Connection
from fiel.rewards.redemptions import COLUMNS, Redemption, redemption_of

WAITING = (Status.QUEUED, Status.HELD)
# What is over but not booked yet stands where it will: one that was captured, or held too long.
LISTED: LiteralString = f"""
SELECT {COLUMNS} FROM redemption
WHERE program_id = %(program)s AND reward IS NOT NULL
  AND (%(reward)s::text IS NULL OR reward = %(reward)s)
  AND (%(stores)s::text[] IS NULL OR store = '' OR store = ANY(%(stores)s::text[]))
  AND (%(statuses)s::text[] IS NULL
       OR (CASE WHEN due_at <= %(now)s AND status IN ('held', 'captured') THEN 'expired'
           ELSE status END) = ANY(%(statuses)s::text[]))
ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
COUNTED: LiteralString = """
SELECT reward, status, count(*) FROM redemption
WHERE program_id = %(program)s AND reward IS NOT NULL AND status IN ('queued', 'held')
  AND (due_at IS NULL OR due_at > %(now)s)
  AND (%(stores)s::text[] IS NULL OR store = '' OR store = ANY(%(stores)s::text[]))
GROUP BY reward, status
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which redemptions a list is of; what is empty narrows nothing."""

    reward: str | None = None
    statuses: Sequence[Status] = ()
    stores: Sequence[str] = ()


async def listed_redemptions(
    connection: Connection,
    program_id: UUID,
    asked: Asked,
    *,
    now: datetime,
    limit: int,
    offset: int = 0,
) -> list[Redemption]:
    """Redemptions of rewards, the newest first."""
    told = {
        "program": program_id,
        "reward": asked.reward,
        "statuses": list(map(str, asked.statuses)) or None,
        "stores": list(asked.stores) or None,
        "now": now,
        "limit": limit,
        "offset": offset,
    }
    return [redemption_of(row) for row in await (await connection.execute(LISTED, told)).fetchall()]


async def waiting_by_reward(
    connection: Connection, program_id: UUID, *, stores: Sequence[str] = (), now: datetime
) -> dict[str, dict[Status, int]]:
    """How many redemptions of each reward are held, and how many wait for a manager."""
    told = {"program": program_id, "stores": list(stores) or None, "now": now}
    found: dict[str, dict[Status, int]] = {}
    for reward, status, count in await (await connection.execute(COUNTED, told)).fetchall():
        found.setdefault(reward, {})[Status(status)] = count
    return found
