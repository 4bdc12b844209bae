"""Rulebooks: a version of a program prepared for deciding, so that little is left for a sale."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import lcm
from operator import attrgetter

from fiel.domain.activity import Action, Activity, OccasionKind, Sale
from fiel.domain.conditions import Condition
from fiel.domain.deciding.index import Index
from fiel.domain.deciding.prepared import (
    Giver,
    Multiplier,
    Reachable,
    giver_of,
    limit_of,
    multiplier_of,
    reachable_of,
)
from fiel.domain.deciding.stacking import STACKS
from fiel.domain.deciding.terms import UnitTerms
from fiel.domain.holdout import WHOLE_PROGRAM, Holdouts
from fiel.domain.member import Qualifying
from fiel.domain.milestones import ACTIVITIES, SPEND, STREAK, VISITS
from fiel.domain.program import EarnRule, Event, Give, Milestone, Multiply, Program
from fiel.domain.time import Period

_EVENT_OF_OCCASION = {
    OccasionKind.ENROLMENT: Event.ENROLMENT,
    OccasionKind.BIRTHDAY: Event.BIRTHDAY,
    OccasionKind.ANNIVERSARY: Event.ANNIVERSARY,
}


@dataclass(frozen=True, slots=True, eq=False)
class Pin:
    """A fact about the member that is kept with the decision: a field, or a key of one."""

    name: str
    field: str
    key: str | None


@dataclass(frozen=True, slots=True, eq=False)
class LimitedRule:
    """A rule that may award a member only so often in each period."""

    id: str
    activity: str | None
    every: Period


@dataclass(frozen=True, slots=True, eq=False)
class EventRules:
    """What a program has to say about one event."""

    givers: Index[Giver]
    multipliers: Index[Multiplier]
    limits: tuple[LimitedRule, ...]
    pins: tuple[Pin, ...]
    any_shipping: bool
    milestones: tuple[Reachable, ...] = ()
    holdouts: frozenset[str] = frozenset()  # ids of holdouts that a replay must know of


class Rulebook:
    """One version of a program, ready to decide with; made once and shared."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.stack_type = STACKS[program.stacking]
        self.factor_scale = _common_scale(program)
        self.tier_factors: Mapping[str | None, int] = {
            level.id: int(level.multiply * self.factor_scale)
            for level in (program.tiers.levels if program.tiers else ())
            if level.multiply != 1
        }
        self.tier_unit = _tier_unit(program)
        self.climbs_by: Callable[[Qualifying], int] | None = (
            attrgetter(program.tiers.by.value) if program.tiers else None
        )
        self.next_thresholds = _next_thresholds(program)
        self.holdouts = Holdouts.of(program)
        self.terms = {unit.id: UnitTerms(unit, program.timezone) for unit in program.units.values()}
        self.rules = {event: self._rules_of(event) for event in Event}

    @classmethod
    def of(cls, program: Program) -> Rulebook:
        """Prepare a version of a program."""
        return cls(program)

    @cached_property
    def limited_rules(self) -> frozenset[str]:
        """The rules that may award a member only so often."""
        return frozenset(rule.id for rules in self.rules.values() for rule in rules.limits)

    @cached_property
    def budgeted_rules(self) -> frozenset[str]:
        """The rules that may give out only so much in all."""
        return frozenset(rule.id for rule in self.program.earn if rule.budget)

    @cached_property
    def reads_member(self) -> frozenset[str]:
        """The fields of `MemberFacts` that the conditions of earning name."""
        conditions = [rule.where for rule in self.program.earn]
        conditions += [milestone.where for milestone in self.program.milestones]
        return frozenset(pin.field for where in conditions for pin in _facts_read(where))

    def _rules_of(self, event: Event) -> EventRules:
        rules = [
            (place, rule) for place, rule in enumerate(self.program.earn) if rule.event is event
        ]
        multipliers = [
            multiplier_of(place, rule, rule.effect, self.factor_scale)
            for place, rule in rules
            if isinstance(rule.effect, Multiply)
        ]
        givers = [
            giver_of(
                place,
                rule,
                rule.effect,
                self.program.units,
                is_multiplied=self._is_multiplied(rule, rule.effect, multipliers),
            )
            for place, rule in rules
            if isinstance(rule.effect, Give)
        ]
        milestones = tuple(
            reachable_of(place, milestone)
            for place, milestone in enumerate(self.program.milestones)
            if event in _events_counted(milestone)
        )
        return EventRules(
            givers=Index(givers),
            multipliers=Index(multipliers),
            limits=(
                *(
                    LimitedRule(rule.id, rule.activity, limit.every)
                    for _, rule in rules
                    if (limit := limit_of(rule))
                ),
                *(
                    LimitedRule(each.id, each.activity, each.limit.every)
                    for each in milestones
                    if each.limit
                ),
            ),
            pins=self._pins([rule for _, rule in rules], milestones),
            any_shipping=any(giver.shipping for giver in givers),
            milestones=milestones,
            holdouts=frozenset(
                [WHOLE_PROGRAM, *(rule.id for _, rule in rules if rule.holdout is not None)]
            ),
        )

    def _is_multiplied(self, rule: EarnRule, give: Give, multipliers: list[Multiplier]) -> bool:
        by_value = give.per is not None
        return (by_value and bool(self.tier_factors)) or any(
            rule.id in each.names if each.names else by_value for each in multipliers
        )

    def _pins(self, rules: list[EarnRule], milestones: Iterable[Reachable]) -> tuple[Pin, ...]:
        conditions = [rule.where for rule in rules] + [each.where for each in milestones]
        pins = {pin.name: pin for where in conditions for pin in _facts_read(where)}
        if self.tier_factors and any(
            isinstance(rule.effect, Give) and rule.effect.per is not None for rule in rules
        ):
            pins["tier"] = Pin("tier", "tier", None)
        return tuple(pins[name] for name in sorted(pins))


