"""A case: one activity before a rulebook, and what each rule makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import lcm
from operator import sub

from fiel.domain.activity import Action, Sale
from fiel.domain.deciding.matching import NOT_ONE, Matching
from fiel.domain.deciding.prepared import Giver, Multiplier, Rate, Spoken
from fiel.domain.deciding.reasons import TIER_AWARD, Kind
from fiel.domain.deciding.rulebook import EventRules, Rulebook
from fiel.domain.deciding.schedules import is_open
from fiel.domain.decision import Award, Skipped
from fiel.domain.holdout import HELD_OUT, NOBODY, WHOLE_PROGRAM
from fiel.domain.language import N_
from fiel.domain.member import LimitKey, MemberFacts
from fiel.domain.refusal import Refusal

# What fits a PostgreSQL bigint with room for sums over a member's life.
LARGEST_AWARD = 10**15

_ONCE = (1,)

# Reasons are written with plain texts: looking a member of an enumeration up takes longer.
_PER, _ITEM, _FIXED = Kind.PER.value, Kind.ITEM.value, Kind.FIXED.value
_TIMES, _TIER = Kind.TIMES.value, Kind.TIER.value

# What a multiplier adds: the multiplier (None for the tier), its name, by unit, and why.
type _Step = tuple[Multiplier | None, str, Sequence[int], Mapping[str, object]]


class TooManyPoints(Refusal):
    """An activity would give more points than can be counted."""

    code = "invalid"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a decision that is made again must not do otherwise than the first time.

    Rules that did not give then do not give now. Of what is counted out, by a limit or a budget,
    nothing is taken anew: those multipliers multiply only what they multiplied.
    """

    givers: frozenset[str]
    multiplied: frozenset[tuple[str, str]]  # what is counted out: multiplier and rule

    def bars(self, multiplier: Multiplier, giver: Giver) -> bool:
        """Whether a multiplier must leave a rule alone."""
        return multiplier.is_counted and (multiplier.id, giver.id) not in self.multiplied


