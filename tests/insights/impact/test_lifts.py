"""Estimates against what the formulas give by hand."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest
from tea_tasting.aggr import Aggregates

from fiel.insights.impact.lifts import Metric, least_lift, lift_of, ratio_chance
from fiel.insights.impact.samples import Group, Sample

NAMES = ("spend", "purchases", "margin", "spend_before", "purchases_before", "margin_before")
STAYING = ("stayed", "bought_before")


def group(count: int, *, means=None, variances=None, covariances=None) -> Group:
    """A group of which nothing is known but what is told."""
    means, variances, covariances = means or {}, variances or {}, covariances or {}

    def told(names):
        pairs = [(one, other) for one in names for other in names if one < other]
        return Aggregates(
            count,
            {name: means.get(name, 0.0) for name in names},
            {name: variances.get(name, 0.0) for name in names},
            {pair: covariances.get(pair, 0.0) for pair in pairs},
        )

    return Group(told(NAMES), told(STAYING))


def spent(count: int, mean: float, variance: float) -> Group:
    return group(count, means={"spend": mean}, variances={"spend": variance})


SAMPLE = Sample(spent(100, 1000, 250_000), spent(400, 1200, 360_000), 0)


def test_the_difference_and_its_interval_are_welchs():
    lift = lift_of(Metric.SPEND, SAMPLE)

    # The standard error is √(250,000 ÷ 100 + 360,000 ÷ 400) = √3,400, with 177.4 degrees of
    # freedom: t is 1.9735.
    half = 1.9735 * sqrt(3_400)
    assert lift is not None
    assert (lift.without, lift.within, lift.difference) == (1000, 1200, 200)
    assert (lift.low, lift.high) == pytest.approx((200 - half, 200 + half), rel=1e-4)
    assert lift.lift == pytest.approx(0.2)
    assert lift.is_seen
    assert lift.chance == pytest.approx(0.00075, abs=0.0001)


def test_the_interval_of_the_percentage_is_one_of_the_ratio():
    lift = lift_of(Metric.SPEND, SAMPLE)

    assert lift is not None
    assert lift.lift_low is not None
    assert lift.lift_high is not None
    assert (1 + lift.lift_low) * (1 + lift.lift_high) == pytest.approx(1.2**2)
    assert lift.lift_low < 0.2 < lift.lift_high


def test_what_is_explained_by_before_is_taken_out():
    """A covariance of 0.8 of what could be leaves 36 % of the variance: 60 % of the width."""
    means, variances = {"spend": 1000.0, "spend_before": 500.0}, {"spend": 1e6, "spend_before": 1e6}
    tied = {("spend", "spend_before"): 0.8e6}
    plain = [group(2_000, means=means, variances=variances) for _ in range(2)]
    known = [group(2_000, means=means, variances=variances, covariances=tied) for _ in range(2)]

    wide, narrow = (lift_of(Metric.SPEND, Sample(*sides, 0)) for sides in (plain, known))

    assert wide is not None
    assert narrow is not None
    assert (narrow.high - narrow.low) / (wide.high - wide.low) == pytest.approx(0.6, rel=1e-3)


def test_chance_before_the_start_is_taken_out_of_the_difference():
    """Those who spend 100 more spent 100 more before; nine tenths of such a thing stay."""
    tied = {("spend", "spend_before"): 0.9e6}
    sides = [
        group(
            1_000,
            means={"spend": mean, "spend_before": mean - 500},
            variances={"spend": 1e6, "spend_before": 1e6},
            covariances=tied,
        )
        for mean in (1000.0, 1100.0)
    ]
    lift = lift_of(Metric.SPEND, Sample(sides[0], sides[1], 0))

    assert lift is not None
    assert lift.difference == pytest.approx(10, abs=1)


def test_a_difference_from_nothing_has_no_percentage():
    lift = lift_of(Metric.SPEND, Sample(spent(200, 0, 0), spent(200, 1200, 360_000), 0))

    assert lift is not None
    assert (lift.difference, lift.lift, lift.lift_low, lift.lift_high) == (1200, None, None, None)


def test_means_next_to_nothing_have_a_difference_and_no_percentage():
    """A margin of nearly nothing: every ratio is possible, and e to its power has no number."""
    sides = [
        group(200, means={"margin": mean}, variances={"margin": 1e6}) for mean in (1e-3, -1e-3)
    ]
    lift = lift_of(Metric.MARGIN, Sample(sides[0], sides[1], 0))

    assert lift is not None
    # The standard error is √(1e6 ÷ 200 × 2) = 100, with 398 degrees of freedom: t is 1.966.
    assert (lift.low, lift.high) == pytest.approx((-196.6, 196.6), abs=0.1)
    assert (lift.lift, lift.without) == (None, pytest.approx(1e-3, abs=1e-6))
    assert not lift.is_seen


@pytest.mark.parametrize(
    "sample",
    [
        Sample(spent(0, 0, 0), spent(0, 0, 0), 0),
        Sample(spent(1, 1000, 0), spent(400, 1200, 360_000), 0),
        Sample(spent(200, 0, 0), spent(200, 0, 0), 0),
        Sample(spent(200, 500, 0), spent(200, 500, 0), 0),
    ],
)
def test_where_nothing_differs_nothing_is_said(sample):
    assert lift_of(Metric.SPEND, sample) is None
    assert lift_of(Metric.BASKET, sample) is None


def test_the_least_lift_that_can_be_seen():
    """(1.96 + 0.84) × √(variance × (1 ÷ 200 + 1 ÷ 1,800)) of a mean of 1,000."""
    everybody = spent(5_000, 1000, 1e6).everybody
    by_hand = (1.95996 + 0.84162) * sqrt(1e6 * (1 / 200 + 1 / 1_800)) / 1000

    assert least_lift(Metric.SPEND, everybody, 9.0, members=2_000) == pytest.approx(
        by_hand, rel=0.01
    )
    assert least_lift(Metric.SPEND, spent(5_000, 0, 0).everybody, 9.0) is None


def test_groups_of_the_sizes_that_the_lot_makes_are_fair_and_others_are_not():
    """Of 2,000 with a share of ten 200 are kept out, give or take 13.4."""
    fair = Sample(spent(210, 1, 1), spent(1_790, 1, 1), 0)
    unfair = Sample(spent(140, 1, 1), spent(1_860, 1, 1), 0)
    tenth = Fraction(1, 10)

    assert ratio_chance(fair, tenth, tenth) == pytest.approx(0.479, abs=0.01)
    assert ratio_chance(unfair, tenth, tenth) < 0.0001
