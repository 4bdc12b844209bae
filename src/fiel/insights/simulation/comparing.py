"""Comparing: what programs came to, side by side, and who wins and who loses by a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fiel.domain.program import Program
from fiel.insights.simulation.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Money:
    """What a program costs, in minor units; None where it cannot be said.

    `rewards` is what the rewards cost that were had, `paid` what points paid of sales, `liability`
    what the points that are left are worth.
    """

    rewards: int
    paid: int
    liability: Fraction | None

    @property
    def total(self) -> Fraction:
        """All of it, as far as it can be said."""
        return self.rewards + self.paid + (self.liability or Fraction(0))


def money_of(program: Program, outcome: Outcome) -> Money:
    """What a program costs on a past."""
    liability: Fraction | None = None
    for unit, points in outcome.units.items():
        value = program.units[unit].value
        if value is not None:
            worth = int(points.outstanding.sum()) * value * program.currency.minor_per_major
            liability = (liability or Fraction(0)) + worth
    return Money(int(outcome.cost.sum()), int(outcome.paid.sum()), liability)


def rewarded(outcome: Outcome) -> int:
    """How many members had something for their points."""
    had = np.zeros(len(outcome.members), np.bool_)
    for points in outcome.units.values():
        had |= points.redeemed > 0
    return int(had.sum())


@dataclass(frozen=True, slots=True)
class Change:
    """How members of one segment fare under another program, by points of one unit.

    A member wins who would have earned more, and loses who would have earned less.
    """

    segment: str
    unit: str
    members: int
    winners: int
    losers: int
    before: int
    after: int


def changes(before: Outcome, after: Outcome, segments: Mapping[int, str]) -> list[Change]:
    """Who wins and who loses in the units that both programs have; each segment with anybody."""
    names = np.array([segments.get(member, "") for member in before.members.tolist()], object)
    found = []
    for unit in (unit for unit in before.units if unit in after.units):
        earned = [each.units[unit].issued - each.units[unit].taken_back for each in (before, after)]
        for segment in dict.fromkeys(segments.values()):
            here = names == segment
            first, second = (points[here] for points in earned)
            found.append(
                Change(
                    segment,
                    unit,
                    len(first),
                    int((second > first).sum()),
                    int((second < first).sum()),
                    int(first.sum()),
                    int(second.sum()),
                )
            )
    return found


@dataclass(frozen=True, slots=True)
class Tried:
    """A variant and what it came to: what it costs, and how many members had something."""

    name: str
    program: Program
    outcome: Outcome

    @property
    def costs(self) -> Fraction:
        """What it costs, as far as it can be said."""
        return money_of(self.program, self.outcome).total

    @property
    def rewarded(self) -> int:
        """How many members had something."""
        return rewarded(self.outcome)


def frontier(tried: Sequence[Tried]) -> frozenset[int]:
    """The places of the variants of which none is cheaper without rewarding fewer members.

    Of two that come to the same both are on it.
    """
    points = [(each.costs, each.rewarded) for each in tried]
    return frozenset(
        place
        for place, (costs, members) in enumerate(points)
        if not any(
            other != (costs, members) and other[0] <= costs and other[1] >= members
            for other in points
        )
    )
