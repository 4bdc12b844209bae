"""Plans: a program made ready to be folded over a past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from fiel.domain.deciding import Rulebook
from fiel.domain.deciding.prepared import Giver, Multiplier
from fiel.domain.program import (
    CalendarYear,
    Check,
    DayOf,
    Doing,
    Event,
    ExpiresByInactivity,
    Negative,
    Program,
    Stacking,
    TierBy,
)
from fiel.insights.simulation.behaviour import Behaviour
from fiel.insights.simulation.kernel.cannot import CannotFold
from fiel.insights.simulation.kernel.classes import MOST_TIERS
from fiel.insights.simulation.kernel.days import (
    PERIODS,
    Span,
    periods,
    tier_terms,
    unit_terms,
    windows,
)
from fiel.insights.simulation.kernel.layout import (
    ACTIVITY,
    ANNIVERSARY,
    BEST,
    BIRTHDAY,
    BY_ITEM,
    BY_POINTS,
    BY_SPEND,
    BY_VALUE,
    BY_VISITS,
    CLAMP,
    DEBT,
    ENROLMENT,
    KINDS,
    MOST_LIMITS,
    ONCE,
    PENDING_ONLY,
    PRODUCT,
    REDEMPTION,
    RETURN,
    SALE,
    SUM,
    UNBOUND,
    Happened,
    Ladder,
    Numbers,
    Rewards,
    Rules,
    Terms,
)
from fiel.insights.simulation.kernel.loading import reads_of
from fiel.insights.simulation.kernel.matching import Matched, Matcher
from fiel.insights.simulation.kernel.past import Past, sums_by_sale
from fiel.insights.simulation.kernel.rewarding import rewards_of
from fiel.insights.simulation.kernel.rows import has_lines

EVENTS = {
    SALE: Event.SALE,
    ACTIVITY: Event.ACTIVITY,
    ENROLMENT: Event.ENROLMENT,
    BIRTHDAY: Event.BIRTHDAY,
    ANNIVERSARY: Event.ANNIVERSARY,
}
BASES = ("net", "gross", "margin")
_STACKINGS = {Stacking.MULTIPLY: PRODUCT, Stacking.ADD: SUM, Stacking.BEST: BEST}
_CLIMBS = {TierBy.SPEND: BY_SPEND, TierBy.POINTS: BY_POINTS, TierBy.VISITS: BY_VISITS}
_LARGEST_PART = 1 << 62


@dataclass(frozen=True, slots=True)
class Plan:
    """A program and a past laid out."""

    program: Program
    past: Past
    happened: Happened
    rules: Rules
    ladder: Ladder
    terms: Terms
    rewards: Rewards
    budgets: Numbers  # by rule and unit
    most_lines: int  # that any sale has, as they are counted


def refuse_what_cannot_be_folded(program: Program) -> None:
    """Raise what a program asks for that the kernel does not do.

    Raises:
        CannotFold: names it.
    """
    if program.milestones:
        raise CannotFold("milestones")
    if program.day_of is DayOf.STORE and program.stores:
        raise CannotFold("store_days")
    if program.holdout is not None or any(rule.holdout is not None for rule in program.earn):
        raise CannotFold("holdout")
    for rule in program.earn:
        if rule.id == "tier":
            raise CannotFold("name", rule.id)
    if program.tiers is not None and len(program.tiers.levels) > MOST_TIERS:
        raise CannotFold("tiers")
    for unit in program.units.values():
        if isinstance(unit.expiry, ExpiresByInactivity) and unit.pending.count:
            raise CannotFold("pending_and_inactivity", unit.id)


def plan_of(program: Program, past: Past, matcher: Matcher, behaviour: Behaviour) -> Plan:
    """Lay a program out for a past.

    Raises:
        CannotFold: the program or the past asks for what the kernel does not do.
    """
    refuse_what_cannot_be_folded(program)
    refuse_past(program, past)
    book = Rulebook.of(program)
    span, happened = past.kept("laid_out", lambda: _laid_out(past))
    givers = list(_by_kind(book, "givers"))
    multipliers = list(_by_kind(book, "multipliers"))
    matched = matcher.match(
        program, span, [each for _, each in givers], [each for _, each in multipliers]
    )
    limits = _Limits()
    units = {unit: place for place, unit in enumerate(program.units)}
    rates: list[list[int]] = []
    rows = [_giver_row(giver, units, rates, limits) for _, giver in givers]
    rules = Rules(
        givers=_numbers(rows, 7),
        giver_range=_ranges([kind for kind, _ in givers]),
        rates=_numbers(rates, 6),
        multipliers=_numbers([_multiplier_row(each, book, limits) for _, each in multipliers], 5),
        multiplier_range=_ranges([kind for kind, _ in multipliers]),
        acts_on=np.array(
            [
                [
                    giver.id in each.names if each.names else giver.by_value
                    for _, each in multipliers
                ]
                for _, giver in givers
            ],
            np.bool_,
        ).reshape(len(givers), len(multipliers)),
        holds=matched.holds,
        holds_on=matched.holds_on,
        stacking=_STACKINGS[program.stacking],
        one=book.factor_scale,
        tier_factors=_tier_factors(book),
        limits=_numbers(limits.rows, 2),
        periods=past.kept("periods", lambda: periods(span)),
        quantity_scale=past.lines.quantity_scale,
        lives=np.array([_lives(book, kind) for kind in range(KINDS)], np.bool_),
    )
    return Plan(
        program,
        past,
        _with_lines(happened, matched),
        rules,
        _ladder(book, past, span),
        _terms(program, past, span),
        rewards_of(program, past, behaviour),
        _budgets(program, units),
        matched.lines.most,
    )


def refuse_past(program: Program, past: Past) -> None:
    """Raise what happened that the kernel does not do.

    Raises:
        CannotFold: names it.
    """
    if past.hindrances:
        raise CannotFold(past.hindrances[0])
    if program.timezone != past.zone or program.leap_day is not past.leap_day:
        raise CannotFold("timezone")
    if not reads_of([program]) <= past.reads:
        raise CannotFold("not_loaded")
    if len(past.returns.event):
        _refuse_returns(program)
    if past.is_out_of_order:
        raise CannotFold("told_late")


def _refuse_returns(program: Program) -> None:
    """Raise what the kernel does not do where goods come back."""
    tiers = program.tiers
    if tiers and tiers.downgrade and tiers.downgrade.check is Check.AT_ONCE:
        raise CannotFold("at_once")
    for rule in program.earn:
        if rule.budget is not None and rule.budget.restore_on_return:
            raise CannotFold("budget_restored", rule.id)
    if len(program.earn) > MOST_LIMITS:
        raise CannotFold("limits")


def _with_lines(happened: Happened, matched: Matched) -> Happened:
    """The past as the fold goes through it, with what a program makes of it."""
    lines = matched.lines
    return happened._replace(
        classes=matched.classes,
        lines=lines.first,
        lines_end=lines.end,
        line_classes=lines.classes,
        net_of=lines.net,
        gross_of=lines.gross,
        margin_of=lines.margin,
        quantities=lines.quantities,
    )


def _laid_out(past: Past) -> tuple[Span, Happened]:
    """The past as it is under any program, and the days that matter to it."""
    days, _ = past.days_in(past.zone)
    told, _ = past.told_in(past.zone)
    span = Span.of([days, told], past.until, past.zone)
    day = days - np.int32(span.first)
    count, lines, sales = len(past.kind), past.lines, past.sales.event
    net, visits = np.zeros(count, np.int64), np.zeros(count, np.int8)
    net[sales] = sums_by_sale(lines, lines.amounts["net"])
    visits[sales] = has_lines(past)
    reward, quantity = np.full(count, -1, np.int32), np.zeros(count, np.int32)
    reward[past.redemptions.event] = past.redemptions.reward.codes
    quantity[past.redemptions.event] = past.redemptions.quantity
    about = np.full(count, -1, np.int32)
    about[past.returns.event] = past.returns.sale
    nothing, none = np.zeros(0, np.int32), np.zeros(0, np.int64)
    return span, Happened(
        first=past.first,
        kind=past.kind,
        at=past.at,
        now=past.now,
        counts_at=past.at,
        day=day,
        program_day=day,
        now_day=day if past.now is past.at else told - np.int32(span.first),
        lines=nothing,
        lines_end=nothing,
        net=net,
        visits=visits,
        classes=nothing,
        line_classes=nothing,
        net_of=none,
        gross_of=none,
        margin_of=none,
        quantities=none,
        reward=reward,
        quantity=quantity,
        about=about,
    )


class _Limits:
    """The limits of rules, each with a place of its own."""

    def __init__(self) -> None:
        self.rows: list[list[int]] = []

    def place(self, rule: Giver | Multiplier) -> int:
        """The place of a rule's limit; −1 where it has none."""
        if rule.limit is None:
            return -1
        self.rows.append([rule.limit.per_member, PERIODS.index(rule.limit.every)])
        return len(self.rows) - 1


