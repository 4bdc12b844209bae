"""Gamma-Gamma beside what was published of it, and beside purses that are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from fiel.insights.prediction.gamma_gamma import Purse, Spends, fitted_purse, likelihood_of
from tests.insights.prediction.cdnow import cdnow_spends


def test_cdnow_gives_the_published_estimates():
    purse = fitted_purse(cdnow_spends())

    assert [round(value, 2) for value in (purse.p, purse.q, purse.gamma)] == [6.25, 3.74, 15.45]


def test_the_gradient_is_that_of_the_likelihood():
    likelihood = likelihood_of(cdnow_spends())
    for place in ([3.0, 3.0, 10.0], [8.0, 1.5, 30.0]):
        slope = likelihood(np.array(place))[1]
        by_steps = approx_fprime(np.array(place), lambda at: likelihood(at)[0], 1e-6)
        assert slope == pytest.approx(by_steps, rel=1e-4, abs=1e-6)


def test_the_expected_spend_lies_between_the_own_mean_and_that_of_all():
    purse = Purse(p=6.25, q=3.74, gamma=15.45)
    of_all = 6.25 * 15.45 / 2.74  # 35.24

    told = purse.expected(Spends(np.array([0, 1, 9]), np.array([0.0, 100.0, 100.0])))

    assert told[0] == pytest.approx(of_all)
    assert told[1] == pytest.approx(6.25 * (15.45 + 100) / (6.25 + 2.74))  # 80.26
    assert of_all < told[1] < told[2] < 100.0


def test_it_finds_the_purses_that_were_planted():
    chance = np.random.default_rng(7)
    purchases = chance.integers(1, 12, 5000)
    scale = chance.gamma(4.0, 1 / 20.0, 5000)  # q = 4, gamma = 20
    mean = chance.gamma(6.0 * purchases, 1 / scale) / purchases  # p = 6

    purse = fitted_purse(Spends(purchases, mean))

    assert purse.p == pytest.approx(6.0, rel=0.1)
    assert purse.q == pytest.approx(4.0, rel=0.1)
    assert purse.gamma == pytest.approx(20.0, rel=0.15)


def test_all_spending_the_same_does_not_crash_the_fit_and_gives_that():
    purse = fitted_purse(Spends(np.full(200, 3), np.full(200, 12.5)))

    told = purse.expected(Spends(np.array([3]), np.array([12.5])))
    assert told[0] == pytest.approx(12.5, rel=0.01)


def test_a_spread_too_wide_to_have_a_mean_says_nothing_of_who_never_bought():
    purse = Purse(p=1.0, q=0.8, gamma=10.0)

    assert np.isnan(purse.expected(Spends(np.array([0]), np.array([0.0])))[0])
