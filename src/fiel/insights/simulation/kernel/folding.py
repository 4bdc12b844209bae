"""Folding, as machine code: everything that happened to members, one thing after another."""

from __future__ import annotations

from fiel.insights.simulation.kernel.compiling import compiled
from fiel.insights.simulation.kernel.earning import earn, use
from fiel.insights.simulation.kernel.layout import (
    FINE,
    REDEMPTION,
    RETURN,
    SALE,
    Happened,
    Ladder,
    Numbers,
    Rewards,
    Rules,
    Small,
    Standings,
    Sums,
    Terms,
)
from fiel.insights.simulation.kernel.redeeming import redeem_as_observed, redeem_eagerly
from fiel.insights.simulation.kernel.returning import take_back
from fiel.insights.simulation.kernel.standing import (
    climb,
    credit,
    forget,
    kept_at,
    live_on,
    settle,
    tier_then,
)


@compiled
def step(
    past: Happened,
    rules: Rules,
    ladder: Ladder,
    terms: Terms,
    rewards: Rewards,
    numbers: Numbers,
    states: Standings,
    sums: Sums,
    member: int,
    event: int,
) -> int:
    """Let one thing happen to a member; what went wrong, if anything."""
    kind = past.kind[event]
    if not rules.lives[kind]:
        return FINE
    settle(past, ladder, terms, states, member, event, past.now[event])
    if kind == REDEMPTION:
        redeem_as_observed(past, terms, rewards, states, sums, member, event)
        return FINE
    if kind == RETURN:
        return take_back(past, rules, terms, states, member, event)
    if kind == SALE:
        redeem_eagerly(past, terms, rewards, numbers, states, sums, member, event)
    tier = tier_then(past, states, member, event)
    fault = earn(past, rules, states, sums, event, member, tier)
    if fault != FINE:
        return fault
    uses = use(rules, states, sums, member, past.day[event])
    if len(states.uses):
        states.uses[kept_at(states, event)] = uses
    if len(ladder.thresholds):
        climb(past, ladder, states, sums, member, event)
    credit(states, sums, member, event)
    live_on(terms, states, member, kind, past.day[event])
    return FINE


@compiled
def fold(
    past: Happened,
    rules: Rules,
    ladder: Ladder,
    terms: Terms,
    rewards: Rewards,
    numbers: Numbers,
    states: Standings,
    sums: Sums,
    order: Small,
    members: Small,
    first: int,
    last: int,
    until: int,
) -> int:
    """Go through what happened to the members from the first to before the last, up to a moment.

    One member after another, who then is forgotten; or where `order` says so, all of them in that
    order: who shares a budget takes of it as it was recorded.
    """
    together = last - first if len(order) else 1
    for begin in range(first, last, together):
        end = begin + together
        for place in range(past.first[begin], past.first[end]):
            event = order[place] if len(order) else place
            fault = step(
                past, rules, ladder, terms, rewards, numbers, states, sums, members[event], event
            )
            if fault != FINE:
                return fault
        for member in range(begin, end):
            settle(past, ladder, terms, states, member, past.first[member + 1], until)
        if not len(order):
            forget(states, past.first[begin], past.first[end])
    return FINE
