"""What a program came to on a past: exact numbers by member, rule and reward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

type Numbers = NDArray[np.int64]

NO_TIER = -1


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """Points of one unit by member, in the order of `Outcome.members`.

    `issued` is what rules, milestones and referrals gave; `brought` what was brought in or
    corrected by hand, as it was; `taken_back` what returns took, be it that it is owed (what was
    let go is not in it); `redeemed` what was spent, less what came back to the member.
    `outstanding` is what is left in the end, pending too, less what is owed: always
    issued + brought − taken_back − redeemed − expired.
    """

    issued: Numbers
    brought: Numbers
    taken_back: Numbers
    redeemed: Numbers
    expired: Numbers
    outstanding: Numbers


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule gave of one unit in all, and for how many activities it gave any."""

    points: int
    awards: int


@dataclass(frozen=True, slots=True)
class RewardOutcome:
    """How many of a reward were had, for points or as the gift of a milestone."""

    redeemed: int
    gifts: int
    cost: int  # minor units, by the reward's own `cost`


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program came to on a past.

    `members` are the numbers of the columnar copy, rising; everything by member is in their order.
    `tier` is the place in `tiers` of what each holds in the end, or `NO_TIER`. `cost` is what the
    rewards that each had cost the merchant, `paid` what points paid of sales; both minor units.
    `rules` is by (rule, unit), the tier's and milestones' awards among them (`decision.Award`).
    `asked` is what rules with a budget asked of it and were let have, by (rule, unit).
    """

    until: datetime
    members: Numbers
    units: Mapping[str, UnitOutcome]
    tiers: tuple[str, ...]
    tier: NDArray[np.int16]
    cost: Numbers
    paid: Numbers
    rules: Mapping[tuple[str, str], RuleOutcome]
    rewards: Mapping[str, RewardOutcome]
    unmet: int = 0  # redemptions that were observed and would not have been possible
    asked: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def in_tier(self) -> dict[str, int]:
        """How many members hold each tier in the end."""
        return {name: int((self.tier == place).sum()) for place, name in enumerate(self.tiers)}


def differences(first: Outcome, second: Outcome) -> list[str]:
    """Everything in which two outcomes are not the same, in words for whoever compares engines."""
    return list(_differences(first, second))


def _differences(first: Outcome, second: Outcome) -> Iterator[str]:
    if not np.array_equal(first.members, second.members):
        yield "members"
        return
    for name in ("tiers", "unmet"):
        if getattr(first, name) != getattr(second, name):
            yield f"{name}: {getattr(first, name)} and {getattr(second, name)}"
    for name in ("tier", "cost", "paid"):
        yield from _by_member(name, first.members, getattr(first, name), getattr(second, name))
    for unit in dict.fromkeys((*first.units, *second.units)):
        if unit not in first.units or unit not in second.units:
            yield f"unit {unit}"
            continue
        for each in fields(UnitOutcome):
            one, other = first.units[unit], second.units[unit]
            name = f"{unit} {each.name}"
            yield from _by_member(
                name, first.members, getattr(one, each.name), getattr(other, each.name)
            )
    for name in ("rules", "rewards"):
        one, other = getattr(first, name), getattr(second, name)
        for key in dict.fromkeys((*one, *other)):
            if one.get(key) != other.get(key):
                yield f"{name} {key}: {one.get(key)} and {other.get(key)}"


def _by_member(
    name: str, members: Numbers, one: NDArray[np.generic], other: NDArray[np.generic]
) -> Iterator[str]:
    places = np.flatnonzero(one != other)
    if len(places):
        place = int(places[0])
        yield (
            f"{name}: {one[place]} and {other[place]} of member {members[place]}"
            f" ({len(places)} members differ)"
        )