def _by_kind(book: Rulebook, name: str) -> Iterator[tuple[int, Any]]:
    for kind in range(KINDS):
        if kind in EVENTS:
            index = getattr(book.rules[EVENTS[kind]], name)
            for rule in index.candidates(None, ()):  # without a sale: all of them
                yield kind, rule


def _lives(book: Rulebook, kind: int) -> bool:
    """Whether a program takes notice: of days only where it gives for them."""
    if kind not in (BIRTHDAY, ANNIVERSARY):
        return True
    return any(rule.event is EVENTS[kind] for rule in book.program.earn)


def _giver_row(
    giver: Giver, units: dict[str, int], rates: list[list[int]], limits: _Limits
) -> list[int]:
    first = len(rates)
    for rate in giver.rates:
        numbers = [rate.numerator, rate.denominator, rate.bias, rate.rise]
        if max(numbers) > _LARGEST_PART:
            raise CannotFold("too_large", giver.id)
        rates.append([units[rate.unit], *numbers, int(rate.per_line)])
    by = BY_VALUE if giver.by_value else BY_ITEM if giver.by_item else ONCE
    return [
        by,
        BASES.index(_basis(giver)),
        first,
        len(rates),
        limits.place(giver),
        giver.position,
        int(giver.is_multiplied),
    ]


