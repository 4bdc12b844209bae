"""Granting: the rewards of milestones that an activity reached, in its own journey."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fiel.domain.decision import Decision
from fiel.domain.milestones import milestone_id
from fiel.domain.time import utc_text
from fiel.ledger.opening import Place
from fiel.ledger.posting import Record, Recorded
from fiel.programs.versions import Published
from fiel.rewards.granting import grant
from fiel.rewards.handing_over import Write


def grant_reached(
    published: Published, place: Place, recorded: Recorded, decision: Decision, *, now: datetime
) -> list[Write]:
    """Give the rewards of milestones that were reached, and tell of them in the record.

    What is to be written for them comes back. Of what a milestone consumed each gift bears its own
    part, so that it can be cancelled with it.
    """
    program = published.program
    milestones = {each.id: each for each in program.milestones}
    consumed: list[list[object]] = list(recorded.decision.get("consumed", ()))
    granted: list[Record] = []
    writes: list[Write] = []
    for advance in decision.advances:
        milestone = milestones.get(milestone_id(advance.counter))
        if milestone is None or milestone.reward is None:
            continue
        parts = [part for part in consumed if part[0] == advance.counter]
        for time in range(advance.reached):
            spent, transfers = _spent(parts[time]) if parts else ({}, {})
            given = grant(
                place,
                recorded.member_id,
                program.rewards[milestone.reward],
                program,
                version=published.number,
                activity_id=recorded.id,
                milestone=milestone.id,
                now=now,
                store=recorded.store,
                spent=spent,
                transfers=transfers,
            )
            writes += given.writes
            redemption = given.redemption
            granted.append(
                {
                    "id": str(redemption.id),
                    "milestone": milestone.id,
                    "reward": milestone.reward,
                    "code": redemption.code,
                    "expires_at": redemption.expires_at and utc_text(redemption.expires_at),
                }
            )
    if granted:
        recorded.decision["granted"] = granted
    return writes


def _spent(part: list[object]) -> tuple[dict[str, int], dict[str, UUID]]:
    _, unit, points, transfer = part
    return {str(unit): int(str(points))}, {str(unit): UUID(str(transfer))}
