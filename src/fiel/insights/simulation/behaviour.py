"""How members are taken to redeem: as they did, or eagerly, as one is told.

Chance is drawn from the member and the visit alone: whoever simulates, in whatever order and
however many at a time, draws the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fiel.domain.language import N_
from fiel.domain.program import Program, Reward
from fiel.domain.refusal import FieldProblem
from fiel.intake.contents.errors import invalid

_MASK = (1 << 64) - 1
_PER_CENT = 100
# What splitmix64 adds and multiplies by.
_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


class Way(StrEnum):
    """When members redeem."""

    OBSERVED = "observed"  # what they redeemed, when they did, if they have the points
    EAGER = "eager"  # at a visit, before the purchase, with a chance
    NEVER = "never"


class Choice(StrEnum):
    """Which of the rewards that can be had."""

    DEAREST = "dearest"
    CHEAPEST = "cheapest"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How members redeem. `chance` is in percent, at each visit at which something can be had."""

    way: Way = Way.OBSERVED
    chance: int = _PER_CENT
    choice: Choice = Choice.DEAREST
    seed: int = 0

    @property
    def threshold(self) -> int:
        """A visit redeems where `drawn` is below this."""
        return (self.chance << 64) // _PER_CENT

    def redeems_at(self, member: int, visit: int) -> bool:
        """Whether a member would redeem at the visit of this number (from 0)."""
        return self.way is Way.EAGER and drawn(self.seed, member, visit) < self.threshold

    def __str__(self) -> str:
        if self.way is not Way.EAGER:
            return self.way.value
        return f"{self.way}:{self.chance}:{self.choice}"


def drawn(seed: int, member: int, visit: int) -> int:
    """A number of 64 bits for a visit of a member, as even as chance."""
    return _mixed(_mixed(_mixed(seed) ^ member) ^ visit)


def _mixed(state: int) -> int:
    """One step of splitmix64."""
    state = (state + _GOLDEN) & _MASK
    state = ((state ^ (state >> 30)) * _FIRST) & _MASK
    state = ((state ^ (state >> 27)) * _SECOND) & _MASK
    return state ^ (state >> 31)


def wanted_in_order(program: Program, behaviour: Behaviour) -> tuple[Reward, ...]:
    """The rewards in the order in which an eager member looks for one that can be had.

    By the sum of the price over its units; equal ones as the document has them.
    """
    priced = [reward for reward in program.rewards.values() if any(reward.price.values())]
    dearest_first = behaviour.choice is Choice.DEAREST
    return tuple(sorted(priced, key=_price, reverse=dearest_first))


def _price(reward: Reward) -> int:
    return sum(reward.price.values())


def behaviour_of(text: str) -> Behaviour:
    """Read `observed`, `never`, `eager`, `eager:25` or `eager:25:cheapest`.

    Raises:
        Invalid: it says none of these.
    """
    way, _, rest = text.strip().partition(":")
    chance, _, choice = rest.partition(":")
    try:
        found = Behaviour(
            Way(way),
            int(chance) if chance else _PER_CENT,
            Choice(choice) if choice else Choice.DEAREST,
        )
    except ValueError:
        found = None
    if found is None or not 0 <= found.chance <= _PER_CENT or (rest and way != Way.EAGER):
        told = N_("Say observed, never, or eager:CHANCE:CHOICE, such as eager:25:dearest.")
        raise invalid([FieldProblem("behaviour", "invalid", told)])
    return found