def _basis(giver: Giver) -> str:
    # An attrgetter says which attribute it gets when it is taken apart.
    found = giver.amount_of.__reduce__()
    assert isinstance(found, tuple), "it can be taken apart"
    return str(found[1][0])


def _multiplier_row(multiplier: Multiplier, book: Rulebook, limits: _Limits) -> list[int]:
    factor, one = multiplier.factor, book.factor_scale
    return [*_in_lowest_terms(factor, one), factor, limits.place(multiplier), multiplier.position]


def _in_lowest_terms(factor: int, one: int) -> tuple[int, int]:
    if max(factor, one) > _LARGEST_PART:
        raise CannotFold("too_large")
    common = int(np.gcd(factor, one)) or 1
    return factor // common, one // common


def _tier_factors(book: Rulebook) -> Numbers:
    """By tier from 1: numerator, denominator, and scaled; the last zero where it multiplies not."""
    levels = book.program.tiers.levels if book.program.tiers else ()
    rows = [[0, 0, 0]]
    for level in levels:
        factor = book.tier_factors.get(level.id)
        if factor is None:
            rows.append([0, 0, 0])
        elif factor == 0:
            raise CannotFold("factor_of_zero", level.id)
        else:
            rows.append([*_in_lowest_terms(factor, book.factor_scale), factor])
    return _numbers(rows, 3)


def _ladder(book: Rulebook, past: Past, span: Span) -> Ladder:
    program = book.program
    tiers, zone = program.tiers, program.timezone
    nothing = np.zeros(0, np.int64)
    if tiers is None:
        return Ladder(
            nothing, BY_SPEND, 0, False, False, False, nothing, np.zeros(0, np.int32),
            nothing, nothing,
        )  # fmt: skip
    since = past.kept(("windows", tiers.window), lambda: windows(tiers, span, zone))
    asked = tiers.window, tiers.downgrade, len(tiers.levels) > 1
    lasts, reviews, counts = past.kept(
        ("tier_terms", *asked), lambda: tier_terms(tiers, span, zone)
    )
    units = list(program.units)
    return Ladder(
        thresholds=np.array([level.threshold for level in tiers.levels], np.int64),
        climbs_by=_CLIMBS[tiers.by],
        tier_unit=units.index(book.tier_unit) if book.tier_unit in units else 0,
        falls=tiers.downgrade is not None,
        one_step=tiers.downgrade is not None and tiers.downgrade.one_step,
        by_year=isinstance(tiers.window, CalendarYear),
        window_since=since,
        term_last=lasts - np.int32(span.first),
        review_at=reviews,
        counts_from=counts,
    )


_DOINGS = {
    SALE: Doing.SALE,
    ACTIVITY: Doing.ACTIVITY,
    REDEMPTION: Doing.REDEMPTION,
    RETURN: Doing.RETURN,
}
_NEGATIVES = {
    Negative.DEBT: DEBT,
    Negative.CLAMP: CLAMP,
    Negative.PENDING_ONLY: PENDING_ONLY,
}


def _terms(program: Program, past: Past, span: Span) -> Terms:
    asked = tuple((unit.pending, unit.expiry) for unit in program.units.values())
    starts, ends, idle = past.kept(("unit_terms", asked), lambda: unit_terms(program, span))
    expiries = [unit.expiry for unit in program.units.values()]
    return Terms(
        starts,
        ends,
        idle,
        np.array([bool(unit.pending.count) for unit in program.units.values()], np.bool_),
        np.array([isinstance(each, ExpiresByInactivity) for each in expiries], np.bool_),
        np.array(
            [
                [
                    kind == ENROLMENT
                    or (
                        isinstance(each, ExpiresByInactivity)
                        and _DOINGS.get(kind) in each.extended_by
                    )
                    for kind in range(KINDS)
                ]
                for each in expiries
            ],
            np.bool_,
        ),
        np.array([_NEGATIVES[unit.negative] for unit in program.units.values()], np.int32),
    )


def _budgets(program: Program, units: dict[str, int]) -> Numbers:
    left = np.full((len(program.earn) + 1, len(units)), UNBOUND, np.int64)
    for place, rule in enumerate(program.earn):
        for unit, points in (rule.budget.amounts if rule.budget else {}).items():
            left[place, units[unit]] = points
    return left


def _ranges(kinds: list[int]) -> Numbers:
    places = np.array(kinds, np.int64)
    every = np.arange(KINDS)
    return np.stack(
        [np.searchsorted(places, every), np.searchsorted(places, every, side="right")], axis=1
    ).astype(np.int64)


def _numbers(rows: list[list[int]], width: int) -> Numbers:
    return np.array(rows, np.int64).reshape(len(rows), width)
