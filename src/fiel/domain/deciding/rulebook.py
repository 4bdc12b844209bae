"""Rulebooks: a program's version prepared for deciding, so that nothing is worked out per sale.

Every fraction of the document becomes whole numbers here: an award is then one multiplication,
one addition for the rounding and one division of integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import lcm

from fiel.domain.activity import Action, Activity, OccasionKind, Sale
from fiel.domain.conditions import Test
from fiel.domain.deciding.reasons import Kind
from fiel.domain.program import (
    Basis,
    EarnRule,
    Event,
    Extra,
    Give,
    Limit,
    Multiply,
    Program,
    Rounding,
    RoundPer,
    Schedule,
    Stacking,
)
from fiel.domain.time import Period

# A date is honoured once for each time it falls due, and a member joins once, whatever the
# calendar or a changed birthday says.
_ONCE = {
    Event.BIRTHDAY: Limit(1, Period.YEAR),
    Event.ANNIVERSARY: Limit(1, Period.YEAR),
    Event.ENROLMENT: Limit(1, Period.PROGRAM),
}

_EVENT_OF_OCCASION = {
    OccasionKind.ENROLMENT: Event.ENROLMENT,
    OccasionKind.BIRTHDAY: Event.BIRTHDAY,
    OccasionKind.ANNIVERSARY: Event.ANNIVERSARY,
}


@dataclass(frozen=True, slots=True, eq=False)
class Rate:
    """Points of a unit for an amount: ⌊(numerator × amount + bias) ÷ denominator⌋.

    Numerator and denominator are doubled so that a half is a whole number.
    """

    unit: str
    numerator: int
    denominator: int
    rounding: Rounding
    per_line: bool

    def bias(self, denominator: int) -> int:
        """What is added before dividing so that the division rounds as the unit says."""
        if self.rounding is Rounding.FLOOR:
            return 0
        return denominator // 2 if self.rounding is Rounding.HALF_UP else denominator - 1


@dataclass(frozen=True, slots=True, eq=False)
class Multiplier:
    """A rule that multiplies; `factor` is in `Rulebook.factor_scale` parts of one."""

    position: int
    id: str
    activity: str | None
    test: Test | None
    by_line: bool
    schedule: Schedule | None
    limit: Limit | None
    budget: Mapping[str, int] | None
    factor: int
    names: frozenset[str]  # the rules it names; none: all that give by value

    def acts_on(self, rule: EarnRule) -> bool:
        """Whether it multiplies what a rule gives."""
        if self.names:
            return rule.id in self.names
        return isinstance(rule.effect, Give) and rule.effect.per is not None


@dataclass(frozen=True, slots=True, eq=False)
class Giver:
    """A rule that gives."""

    position: int
    id: str
    activity: str | None
    test: Test | None
    by_line: bool
    schedule: Schedule | None
    limit: Limit | None
    budget: Mapping[str, int] | None
    kind: Kind
    rates: tuple[Rate, ...]
    basis: Basis
    gift_cards: bool
    shipping: bool
    named: frozenset[str]  # the texts its condition mentions
    multipliers: tuple[Multiplier, ...]
    takes_tier: bool


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


class Rulebook:
    """One version of a program, ready to decide with; made once and shared."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.multiplies_sums = program.stacking is Stacking.ADD
        self.multiplies_best = program.stacking is Stacking.BEST
        self.factor_scale = _common_scale(program)
        self.tier_factors = {
            level.id: int(level.multiply * self.factor_scale)
            for level in (program.tiers.levels if program.tiers else ())
            if level.multiply != 1
        }
        self.tier_unit = _tier_unit(program)
        self.givers = {event: self._givers(event) for event in Event}
        self.pins = {event: self._pins(event) for event in Event}
        self.limits = {event: _limits(program, event) for event in Event}
        self.any_shipping = any(giver.shipping for giver in self.givers[Event.SALE])

    @classmethod
    def of(cls, program: Program) -> Rulebook:
        """Prepare a version of a program."""
        return cls(program)

    @cached_property
    def limited_rules(self) -> frozenset[str]:
        """The rules that may award a member only so often."""
        return frozenset(rule.id for limits in self.limits.values() for rule in limits)

    @cached_property
    def budgeted_rules(self) -> frozenset[str]:
        """The rules that may give out only so much in all."""
        return frozenset(rule.id for rule in self.program.earn if rule.budget)

    @cached_property
    def budgeted_events(self) -> frozenset[Event]:
        """The events on which a rule may take from a budget."""
        return frozenset(rule.event for rule in self.program.earn if rule.budget)

    @cached_property
    def reads_member(self) -> frozenset[str]:
        """The fields of `MemberFacts` that the conditions of earning name."""
        return frozenset(field for rule in self.program.earn for _, field, _ in _facts_read(rule))

    def _givers(self, event: Event) -> tuple[Giver, ...]:
        rules = [
            (place, rule) for place, rule in enumerate(self.program.earn) if rule.event is event
        ]
        multipliers = [
            _multiplier(place, rule, rule.effect, self.factor_scale)
            for place, rule in rules
            if isinstance(rule.effect, Multiply)
        ]
        return tuple(
            self._giver(place, rule, rule.effect, multipliers)
            for place, rule in rules
            if isinstance(rule.effect, Give)
        )

    def _giver(
        self, position: int, rule: EarnRule, give: Give, multipliers: list[Multiplier]
    ) -> Giver:
        on_sale = rule.event is Event.SALE
        assert on_sale or (give.per is None and not give.per_item), "only a sale has an amount"
        kind = Kind.PER if give.per is not None else Kind.ITEM if give.per_item else Kind.FIXED
        return Giver(
            position=position,
            id=rule.id,
            activity=rule.activity,
            test=rule.where.matches if rule.where else None,
            by_line=on_sale and _reads_line(rule),
            schedule=rule.when,
            limit=rule.limit or _ONCE.get(rule.event),
            budget=rule.budget.amounts if rule.budget else None,
            kind=kind,
            rates=tuple(self._rate(unit, kind, give) for unit in give.amounts),
            basis=rule.of,
            gift_cards=Extra.GIFT_CARDS in rule.include,
            shipping=Extra.SHIPPING in rule.include,
            named=rule.where.literals if rule.where else frozenset(),
            multipliers=tuple(each for each in multipliers if each.acts_on(rule)),
            takes_tier=kind is Kind.PER and bool(self.tier_factors),
        )

    def _rate(self, unit_id: str, kind: Kind, give: Give) -> Rate:
        unit, amount = self.program.units[unit_id], give.amounts[unit_id]
        return Rate(
            unit=unit_id,
            numerator=amount.numerator * 2,
            denominator=amount.denominator * (give.per or 1) * 2,
            # Part of an item is none: half a kilo of a stamped article gives no stamp.
            rounding=Rounding.FLOOR if kind is Kind.ITEM else unit.rounding,
            per_line=unit.round_per is RoundPer.LINE,
        )

    def _pins(self, event: Event) -> tuple[Pin, ...]:
        pins = {
            name: Pin(name, field, key)
            for rule in self.program.earn
            if rule.event is event
            for name, field, key in _facts_read(rule)
        }
        if any(giver.takes_tier for giver in self.givers[event]):
            pins.setdefault("tier", Pin("tier", "tier", None))
        return tuple(pins[name] for name in sorted(pins))


