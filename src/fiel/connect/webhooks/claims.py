"""Whose turn it is: endpoints that have something to be told, each held by one deliverer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection

# Longer than a turn can last. Whoever is killed in a turn leaves the endpoint alone for as long.
HELD = timedelta(seconds=40)

# After so many events in a row that were not taken, the rest wait until one is.
FAILURES_TO_PAUSE = 5
# An endpoint that has so many events to be tried again gets no new ones.
MOST_WAITING = 1000

# Seen by the owner of the tables: of all programs. Endpoints that others claim at this moment are
# passed over. `held_until` of one that is free says when it last had a turn: the longest ago first.
CLAIM: LiteralString = """
UPDATE webhook_endpoint e
SET holder = %(holder)s, held_until = %(until)s
FROM (
  SELECT w.program_id, w.id
  FROM webhook_endpoint w
  JOIN program p ON p.id = w.program_id
  WHERE w.enabled AND w.held_until <= %(now)s
    AND (w.not_before IS NULL OR w.not_before <= %(now)s)
    AND (
      EXISTS (
        SELECT FROM webhook_retry r
        WHERE r.program_id = w.program_id AND r.endpoint_id = w.id AND r.next_at <= %(now)s
      )
      OR w.failures < %(failures)s
      AND EXISTS (
        SELECT FROM generate_series(0, p.shards - 1) AS here (shard)
        CROSS JOIN LATERAL (
          SELECT FROM outbox o
          WHERE o.program_id = w.program_id AND o.shard = here.shard AND o.sequence > w.reached
            AND o.sequence < pg_snapshot_xmin(pg_current_snapshot())::text::bigint * 65536
          LIMIT 1
        ) AS news
      )
      AND (
        SELECT count(*) FROM webhook_retry r
        WHERE r.program_id = w.program_id AND r.endpoint_id = w.id AND r.next_at IS NOT NULL
      ) < %(waiting)s
    )
  ORDER BY w.held_until
  LIMIT %(limit)s
  FOR NO KEY UPDATE OF w SKIP LOCKED
) AS due
WHERE e.program_id = due.program_id AND e.id = due.id
RETURNING e.program_id, e.id
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """An endpoint that is one deliverer's to tell, until the hold ends or another takes it."""

    program_id: UUID
    endpoint_id: UUID
    holder: UUID


async def claim_endpoints(owner: Connection, *, now: datetime, limit: int) -> list[Claim]:
    """Claim endpoints that have something to be told; `owner` sees all programs."""
    holder = new_id()
    told = {
        "holder": holder,
        "now": now,
        "until": now + HELD,
        "failures": FAILURES_TO_PAUSE,
        "waiting": MOST_WAITING,
        "limit": limit,
    }
    cursor = await owner.execute(CLAIM, told)
    return [Claim(program_id, id_, holder) for program_id, id_ in await cursor.fetchall()]
