"""Plain faults: rules that never give, and what nobody can reach."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from fiel.domain.language import N_
from fiel.domain.program import (
    Event,
    ExpiresAfter,
    Give,
    Multiply,
    Program,
    Stacking,
)
from fiel.domain.time import Duration, DurationUnit
from fiel.insights.reporting.report import Kind, Say
from fiel.insights.review.economics import Economics
from fiel.insights.review.evidence import Evidence
from fiel.insights.review.finding import Figure, Finding, Mistake, Weight
from fiel.insights.review.loopholes import loopholes

_DAYS = {
    DurationUnit.DAYS: Fraction(1),
    DurationUnit.MONTHS: Fraction(146097, 4800),  # the Gregorian mean
    DurationUnit.YEARS: Fraction(146097, 400),
}


def faults(program: Program, economics: Economics, evidence: Evidence | None) -> list[Finding]:
    """Every plain fault of a program."""
    found = [*losing_rules(program), *small_budgets(program)]
    found += [*loopholes(program, economics)]
    if evidence is not None:
        found += [*silent_rules(program, evidence), *unreachable_tiers(program, evidence)]
        found += [*unaffordable_rewards(program, evidence)]
        found += [*points_that_end_too_soon(program, evidence)]
    return found


def silent_rules(program: Program, evidence: Evidence) -> Iterator[Finding]:
    """Rules about sales that gave nothing in all the past sales."""
    if not evidence.sales:
        return
    for rule in program.earn:
        if rule.event is not Event.SALE or evidence.rules.get(rule.id, 0):
            continue
        if rule.when is not None and (rule.when.first or rule.when.last):
            continue  # it is for days to come: the past says nothing about it
        yield _fault(
            "rule_never_gives",
            Say(N_("“{rule}” would not have given anything to anybody."), {"rule": rule.id}),
            Say(N_("Look at its condition and at the rules it competes with, or remove it.")),
            f"earn.{rule.id}",
            (Figure("sales", N_("Sales looked at"), Kind.COUNT, evidence.sales),),
        )


def losing_rules(program: Program) -> Iterator[Finding]:
    """Multipliers that change nothing, or always lose against a better one."""
    always = [
        (rule.id, rule.effect.factor)
        for rule in program.earn
        if isinstance(rule.effect, Multiply)
        and rule.where is None
        and rule.when is None
        and not rule.effect.rules
    ]
    for rule in program.earn:
        if not isinstance(rule.effect, Multiply):
            continue
        better = [
            other for other, factor in always if other != rule.id and factor > rule.effect.factor
        ]
        if rule.effect.factor == 1:
            text = Say(N_("“{rule}” multiplies by one: it changes nothing."), {"rule": rule.id})
        elif program.stacking is Stacking.BEST and better:
            text = Say(
                N_("“{rule}” always loses against “{better}”, which multiplies by more."),
                {"rule": rule.id, "better": better[0]},
            )
        else:
            continue
        yield _fault(
            "multiplier_without_effect",
            text,
            Say(N_("Raise it, or remove it.")),
            f"earn.{rule.id}",
        )


def small_budgets(program: Program) -> Iterator[Finding]:
    """Rules whose budget does not hold a single award: they can never give."""
    for rule in program.earn:
        if rule.budget is None or not isinstance(rule.effect, Give) or rule.effect.per is not None:
            continue
        for unit, points in rule.effect.amounts.items():
            budget = rule.budget.amounts.get(unit)
            if budget is not None and points > budget:
                yield _fault(
                    "budget_below_award",
                    Say(
                        N_("The budget of “{rule}” does not hold a single award: it never gives."),
                        {"rule": rule.id},
                    ),
                    Say(N_("Raise the budget to at least one award.")),
                    f"earn.{rule.id}.budget",
                    (
                        Figure("award", N_("One award"), Kind.POINTS, int(points)),
                        Figure("budget", N_("Budget"), Kind.POINTS, budget),
                    ),
                    weight=Weight.SERIOUS,
                )


def unreachable_tiers(program: Program, evidence: Evidence) -> Iterator[Finding]:
    """Tiers that no member would have reached."""
    if program.tiers is None or not evidence.members:
        return
    for level in program.tiers.levels[1:]:
        if evidence.tier_reached.get(level.id, 0):
            continue
        yield _fault(
            "tier_never_reached",
            Say(N_("No member would have reached the tier “{tier}”."), {"tier": level.id}),
            Say(N_("Lower its threshold, or count over a longer window.")),
            f"tiers.{level.id}",
            (Figure("members", N_("Members looked at"), Kind.COUNT, evidence.members),),
        )


def unaffordable_rewards(program: Program, evidence: Evidence) -> Iterator[Finding]:
    """Rewards that nobody could ever have paid for."""
    if not evidence.members:
        return
    for reward in program.rewards.values():
        could = evidence.rewards.get(reward.id)
        if not any(reward.price.values()) or could is None or could.members_who_could:
            continue
        figures = [
            figure
            for unit, points in reward.price.items()
            for figure in (
                Figure("price", N_("Price"), Kind.POINTS, points),
                Figure(
                    "most_issued",
                    N_("Most that any member would have earned"),
                    Kind.POINTS,
                    evidence.units[unit].most_issued if unit in evidence.units else 0,
                ),
            )
        ]
        yield _fault(
            "reward_never_affordable",
            Say(N_("Nobody would have had enough for “{reward}”."), {"reward": reward.id}),
            Say(N_("Lower its price, or give more points.")),
            f"rewards.{reward.id}",
            tuple(figures),
        )


def points_that_end_too_soon(program: Program, evidence: Evidence) -> Iterator[Finding]:
    """Units whose points end before the usual member has enough for the cheapest reward."""
    for unit in program.units.values():
        given = evidence.units.get(unit.id)
        if not isinstance(unit.expiry, ExpiresAfter) or given is None or not given.median_issued:
            continue
        prices = [
            reward.price[unit.id]
            for reward in program.rewards.values()
            if reward.price.get(unit.id) and len(reward.price) == 1
        ]
        paying = program.pay_with_points
        if paying is not None and paying.unit == unit.id:
            prices.append(paying.least)
        if not prices:
            continue
        needed = Fraction(min(prices) * evidence.days, given.median_issued)
        lasts = _days(unit.expiry.after)
        if needed <= lasts:
            continue
        yield _fault(
            "points_end_too_soon",
            Say(
                N_("“{unit}” ends before the usual member has enough for the cheapest reward."),
                {"unit": unit.id},
            ),
            Say(N_("Let points last longer, or offer a cheaper reward.")),
            f"units.{unit.id}.expiry",
            (
                Figure("days_needed", N_("Days to the cheapest reward"), Kind.NUMBER, needed),
                Figure("days_lasting", N_("Days that points last"), Kind.NUMBER, lasts),
                Figure("cheapest", N_("Cheapest reward"), Kind.POINTS, min(prices)),
            ),
            weight=Weight.SERIOUS,
        )


def _days(duration: Duration) -> Fraction:
    return duration.count * _DAYS[duration.unit]


def _fault(
    code: str,
    text: Say,
    proposal: Say,
    path: str,
    figures: tuple[Figure, ...] = (),
    *,
    weight: Weight = Weight.DOUBTFUL,
) -> Finding:
    return Finding(
        Mistake.FAULT, code, weight, text, proposal, path, figures, measured=bool(figures)
    )