class Case(Matching):
    """One activity before a rulebook: what each rule gives, in the order of the document."""

    __slots__ = (
        "_budgets_left",
        "_held_out",
        "_replayed",
        "awards",
        "budgets",
        "limits",
        "multiplied",
    )

    def __init__(
        self,
        rulebook: Rulebook,
        rules: EventRules,
        facts: MemberFacts,
        activity: Sale | Action | None,
        local: datetime,
        limits_used: Mapping[LimitKey, int],
        budgets_left: Mapping[tuple[str, str], int] | None,
        replayed: Replayed | None,
        held_out: frozenset[str] = NOBODY,
    ) -> None:
        super().__init__(rulebook, rules, facts, activity, local, limits_used)
        self._budgets_left = budgets_left
        self._replayed = replayed
        self._held_out = held_out
        self.awards: list[Award] = []
        self.multiplied: list[list[str]] = []  # by what has a limit or budget: [multiplier, rule]
        self.limits: dict[LimitKey, int] = {}
        self.budgets: dict[tuple[str, str], int] = {}

    def consider(self) -> None:
        """Let the giving rules speak."""
        local, kind, replayed = self._local, self._kind, self._replayed
        for giver in self._rules.givers.candidates(self._sale, self._lines):
            if giver.activity is not None and giver.activity != kind:
                continue
            if giver.schedule is not None and not is_open(giver.schedule, local):
                continue
            if replayed is not None and giver.id not in replayed.givers:
                continue
            places = self._goods if giver.only_goods else self._earning(giver)
            if giver.test is not None:
                places = self._matching(giver, places)
            if not places:
                continue
            if giver.by_value:
                self._give_by_value(giver, places)
            elif giver.by_item:
                self._give_by_item(giver, places)
            else:
                self._give(giver, places, _ONCE, 1, {"kind": _FIXED})

    def _give_by_value(self, giver: Giver, places: Sequence[int]) -> None:
        lines, amount_of = self._lines, giver.amount_of
        amounts = [amount_of(lines[place]) for place in places]
        if min(amounts) <= 0:  # a line never earns less than nothing
            places = [place for place, amount in zip(places, amounts, strict=True) if amount > 0]
            if not places:
                return
            amounts = [amount for amount in amounts if amount > 0]
        self._give(giver, places, amounts, 1, {"kind": _PER, "base": sum(amounts)})

    def _give_by_item(self, giver: Giver, places: Sequence[int]) -> None:
        lines = self._lines
        quantities = [lines[place].quantity for place in places]
        items = sum(quantities)
        if isinstance(items, int):
            amounts, scale = [int(quantity) for quantity in quantities], 1
        else:
            ratios = [quantity.as_integer_ratio() for quantity in quantities]
            scale = lcm(*(below for _, below in ratios))
            amounts = [above * (scale // below) for above, below in ratios]
        counted = int(items) if items == int(items) else str(items)
        self._give(giver, places, amounts, scale, {"kind": _ITEM, "items": counted})

    def _give(
        self,
        giver: Giver,
        places: Sequence[int],
        amounts: Sequence[int],
        scale: int,
        reason: Mapping[str, object],
    ) -> None:
        """Round what the amounts (in `scale` parts of one) give, multiply it, and award it."""
        points = _points(giver.rates, amounts, scale)
        if self._held_out and self._is_held_out(giver, points):
            return
        if giver.is_counted and (why := self._refused(giver, points)):
            if any(points):
                self.skipped.append(Skipped(giver.id, why))
            return
        steps: list[_Step] = []
        totals = points
        if giver.is_multiplied:
            totals = self._multiply(giver, places, amounts, scale, points, steps)
        if not any(totals):
            return
        if max(totals) > LARGEST_AWARD:
            raise TooManyPoints(N_("The rule {rule} would give too many points."), rule=giver.id)
        self._award(giver, giver.id, points, totals, reason)
        if giver.is_counted:
            self._charge(giver, giver, points, totals)
        for multiplier, name, added, reason in steps:
            self._award(giver, name, added, totals, reason)
            if multiplier is not None and multiplier.is_counted:
                self._charge(giver, multiplier, added, totals)
                self.multiplied.append([multiplier.id, giver.id])

    def _multiply(
        self,
        giver: Giver,
        places: Sequence[int],
        amounts: Sequence[int],
        scale: int,
        totals: list[int],
        steps: list[_Step],
    ) -> list[int]:
        """Add a step for each multiplier in order: what it adds to what came before it."""
        book, rates = self._rulebook, giver.rates
        stack = book.stack_type(book.factor_scale, amounts, giver.per_line)
        tier = self._facts.tier
        factor = book.tier_factors.get(tier) if giver.by_value else None
        if factor is not None:
            points = _points(rates, stack.try_factor(factor, None), scale * stack.parts)
            reason = {"kind": _TIER, "of": giver.id, "tier": tier}
            steps.append((None, TIER_AWARD, list(map(sub, points, totals)), reason))
            stack.keep()
            totals = points
        for multiplier in self._candidates():
            names = multiplier.names
            if not (giver.id in names if names else giver.by_value):
                continue
            touched = self._touched(giver, multiplier, places)
            if touched is NOT_ONE:
                continue
            if multiplier.id in self._held_out:
                self.skipped.append(Skipped(multiplier.id, HELD_OUT, giver.id))
                continue
            if self._replayed is not None and self._replayed.bars(multiplier, giver):
                continue
            points = _points(
                rates, stack.try_factor(multiplier.factor, touched), scale * stack.parts
            )
            added = list(map(sub, points, totals))
            if multiplier.is_counted and not self._fits(giver, multiplier, added):
                self.skipped.append(Skipped(multiplier.id, "budget", giver.id))
                continue
            reason = {"kind": _TIMES, "of": giver.id}
            steps.append((multiplier, multiplier.id, added, reason))
            stack.keep()
            totals = points
        return totals

    def _is_held_out(self, giver: Giver, points: Sequence[int]) -> bool:
        """Whether a giving rule is not for the member; noted where it would have given."""
        for out_of in (WHOLE_PROGRAM, giver.id):
            if out_of in self._held_out:
                if any(points):
                    self._note(Skipped(out_of, HELD_OUT))
                return True
        return False

    def note_held_out(self) -> None:
        """Note that nothing counts towards milestones for who is kept out of the program."""
        if self._rules.milestones:
            self._note(Skipped(WHOLE_PROGRAM, HELD_OUT))

    def _note(self, skipped: Skipped) -> None:
        if skipped not in self.skipped:
            self.skipped.append(skipped)

    def _refused(self, giver: Giver, points: Sequence[int]) -> str | None:
        """Why a giving rule must not give: its limit, its budget, or nothing."""
        if giver.limit is not None and self._is_used_up(giver.id, giver.limit):
            return "limit"
        return None if self._fits(giver, giver, points) else "budget"

    def _fits(self, giver: Giver, rule: Spoken, points: Sequence[int]) -> bool:
        """Whether what a rule would give fits what is left of its budget, in every unit."""
        if self._budgets_left is None or rule.budget is None:
            return True
        for rate, wanted in zip(giver.rates, points, strict=True):
            if rate.unit in rule.budget:
                key = (rule.id, rate.unit)
                left = self._budgets_left.get(key, rule.budget[rate.unit])
                if wanted > left - self.budgets.get(key, 0):
                    return False
        return True

    def _award(
        self,
        giver: Giver,
        name: str,
        points: Sequence[int],
        totals: Sequence[int],
        reason: Mapping[str, object],
    ) -> None:
        """Keep what a rule gives of each unit of which anything is left in the end."""
        for place, rate in enumerate(giver.rates):
            if points[place] and totals[place]:
                self.awards.append(Award(name, rate.unit, points[place], reason))

    def _charge(
        self, giver: Giver, rule: Spoken, points: Sequence[int], totals: Sequence[int]
    ) -> None:
        """Count what a rule gave against its limit and its budget."""
        counts = rule is giver
        for rate, given, total in zip(giver.rates, points, totals, strict=True):
            if not given or not total:
                continue
            counts = True
            if rule.budget is not None and rate.unit in rule.budget and given > 0:
                key = (rule.id, rate.unit)
                self.budgets[key] = self.budgets.get(key, 0) + given
        if counts and rule.limit is not None:
            self.limits[self._limit_key(rule.id, rule.limit)] = 1


def _points(rates: Sequence[Rate], amounts: Sequence[int], scale: int) -> list[int]:
    """What rates give for amounts in `scale` parts of one, rounded as their units say."""
    alone = len(amounts) == 1
    total = amounts[0] if alone else sum(amounts)
    points = []
    for rate in rates:
        denominator = rate.denominator * scale
        bias = rate.bias * scale + rate.rise * (scale - 1)
        if alone or not rate.per_line:
            points.append((rate.numerator * total + bias) // denominator)
        else:
            each = [(rate.numerator * amount + bias) // denominator for amount in amounts]
            points.append(sum(each))
    return points
