"""A case: one activity before a rulebook, and what has been found out about it so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import lcm

from fiel.domain.activity import Action, Line, LineKind, Sale
from fiel.domain.conditions import CannotEvaluate
from fiel.domain.deciding.reasons import TIER_AWARD, Kind
from fiel.domain.deciding.rulebook import Giver, Multiplier, Rate, Rulebook
from fiel.domain.deciding.schedules import is_open
from fiel.domain.deciding.stacking import Stack
from fiel.domain.decision import Award, Skipped
from fiel.domain.language import N_
from fiel.domain.member import LimitKey, MemberFacts
from fiel.domain.money import Currency
from fiel.domain.program import Basis, Limit
from fiel.domain.refusal import Refusal
from fiel.domain.time import period_start

# What fits a PostgreSQL bigint with room for sums over a member's life.
LARGEST_AWARD = 10**15

_NOWHERE: tuple[int, ...] = ()


class TooManyPoints(Refusal):
    """An activity would give more points than can be counted."""

    code = "invalid"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a decision that is made again must not do otherwise than the first time.

    Rules that did not give then do not give now. Of what is counted out, by a limit or a budget,
    nothing is taken anew: those multipliers add only to what they added to.
    """

    givers: frozenset[str]
    added: frozenset[tuple[str, str]]  # multiplier and the rule it added to

    def bars(self, multiplier: Multiplier, giver: Giver) -> bool:
        """Whether a multiplier must leave a rule alone."""
        counted_out = multiplier.limit is not None or multiplier.budget is not None
        return counted_out and (multiplier.id, giver.id) not in self.added


@dataclass(slots=True)
class _Step:
    """What a rule gives in one go, by unit: the award itself or what a multiplier adds to it."""

    rule: str
    points: list[int]
    reason: Mapping[str, object]
    budget: Mapping[str, int] | None
    limit: Limit | None = None  # a multiplier's