def event_of(activity: Activity) -> Event:
    """The event of the document that an activity is."""
    if isinstance(activity, Sale):
        return Event.SALE
    if isinstance(activity, Action):
        return Event.ACTIVITY
    return _EVENT_OF_OCCASION[activity.kind]


def _multiplier(position: int, rule: EarnRule, multiply: Multiply, scale: int) -> Multiplier:
    return Multiplier(
        position=position,
        id=rule.id,
        activity=rule.activity,
        test=rule.where.matches if rule.where else None,
        by_line=rule.event is Event.SALE and _reads_line(rule),
        schedule=rule.when,
        limit=rule.limit,
        budget=rule.budget.amounts if rule.budget else None,
        factor=int(multiply.factor * scale),
        names=frozenset(multiply.rules),
    )


def _reads_line(rule: EarnRule) -> bool:
    return rule.where is not None and any(
        name == "line" or name.startswith("line.") for name in rule.where.reads
    )


def _facts_read(rule: EarnRule) -> list[tuple[str, str, str | None]]:
    """The member facts a rule's condition reads: full name, field, key within the field."""
    facts = []
    for name in rule.where.reads if rule.where else ():
        if name.startswith("member."):
            path = name.removeprefix("member.")
            field, _, key = path.partition(".")
            facts.append((path, field, key or None))
    return facts


def _limits(program: Program, event: Event) -> tuple[LimitedRule, ...]:
    limits = []
    for rule in program.earn:
        limit = rule.limit or (_ONCE.get(event) if isinstance(rule.effect, Give) else None)
        if rule.event is event and limit:
            limits.append(LimitedRule(rule.id, rule.activity, limit.every))
    return tuple(limits)


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
