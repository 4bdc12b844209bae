"""What a review reads of a simulated outcome: who would have got what."""

from __future__ import annotations

import numpy as np

from fiel.domain.program import Program
from fiel.insights.review.evidence import Evidence, RewardEvidence, UnitEvidence
from fiel.insights.review.gathering import Trade
from fiel.insights.simulation.outcome import NO_TIER, Outcome, UnitOutcome


def evidence_of(
    program: Program, trade: Trade, outcome: Outcome, without_losses: Outcome | None
) -> Evidence:
    """The evidence on a program: the merchant's trade and what the program comes to on it.

    `without_losses` is the outcome on the same past without the lines that brought no margin; what
    it issues less was earned on them. None where no cost is known.
    """
    once = np.isin(outcome.members, np.asarray(trade.one_time, dtype=np.int64))
    units = {
        unit: _unit(given, once, None if without_losses is None else without_losses.units.get(unit))
        for unit, given in outcome.units.items()
    }
    return Evidence(
        days=trade.days,
        sales=trade.sales,
        members=trade.members,
        one_time_members=len(trade.one_time),
        net=trade.net,
        margin=trade.margin,
        net_with_margin=trade.net_with_margin,
        list_value=trade.list_value,
        discounts=trade.discounts,
        prices=trade.prices,
        costs=trade.costs,
        sold=trade.sold,
        units=units,
        rules=_awards(outcome),
        tier_reached=_reached(outcome),
        rewards={reward: _reward(program, reward, outcome) for reward in program.rewards},
    )


def _unit(
    given: UnitOutcome, once: np.ndarray[tuple[int], np.dtype[np.bool_]], kept: UnitOutcome | None
) -> UnitEvidence:
    issued = int(given.issued.sum())
    some = given.issued[given.issued > 0]
    return UnitEvidence(
        issued=issued,
        redeemed=int(given.redeemed.sum()),
        expired=int(given.expired.sum()),
        outstanding=int(given.outstanding.sum()),
        to_one_time=int(given.issued[once].sum()),
        on_loss=0 if kept is None else max(0, issued - int(kept.issued.sum())),
        members=len(some),
        most_issued=int(some.max(initial=0)),
        median_issued=int(np.median(some)) if len(some) else 0,
    )


def _awards(outcome: Outcome) -> dict[str, int]:
    awards: dict[str, int] = {}
    for (rule, _), given in outcome.rules.items():
        awards[rule] = awards.get(rule, 0) + given.awards
    return awards


def _reached(outcome: Outcome) -> dict[str, int]:
    """How many members stood at each level or above it in the end."""
    held = outcome.tier[outcome.tier != NO_TIER]
    return {tier: int((held >= place).sum()) for place, tier in enumerate(outcome.tiers)}


def _reward(program: Program, reward: str, outcome: Outcome) -> RewardEvidence:
    could = np.ones(len(outcome.members), dtype=np.bool_)
    for unit, points in program.rewards[reward].price.items():
        if points:
            could &= outcome.units[unit].issued >= points if unit in outcome.units else False
    redeemed = outcome.rewards.get(reward)
    return RewardEvidence(int(could.sum()), redeemed.redeemed if redeemed else 0)
