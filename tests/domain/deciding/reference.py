"""The rules of earning taken at their word: slow, with fractions, to hold `decide` against.

Nothing is prepared and nothing is shared with what it checks but the program's own objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from fiel.domain.activity import Action, Activity, Line, LineKind, Sale
from fiel.domain.conditions import CannotEvaluate
from fiel.domain.member import LimitKey, MemberState
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
from fiel.domain.time import Period, period_start


@dataclass
class Plain:
    """What the plain interpreter found."""

    awards: list[tuple[str, str, int]] = field(default_factory=list)
    skipped: list[tuple[str, str, str | None]] = field(default_factory=list)
    limits: dict[LimitKey, int] = field(default_factory=dict)
    budgets: dict[tuple[str, str], int] = field(default_factory=dict)


def decide_plainly(
    program: Program,
    member: MemberState,
    activity: Activity,
    budgets_left: Mapping[tuple[str, str], int] | None,
) -> Plain:
    return _Interpreter(program, member, activity, budgets_left).run()


class _Interpreter:
    def __init__(
        self,
        program: Program,
        member: MemberState,
        activity: Activity,
        budgets_left: Mapping[tuple[str, str], int] | None,
    ) -> None:
        self.program = program
        self.member = member
        self.activity = activity
        self.budgets_left = budgets_left
        self.local = activity.occurred_at.astimezone(program.timezone)
        self.found = Plain()

    def run(self) -> Plain:
        for rule in self.program.earn:
            if isinstance(rule.effect, Give) and self.speaks(rule):
                self.give(rule, rule.effect)
        return self.found

    # --- which rules, which lines --------------------------------------------------------------

    def speaks(self, rule: EarnRule) -> bool:
        match self.activity:
            case Sale():
                event = Event.SALE
            case Action(type=kind):
                event = Event.ACTIVITY
                if rule.activity not in (None, kind):
                    return False
            case occasion:
                event = Event(occasion.kind.value)
        return rule.event is event and (rule.when is None or is_within(rule.when, self.local))

    def lines(self, rule: EarnRule) -> list[Line | None]:
        """The lines that a giving rule counts, shipping as one of them."""
        if not isinstance(self.activity, Sale):
            return [None] if self.holds(rule, [None]) else []
        literals = rule.where.literals if rule.where else frozenset()
        lines = [
            line
            for line in self.all_lines()
            if (line.number != 0 or Extra.SHIPPING in rule.include)
            and (
                line.kind is LineKind.GOODS
                or Extra.GIFT_CARDS in rule.include
                or (line.category != "" and line.category in literals)
            )
        ]
        return self.holds(rule, lines)

    def all_lines(self) -> list[Line]:
        assert isinstance(self.activity, Sale)
        lines = list(self.activity.lines)
        if self.activity.shipping > 0 and any(
            Extra.SHIPPING in rule.include
            for rule in self.program.earn
            if rule.event is Event.SALE and isinstance(rule.effect, Give)
        ):
            net = self.activity.shipping
            price = self.program.currency.decimal(net)
            lines.append(
                Line(0, "", "", "shipping", LineKind.GOODS, 1, Decimal(price), net, net, net)
            )
        return lines

    def holds(self, rule: EarnRule, lines: Sequence[Line | None]) -> list[Line | None]:
        if rule.where is None:
            return list(lines)
        sale = self.activity if isinstance(self.activity, Sale) else None
        action = self.activity if isinstance(self.activity, Action) else None
        kept, failed = [], False
        for line in lines:
            try:
                if rule.where.matches(line, sale, self.member.facts, action):
                    kept.append(line)
            except CannotEvaluate:
                failed = True
        if failed:
            self.skip(rule.id, "condition")
        return kept

    def skip(self, rule: str, why: str, of: str | None = None) -> None:
        if (rule, why, of) not in self.found.skipped:
            self.found.skipped.append((rule, why, of))

    # --- what a rule gives ---------------------------------------------------------------------

    def give(self, rule: EarnRule, give: Give) -> None:
        lines = self.lines(rule)
        worth = [(line, self.worth(rule, give, line)) for line in lines]
        worth = [(line, amount) for line, amount in worth if amount > 0]
        if give.per is None and not give.per_item:
            worth = [(None, Fraction(1))] if worth else []
        if not worth:
            return
        plain = self.rounded(rule, give, worth, {})
        limit = rule.limit or once_a_year(rule.event)
        if self.reached(rule.id, limit):
            if any(plain.values()):
                self.skip(rule.id, "limit")
            return
        if not self.fits(rule, plain):
            self.skip(rule.id, "budget")
            return
        steps = [(rule, plain)]
        totals, factors = plain, {}
        for name, multiplier, factor, touched in self.multipliers(rule, give, lines, worth):
            trial = {
                place: [*factors.get(place, ()), *([factor] if place in touched else [])]
                for place in range(len(worth))
            }
            product = self.rounded(rule, give, worth, trial)
            added = {unit: product[unit] - totals[unit] for unit in product}
            if multiplier is not None and not self.fits(multiplier, added):
                self.skip(name, "budget", rule.id)
                continue
            steps.append((multiplier or name, added))
            totals, factors = product, trial
        self.book(rule, limit, steps, totals)

    def worth(self, rule: EarnRule, give: Give, line: Line | None) -> Fraction:
        if line is None or (give.per is None and not give.per_item):
            return Fraction(1)
        if give.per_item:
            return Fraction(line.quantity)
        amounts = {Basis.NET: line.net, Basis.GROSS: line.gross, Basis.MARGIN: line.margin}
        assert give.per is not None
        return Fraction(max(0, amounts[rule.of]), give.per)

    def multipliers(self, rule, give, lines, worth):
        """Those that act on this award: name, rule, factor, the places in `worth` it touches."""
        everywhere = set(range(len(worth)))
        if give.per is not None and self.program.tiers:
            for level in self.program.tiers.levels:
                if level.id == self.member.facts.tier and level.multiply != 1:
                    yield "tier", None, level.multiply, everywhere
        for other in self.program.earn:
            if not isinstance(other.effect, Multiply) or not self.speaks(other):
                continue
            names = other.effect.rules
            if rule.id not in names and (names or give.per is None):
                continue
            if isinstance(self.activity, Sale):
                matching = self.holds(other, self.all_lines())
            else:
                matching = self.holds(other, [None])
            if give.per is None and not give.per_item:
                touched = everywhere if any(line in matching for line in lines) else set()
            else:
                touched = {place for place, (line, _) in enumerate(worth) if line in matching}
            if not touched:
                continue
            if self.reached(other.id, other.limit):
                self.skip(other.id, "limit")
                continue
            yield other.id, other, other.effect.factor, touched

    def rounded(self, rule, give, worth, factors) -> dict[str, int]:
        points = {}
        for unit_id, amount in give.amounts.items():
            unit = self.program.units[unit_id]
            rounding = Rounding.FLOOR if give.per_item else unit.rounding
            products = [
                amount * value * self.stacked(factors.get(place, ()))
                for place, (_, value) in enumerate(worth)
            ]
            if unit.round_per is RoundPer.LINE:
                points[unit_id] = sum(whole(product, rounding) for product in products)
            else:
                points[unit_id] = whole(sum(products, Fraction(0)), rounding)
        return points

    def stacked(self, factors: Sequence[Fraction]) -> Fraction:
        if not factors:
            return Fraction(1)
        match self.program.stacking:
            case Stacking.MULTIPLY:
                product = Fraction(1)
                for factor in factors:
                    product *= factor
                return product
            case Stacking.ADD:
                return max(Fraction(0), 1 + sum((f - 1 for f in factors), Fraction(0)))
            case Stacking.BEST:
                return max(factors)

    # --- limits and budgets ----------------------------------------------------------------------

    def reached(self, rule: str, limit: Limit | None) -> bool:
        if limit is None:
            return False
        key = (rule, period_start(limit.every, self.local.date()))
        return self.member.limits_used.get(key, 0) >= limit.per_member

    def fits(self, rule: EarnRule, points: Mapping[str, int]) -> bool:
        if rule.budget is None or self.budgets_left is None:
            return True
        for unit, wanted in points.items():
            if unit in rule.budget.amounts:
                key = (rule.id, unit)
                left = self.budgets_left.get(key, rule.budget.amounts[unit])
                if wanted > left - self.found.budgets.get(key, 0):
                    return False
        return True

    def book(self, rule: EarnRule, limit: Limit | None, steps, totals: Mapping[str, int]) -> None:
        if not any(totals.values()):
            return
        if limit:
            self.found.limits[rule.id, period_start(limit.every, self.local.date())] = 1
        for source, points in steps:
            name = source if isinstance(source, str) else source.id
            for unit, number in points.items():
                if number == 0 or totals[unit] == 0:
                    continue
                self.found.awards.append((name, unit, number))
                if isinstance(source, str):
                    continue
                if source is not rule and source.limit:
                    start = period_start(source.limit.every, self.local.date())
                    self.found.limits[name, start] = 1
                if source.budget and unit in source.budget.amounts and number > 0:
                    used = self.found.budgets.get((name, unit), 0)
                    self.found.budgets[name, unit] = used + number


def once_a_year(event: Event) -> Limit | None:
    if event in (Event.BIRTHDAY, Event.ANNIVERSARY):
        return Limit(1, Period.YEAR)
    return Limit(1, Period.PROGRAM) if event is Event.ENROLMENT else None


def whole(number: Fraction, rounding: Rounding) -> int:
    if rounding is Rounding.FLOOR:
        return floor(number)
    return ceil(number) if rounding is Rounding.CEIL else floor(number + Fraction(1, 2))


def is_within(schedule: Schedule, local: datetime) -> bool:
    """Try the day itself and the day before: one of them began the hours that now is within."""
    minute = local.hour * 60 + local.minute
    start, end = schedule.hours or (0, 1440)
    for days_ago in (0, 1):
        day = local.date() - timedelta(days=days_ago)
        since_midnight = minute + 1440 * days_ago
        length = (end - start) % 1440 or 1440
        if not start <= since_midnight < start + length:
            continue
        if schedule.first and day < schedule.first:
            continue
        if schedule.last and day > schedule.last:
            continue
        if not schedule.days or day.weekday() in schedule.days:
            return True
    return False
