"""Undoing: what a sale holds of what it earned, and what it loses when goods come back.

The program is the version that decided the sale, its decision the one that was pinned: nothing
that happened since changes what a return takes back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from fiel.domain.deciding import Rulebook, replay
from fiel.domain.decision import Decision
from fiel.domain.member import LimitKey, Qualifying
from fiel.domain.program import Returns
from fiel.domain.returning.keeping import Kept, Sold
from fiel.domain.returning.paying import earning_share
from fiel.domain.returning.shrinking import shrunk

type RuleUnit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Holding:
    """What a sale still holds: points by rule and unit, and what it counts."""

    rules: Mapping[RuleUnit, int]
    counted: Qualifying

    def points(self) -> dict[str, int]:
        """The points by unit."""
        sums: dict[str, int] = {}
        for (_, unit), points in self.rules.items():
            sums[unit] = sums.get(unit, 0) + points
        return sums


def held_at_first(decision: Decision) -> Holding:
    """What a sale holds of which nothing came back."""
    rules: dict[RuleUnit, int] = {}
    for award in decision.awards:
        key = (award.rule, award.unit)
        rules[key] = rules.get(key, 0) + award.points
    return Holding(rules, decision.counted)


def still_held(
    rulebook: Rulebook, decision: Decision, sold: Sold, kept: Kept, *, paid: int, before: Holding
) -> Holding:
    """What a sale holds when only `kept` is left of it; of no unit more than `before`.

    `paid` is the value, in minor units of the program's currency, that points paid of it.
    """
    earning = earning_share(sold.sale, paid)
    reduced = shrunk(sold.sale, kept.lines, shipping=kept.shipping, earning=earning)
    units = rulebook.program.units
    replayed: Holding | None = None
    share = kept.come_back(sold)
    rules: dict[RuleUnit, int] = {}
    for unit, points in before.points().items():
        if units[unit].returns is Returns.PROPORTIONAL:
            left = _proportional(decision, unit, share)
        else:
            replayed = replayed or held_at_first(replay(rulebook, decision, reduced))
            left = _of_unit(replayed, unit)
        rules |= left if sum(left.values()) <= points else _of_unit(before, unit)
    tier_points = sum(points for (_, unit), points in rules.items() if unit == rulebook.tier_unit)
    counted = Qualifying(
        min(before.counted.spend, reduced.net),
        min(before.counted.points, tier_points),
        before.counted.visits if kept.has_goods else 0,
    )
    return Holding(rules, counted)


def lost(before: Holding, after: Holding) -> dict[str, int]:
    """The points that are to be taken back, by unit."""
    left = after.points()
    return {
        unit: points - left.get(unit, 0)
        for unit, points in before.points().items()
        if points > left.get(unit, 0)
    }


def lost_by_rule(before: Holding, after: Holding) -> dict[RuleUnit, int]:
    """What each rule gave less, or more where another multiplies now."""
    rules = dict.fromkeys((*before.rules, *after.rules))
    changes = {key: before.rules.get(key, 0) - after.rules.get(key, 0) for key in rules}
    return {key: points for key, points in changes.items() if points}


def uncounted(before: Holding, after: Holding) -> Qualifying:
    """What counts no more, below zero as it is added."""
    return Qualifying(
        after.counted.spend - before.counted.spend,
        after.counted.points - before.counted.points,
        after.counted.visits - before.counted.visits,
    )


def budgets_restored(
    rulebook: Rulebook,
    used: Mapping[RuleUnit, int],
    after: Holding,
    collected: Mapping[str, int],
) -> dict[RuleUnit, int]:
    """What goes back to the budgets that get returned points back.

    `used` is what the sale still uses of budgets, `collected` the points that really came back:
    what a member keeps has been given out.
    """
    restores = {
        rule.id for rule in rulebook.program.earn if rule.budget and rule.budget.restore_on_return
    }
    left = dict(collected)
    restored: dict[RuleUnit, int] = {}
    for key, points in used.items():
        rule, unit = key
        freed = min(points - max(0, after.rules.get(key, 0)), left.get(unit, 0))
        if rule in restores and freed > 0:
            restored[key] = freed
            left[unit] -= freed
    return restored


def limits_freed(
    uses: Collection[LimitKey], before: Holding, after: Holding, kept_units: Collection[str]
) -> list[LimitKey]:
    """The uses of limits that are free again: their rules give nothing any more.

    A rule that gave points of `kept_units`, of which the member keeps some, has had its turn.
    """
    giving = {rule for (rule, _), points in after.rules.items() if points}
    giving |= {rule for rule, unit in before.rules if unit in kept_units}
    return [key for key in uses if key[0] not in giving]


def _of_unit(holding: Holding, unit: str) -> dict[RuleUnit, int]:
    return {key: points for key, points in holding.rules.items() if key[1] == unit and points}


def _proportional(decision: Decision, unit: str, share: Fraction) -> dict[RuleUnit, int]:
    """What is left of each rule when a share of the unit's total is taken back, rounded down."""
    left: dict[RuleUnit, int] = {}
    total = taken = 0
    for award in decision.awards:
        if award.unit != unit:
            continue
        total += award.points
        taken_so_far = (total * share).__floor__()
        key = (award.rule, unit)
        left[key] = left.get(key, 0) + award.points - (taken_so_far - taken)
        taken = taken_so_far
    return {key: points for key, points in left.items() if points}
