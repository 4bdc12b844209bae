"""Whether a member can have a reward now: all that stands in the way, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from fiel.domain.conditions import CannotEvaluate
from fiel.domain.deciding.schedules import is_open
from fiel.domain.member import LimitKey, MemberFacts
from fiel.domain.program import Reward
from fiel.domain.redeeming.offers import cost_of, limit_key, price_of


class Why(StrEnum):
    """What stands in the way of a redemption; the first that holds is the one it is refused for."""

    GIFT_ONLY = "gift_only"  # it has no price: it is given, not bought
    CONDITION = "condition"
    SCHEDULE = "schedule"
    LIMIT = "limit_reached"
    STOCK = "out_of_stock"
    BUDGET = "budget_exhausted"
    POINTS = "insufficient_points"


# What the member cannot change by earning, waiting for stock or for the next period.
ABOUT_THE_MEMBER = frozenset({Why.GIFT_ONLY, Why.CONDITION, Why.SCHEDULE})


@dataclass(frozen=True, slots=True)
class Asker:
    """The member who asks: facts, points that can be spent by unit, and limits used."""

    facts: MemberFacts
    available: Mapping[str, int] = field(default_factory=dict)
    limits_used: Mapping[LimitKey, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """What all members have left of a reward: pieces and minor units; None is without end."""

    stock: int | None = None
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What stands in the way of so many of a reward, and what is missing of each unit."""

    whys: tuple[Why, ...]
    missing: Mapping[str, int]

    @property
    def is_eligible(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.whys


def assess(
    reward: Reward,
    asker: Asker,
    *,
    quantity: int = 1,
    left: Left,
    now: datetime,
    zone: tzinfo,
) -> Eligibility:
    """Find everything that stands in the way of a member's having so many of a reward now."""
    local = now.astimezone(zone)
    missing = {
        unit: points - asker.available.get(unit, 0)
        for unit, points in price_of(reward, quantity).items()
        if points > asker.available.get(unit, 0)
    }
    hindrances = {
        Why.GIFT_ONLY: not reward.price,
        Why.CONDITION: not _meets_condition(reward, asker.facts),
        Why.SCHEDULE: reward.when is not None and not is_open(reward.when, local),
        Why.LIMIT: _is_over_limit(reward, asker, quantity, local),
        Why.STOCK: left.stock is not None and quantity > left.stock,
        Why.BUDGET: left.budget is not None and cost_of(reward, quantity) > left.budget,
        Why.POINTS: bool(missing),
    }
    return Eligibility(tuple(why for why, holds in hindrances.items() if holds), missing)


def is_had_freely(reward: Reward) -> bool:
    """Whether whoever may have a reward has it without asking: free and without end."""
    return (
        bool(reward.price)
        and not any(reward.price.values())
        and reward.stock is None
        and reward.limit is None
        and reward.valid is None
    )


def _meets_condition(reward: Reward, facts: MemberFacts) -> bool:
    if reward.where is None:
        return True
    try:
        return reward.where.matches(None, None, facts, None)
    except CannotEvaluate:
        return False


def _is_over_limit(reward: Reward, asker: Asker, quantity: int, local: datetime) -> bool:
    key = limit_key(reward, local.date())
    if key is None or reward.limit is None:
        return False
    return asker.limits_used.get(key, 0) + quantity > reward.limit.per_member
