"""Referrals as rows: who brought whom, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString, cast
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.members.queries import Whereabouts

COLUMNS: LiteralString = (
    "shard, member_id, referrer_shard, referrer_id, status, reason, made_at, sale_id, due_at, "
    "rewarded_at, limit_start, friend_activity, referrer_activity, ended_at"
)
KEEP: LiteralString = """
INSERT INTO referral (program_id, shard, member_id, referrer_shard, referrer_id, status, made_at)
VALUES (%s, %s, %s, %s, %s, 'waiting', %s)
ON CONFLICT (shard, member_id) DO NOTHING
"""
OF_FRIEND: LiteralString = f"""
SELECT {COLUMNS} FROM referral WHERE program_id = %s AND shard = %s AND member_id = %s
"""
LOCK: LiteralString = OF_FRIEND + " FOR NO KEY UPDATE"
CHANGE: LiteralString = """
UPDATE referral SET status = %(status)s, reason = %(reason)s, sale_id = %(sale_id)s,
  due_at = %(due_at)s, rewarded_at = %(rewarded_at)s, limit_start = %(limit_start)s,
  friend_activity = %(friend_activity)s, referrer_activity = %(referrer_activity)s,
  ended_at = %(ended_at)s
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
"""
REWARDED: LiteralString = """
SELECT count(*) FROM referral
WHERE program_id = %s AND referrer_id = ANY(%s) AND status = 'rewarded'
  AND referrer_activity IS NOT NULL AND limit_start = %s
"""
OF_REFERRER: LiteralString = f"""
SELECT {COLUMNS} FROM referral
WHERE program_id = %(program)s AND referrer_id = ANY(%(members)s)
  AND (%(after_at)s::timestamptz IS NULL
       OR (made_at, member_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid))
ORDER BY made_at DESC, member_id DESC
LIMIT %(limit)s
"""
# Of those who wait something is due where the wait is over, a purchase is there that begins it, or
# the friend is not active any more.
WAITING: LiteralString = f"""
SELECT {", ".join("r." + name.strip() for name in COLUMNS.split(","))}
FROM referral r
JOIN standing s
  ON s.program_id = r.program_id AND s.shard = r.shard AND s.member_id = r.member_id
WHERE r.program_id = %(program)s AND r.shard = %(shard)s AND r.status = 'waiting'
  AND r.member_id > %(after)s
  AND (r.due_at <= %(now)s
       OR (r.due_at IS NULL AND s.status <> 'active')
       OR (r.due_at IS NULL AND s.visits > 0 AND EXISTS (
             SELECT FROM activity a
             WHERE a.program_id = r.program_id AND a.shard = r.shard AND a.member_id = r.member_id
               AND a.kind IN ('sale', 'claim')
               AND (a.decision #>> '{{c,0}}')::bigint >= greatest(%(least)s::bigint, 1))))
ORDER BY r.member_id
LIMIT %(limit)s
"""
NEXT: LiteralString = """
SELECT min(due_at) FROM referral WHERE program_id = %s AND status = 'waiting' AND due_at > %s
"""


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral; the row is the friend's. `limit_start` counts it against the referrer's limit."""

    friend: Whereabouts
    referrer: Whereabouts
    status: str
    reason: str
    made_at: datetime
    sale_id: UUID | None = None
    due_at: datetime | None = None
    rewarded_at: datetime | None = None
    limit_start: date | None = None
    friend_activity: UUID | None = None
    referrer_activity: UUID | None = None
    ended_at: datetime | None = None


async def keep_referral(
    connection: Connection,
    program_id: UUID,
    *,
    friend: Whereabouts,
    referrer: Whereabouts,
    now: datetime,
) -> None:
    """Keep that a member was brought by another one."""
    await connection.execute(
        KEEP,
        (
            program_id, friend.shard, friend.member_id, referrer.shard, referrer.member_id, now,
        ),
    )  # fmt: skip


async def referral_of(
    connection: Connection, program_id: UUID, friend: Whereabouts, *, lock: bool = False
) -> Referral | None:
    """How a member came; None for one whom nobody brought."""
    asked = (program_id, friend.shard, friend.member_id)
    row = await (await connection.execute(LOCK if lock else OF_FRIEND, asked)).fetchone()
    return None if row is None else _referral(row)


async def change_referral(connection: Connection, program_id: UUID, changed: Referral) -> None:
    """Write what became of a referral."""
    fields: Mapping[str, object] = {
        name: getattr(changed, name) for name in Referral.__dataclass_fields__
    }
    await connection.execute(
        CHANGE,
        {
            **fields,
            "program": program_id,
            "shard": changed.friend.shard,
            "member": changed.friend.member_id,
        },
    )


async def times_rewarded(
    connection: Connection, program_id: UUID, referrers: list[UUID], limit_start: date
) -> int:
    """How often a referrer was rewarded in a period; the referrer's standing is locked."""
    cursor = await connection.execute(REWARDED, (program_id, referrers, limit_start))
    row = await cursor.fetchone()
    assert row is not None, "a count has a row"
    return cast(int, row[0])


async def referrals_by(
    connection: Connection,
    program_id: UUID,
    referrers: list[UUID],
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Referral]:
    """Whom a member brought, newest first."""
    after_at, after_id = after or (None, None)
    cursor = await connection.execute(
        OF_REFERRER,
        {
            "program": program_id,
            "members": referrers,
            "after_at": after_at,
            "after_id": after_id,
            "limit": limit,
        },
    )
    return [_referral(row) for row in await cursor.fetchall()]


async def waiting_referrals(
    connection: Connection,
    program_id: UUID,
    shard: int,
    *,
    after: UUID,
    least: int,
    now: datetime,
    limit: int,
) -> list[Referral]:
    """Referrals of one shard that something may be due for, in the order of the friends' ids.

    `least` is what a purchase must be to begin a wait.
    """
    told = {
        "program": program_id,
        "shard": shard,
        "after": after,
        "least": least,
        "now": now,
        "limit": limit,
    }
    cursor = await connection.execute(WAITING, told)
    return [_referral(row) for row in await cursor.fetchall()]


async def next_referral(
    connection: Connection, program_id: UUID, after: datetime
) -> datetime | None:
    """When the next wait is over, after a moment."""
    row = await (await connection.execute(NEXT, (program_id, after))).fetchone()
    assert row is not None, "a minimum has a row"
    return cast("datetime | None", row[0])


def _referral(row: tuple[Any, ...]) -> Referral:
    shard, member_id, referrer_shard, referrer_id, *rest = row
    return Referral(Whereabouts(shard, member_id), Whereabouts(referrer_shard, referrer_id), *rest)
