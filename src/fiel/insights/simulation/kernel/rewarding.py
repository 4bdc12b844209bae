"""Rewards laid out: what can be had for points, and how members are taken to redeem."""

from __future__ import annotations

import numpy as np

from fiel.domain.program import Program, Reward
from fiel.domain.redeeming import cost_of
from fiel.insights.simulation.behaviour import Behaviour, Way, wanted_in_order
from fiel.insights.simulation.kernel.cannot import CannotFold
from fiel.insights.simulation.kernel.layout import UNBOUND, Numbers, Rewards
from fiel.insights.simulation.kernel.past import Past
from fiel.insights.simulation.kernel.redeeming import mixed

_ALL = 1 << 64


def rewards_of(program: Program, past: Past, behaviour: Behaviour) -> Rewards:
    """Lay the rewards of a program out.

    Raises:
        CannotFold: one of those that may be redeemed asks for what the kernel does not do.
    """
    rewards = list(program.rewards.values())
    places = {reward.id: place for place, reward in enumerate(rewards)}
    wanted = wanted_in_order(program, behaviour) if behaviour.way is Way.EAGER else ()
    known = np.array(
        [places.get(str(name), -1) for name in past.redemptions.reward.values], np.int32
    )
    asked = list(wanted)
    if behaviour.way is Way.OBSERVED:
        asked += [rewards[place] for place in known if place >= 0]
    for reward in asked:
        _refuse(reward)
    units = list(program.units)
    prices = np.zeros((max(1, len(rewards)), len(units)), np.int64)
    for place, reward in enumerate(rewards):
        for unit, points in reward.price.items():
            prices[place, units.index(unit)] = points
    return Rewards(
        prices=prices,
        costs=np.array([cost_of(reward, 1) for reward in rewards] or [0], np.int64),
        known=known,
        wanted=np.array([places[reward.id] for reward in wanted], np.int32),
        is_observed=behaviour.way is Way.OBSERVED,
        is_eager=behaviour.way is Way.EAGER,
        is_certain=behaviour.threshold >= _ALL,
        threshold=np.uint64(min(behaviour.threshold, _ALL - 1)),
        seed=np.uint64(mixed(np.uint64(behaviour.seed & (_ALL - 1)))),
    )


def shares_of(program: Program) -> Numbers:
    """What all members share of each reward: its stock, and what all may cost."""
    rows = [
        [
            UNBOUND if reward.stock is None else reward.stock,
            UNBOUND if reward.budget is None else reward.budget,
        ]
        for reward in program.rewards.values()
    ]
    return np.array(rows or [[UNBOUND, UNBOUND]], np.int64)


def _refuse(reward: Reward) -> None:
    if reward.where is not None:
        raise CannotFold("reward_condition", reward.id)
    if reward.when is not None:
        raise CannotFold("reward_schedule", reward.id)
    if reward.limit is not None:
        raise CannotFold("reward_limit", reward.id)
    if not reward.price:
        raise CannotFold("gift_redeemed", reward.id)