class Case:
    """One activity before a rulebook; `consider` takes the giving rules in their order."""

    __slots__ = (
        "_action",
        "_applied",
        "_budgets_left",
        "_everywhere",
        "_facts",
        "_goods",
        "_limits_used",
        "_lines",
        "_local",
        "_replayed",
        "_rulebook",
        "_sale",
        "awards",
        "budgets",
        "limits",
        "skipped",
    )

    def __init__(
        self,
        rulebook: Rulebook,
        facts: MemberFacts,
        activity: Sale | Action | None,
        local: datetime,
        *,
        limits_used: Mapping[LimitKey, int],
        budgets_left: Mapping[tuple[str, str], int] | None,
        replayed: Replayed | None,
    ) -> None:
        self._rulebook = rulebook
        self._facts = facts
        self._local = local
        self._limits_used = limits_used
        self._budgets_left = budgets_left
        self._replayed = replayed
        self._applied: dict[int, Collection[int]] = {}
        self.awards: list[Award] = []
        self.skipped: list[Skipped] = []
        self.limits: dict[LimitKey, int] = {}
        self.budgets: dict[tuple[str, str], int] = {}
        self._sale: Sale | None = None
        self._action: Action | None = None
        self._lines: Sequence[Line | None] = (None,)
        self._goods: Sequence[int] = (0,)
        if isinstance(activity, Sale):
            self._sale = activity
            self._lay_out(activity)
        else:
            self._action = activity
        self._everywhere: Sequence[int] = range(len(self._lines))

    def _lay_out(self, sale: Sale) -> None:
        lines: Sequence[Line] = sale.lines
        self._goods = [
            index for index, line in enumerate(lines) if line.kind is not LineKind.GIFT_CARD
        ]
        if self._rulebook.any_shipping and sale.shipping > 0:
            lines = (*lines, _shipping_line(sale, self._rulebook.program.currency))
        self._lines = lines

    def consider(self, giver: Giver) -> None:
        """Let a giving rule speak: its award, and what multipliers add to it."""
        if giver.schedule is not None and not is_open(giver.schedule, self._local):
            return
        if self._replayed is not None and giver.id not in self._replayed.givers:
            return
        places = self._matching(giver, self._earning(giver))
        if not places:
            return
        if giver.kind is Kind.PER:
            self._give_by_value(giver, places)
        elif giver.kind is Kind.FIXED:
            self._give(giver, places, [1], 1, {"kind": Kind.FIXED.value})
        else:
            self._give_by_item(giver, places)

    def _earning(self, giver: Giver) -> Sequence[int]:
        """The lines that may earn: goods, and what the rule names besides."""
        if self._sale is None:
            return self._goods
        lines = self._sale.lines
        if len(self._goods) == len(lines):
            places: Sequence[int] = self._goods
        elif giver.gift_cards:
            places = range(len(lines))
        elif giver.named:
            places = [
                index
                for index, line in enumerate(lines)
                if line.kind is not LineKind.GIFT_CARD
                or (line.category and line.category in giver.named)
            ]
        else:
            places = self._goods
        if giver.shipping and len(self._lines) > len(lines):
            return [*places, len(lines)]
        return places

    def _matching(self, rule: Giver | Multiplier, places: Sequence[int]) -> Sequence[int]:
        """Those of the places where a rule's condition holds; what fails does not match."""
        test = rule.test
        if test is None:
            return places
        facts, sale, action = self._facts, self._sale, self._action
        if not rule.by_line:
            try:
                return places if places and test(None, sale, facts, action) else _NOWHERE
            except CannotEvaluate:
                self.skipped.append(Skipped(rule.id, "condition"))
                return _NOWHERE
        lines = self._lines
        matching = []
        failed = False
        for place in places:
            try:
                if test(lines[place], sale, facts, action):
                    matching.append(place)
            except CannotEvaluate:
                failed = True
        if failed:
            self.skipped.append(Skipped(rule.id, "condition"))
        return matching

    def _give_by_value(self, giver: Giver, places: Sequence[int]) -> None:
        lines = self._lines
        basis = giver.basis
        earning = []
        amounts = []
        for place in places:
            line = lines[place]
            assert line is not None, "only sales earn by value"
            if basis is Basis.NET:
                amount = line.net
            elif basis is Basis.GROSS:
                amount = line.gross
            else:
                amount = line.margin
            if amount > 0:
                earning.append(place)
                amounts.append(amount)
        if amounts:
            reason = {"kind": Kind.PER.value, "base": sum(amounts)}
            self._give(giver, earning, amounts, 1, reason)

    def _give_by_item(self, giver: Giver, places: Sequence[int]) -> None:
        lines = self._lines
        quantities: list[int | Decimal] = []
        for place in places:
            line = lines[place]
            assert line is not None, "only sales earn by item"
            quantities.append(line.quantity)
        items = sum(quantities)
        ratios = [quantity.as_integer_ratio() for quantity in quantities]
        scale = lcm(*(below for _, below in ratios))
        amounts = [above * (scale // below) for above, below in ratios]
        whole = int(items) if items == int(items) else str(items)
        self._give(giver, places, amounts, scale, {"kind": Kind.ITEM.value, "items": whole})

    def _give(
        self,
        giver: Giver,
        places: Sequence[int],
        amounts: list[int],
        scale: int,
        reason: Mapping[str, object],
    ) -> None:
        """Round what the amounts (in `scale` parts of one) give, multiply it, and award it."""
        totals = _all_points(giver, amounts, scale)
        if giver.limit is not None and self._is_used_up(giver.id, giver.limit):
            if any(totals):
                self.skipped.append(Skipped(giver.id, "limit"))
            return
        if giver.budget is not None and not self._fits(giver.id, giver.budget, giver, totals):
            self.skipped.append(Skipped(giver.id, "budget"))
            return
        steps = [_Step(giver.id, totals, reason, giver.budget)]
        if giver.takes_tier or giver.multipliers:
            totals = self._multiply(giver, places, amounts, scale, steps)
        if any(totals):
            self._award(giver, steps, totals)

    def _multiply(
        self,
        giver: Giver,
        places: Sequence[int],
        amounts: list[int],
        scale: int,
        steps: list[_Step],
    ) -> list[int]:
        """Add a step for each multiplier in order: what it adds to what came before it."""
        book = self._rulebook
        stack = Stack.of(book.program.stacking, book.factor_scale, len(amounts))
        totals = steps[0].points
        tier = self._facts.tier
        factor = book.tier_factors.get(tier) if giver.takes_tier and tier is not None else None
        if factor is not None:
            stack = stack.with_factor(factor, [True] * len(amounts))
            points = _all_points(giver, stack.weigh(amounts), scale * stack.parts)
            reason = {"kind": Kind.TIER.value, "of": giver.id, "tier": tier}
            steps.append(_Step(TIER_AWARD, _differences(points, totals), reason, None))
            totals = points
        for multiplier in giver.multipliers:
            touched = self._touched(giver, multiplier, places)
            if touched is None:
                continue
            higher = stack.with_factor(multiplier.factor, touched)
            points = _all_points(giver, higher.weigh(amounts), scale * higher.parts)
            added = _differences(points, totals)
            budget = multiplier.budget
            if budget is not None and not self._fits(multiplier.id, budget, giver, added):
                self.skipped.append(Skipped(multiplier.id, "budget", giver.id))
                continue
            reason = {"kind": Kind.TIMES.value, "of": giver.id}
            steps.append(_Step(multiplier.id, added, reason, budget, multiplier.limit))
            stack, totals = higher, points
        return totals

    def _touched(
        self, giver: Giver, multiplier: Multiplier, places: Sequence[int]
    ) -> list[bool] | None:
        """Which amounts of a giving rule a multiplier acts on; None where on none."""
        found = self._applied.get(multiplier.position)
        if found is None:
            found = self._found(multiplier)
            self._applied[multiplier.position] = found
        if not found:
            return None
        touched = [place in found for place in places]
        if not any(touched):
            return None
        if self._replayed is not None and self._replayed.bars(multiplier, giver):
            return None
        if multiplier.limit is not None and self._is_used_up(multiplier.id, multiplier.limit):
            self.skipped.append(Skipped(multiplier.id, "limit"))
            self._applied[multiplier.position] = _NOWHERE
            return None
        # What is given once is multiplied once, wherever the multiplier holds.
        return [True] if giver.kind is Kind.FIXED else touched

    def _found(self, multiplier: Multiplier) -> Collection[int]:
        """The lines of the whole activity on which a multiplier holds."""
        if multiplier.schedule is not None and not is_open(multiplier.schedule, self._local):
            return _NOWHERE
        if multiplier.activity is not None and (
            self._action is None or self._action.type != multiplier.activity
        ):
            return _NOWHERE
        return self._matching(multiplier, self._everywhere)

    def _is_used_up(self, rule: str, limit: Limit) -> bool:
        used = self._limits_used.get(self._limit_key(rule, limit), 0)
        return used >= limit.per_member

    def _limit_key(self, rule: str, limit: Limit) -> LimitKey:
        return rule, period_start(limit.every, self._local.date())

    def _fits(
        self, rule: str, budget: Mapping[str, int], giver: Giver, points: Sequence[int]
    ) -> bool:
        """Whether what a rule would give fits what is left of its budget, in every unit."""
        if self._budgets_left is None:
            return True
        for rate, wanted in zip(giver.rates, points, strict=True):
            if rate.unit in budget:
                key = (rule, rate.unit)
                left = self._budgets_left.get(key, budget[rate.unit])
                if wanted > left - self.budgets.get(key, 0):
                    return False
        return True

    def _award(self, giver: Giver, steps: Sequence[_Step], totals: Sequence[int]) -> None:
        if max(totals) > LARGEST_AWARD:
            raise TooManyPoints(N_("The rule {rule} would give too many points."), rule=giver.id)
        if giver.limit is not None:
            self.limits[self._limit_key(giver.id, giver.limit)] = 1
        for step in steps:
            for rate, points, total in zip(giver.rates, step.points, totals, strict=True):
                if not points or not total:
                    continue
                self.awards.append(Award(step.rule, rate.unit, points, step.reason))
                if step.limit is not None:
                    self.limits[self._limit_key(step.rule, step.limit)] = 1
                if step.budget is not None and rate.unit in step.budget and points > 0:
                    key = (step.rule, rate.unit)
                    self.budgets[key] = self.budgets.get(key, 0) + points


def _points(rate: Rate, amounts: Sequence[int], scale: int) -> int:
    """What a rate gives for amounts in `scale` parts of one, rounded as its unit says."""
    denominator = rate.denominator * scale
    bias = rate.bias(denominator)
    if rate.per_line and len(amounts) > 1:
        return sum((rate.numerator * amount + bias) // denominator for amount in amounts)
    return (rate.numerator * sum(amounts) + bias) // denominator


def _all_points(giver: Giver, amounts: Sequence[int], scale: int) -> list[int]:
    return [_points(rate, amounts, scale) for rate in giver.rates]


def _differences(points: Sequence[int], before: Sequence[int]) -> list[int]:
    return [now - then for now, then in zip(points, before, strict=True)]


def _shipping_line(sale: Sale, currency: Currency) -> Line:
    """Shipping as conditions and rules see it: a line of its own, of which no cost is known."""
    return Line(
        number=0,
        sku="",
        name="",
        category="shipping",
        kind=LineKind.GOODS,
        quantity=1,
        unit_price=Decimal(currency.decimal(sale.shipping)),
        net=sale.shipping,
        gross=sale.shipping,
        margin=sale.shipping,
    )
