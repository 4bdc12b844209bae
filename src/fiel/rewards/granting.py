"""Grants: rewards that are given for a level reached, at no price.

A grant is a redemption that is captured from the first moment. It is written in the journey of the
posting that reached the level, and belongs to the activity of that posting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from fiel.domain.program import Program, Reward
from fiel.domain.redeeming import NeedsManager, Status, cost_of
from fiel.ledger.ids import new_id
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip
from fiel.rewards.handing_over import Write, captured, used_elsewhere, withdraw_code
from fiel.rewards.redemptions import (
    COLUMNS,
    Redemption,
    change_redemption,
    keep_redemption,
    redemption_of,
)
from fiel.rewards.stock import Share, give_back_stock, is_shared, take_stock_anyway

GRANTED = numbered(
    "granted_redemptions",
    f"""
SELECT {COLUMNS} FROM redemption
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND milestone = %(milestone)s AND status IN ('captured', 'used')
ORDER BY made_at DESC, id DESC
""",
)


@dataclass(frozen=True, slots=True)
class Granted:
    """A reward that was given, and what is to be written in the posting's journey."""

    redemption: Redemption
    writes: tuple[Write, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Grants that were taken back, those that stay because they are used, and what to write."""

    redemptions: tuple[Redemption, ...]
    kept: tuple[Redemption, ...]
    writes: tuple[Write, ...]


def grant(
    place: Place,
    member_id: UUID,
    reward: Reward,
    program: Program,
    *,
    version: int,
    activity_id: UUID,
    milestone: str,
    now: datetime,
    quantity: int = 1,
    store: str = "",
    spent: Mapping[str, int] | None = None,
    transfers: Mapping[str, UUID] | None = None,
) -> Granted:
    """Give a member a reward for a level that an activity reached.

    It counts against the stock and the budget of the reward, and is given also where nothing is
    left: it was promised. It does not count against the reward's limit for one member. `spent` is
    what of a unit was handed in for it, by the `transfers` that took it.
    """
    cost = cost_of(reward, quantity)
    redemption = Redemption(
        shard=place.shard,
        member_id=member_id,
        id=new_id(),
        activity_id=activity_id,
        source="",
        external_id=None,
        reward=reward.id,
        kind=str(reward.kind),
        quantity=quantity,
        status=Status.CAPTURED,
        spent=spent or {},
        transfers=transfers or {},
        code=None,
        code_kind=None,
        made_at=now,
        is_stocked=is_shared(reward),
        cost=cost if is_shared(reward) else 0,
        milestone=milestone,
        version=version,
        store=store,
    )
    given, writes = captured(place, redemption, reward, program, now=now)

    def keep(trip: Trip) -> None:
        keep_redemption(trip, place, given)

    def count(trip: Trip) -> None:
        take_stock_anyway(trip, place.program_id, Share(reward.id, quantity, given.cost))

    counted = [count] if given.is_stocked else []
    return Granted(given, (keep, *writes, *counted))


async def withdraw(
    connection: Connection,
    place: Place,
    member_id: UUID,
    *,
    milestone: str,
    count: int,
    now: datetime,
) -> Withdrawn:
    """Take back so many grants of a milestone, the newest first; what is used stays.

    The member is locked, and the connection inside the program's transaction.
    """
    rows = await _granted(connection, place, member_id, milestone)
    used_codes = await used_elsewhere(connection, place.program_id, rows)
    unused = [row for row in rows if row.status is Status.CAPTURED and row.id not in used_codes]
    ended: list[Redemption] = []
    writes: list[Write] = []
    for row in unused:
        if len(ended) == count:
            break
        try:
            await withdraw_code(connection, place, row, now=now, even_used=False)
        except NeedsManager:  # used at this very moment
            continue
        ended.append(replace(row, status=Status.CANCELLED, ended_at=now))
        writes += _ending(place, ended[-1])
    gone = {row.id for row in ended}
    kept = [row for row in rows if row.id not in gone][: count - len(ended)]
    return Withdrawn(tuple(ended), tuple(kept), tuple(writes))


def _ending(place: Place, row: Redemption) -> list[Write]:
    def change(trip: Trip) -> None:
        change_redemption(trip, place, row)

    def count_back(trip: Trip) -> None:
        share = Share(row.reward or "", row.quantity, row.cost)
        give_back_stock(trip, place.program_id, share)

    return [change, count_back] if row.is_stocked else [change]


async def _granted(
    connection: Connection, place: Place, member_id: UUID, milestone: str
) -> Sequence[Redemption]:
    trip = Trip(connection)
    asked = trip.ask(
        GRANTED,
        {
            "program": str(place.program_id),
            "shard": str(place.shard),
            "member": str(member_id),
            "milestone": milestone,
        },
    )
    await trip.go()
    return [redemption_of(row) for row in trip.rows(asked)]
