"""What a turn starts from and what it leaves behind, in the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import class_row

from fiel.connect.webhooks.addresses import Allowed
from fiel.connect.webhooks.attempts import Outcome, keep_attempts
from fiel.connect.webhooks.claims import MOST_WAITING, Claim
from fiel.connect.webhooks.endpoints import COLUMNS, Endpoint
from fiel.connect.webhooks.turns import Due, Turn, Work
from fiel.ledger.queries import events_after, events_named
from fiel.ledger.scope import Connection
from fiel.programs.versions import Versions

# What one turn reads. It ends sooner when the receiver is slow.
MOST_AGAIN = 20
MOST_NEWS = 50
MOST_GIVEN_UP = 1000  # kept of each endpoint, to be seen

HELD: LiteralString = f"""
SELECT {COLUMNS} FROM webhook_endpoint
WHERE program_id = %(program)s AND id = %(id)s AND holder = %(holder)s AND enabled
"""
DUE_AGAIN: LiteralString = """
SELECT sequence, attempts, first_at FROM webhook_retry
WHERE program_id = %(program)s AND endpoint_id = %(id)s AND next_at <= %(now)s
ORDER BY sequence
LIMIT %(limit)s
"""
WAITING: LiteralString = """
SELECT count(*) FROM webhook_retry
WHERE program_id = %(program)s AND endpoint_id = %(id)s AND next_at IS NOT NULL
"""
# Whoever lost the hold writes nothing: another has told the same, or will.
KEEP: LiteralString = """
UPDATE webhook_endpoint
SET reached = %(reached)s, failures = %(failures)s, failing_since = %(failing_since)s,
    delivered_at = %(delivered_at)s, not_before = %(not_before)s,
    enabled = %(because)s::text IS NULL, disabled_because = %(because)s::text,
    disabled_at = CASE WHEN %(because)s::text IS NOT NULL THEN %(now)s END,
    holder = NULL, held_until = %(now)s
WHERE program_id = %(program)s AND id = %(id)s AND holder = %(holder)s AND enabled
"""
# Whoever changed the endpoint during a turn took the hold from it, and left the rest of its time.
LET_GO: LiteralString = """
UPDATE webhook_endpoint SET held_until = %(now)s
WHERE program_id = %(program)s AND id = %(id)s AND holder IS NULL AND held_until > %(now)s
"""
KEEP_RETRY: LiteralString = """
INSERT INTO webhook_retry (program_id, endpoint_id, sequence, attempts, first_at, next_at)
VALUES (%(program)s, %(id)s, %(sequence)s, %(attempts)s, %(first_at)s, %(next_at)s)
ON CONFLICT (program_id, endpoint_id, sequence)
DO UPDATE SET attempts = excluded.attempts, next_at = excluded.next_at
"""
FORGET_RETRIES: LiteralString = """
DELETE FROM webhook_retry
WHERE program_id = %(program)s AND endpoint_id = %(id)s AND sequence = ANY(%(sequences)s::bigint[])
"""
# A receiver that takes again what it is told gets the rest without waiting.
BRING_FORWARD: LiteralString = """
UPDATE webhook_retry SET next_at = %(now)s
WHERE program_id = %(program)s AND endpoint_id = %(id)s AND next_at > %(now)s
"""
TRIM_GIVEN_UP: LiteralString = """
DELETE FROM webhook_retry
WHERE program_id = %(program)s AND endpoint_id = %(id)s AND next_at IS NULL AND sequence <= (
  SELECT sequence FROM webhook_retry
  WHERE program_id = %(program)s AND endpoint_id = %(id)s AND next_at IS NULL
  ORDER BY sequence DESC OFFSET %(most)s LIMIT 1
)
"""


async def read_work(
    connection: Connection, versions: Versions, claim: Claim, allowed: Allowed, *, now: datetime
) -> Work | None:
    """What a turn has to do; None when the endpoint is no longer held by this claim."""
    told = _told(claim) | {"now": now, "limit": MOST_AGAIN}
    async with connection.cursor(row_factory=class_row(Endpoint)) as reading:
        endpoint = await (await reading.execute(HELD, told)).fetchone()
    if endpoint is None:
        return None
    published = await versions.in_force(connection, claim.program_id)
    rows = await _rows(connection, DUE_AGAIN, told)
    sequences = [sequence for sequence, _, _ in rows]
    named = await events_named(connection, claim.program_id, published.shards, sequences)
    found = {event.sequence: event for event in named}
    again = [
        Due(found[sequence], attempts + 1, first_at, is_retry=True)
        for sequence, attempts, first_at in rows
        if sequence in found
    ]
    [(waiting,)] = await _rows(connection, WAITING, told)
    limit = MOST_NEWS if waiting < MOST_WAITING else 0
    events = await events_after(
        connection, claim.program_id, published.shards, after=endpoint.reached, limit=limit
    )
    return Work(
        claim=claim,
        endpoint=endpoint,
        program=published.program,
        reach=allowed.reach(sandbox=published.sandbox),
        again=again,
        lost=[sequence for sequence in sequences if sequence not in found],
        news=[Due(event, 1, now, is_retry=False) for event in events if endpoint.wants(event.type)],
        passed=events[-1].sequence if events else endpoint.reached,
    )


async def keep_turn(connection: Connection, turn: Turn, *, now: datetime) -> bool:
    """Write down how a turn went, and let go of the endpoint; False when it was not held."""
    claim = turn.work.claim
    told = _told(claim) | {
        "now": now,
        "reached": turn.reached,
        "failures": turn.failures,
        "failing_since": turn.failing_since,
        "delivered_at": turn.delivered_at,
        "not_before": turn.not_before,
        "because": _because(turn.ended),
    }
    kept = await connection.execute(KEEP, told)
    if not kept.rowcount:
        return False
    if turn.has_recovered:
        await connection.execute(BRING_FORWARD, told)
    if done := [*turn.delivered, *turn.work.lost]:
        await connection.execute(FORGET_RETRIES, told | {"sequences": done})
    async with connection.cursor() as writing:
        await writing.executemany(
            KEEP_RETRY,
            [
                told
                | {
                    "sequence": due.event.sequence, "attempts": due.number,
                    "first_at": due.first_at, "next_at": next_at,
                }
                for due, next_at in turn.failed
            ],
        )  # fmt: skip
    if turn.attempts:
        await keep_attempts(connection, claim.program_id, claim.endpoint_id, turn.attempts)
    if any(next_at is None for _, next_at in turn.failed):
        await connection.execute(TRIM_GIVEN_UP, told | {"most": MOST_GIVEN_UP})
    return True


async def let_go(connection: Connection, claim: Claim, *, now: datetime) -> None:
    """End the time of a hold that was taken from a turn."""
    await connection.execute(LET_GO, _told(claim) | {"now": now})


def _because(ended: Outcome | None) -> str | None:
    return None if ended is None else str(ended)


def _told(claim: Claim) -> dict[str, object]:
    return {"program": claim.program_id, "id": claim.endpoint_id, "holder": claim.holder}


async def _rows(
    connection: Connection, statement: LiteralString, told: dict[str, object]
) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = await (await connection.execute(statement, told)).fetchall()
    return rows
