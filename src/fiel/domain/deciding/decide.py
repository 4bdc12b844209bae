"""Decide: what a program does about an activity. Pure, exact, and the same through every door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from fiel.domain.activity import Action, Activity, Sale
from fiel.domain.deciding.case import Case, Replayed
from fiel.domain.deciding.reaching import reach
from fiel.domain.deciding.reasons import MULTIPLIED
from fiel.domain.deciding.rulebook import EventRules, Rulebook, event_of
from fiel.domain.decision import Advance, Award, Decision, Term, TierChange
from fiel.domain.holdout import HELD_OUT, NOBODY, is_held_out_of_all
from fiel.domain.member import LimitKey, MemberFacts, MemberState, Qualifying
from fiel.domain.milestones import MilestoneFacts
from fiel.domain.tiers import climbed_to, zone_of
from fiel.domain.time import period_start


def decide(
    rulebook: Rulebook,
    member: MemberState,
    activity: Activity,
    *,
    budgets_left: Mapping[tuple[str, str], int] | None,
) -> Decision:
    """Decide what a member gets for an activity.

    A budgeted rule that `budgets_left` does not name has its whole budget left; without
    `budgets_left` budgets are not looked at.

    Raises:
        TooManyPoints: an award is larger than can be counted.
    """
    return decide_with(
        rulebook,
        member.facts,
        activity,
        limits_used=member.limits_used,
        budgets_left=budgets_left,
        window=member.window,
        milestones=member.milestones,
        held_out=member.held_out,
    )


def decide_with(
    rulebook: Rulebook,
    facts: MemberFacts,
    activity: Activity,
    *,
    limits_used: Mapping[LimitKey, int],
    budgets_left: Mapping[tuple[str, str], int] | None,
    window: Qualifying | None,
    replayed: Replayed | None = None,
    milestones: MilestoneFacts | None = None,
    held_out: frozenset[str] = NOBODY,
) -> Decision:
    """Decide on known facts; without a window no tier is climbed.

    Who is held out of the whole program earns nothing, reaches no milestone and climbs no tier.
    What is bought counts for everybody.
    """
    rules = rulebook.rules[event_of(activity)]
    local = activity.occurred_at.astimezone(zone_of(rulebook.program, activity))
    case = Case(
        rulebook,
        rules,
        facts,
        activity if isinstance(activity, Sale | Action) else None,
        local,
        limits_used,
        budgets_left,
        replayed,
        held_out,
    )
    case.consider()
    if is_held_out_of_all(held_out):
        case.note_held_out()
        milestones = window = None
    advances: Sequence[Advance] = ()
    if milestones is not None and rules.milestones:
        advances = reach(rulebook, rules, case, activity, local, facts, milestones, limits_used)
    counted = _counted(rulebook, activity, case.awards)
    return Decision(
        awards=tuple(case.awards),
        skipped=tuple(case.skipped),
        terms=_terms(rulebook, activity.occurred_at, local.date(), case.awards),
        counted=counted,
        tier=None if window is None else tier_change(rulebook, facts.tier, window, counted),
        limits=case.limits,
        budgets=case.budgets,
        pinned=_pinned(rules, facts, case.multiplied, held_out),
        advances=tuple(advances),
    )


def limit_keys(rulebook: Rulebook, activity: Activity) -> tuple[LimitKey, ...]:
    """What must be known of `MemberState.limits_used` to decide on an activity."""
    limited = rulebook.rules[event_of(activity)].limits
    if not limited:
        return ()
    day = activity.occurred_at.astimezone(zone_of(rulebook.program, activity)).date()
    kind = activity.type if isinstance(activity, Action) else None
    return tuple(
        (rule.id, period_start(rule.every, day))
        for rule in limited
        if rule.activity is None or rule.activity == kind
    )


def _counted(rulebook: Rulebook, activity: Activity, awards: list[Award]) -> Qualifying:
    unit = rulebook.tier_unit
    points = 0
    for award in awards:
        if award.unit == unit:
            points += award.points
    if isinstance(activity, Sale):
        return Qualifying(activity.net, points, 1 if activity.lines else 0)
    return Qualifying(0, points, 0)


def _terms(
    rulebook: Rulebook, earned_at: datetime, day: date, awards: list[Award]
) -> dict[str, Term]:
    terms: dict[str, Term] = {}
    for award in awards:
        unit = award.unit
        if unit not in terms:
            terms[unit] = rulebook.terms[unit].at(earned_at, day)
    return terms


def tier_change(
    rulebook: Rulebook, held: str | None, window: Qualifying, counted: Qualifying
) -> TierChange | None:
    """The climb that what counts now brings to who holds a tier."""
    tiers, climbs_by = rulebook.program.tiers, rulebook.climbs_by
    if tiers is None or climbs_by is None:
        return None
    total = climbs_by(window) + climbs_by(counted)
    threshold = rulebook.next_thresholds.get(held)
    if threshold is not None and total < threshold:
        return None
    reached = climbed_to(tiers, held, total)
    return TierChange(held, reached.id) if reached else None


def _pinned(
    rules: EventRules,
    facts: MemberFacts,
    multiplied: list[list[str]],
    held_out: frozenset[str],
) -> dict[str, object]:
    pinned: dict[str, object] = {}
    if multiplied:
        pinned[MULTIPLIED] = multiplied
    if held := held_out & rules.holdouts:
        pinned[HELD_OUT] = sorted(held)
    for pin in rules.pins:
        value = getattr(facts, pin.field)
        if pin.key is not None:
            if pin.key not in value:
                continue
            value = value[pin.key]
        pinned[pin.name] = list(value) if isinstance(value, tuple) else value
    return pinned
