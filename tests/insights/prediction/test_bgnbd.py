"""BG/NBD beside what was published of it, and beside members who behave as it says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import approx_fprime
from scipy.special import beta

from fiel.insights.prediction.bgnbd import Buyers, Rhythm, fitted_rhythm, likelihood_of
from tests.insights.prediction.cdnow import cdnow_buyers
from tests.insights.prediction.made_up import buyers_of, purchase_times


def test_cdnow_gives_the_published_estimates():
    rhythm = fitted_rhythm(cdnow_buyers())

    found = [round(value, 3) for value in (rhythm.r, rhythm.alpha, rhythm.a, rhythm.b)]
    assert found == [0.243, 4.414, 0.793, 2.426]
    assert not rhythm.at_edge


def test_cdnow_gives_the_published_likelihood():
    buyers = cdnow_buyers()

    height, slope = likelihood_of(buyers)(np.array([0.243, 4.414, 0.793, 2.426]))

    assert round(height * buyers.members, 1) == -9582.4
    assert np.abs(slope).max() < 0.005  # it is flat at the top


def test_the_gradient_is_that_of_the_likelihood():
    likelihood = likelihood_of(cdnow_buyers())
    for place in ([0.3, 5.0, 0.7, 2.0], [1.5, 0.4, 3.0, 0.5]):
        slope = likelihood(np.array(place))[1]
        by_steps = approx_fprime(np.array(place), lambda at: likelihood(at)[0], 1e-7)
        assert slope == pytest.approx(by_steps, rel=1e-4, abs=1e-5)


def test_expected_purchases_of_the_published_example():
    # Fader, Hardie and Lee (2005): x = 2, t_x = 30.43, T = 38.86 weeks, 39 weeks ahead: 1.226.
    rhythm = Rhythm(r=0.243, alpha=4.414, a=0.793, b=2.426)

    expected = rhythm.expected(one(2, 30.43, 38.86), 39.0)

    assert expected[0] == pytest.approx(1.226, abs=0.001)


def test_members_who_bought_once_count_as_customers_still():
    rhythm = Rhythm(r=0.243, alpha=4.414, a=0.793, b=2.426)

    assert rhythm.alive(one(0, 0.0, 38.86))[0] == 1.0


def test_the_longer_the_silence_the_likelier_a_member_is_gone():
    rhythm = Rhythm(r=0.243, alpha=4.414, a=0.793, b=2.426)
    alive = [rhythm.alive(one(5, recency, 40.0))[0] for recency in (40.0, 30.0, 20.0, 10.0)]

    assert alive == sorted(alive, reverse=True)
    assert alive[0] > 0.85
    assert alive[-1] < 0.1


@pytest.mark.parametrize("a", [0.4, 0.999999, 1.0, 1.000001, 2.5])
@pytest.mark.parametrize("frequency", [0, 1, 7])
def test_expected_purchases_are_the_integral_of_the_rate_at_which_they_come(a, frequency):
    # A member with x purchases by T who is a customer buys at rate λ for as long as they stay:
    # given λ and p, (1 − e^(−λpt)) / p purchases come; λ is gamma(r + x, alpha + T) then, p is
    # beta(a, b + x). Integrated numerically over p, with the mean over λ in closed form.
    r, alpha, b, age, ahead = 0.6, 5.0, 2.0, 30.0, 26.0
    rhythm = Rhythm(r=r, alpha=alpha, a=a, b=b)

    def of_chance(p: float) -> float:
        stays = ((alpha + age) / (alpha + age + p * ahead)) ** (r + frequency)
        return (1 - stays) / p * p ** (a - 1) * (1 - p) ** (b + frequency - 1)

    mean = (
        quad(of_chance, 0, 0.5, limit=400, epsabs=1e-12)[0]
        + quad(of_chance, 0.5, 1, limit=400, epsabs=1e-12)[0]
    ) / beta(a, b + frequency)

    member = one(frequency, age if frequency else 0.0, age)
    alive = rhythm.alive(member)[0]
    assert rhythm.expected(member, ahead)[0] / alive == pytest.approx(mean, rel=1e-3)


def test_parameters_too_far_out_for_the_series_give_what_they_mean():
    # Everybody buys once in ten days, and a twentieth leave with each purchase: of a member who
    # has just bought, 60 days bring (1 - e^(-60/10 * 0.05)) / 0.05 = 5.18 purchases.
    rhythm = Rhythm(r=20_000.0, alpha=200_000.0, a=5_000.0, b=95_000.0, at_edge=True)

    expected = rhythm.expected(one(3, 30.0, 30.0), 60.0)[0]

    assert expected / rhythm.alive(one(3, 30.0, 30.0))[0] == pytest.approx(5.184, rel=1e-3)


def test_the_series_and_the_mean_agree_where_one_takes_over_from_the_other():
    member = one(4, 35.0, 40.0)
    by_series, by_mean = (
        Rhythm(r=r, alpha=300.0, a=2.0, b=20.0).expected(member, 60.0)[0] for r in (29.999, 30.001)
    )

    assert by_series == pytest.approx(by_mean, rel=5e-4)


def test_nothing_is_expected_of_no_time():
    rhythm = Rhythm(r=0.243, alpha=4.414, a=0.793, b=2.426)

    assert rhythm.expected(one(2, 30.0, 40.0), 0.0)[0] == 0.0


def test_members_with_the_same_numbers_may_be_told_once_with_a_count():
    buyers = cdnow_buyers()
    rows, counts = np.unique(
        np.column_stack([buyers.frequency, buyers.recency, buyers.age]), axis=0, return_counts=True
    )
    told_once = Buyers(
        frequency=rows[:, 0].astype(np.int64),
        recency=rows[:, 1],
        age=rows[:, 2],
        count=counts.astype(np.float64),
    )
    assert len(rows) < 2000

    each, grouped = fitted_rhythm(buyers), fitted_rhythm(told_once)

    assert grouped.alpha == pytest.approx(each.alpha, rel=1e-4)
    assert grouped.b == pytest.approx(each.b, rel=1e-4)


def test_days_and_weeks_give_the_same_forecast():
    weeks = cdnow_buyers()
    days = Buyers(weeks.frequency, weeks.recency * 7, weeks.age * 7, weeks.count)

    by_week, by_day = fitted_rhythm(weeks), fitted_rhythm(days)

    assert by_day.alpha == pytest.approx(by_week.alpha * 7, rel=1e-4)
    assert by_day.expected(days, 39 * 7).sum() == pytest.approx(
        by_week.expected(weeks, 39).sum(), rel=1e-5
    )


def test_it_foresees_what_members_who_behave_like_it_do():
    # Fitted to the first 200 days of 4,000 members, it foretells the next 100.
    times = purchase_times(4000, r=0.8, alpha=20.0, a=0.7, b=3.0, until=300.0, seed=5)
    before, after = buyers_of(times, until=200.0), buyers_of(times, until=300.0)

    rhythm = fitted_rhythm(before)

    came = float((after.frequency - before.frequency).sum())
    assert rhythm.r == pytest.approx(0.8, rel=0.12)
    assert rhythm.expected(before, 100.0).sum() == pytest.approx(came, rel=0.06)


def test_everybody_buying_once_does_not_crash_the_fit():
    buyers = Buyers(np.zeros(50, np.int64), np.zeros(50), np.full(50, 90.0), np.ones(50))

    assert fitted_rhythm(buyers).expected(buyers, 30.0).sum() < 1.0


def one(frequency: int, recency: float, age: float) -> Buyers:
    return Buyers(np.array([frequency]), np.array([recency]), np.array([age]), np.ones(1))
