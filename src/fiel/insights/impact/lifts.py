"""Lifts: what something caused, as a difference between two groups that a lot made.

The estimates are tea-tasting's: Welch's test, intervals of the ratio on a logarithmic scale, and
CUPED, which takes out of a figure what is explained by what the same members did before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import isfinite, nan, sqrt

from tea_tasting.aggr import Aggregates
from tea_tasting.metrics import RatioOfMeans, SampleRatio
from tea_tasting.metrics.mean import MeanResult

from fiel.insights.impact.samples import (
    BOUGHT_BEFORE,
    MARGIN,
    MARGIN_BEFORE,
    PURCHASES,
    PURCHASES_BEFORE,
    SPEND,
    SPEND_BEFORE,
    STAYED,
    Group,
    Sample,
)

CONFIDENCE = 0.95
ALPHA = 0.05
POWER = 0.8
LEAST_MEMBERS = 100  # of a side: of fewer, one good customer more or less is the difference
UNEVEN = 0.001  # a ratio of groups that chance makes so seldom is no chance


class Metric(StrEnum):
    """What is compared, a member each; the basket a purchase each."""

    SPEND = "spend"
    RETENTION = "retention"
    PURCHASES = "purchases"
    BASKET = "basket"
    MARGIN = "margin"

    @property
    def is_money(self) -> bool:
        """Whether it counts minor units."""
        return self in (Metric.SPEND, Metric.BASKET, Metric.MARGIN)


# Numerator and denominator, and the same of the time before.
type _Columns = tuple[str, str | None, str, str | None]

_COLUMNS: dict[Metric, _Columns] = {
    Metric.SPEND: (SPEND, None, SPEND_BEFORE, None),
    Metric.RETENTION: (STAYED, None, BOUGHT_BEFORE, None),
    Metric.PURCHASES: (PURCHASES, None, PURCHASES_BEFORE, None),
    Metric.BASKET: (SPEND, PURCHASES, SPEND_BEFORE, PURCHASES_BEFORE),
    Metric.MARGIN: (MARGIN, None, MARGIN_BEFORE, None),
}


@dataclass(frozen=True, slots=True)
class Lift:
    """What members with something did more than those without, and how sure that is.

    `lift` is a share of `without` (0.2 is 20 %) with its interval, None where `without` is nothing.
    `visible` is the least lift that groups of this size show four times in five.
    """

    metric: Metric
    without: float
    within: float
    difference: float
    low: float
    high: float
    lift: float | None
    lift_low: float | None
    lift_high: float | None
    chance: float
    visible: float | None

    @property
    def is_seen(self) -> bool:
        """Whether chance alone would make such a difference in one of twenty comparisons."""
        return self.chance < ALPHA


def lift_of(metric: Metric, sample: Sample) -> Lift | None:
    """The lift of a metric; None where nothing is there that could differ."""
    out, within = (_aggregates(metric, group) for group in (sample.out, sample.within))
    if min(out.count(), within.count()) < 2:
        return None
    numerator, denominator, *_ = _COLUMNS[metric]
    if denominator is not None and min(out.mean(denominator), within.mean(denominator)) <= 0:
        return None
    if out.var(numerator) + within.var(numerator) <= 0:
        return None
    estimator = _metric(metric, out + within, within.count() / out.count())
    told = _analysed(estimator, out, within)
    if told is None:
        return None
    relative = (told.rel_effect_size, told.rel_effect_size_ci_lower, told.rel_effect_size_ci_upper)
    is_more = told.control > 0 and told.treatment > 0 and all(map(isfinite, relative))
    lift, low, high = relative if is_more else (None, None, None)
    return Lift(
        metric,
        told.control,
        told.treatment,
        told.effect_size,
        told.effect_size_ci_lower,
        told.effect_size_ci_upper,
        lift,
        low,
        high,
        told.pvalue,
        least_lift(metric, out + within, within.count() / out.count()),
    )


def _analysed(estimator: RatioOfMeans, out: Aggregates, within: Aggregates) -> MeanResult | None:
    """What tea-tasting says; without the interval of the ratio where it is without end."""
    try:
        told = estimator.analyze_aggregates(out, within)
    except OverflowError:  # the means are so near to zero that every ratio is possible
        if estimator.denom is not None:
            return None
        told = _analysed_by_difference(estimator, out, within)
    known = (told.effect_size_ci_lower, told.effect_size_ci_upper, told.pvalue)
    return told if all(map(isfinite, known)) else None


def _analysed_by_difference(
    estimator: RatioOfMeans, out: Aggregates, within: Aggregates
) -> MeanResult:
    """The analysis of means moved away from zero, which leaves their difference as it is."""
    name = estimator.numer
    away = 1 + 100 * sqrt(max(out.var(name), within.var(name)))
    told = estimator.analyze_aggregates(*(_moved(side, name, away) for side in (out, within)))
    return told._replace(
        control=told.control - away,
        treatment=told.treatment - away,
        rel_effect_size=nan,
        rel_effect_size_ci_lower=nan,
        rel_effect_size_ci_upper=nan,
    )


def _moved(side: Aggregates, name: str, away: float) -> Aggregates:
    means = side.mean_ | {name: side.mean(name) + away}
    return Aggregates(side.count(), means, side.var_, side.cov_)


def least_lift(
    metric: Metric, everybody: Aggregates, ratio: float, *, members: int | None = None
) -> float | None:
    """The least lift that is seen four times in five, with `ratio` members for one kept out.

    `everybody` is what members did; `members` how many there will be, else as many.
    """
    numerator, denominator, *_ = _COLUMNS[metric]
    if everybody.count() < 2 or everybody.mean(numerator) <= 0 or everybody.var(numerator) <= 0:
        return None
    if denominator is not None and everybody.mean(denominator) <= 0:
        return None
    # Of a hundred members and more Student's distribution is the normal one; the non-central one
    # that power would ask for has no value far out, where the search for the lift begins.
    solver = _metric(metric, everybody, ratio, members, use_t=False)
    (told,) = solver.solve_power_from_aggregates(everybody, "rel_effect_size")
    return told.rel_effect_size if isfinite(told.rel_effect_size) else None


def ratio_chance(sample: Sample, out: Fraction, touched: Fraction) -> float:
    """How likely chance alone makes groups of these sizes, if the lot is fair."""
    sides = {
        "out": Aggregates(sample.out.members),
        "within": Aggregates(sample.within.members),
    }
    fair = SampleRatio(float((1 - touched) / out))
    chance: float = fair.analyze(sides, "out", "within").pvalue
    return chance


def of_group(metric: Metric, group: Group) -> Aggregates:
    """What a group did, as the metric reads it."""
    return _aggregates(metric, group)


def _aggregates(metric: Metric, group: Group) -> Aggregates:
    return group.stayers if metric is Metric.RETENTION else group.everybody


def _metric(
    metric: Metric,
    everybody: Aggregates,
    ratio: float,
    members: int | None = None,
    *,
    use_t: bool = True,
) -> RatioOfMeans:
    numerator, denominator, before, before_denominator = _COLUMNS[metric]
    # Where nobody bought before there is nothing to take out, and a basket of nothing has no size.
    has_before = everybody.mean(before) > 0 and everybody.var(before) > 0
    return RatioOfMeans(
        numerator,
        denominator,
        before if has_before else None,
        before_denominator if has_before else None,
        alternative="two-sided",
        confidence_level=CONFIDENCE,
        equal_var=False,
        use_t=use_t,
        alpha=ALPHA,
        ratio=ratio,
        power=POWER,
        n_obs=members,
    )
