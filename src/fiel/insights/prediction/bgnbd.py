"""BG/NBD: how often members buy, and whether they still do (Fader, Hardie and Lee, 2005).

While a member is a customer, purchases come at random at a rate of their own (rates are gamma
distributed: r, alpha); after each purchase some leave for good, with a chance of their own (beta
distributed: a, b). Of each member it needs `frequency`, the purchases after the first, `recency`,
the time from the first to the last, and `age`, the time from the first until today.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, gammaln, hyp2f1, psi

from fiel.insights.prediction.fitting import Fit, Likelihood, maximised
from fiel.insights.prediction.kinds import Floats, Integers

_NEAR_ONE = 1e-5  # the formula of expected purchases divides by a − 1
_OVERFLOWS = 700.0  # of an exponent
_SERIES_UP_TO = 30.0  # of a parameter: beyond it the terms of the series cancel each other out
_PLACES = 200  # of the chance to leave, in the mean over its distribution


@dataclass(frozen=True, slots=True)
class Buyers:
    """Members by what they bought: those with the same numbers are one row with a count."""

    frequency: Integers
    recency: Floats
    age: Floats
    count: Floats

    @property
    def members(self) -> float:
        """How many there are."""
        return float(self.count.sum())

    @property
    def repeaters(self) -> float:
        """How many bought again."""
        return float(self.count[self.frequency > 0].sum())


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The parameters of a fitted BG/NBD, in the unit of time of what it was fitted to."""

    r: float
    alpha: float
    a: float
    b: float
    at_edge: bool = False

    def alive(self, buyers: Buyers) -> Floats:
        """The chance of each row that it still is a customer."""
        gone = self._odds_of_gone(buyers)
        return np.asarray(1.0 / (1.0 + gone), dtype=np.float64)

    def expected(self, buyers: Buyers, horizon: float) -> Floats:
        """The purchases expected of each row within the time to come."""
        if horizon <= 0:
            return np.zeros(len(buyers.frequency))
        # The series depends on how often and how long alone: few different pairs of many rows.
        ages, age = np.unique(buyers.age, return_inverse=True)
        most = int(buyers.frequency.max(initial=0)) + 1
        pairs, pair = np.unique(age * most + buyers.frequency, return_inverse=True)
        bought = self._bought_if_alive(pairs % most, ages[pairs // most], horizon)
        return np.asarray(bought[pair] * self.alive(buyers), dtype=np.float64)

    def silent_if_alive(self, buyers: Buyers, horizon: float) -> Floats:
        """The chance of each row to buy nothing within the time to come, while a customer."""
        age = self.alpha + buyers.age
        return np.asarray((age / (age + horizon)) ** (self.r + buyers.frequency), dtype=np.float64)

    def expected_of_new(self, horizon: float) -> float:
        """The purchases expected after the first one, of a member of whom nothing else is known."""
        return float(self._bought_if_alive(np.zeros(1), np.zeros(1), horizon)[0])

    def _odds_of_gone(self, buyers: Buyers) -> Floats:
        frequency = buyers.frequency.astype(np.float64)
        again = frequency > 0
        with np.errstate(over="ignore"):
            odds = np.exp(
                np.log(self.a)
                - np.log(np.where(again, self.b + frequency - 1.0, 1.0))
                + (self.r + frequency)
                * (np.log(self.alpha + buyers.age) - np.log(self.alpha + buyers.recency))
            )
        return np.where(again, odds, 0.0)

    def _bought_if_alive(self, frequency: Floats, age: Floats, horizon: float) -> Floats:
        if max(self.r, self.a, self.b) > _SERIES_UP_TO:
            return self._bought_in_the_mean(frequency, age, horizon)
        a = self.a if abs(self.a - 1.0) > _NEAR_ONE else 1.0 + _NEAR_ONE
        shape = a + self.b + frequency - 1.0
        share = horizon / (self.alpha + age + horizon)
        # Euler's transformation of the published series: its terms stay of the order of one.
        series = hyp2f1(a + self.b - 1.0 - self.r, a - 1.0, shape, share)
        return np.asarray(
            np.maximum(shape / (a - 1.0) * (1.0 - (1.0 - share) ** (a - 1.0) * series), 0.0),
            dtype=np.float64,
        )

    def _bought_in_the_mean(self, frequency: Floats, age: Floats, horizon: float) -> Floats:
        """The same, as the mean over the chance to leave: whoever leaves with p buys (1 − q)/p."""
        bought = np.empty(len(frequency))
        even = (np.arange(_PLACES) + 0.5) / _PLACES
        for times in np.unique(frequency):
            which = frequency == times
            # A chance of nothing at all would be divided by.
            leaves = np.maximum(betaincinv(self.a, self.b + times, even), 1e-12)
            lasts = np.log1p(np.outer(horizon / (self.alpha + age[which]), leaves))
            bought[which] = (-np.expm1(-(self.r + times) * lasts) / leaves).mean(axis=1)
        return bought


def fitted_rhythm(buyers: Buyers) -> Rhythm:
    """Fit BG/NBD to what members bought.

    Raises:
        NoFit: the search does not end at a maximum.
    """
    mean_age = float(np.average(buyers.age, weights=buyers.count))
    # Measured in mean ages the parameters are of the order of one, whatever the unit of time.
    scaled = Buyers(
        buyers.frequency, buyers.recency / mean_age, buyers.age / mean_age, buyers.count
    )
    fit: Fit = maximised(likelihood_of(scaled), (0.5, 0.5, 0.5, 2.0))
    r, alpha, a, b = fit.parameters
    return Rhythm(r=r, alpha=alpha * mean_age, a=a, b=b, at_edge=fit.at_edge)


def likelihood_of(buyers: Buyers) -> Likelihood:
    """The mean log-likelihood of what members bought, with its gradient by r, alpha, a and b."""
    weights = buyers.count / buyers.count.sum()
    times, frequency_at = np.unique(buyers.frequency, return_inverse=True)
    ages, age_at = np.unique(buyers.age, return_inverse=True)
    x = times.astype(np.float64)
    again = x > 0
    # Sums that do not change with the parameters.
    by_times = np.bincount(frequency_at, weights)
    by_age = np.bincount(age_at, weights)
    bought_by_age = np.bincount(age_at, weights * buyers.frequency)

    # Only of those who bought again each one matters.
    back = buyers.frequency > 0
    frequency, weight = buyers.frequency[back].astype(np.float64), weights[back]
    frequency_at, age_at = frequency_at[back], age_at[back]
    recencies, recency_at = np.unique(buyers.recency[back], return_inverse=True)

    def likelihood(parameters: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = (float(value) for value in parameters)
        log_ages, log_recencies = np.log(alpha + ages), np.log(alpha + recencies)
        left = np.where(again, b + x - 1.0, 1.0)

        # How much likelier it is that a member left after the last purchase than that they stayed.
        silence = log_ages[age_at] - log_recencies[recency_at]
        exponent = r + frequency
        odds = np.exp(
            np.minimum((np.log(a) - np.log(left))[frequency_at] + exponent * silence, _OVERFLOWS)
        )
        gone = weight * (odds / (1.0 + odds))
        height = (
            by_times
            @ (
                gammaln(r + x) - gammaln(r) + r * np.log(alpha)
                + gammaln(a + b) - gammaln(b) + gammaln(b + x) - gammaln(a + b + x)
            )
            - (r * by_age + bought_by_age) @ log_ages
            + (weight * np.log1p(odds)).sum()
        )  # fmt: skip

        left_by_times = np.bincount(frequency_at, gone, len(x))
        times_gone = gone * exponent
        gone_by_age = np.bincount(age_at, times_gone, len(ages))
        gone_by_recency = np.bincount(recency_at, times_gone, len(recencies))
        by_r = (
            by_times @ (psi(r + x) - psi(r) + np.log(alpha))
            - by_age @ log_ages
            + (gone * silence).sum()
        )
        by_alpha = (
            r / alpha
            - (r * by_age + bought_by_age - gone_by_age) @ (1.0 / (alpha + ages))
            - gone_by_recency @ (1.0 / (alpha + recencies))
        )
        both = psi(a + b) - psi(a + b + x)
        by_a = by_times @ both + left_by_times.sum() / a
        by_b = by_times @ (both + psi(b + x) - psi(b)) - left_by_times @ (again / left)
        return float(height), np.array([by_r, by_alpha, by_a, by_b], dtype=np.float64)

    return likelihood
