"""Steps: what single activities did to a milestone, read where one of them is undone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fiel.domain.deciding.reasons import Kind
from fiel.domain.deciding.records import advances_of, awards_of
from fiel.domain.decision import Advance
from fiel.domain.member import LimitKey
from fiel.domain.milestones import limit_rule, milestone_id
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.statements import statement


@dataclass(frozen=True, slots=True)
class Step:
    """What one activity did to a milestone, and what was given and redeemed with it.

    `points` is by unit, for all the times together; `consumed` are [unit, points, transfer] for
    each time; `limit` the period whose limit it used.
    """

    activity_id: UUID
    advance: Advance
    points: dict[str, int]
    consumed: tuple[tuple[str, int, UUID], ...]
    limit: LimitKey | None


async def steps_of(
    connection: Connection, place: Place, member_id: UUID, counter: str
) -> list[Step]:
    """What a member's activities did to what a counter counts, the newest first."""
    cursor = await connection.execute(
        statement("milestone_steps"),
        {
            "program": place.program_id,
            "shard": place.shard,
            "member": member_id,
            "counter": counter,
        },
    )
    rows: list[tuple[Any, ...]] = await cursor.fetchall()
    return [
        step_of(activity_id, json.loads(record), advance)
        for activity_id, record in rows
        for advance in advances_of(json.loads(record))
        if advance.counter == counter
    ]


def step_of(activity_id: UUID, record: dict[str, Any], advance: Advance) -> Step:
    """What an activity did to a milestone, of the record of its decision."""
    milestone = milestone_id(advance.counter)
    points: dict[str, int] = {}
    for award in awards_of(record):
        if award.rule == milestone and award.reason["kind"] == Kind.MILESTONE:
            points[award.unit] = points.get(award.unit, 0) + award.points
    limits = [
        (rule, date.fromisoformat(start))
        for rule, start, _ in record.get("l", ())
        if rule == limit_rule(milestone)
    ]
    consumed = tuple(
        (str(unit), int(count), UUID(transfer))
        for counter, unit, count, transfer in record.get("consumed", ())
        if counter == advance.counter
    )
    return Step(activity_id, advance, points, consumed, limits[0] if limits else None)


def marked_times(steps: Sequence[Step], mark: int) -> int:
    """How often something counted in a period of a streak."""
    return sum(step.advance.added for step in steps if step.advance.mark == mark)


def given_last(steps: Sequence[Step], times: int) -> list[tuple[Step, int]]:
    """The steps that gave so many gifts which still stand, newest first, each with how many.

    What was carried over from another member comes last: of it is known only how often.
    """
    found: list[tuple[Step, int]] = []
    undone = -sum(min(0, step.advance.reached) for step in steps)
    given = [step for step in steps if step.advance.reached > 0]
    for step in sorted(given, key=lambda step: not (step.points or step.consumed)):
        reached = step.advance.reached
        standing = reached - min(undone, reached)
        undone -= reached - standing
        taken = min(standing, times)
        if taken:
            found.append((step, taken))
            times -= taken
        if not times:
            break
    return found
