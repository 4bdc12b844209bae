"""Redeeming, as machine code: what members have of rewards, as they did or as chance has it.

It says what `Replay` says of redemptions, and draws as `behaviour.drawn` does.
"""

from __future__ import annotations

import numpy as np

from fiel.insights.simulation.kernel.compiling import compiled
from fiel.insights.simulation.kernel.layout import (
    COST,
    HAD,
    OUTSTANDING,
    REDEEMED,
    REDEMPTION,
    VISITS,
    Happened,
    Numbers,
    Rewards,
    Standings,
    Sums,
    Terms,
)
from fiel.insights.simulation.kernel.standing import kept_at, live_on

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)


@compiled
def mixed(state: np.uint64) -> np.uint64:
    """One step of splitmix64."""
    state = state + _GOLDEN
    state = (state ^ (state >> _30)) * _FIRST
    state = (state ^ (state >> _27)) * _SECOND
    return state ^ (state >> _31)


@compiled
def redeem_eagerly(
    past: Happened,
    terms: Terms,
    rewards: Rewards,
    numbers: Numbers,
    states: Standings,
    sums: Sums,
    member: int,
    event: int,
) -> None:
    """Redeem at a visit, with a chance, the first reward of those wanted that can be had."""
    visit = states.held[member, VISITS]
    states.held[member, VISITS] = visit + 1
    if not rewards.is_eager:
        return
    if not rewards.is_certain:
        drawn = mixed(mixed(rewards.seed ^ np.uint64(numbers[member])) ^ np.uint64(visit))
        if drawn >= rewards.threshold:
            return
    for place in range(len(rewards.wanted)):
        reward = rewards.wanted[place]
        if _redeem(past, terms, rewards, states, sums, member, event, reward, 1):
            return


@compiled
def redeem_as_observed(
    past: Happened,
    terms: Terms,
    rewards: Rewards,
    states: Standings,
    sums: Sums,
    member: int,
    event: int,
) -> None:
    """Redeem what was redeemed, where the program has it and the member could."""
    if not rewards.is_observed:
        return
    reward = rewards.known[past.reward[event]]
    quantity = past.quantity[event]
    if reward < 0 or not _redeem(
        past, terms, rewards, states, sums, member, event, reward, quantity
    ):
        sums.unmet[0] += 1


@compiled
def _redeem(
    past: Happened,
    terms: Terms,
    rewards: Rewards,
    states: Standings,
    sums: Sums,
    member: int,
    event: int,
    reward: int,
    quantity: int,
) -> bool:
    """Take the price of so many of a reward, if the member has it; whether that was so."""
    units = rewards.prices.shape[1]
    now = past.now[event]
    for unit in range(units):
        price = rewards.prices[reward, unit]
        if price and price * quantity > available(past, terms, states, member, unit, event, now):
            return False
    cost = rewards.costs[reward] * quantity
    shares = sums.shares[reward]
    if quantity > shares[0] or cost > shares[1]:
        return False
    shares[0] -= quantity
    shares[1] -= cost
    for unit in range(units):
        price = rewards.prices[reward, unit] * quantity
        if price:
            draw(past, terms, states, member, unit, event, now, price)
            states.points[member, unit, REDEEMED] += price
            states.points[member, unit, OUTSTANDING] -= price
    states.cost[member] += cost
    sums.rewards[reward, HAD] += quantity
    sums.rewards[reward, COST] += cost
    live_on(terms, states, member, REDEMPTION, past.now_day[event])
    return True


@compiled
def available(
    past: Happened, terms: Terms, states: Standings, member: int, unit: int, end: int, now: int
) -> int:
    """What can be spent of a unit now; what fell due is booked."""
    if not terms.waits[unit]:
        return int(states.points[member, unit, OUTSTANDING] + states.debt[member, unit])
    found = 0
    for place in range(states.first_lot[member, unit], end):
        left = states.left[unit, kept_at(states, place)]
        if left > 0 and terms.starts[unit, past.day[place]] <= now:
            found += left
    return found


@compiled
def draw(
    past: Happened,
    terms: Terms,
    states: Standings,
    member: int,
    unit: int,
    end: int,
    now: int,
    points: int,
) -> None:
    """Take points out of lots, first what would be lost first."""
    for place in range(states.first_lot[member, unit], end):
        lot = kept_at(states, place)
        left = states.left[unit, lot]
        if left > 0 and (not terms.waits[unit] or terms.starts[unit, past.day[place]] <= now):
            taken = min(left, points)
            states.left[unit, lot] = left - taken
            points -= taken
            if not points:
                return
