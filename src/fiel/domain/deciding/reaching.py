"""Reaching: what an activity counts towards each milestone, and which of them it reaches.

What milestones give does not count towards milestones: so the order of activities, and in how
many parts they come, does not change how many are reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fiel.domain.activity import Action, Activity, Sale
from fiel.domain.deciding.case import LARGEST_AWARD, Case, TooManyPoints
from fiel.domain.deciding.pinning import pinned_facts, pinned_holdouts
from fiel.domain.deciding.prepared import Reachable
from fiel.domain.deciding.reasons import Kind
from fiel.domain.deciding.rulebook import EventRules, Rulebook
from fiel.domain.deciding.schedules import is_open
from fiel.domain.decision import Advance, Award, Decision
from fiel.domain.holdout import is_held_out_of_all
from fiel.domain.language import N_
from fiel.domain.member import LimitKey, MemberFacts, Qualifying
from fiel.domain.milestones import (
    COUNTED_WORDS,
    FIRST_DAY,
    NO_PROGRESS,
    SPEND,
    STREAK,
    MilestoneFacts,
    Progress,
    badge_counter,
    counter_of,
    counts_all_of_unit,
    counts_of_book,
    level,
    level_of,
    limit_rule,
    period_number,
    with_mark,
)
from fiel.domain.program import Event, Milestone
from fiel.domain.slots import set_directly
from fiel.domain.tiers import zone_of
from fiel.domain.time import period_start

# One activity reaches a milestone so many times at most: a level of a cent is a mistake.
MOST_AT_ONCE = 100


@set_directly
@dataclass(frozen=True, slots=True)
class Counting:
    """What an activity counts towards a milestone; `mark` is the period of a streak it is in."""

    milestone: Milestone
    counter: str
    added: int
    mark: int | None = None


def countings(
    rules: EventRules, case: Case, activity: Activity, local: datetime, earned: Mapping[str, int]
) -> list[Counting]:
    """What an activity that earned so much of each unit counts, milestone by milestone."""
    found = []
    kind = activity.type if isinstance(activity, Action) else None
    day = local.date()
    for prepared in rules.milestones:
        milestone = prepared.milestone
        if milestone.consume or (prepared.activity is not None and prepared.activity != kind):
            continue
        if prepared.schedule is not None and not is_open(prepared.schedule, local):
            continue
        places = _places(case, prepared)
        if not places:
            continue
        mark = None
        if milestone.of == STREAK:
            assert milestone.period is not None, "a streak has periods"
            if day < FIRST_DAY:
                continue
            mark, added = period_number(milestone.period, day), 1
        else:
            added = _added(milestone, activity, places, earned, by_line=prepared.by_line)
        if added:
            found.append(Counting(milestone, counter_of(milestone, day), added, mark))
    return found


def _places(case: Case, prepared: Reachable) -> Sequence[int]:
    """Where an activity matches; points of a unit count wherever they come from."""
    if prepared.where is None and prepared.milestone.of not in COUNTED_WORDS:
        return (0,)
    return case.goods_where(prepared)


def _added(
    milestone: Milestone,
    activity: Activity,
    places: Sequence[int],
    earned: Mapping[str, int],
    *,
    by_line: bool,
) -> int:
    match milestone.of:
        case "spend":
            assert isinstance(activity, Sale), "only sales are spent on"
            if not by_line:
                return activity.net
            return sum(activity.lines[place].net for place in places)
        case "visits" | "activities":
            return 1
        case unit:
            return earned.get(unit, 0)


def reach(
    rulebook: Rulebook,
    rules: EventRules,
    case: Case,
    activity: Activity,
    local: datetime,
    facts: MemberFacts,
    so_far: MilestoneFacts,
    limits_used: Mapping[LimitKey, int],
) -> list[Advance]:
    """Count an activity towards the milestones, and award those that it reaches to the case.

    Raises:
        TooManyPoints: a milestone would give more than can be counted.
    """
    earned: dict[str, int] = {}
    for award in case.awards:
        earned[award.unit] = earned.get(award.unit, 0) + award.points
    reached = _Reached(case, local.date(), limits_used, [])
    for counting in countings(rules, case, activity, local, earned):
        _count(reached, counting, facts, so_far)
    usable = dict(so_far.usable)
    for prepared in rules.milestones:
        milestone = prepared.milestone
        if milestone.consume:
            term = rulebook.terms[milestone.of].at(activity.occurred_at, local.date())
            now = so_far.now or activity.occurred_at
            lasts = term.ends_at is None or now < term.ends_at
            earned_now = earned.get(milestone.of, 0) if term.starts_at <= now and lasts else 0
            _consume(reached, milestone, usable, earned_now)
    return reached.advances


def counters_of(rulebook: Rulebook, activity: Activity, now: datetime) -> tuple[str, ...]:
    """What must be known of `MilestoneFacts.progress` to decide on an activity.

    What counts now is among it too, so that it can be told how much is missing to each milestone.
    """
    milestones = rulebook.program.milestones
    if not milestones:
        return ()
    day = activity.occurred_at.astimezone(zone_of(rulebook.program, activity)).date()
    today = now.astimezone(rulebook.program.timezone).date()
    counters = {counter_of(each, when) for each in milestones for when in (day, today)}
    badges = {badge_counter(each.badge) for each in milestones if each.badge is not None}
    return (*counters, *badges)


@dataclass(slots=True)
class _Reached:
    """What milestones make of an activity so far."""

    case: Case
    day: date
    limits_used: Mapping[LimitKey, int]
    advances: list[Advance]


def _count(
    reached: _Reached, counting: Counting, facts: MemberFacts, so_far: MilestoneFacts
) -> None:
    milestone, counter = counting.milestone, counting.counter
    known = so_far.progress.get(counter)
    progress = known or NO_PROGRESS
    added = counting.added
    if counts_of_book(milestone):
        before = facts.spend if milestone.of == SPEND else facts.visits
        gained = level(milestone, before + added) - level(milestone, before)
        added = 0
    elif counting.mark is not None:
        after = with_mark(progress, counting.mark)
        gained = (
            0
            if after.marks == progress.marks and after.first == progress.first
            else level_of(milestone, after) - level_of(milestone, progress)
        )
    else:
        before = progress.total
        if known is None and counts_all_of_unit(milestone):
            # What was earned before the milestone was there counts, and is taken over once.
            before = so_far.issued.get(milestone.of, 0)
            gained = level(milestone, before + added) - level(milestone, before)
            added += before
        else:
            gained = level(milestone, before + added) - level(milestone, before)
    given, kept = _owed(progress, gained)
    given = _give(reached, milestone, given)
    if added or given or kept:
        reached.advances.append(Advance(counter, added, given, kept, counting.mark))
    _give_badge(reached, milestone, given)


def _owed(progress: Progress, gained: int) -> tuple[int, int]:
    """How many gifts levels gained bring, and by how many those change that were kept."""
    if gained < 0:  # a line of less than nothing; what was given stays given
        return 0, -gained
    if progress.kept < 0:  # still to be given, from what was counted for another member
        return gained - progress.kept, -progress.kept
    again = min(progress.kept, gained)
    return gained - again, -again


def _consume(
    reached: _Reached, milestone: Milestone, usable: dict[str, int], earned_now: int
) -> None:
    unit, every = milestone.of, milestone.every
    assert every is not None, "what is consumed is consumed again and again"
    had = usable.get(unit, 0)
    given = _give(reached, milestone, max(0, had + earned_now) // every)
    if given:
        usable[unit] = had - given * every
        reached.advances.append(Advance(counter_of(milestone, reached.day), 0, given))
        _give_badge(reached, milestone, given)


def _give(reached: _Reached, milestone: Milestone, times: int) -> int:
    """Give a gift so many times, as often as its limit lets; how often that was."""
    times = min(times, MOST_AT_ONCE)
    if milestone.limit is not None and times:
        key = (limit_rule(milestone.id), period_start(milestone.limit.every, reached.day))
        left = milestone.limit.per_member - reached.limits_used.get(key, 0)
        times = min(times, max(0, left))
        if times:
            reached.case.limits[key] = times
    if times:
        for unit, amount in milestone.give.items():
            points = int(amount) * times
            if points > LARGEST_AWARD:
                raise TooManyPoints(
                    N_("The milestone {milestone} would give too many points."),
                    milestone=milestone.id,
                )
            reason = {"kind": Kind.MILESTONE.value, "times": times}
            reached.case.awards.append(Award(milestone.id, unit, points, reason))
    return times


def _give_badge(reached: _Reached, milestone: Milestone, times: int) -> None:
    if milestone.badge is not None and times:
        reached.advances.append(Advance(badge_counter(milestone.badge), 0, times))


def of_rules(decision: Decision, tier_unit: str | None) -> Decision:
    """A decision without what milestones gave: what of a sale its own lines earned.

    A return takes that back line by line; what milestones gave it takes back only when a level is
    lost. `tier_unit` is the unit that counts towards the tier (`Rulebook.tier_unit`).
    """
    given = [award for award in decision.awards if award.reason["kind"] == Kind.MILESTONE]
    if not decision.advances and not given:
        return decision
    counted = decision.counted
    points = sum(award.points for award in given if award.unit == tier_unit)
    return Decision(
        awards=tuple(award for award in decision.awards if award not in given),
        skipped=decision.skipped,
        terms=decision.terms,
        counted=Qualifying(counted.spend, counted.points - points, counted.visits),
        tier=decision.tier,
        limits={
            key: times
            for key, times in decision.limits.items()
            if not key[0].startswith(limit_rule(""))
        },
        budgets=decision.budgets,
        pinned=decision.pinned,
    )


def uncounted(
    rulebook: Rulebook,
    decision: Decision,
    *,
    before: Sale,
    after: Sale,
    held_before: Mapping[str, int],
    held_after: Mapping[str, int],
) -> list[Counting]:
    """What a sale counts no more when `after` is left of what was `before`, below zero.

    The rulebook is that of the version which decided the sale, the facts those that were pinned;
    `held_*` is what the sale holds of each unit by its rules.
    """
    earlier = _recounted(rulebook, decision, before, held_before)
    left = {each.counter: each.added for each in _recounted(rulebook, decision, after, held_after)}
    found = []
    for each in earlier:
        lost = left.get(each.counter, 0) - each.added
        if lost < 0:
            found.append(Counting(each.milestone, each.counter, lost, each.mark))
    return found


def _recounted(
    rulebook: Rulebook, decision: Decision, sale: Sale, held: Mapping[str, int]
) -> list[Counting]:
    rules = rulebook.rules[Event.SALE]
    if not rules.milestones or is_held_out_of_all(pinned_holdouts(decision.pinned)):
        return []
    local = sale.occurred_at.astimezone(zone_of(rulebook.program, sale))
    facts = pinned_facts(decision.pinned)
    case = Case(rulebook, rules, facts, sale, local, {}, None, None)
    return countings(rules, case, sale, local, held)
