"""Rules prepared for deciding: every fraction of the document as whole numbers.

An award is then one multiplication, one addition for the rounding and one division of integers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from fiel.domain.activity import Line
from fiel.domain.conditions import Condition, Test
from fiel.domain.milestones import limit_rule
from fiel.domain.program import (
    EarnRule,
    Event,
    Extra,
    Give,
    Limit,
    Milestone,
    Multiply,
    Rounding,
    RoundPer,
    Schedule,
    Unit,
)
from fiel.domain.time import Period

# A date is honoured once for each time it falls due, and a member joins once, whatever the
# calendar or a changed birthday says.
_ONCE = {
    Event.BIRTHDAY: Limit(1, Period.YEAR),
    Event.ANNIVERSARY: Limit(1, Period.YEAR),
    Event.ENROLMENT: Limit(1, Period.PROGRAM),
}


@dataclass(frozen=True, slots=True, eq=False)
class Rate:
    """Points of a unit for an amount: ⌊(numerator × amount + bias) ÷ denominator⌋.

    Numerator and denominator are doubled so that half of it is a whole number. For an amount in
    `scale` parts of one the denominator is `scale` times as large, and the bias
    `bias × scale + rise × (scale − 1)`: nothing to round down, half of the denominator to round
    half up, one less than the denominator to round up.
    """

    unit: str
    numerator: int
    denominator: int
    bias: int
    rise: int
    per_line: bool


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """What every rule has: when it speaks and how often.

    `position` is its place in the document; `by_line` says that its condition reads the line,
    `is_counted` that it has a limit or a budget.
    """

    position: int
    id: str
    activity: str | None
    where: Condition | None
    test: Test | None
    by_line: bool
    schedule: Schedule | None
    limit: Limit | None
    budget: Mapping[str, int] | None
    is_counted: bool


@dataclass(frozen=True, slots=True, eq=False)
class Multiplier(Spoken):
    """A rule that multiplies; `factor` is in `Rulebook.factor_scale` parts of one."""

    factor: int
    names: frozenset[str]  # the rules it names; none: all that give by value


@dataclass(frozen=True, slots=True, eq=False)
class Giver(Spoken):
    """A rule that gives: by value, by item, or once."""

    by_value: bool
    by_item: bool
    amount_of: Callable[[Line], int]  # of a line, when by value
    rates: tuple[Rate, ...]
    per_line: bool  # whether any of the rates is rounded per line
    only_goods: bool  # whatever the sale holds, nothing else can earn
    gift_cards: bool
    shipping: bool
    named: frozenset[str]  # the texts its condition mentions
    is_multiplied: bool  # whether any multiplier of the program may act on it


@dataclass(frozen=True, slots=True, eq=False)
class Reachable(Spoken):
    """A milestone, with what an activity must be to count towards it."""

    milestone: Milestone


def giver_of(
    position: int, rule: EarnRule, give: Give, units: Mapping[str, Unit], *, is_multiplied: bool
) -> Giver:
    """Prepare a rule that gives."""
    by_value = give.per is not None
    assert rule.event is Event.SALE or not (by_value or give.per_item), "only a sale has amounts"
    limit = limit_of(rule)
    rates = tuple(_rate(units[unit], give) for unit in give.amounts)
    return Giver(
        position=position,
        id=rule.id,
        activity=rule.activity,
        where=rule.where,
        test=rule.where.matches if rule.where else None,
        by_line=_reads_line(rule.where),
        schedule=rule.when,
        limit=limit,
        budget=rule.budget.amounts if rule.budget else None,
        is_counted=limit is not None or rule.budget is not None,
        by_value=by_value,
        by_item=give.per_item and not by_value,
        amount_of=attrgetter(rule.of.value),
        rates=rates,
        per_line=any(rate.per_line for rate in rates),
        only_goods=not rule.include and not (rule.where and rule.where.literals),
        gift_cards=Extra.GIFT_CARDS in rule.include,
        shipping=Extra.SHIPPING in rule.include,
        named=rule.where.literals if rule.where else frozenset(),
        is_multiplied=is_multiplied,
    )


def multiplier_of(position: int, rule: EarnRule, multiply: Multiply, scale: int) -> Multiplier:
    """Prepare a rule that multiplies."""
    factor = multiply.factor * scale
    assert factor.denominator == 1, "the scale makes every factor whole"
    return Multiplier(
        position=position,
        id=rule.id,
        activity=rule.activity,
        where=rule.where,
        test=rule.where.matches if rule.where else None,
        by_line=_reads_line(rule.where),
        schedule=rule.when,
        limit=rule.limit,
        budget=rule.budget.amounts if rule.budget else None,
        is_counted=rule.limit is not None or rule.budget is not None,
        factor=factor.numerator,
        names=frozenset(multiply.rules),
    )


def reachable_of(position: int, milestone: Milestone) -> Reachable:
    """Prepare a milestone."""
    where = milestone.where
    return Reachable(
        position=position,
        id=limit_rule(milestone.id),
        activity=milestone.activity,
        where=where,
        test=where.matches if where else None,
        by_line=_reads_line(where),
        schedule=milestone.when,
        limit=milestone.limit,
        budget=None,
        is_counted=milestone.limit is not None,
        milestone=milestone,
    )


def limit_of(rule: EarnRule) -> Limit | None:
    """How often a rule may award a member: as it says, or once where the event is but once."""
    if rule.limit is None and isinstance(rule.effect, Give):
        return _ONCE.get(rule.event)
    return rule.limit


def _rate(unit: Unit, give: Give) -> Rate:
    amount = give.amounts[unit.id]
    denominator = amount.denominator * (give.per or 1) * 2
    # Part of an item is none: half a kilo of a stamped article gives no stamp.
    rounding = Rounding.FLOOR if give.per_item else unit.rounding
    biases = {
        Rounding.FLOOR: 0,
        Rounding.HALF_UP: denominator // 2,
        Rounding.CEIL: denominator - 1,
    }
    return Rate(
        unit=unit.id,
        numerator=amount.numerator * 2,
        denominator=denominator,
        bias=biases[rounding],
        rise=1 if rounding is Rounding.CEIL else 0,
        per_line=unit.round_per is RoundPer.LINE,
    )


def _reads_line(where: Condition | None) -> bool:
    return where is not None and any(
        name == "line" or name.startswith("line.") for name in where.reads
    )
