"""Stock and budgets of rewards: what all members share, so taken last and held briefly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from fiel.domain.program import Reward
from fiel.domain.redeeming import Left
from fiel.ledger.scope import Connection
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip

# Takes only what is there: of two that want the last one, the second finds no row.
TAKE = numbered(
    "take_stock",
    """
INSERT INTO stock (program_id, reward, taken, cost)
SELECT %(program)s::uuid, %(reward)s::text, %(quantity)s::bigint, %(cost)s::bigint
WHERE %(quantity)s::bigint <= %(most)s::bigint AND %(cost)s::bigint <= %(most_cost)s::bigint
ON CONFLICT (program_id, reward, slot) DO UPDATE
SET taken = stock.taken + excluded.taken, cost = stock.cost + excluded.cost
WHERE stock.taken + excluded.taken <= %(most)s::bigint
  AND stock.cost + excluded.cost <= %(most_cost)s::bigint
RETURNING taken
""",
)
GIVE_BACK = numbered(
    "give_back_stock",
    """
UPDATE stock SET taken = taken - %(quantity)s::bigint, cost = cost - %(cost)s::bigint
WHERE program_id = %(program)s AND reward = %(reward)s AND slot = 0
""",
)
TAKEN: LiteralString = (
    "SELECT reward, sum(taken)::bigint, sum(cost)::bigint FROM stock "
    "WHERE program_id = %s GROUP BY reward"
)
_ANY = 2**62  # what stands for no bound


@dataclass(frozen=True, slots=True)
class Share:
    """So many of a reward and what they cost, taken from what all members share."""

    reward: str
    quantity: int
    cost: int


def is_shared(reward: Reward) -> bool:
    """Whether there is an end to a reward for all members together."""
    return reward.stock is not None or reward.budget is not None


async def take_stock(
    connection: Connection, program_id: UUID, reward: Reward, share: Share
) -> bool:
    """Take a share if there is as much; nobody else can take until the transaction ends."""
    trip = Trip(connection)
    asked = _ask(trip, program_id, share, reward.stock, reward.budget)
    await trip.go()
    return bool(trip.rows(asked))


def take_stock_anyway(trip: Trip, program_id: UUID, share: Share) -> None:
    """Take a share that was promised, also where there is no more."""
    _ask(trip, program_id, share, None, None)


def give_back_stock(trip: Trip, program_id: UUID, share: Share) -> None:
    """Put a share back that was taken."""
    trip.ask(GIVE_BACK, _here(program_id, share))


async def left_of_rewards(
    connection: Connection, program_id: UUID, rewards: Mapping[str, Reward]
) -> dict[str, Left]:
    """What is left of each reward, as of now and for no longer."""
    taken: dict[str, tuple[int, int]] = {}
    if any(is_shared(reward) for reward in rewards.values()):
        cursor = await connection.execute(TAKEN, (program_id,))
        taken = {reward: (count, cost) for reward, count, cost in await cursor.fetchall()}
    left = {}
    for reward in rewards.values():
        count, cost = taken.get(reward.id, (0, 0))
        left[reward.id] = Left(
            None if reward.stock is None else max(0, reward.stock - count),
            None if reward.budget is None else max(0, reward.budget - cost),
        )
    return left


def _ask(
    trip: Trip, program_id: UUID, share: Share, most: int | None, most_cost: int | None
) -> int:
    bounds = {
        "most": str(_ANY if most is None else most),
        "most_cost": str(_ANY if most_cost is None else most_cost),
    }
    return trip.ask(TAKE, _here(program_id, share) | bounds)


def _here(program_id: UUID, share: Share) -> dict[str, str]:
    return {
        "program": str(program_id),
        "reward": share.reward,
        "quantity": str(share.quantity),
        "cost": str(share.cost),
    }
