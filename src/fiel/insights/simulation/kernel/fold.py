"""The fold: what a program comes to on a past, as the replay says it, in a fraction of the time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

import numpy as np

from fiel.domain.deciding.reasons import TIER_AWARD
from fiel.domain.program import Program
from fiel.insights.simulation.behaviour import Behaviour
from fiel.insights.simulation.kernel.cannot import CannotFold
from fiel.insights.simulation.kernel.days import micros
from fiel.insights.simulation.kernel.folding import fold
from fiel.insights.simulation.kernel.layout import (
    ALWAYS,
    BECAME,
    COST,
    EXPIRED,
    FAULTS,
    FINE,
    HAD,
    HELD,
    ISSUED,
    NEVER,
    OUTSTANDING,
    REDEEMED,
    REVIEW_AT,
    TAKEN_BACK,
    TIER,
    UNBOUND,
    WINDOW_PLACE,
    Numbers,
    Small,
    Standings,
    Sums,
)
from fiel.insights.simulation.kernel.matching import Matcher
from fiel.insights.simulation.kernel.past import Past
from fiel.insights.simulation.kernel.plan import (
    Plan,
    plan_of,
    refuse_past,
    refuse_what_cannot_be_folded,
)
from fiel.insights.simulation.kernel.rewarding import shares_of
from fiel.insights.simulation.outcome import Outcome, RewardOutcome, RuleOutcome, UnitOutcome

_FEWEST_MEMBERS = 1_000  # more of them are worth a share of their own
_SHARES = 8  # of each thread: who is done early takes another
_AS_THEY_ARE = np.zeros(0, np.int32)  # one member after another
_ENDLESS = UNBOUND - 1  # of what has a budget, while it is not looked at


class Kernel:
    """One past, ready to be folded under any number of programs."""

    def __init__(self, past: Past, *, threads: int | None = None) -> None:
        self._past = past
        self._matcher = Matcher(past)
        self._threads = threads or cpu_count() or 1

    def refuse(self, program: Program) -> None:
        """Raise at once what a program or the past asks for that is not done.

        Raises:
            CannotFold: names it.
        """
        refuse_what_cannot_be_folded(program)
        refuse_past(program, self._past)

    def fold(self, program: Program, behaviour: Behaviour) -> Outcome:
        """What a program comes to.

        Members are folded side by side. Only where they come to more of a budget or a stock than
        there is does it matter who came first: then all is gone through in the order of recording.

        Raises:
            CannotFold: the program or the past asks for what the kernel does not do.
        """
        plan = plan_of(program, self._past, self._matcher, behaviour)
        states = _standings(plan)
        apart = self._side_by_side(plan, states)
        if _is_overdrawn(plan, apart):
            states = _standings(plan)
            apart = [self._in_order(plan, states)]
        return _outcome(plan, states, apart)

    def _side_by_side(self, plan: Plan, states: Standings) -> list[Sums]:
        members = len(self._past.members)
        most = self._threads * _SHARES if self._threads > 1 else 1
        shares = max(1, min(most, members // _FEWEST_MEMBERS))
        # Of members with as much each: the first share's end is where so much of all happened.
        told = np.linspace(0, len(self._past.kind), shares + 1)
        edges = np.searchsorted(self._past.first, told, side="left").tolist()
        edges[0], edges[-1] = 0, members
        apart = [_sums(plan, is_shared=False) for _ in range(shares)]
        room = int(np.diff(self._past.first).max(initial=0))

        def share(place: int) -> int:
            theirs = _with_room(plan, states, room)
            return self._fold(
                plan, theirs, apart[place], _AS_THEY_ARE, edges[place], edges[place + 1]
            )

        with ThreadPoolExecutor(self._threads) as pool:
            for fault in pool.map(share, range(shares)):
                _refuse(fault)
        return apart

    def _in_order(self, plan: Plan, states: Standings) -> Sums:
        sums = _sums(plan, is_shared=True)
        members = len(self._past.members)
        states = _with_room(plan, states, len(self._past.kind))
        _refuse(self._fold(plan, states, sums, self._past.order, 0, members))
        return sums

    def _fold(
        self, plan: Plan, states: Standings, sums: Sums, order: Small, first: int, last: int
    ) -> int:
        past = self._past
        return fold(
            plan.happened, plan.rules, plan.ladder, plan.terms, plan.rewards, past.members, states,
            sums, order, past.member, first, last, micros(past.until),
        )  # fmt: skip


def _refuse(fault: int) -> None:
    if fault != FINE:
        raise CannotFold(FAULTS[fault])


def _standings(plan: Plan) -> Standings:
    """Members before anything happened, without room for what it will leave."""
    members, units = len(plan.past.members), len(plan.program.units)
    held = np.zeros((members, HELD), np.int64)
    held[:, REVIEW_AT] = NEVER
    held[:, WINDOW_PLACE] = plan.past.first[:-1]
    return Standings(
        held=held,
        used=np.full((members, len(plan.rules.limits), 2), np.iinfo(np.int32).min, np.int32),
        counted=np.zeros(0, np.int64),
        left=np.zeros((units, 0), np.int64),
        given=np.zeros((units, 0), np.int64),
        uses=np.zeros(0, np.int64),
        debt=np.zeros((members, units), np.int64),
        first_lot=np.repeat(plan.past.first[:-1, None], units, axis=1),
        idle_at=np.full((members, units), ALWAYS, np.int64),
        points=np.zeros((members, units, BECAME), np.int64),
        cost=np.zeros(members, np.int64),
    )


def _with_room(plan: Plan, states: Standings, count: int) -> Standings:
    """Members with room for what so much that happens leaves: a power of two, as it is masked."""
    units, room = len(plan.program.units), 1 << max(0, count - 1).bit_length()
    to_come_back = room if len(plan.past.returns.event) else 0
    return states._replace(
        counted=np.zeros(room, np.int64),
        left=np.zeros((units, room), np.int64),
        given=np.zeros((units, to_come_back), np.int64),
        uses=np.zeros(to_come_back, np.int64),
    )


def _sums(plan: Plan, *, is_shared: bool) -> Sums:
    """Room to add up; what is shared is looked at only where all is gone through in order."""
    slots, units = plan.budgets.shape
    lines = max(1, plan.most_lines)
    multipliers, limits = len(plan.rules.multipliers), len(plan.rules.limits)
    rates = max(1, len(plan.rules.rates))
    budgets, shares = plan.budgets, shares_of(plan.program)
    if not is_shared:
        budgets = np.where(budgets < UNBOUND, _ENDLESS, budgets)
        shares = np.full_like(shares, UNBOUND)
    return Sums(
        budgets=budgets.copy(),
        asked=np.zeros((slots, units), np.int64),
        shares=shares,
        by_rule=np.zeros((slots, units, 3), np.int64),
        places=np.zeros(lines, np.int64),
        amounts=np.zeros(lines, np.int64),
        factors=np.zeros(lines, np.int64),
        tried=np.zeros(lines, np.int64),
        weighed=np.zeros(lines, np.int64),
        touched=np.zeros(lines, np.bool_),
        points=np.zeros((multipliers + 3, rates), np.int64),
        steps=np.zeros(multipliers + 3, np.int64),
        given=np.zeros(units, np.int64),
        uses=np.zeros(limits, np.bool_),
        rewards=np.zeros((len(shares), 2), np.int64),
        unmet=np.zeros(1, np.int64),
    )


def _is_overdrawn(plan: Plan, apart: list[Sums]) -> bool:
    """Whether members who did not look at each other took more than there is."""
    asked = _summed(apart, lambda each: each.asked)
    had = _summed(apart, lambda each: each.rewards)
    return bool(np.any(asked > plan.budgets) or np.any(had > shares_of(plan.program)))


def _summed(apart: list[Sums], of: Callable[[Sums], Numbers]) -> Numbers:
    found: Numbers = np.sum([of(each) for each in apart], axis=0)
    return found


def _outcome(plan: Plan, states: Standings, apart: list[Sums]) -> Outcome:
    program, past = plan.program, plan.past
    by_rule = _summed(apart, lambda each: each.by_rule)
    had = _summed(apart, lambda each: each.rewards)
    names = [*(rule.id for rule in program.earn), TIER_AWARD]
    rules = {
        (name, unit): RuleOutcome(int(by_rule[slot, place, 0]), int(by_rule[slot, place, 1]))
        for slot, name in enumerate(names)
        for place, unit in enumerate(program.units)
        if by_rule[slot, place, 1]
    }
    asked = _summed(apart, lambda each: each.asked)
    nothing = np.zeros(len(past.members), np.int64)
    return Outcome(
        until=past.until,
        members=past.members,
        units={
            unit: UnitOutcome(
                issued=states.points[:, place, ISSUED].copy(),
                brought=nothing,
                taken_back=states.points[:, place, TAKEN_BACK].copy(),
                redeemed=states.points[:, place, REDEEMED].copy(),
                expired=states.points[:, place, EXPIRED].copy(),
                outstanding=states.points[:, place, OUTSTANDING].copy(),
            )
            for place, unit in enumerate(program.units)
        },
        tiers=tuple(level.id for level in program.tiers.levels) if program.tiers else (),
        tier=(states.held[:, TIER] - 1).astype(np.int16),
        cost=states.cost,
        paid=nothing,
        rules=dict(sorted(rules.items(), key=lambda item: str(item[0]))),
        rewards={
            reward.id: RewardOutcome(int(had[place, HAD]), 0, int(had[place, COST]))
            for place, reward in enumerate(program.rewards.values())
            if had[place, HAD]
        },
        unmet=int(_summed(apart, lambda each: each.unmet)[0]),
        asked={
            (rule.id, unit): int(asked[slot, place])
            for slot, rule in enumerate(program.earn)
            for place, unit in enumerate(program.units)
            if asked[slot, place]
        },
    )