def event_of(activity: Activity) -> Event:
    """The event of the document that an activity is."""
    if isinstance(activity, Sale):
        return Event.SALE
    if isinstance(activity, Action):
        return Event.ACTIVITY
    return _EVENT_OF_OCCASION[activity.kind]


def _events_counted(milestone: Milestone) -> Collection[Event]:
    """The events that can count towards a milestone."""
    if milestone.consume:
        return tuple(Event)  # whatever happens, the balance can have grown
    if milestone.activity is not None or milestone.of == ACTIVITIES:
        return (Event.ACTIVITY,)
    if milestone.of in (SPEND, VISITS, STREAK) or milestone.where is not None:
        return (Event.SALE,)
    return tuple(Event)


def _facts_read(where: Condition | None) -> list[Pin]:
    """The member facts that a condition reads."""
    pins = []
    for name in where.reads if where else ():
        if name.startswith("member."):
            path = name.removeprefix("member.")
            field, _, key = path.partition(".")
            pins.append(Pin(path, field, key or None))
    return pins


def _common_scale(program: Program) -> int:
    """The least number of parts that makes every factor of the program a whole number of them."""
    promotions = [rule.effect.factor for rule in program.earn if isinstance(rule.effect, Multiply)]
    levels = [level.multiply for level in program.tiers.levels] if program.tiers else []
    return lcm(1, *(factor.denominator for factor in promotions + levels))


def _tier_unit(program: Program) -> str | None:
    """The unit whose points count as `Qualifying.points`: the ladder's, else the first."""
    if program.tiers and program.tiers.unit is not None:
        return program.tiers.unit
    return next(iter(program.units), None)


def _next_thresholds(program: Program) -> Mapping[str | None, int]:
    """What the total must at least be to climb from each tier; the last has nowhere to go."""
    levels = program.tiers.levels if program.tiers else ()
    return {held.id: above.threshold for held, above in pairwise(levels)}
