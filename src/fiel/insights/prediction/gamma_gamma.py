"""Gamma-Gamma: what members spend on a purchase (Fader and Hardie, 2013).

What a member spends on one purchase varies around a mean of their own, and the means are spread
over the members (p, q, gamma). The fewer purchases are known of a member, the more the model leans
on what all members spend. It takes a member's mean not to depend on how often they buy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, psi

from fiel.insights.prediction.fitting import Likelihood, maximised
from fiel.insights.prediction.kinds import Floats, Integers


@dataclass(frozen=True, slots=True)
class Spends:
    """What members with at least one known purchase spent: how many purchases, and their mean."""

    purchases: Integers
    mean: Floats


@dataclass(frozen=True, slots=True)
class Purse:
    """The parameters of a fitted Gamma-Gamma, in the unit of money of what it was fitted to."""

    p: float
    q: float
    gamma: float
    at_edge: bool = False

    def expected(self, spends: Spends) -> Floats:
        """The mean spend expected of each member, also of those without a known purchase."""
        x = spends.purchases.astype(np.float64)
        weight = self.p * x + self.q - 1.0
        # Without purchases and with q below one the spread is too wide to have a mean.
        weight = np.where(weight > 0, weight, np.nan)
        return np.asarray(self.p * (self.gamma + x * spends.mean) / weight, dtype=np.float64)


def fitted_purse(spends: Spends) -> Purse:
    """Fit Gamma-Gamma to what members spent.

    Raises:
        NoFit: the search does not end at a maximum.
    """
    scale = float(spends.mean.mean())
    fit = maximised(likelihood_of(Spends(spends.purchases, spends.mean / scale)), (2.0, 3.0, 1.0))
    p, q, gamma = fit.parameters
    return Purse(p=p, q=q, gamma=gamma * scale, at_edge=fit.at_edge)


def likelihood_of(spends: Spends) -> Likelihood:
    """The mean log-likelihood of what members spent, with its gradient by p, q and gamma."""
    members = len(spends.mean)
    times, at = np.unique(spends.purchases, return_inverse=True)
    by_times = np.bincount(at) / members
    x = times.astype(np.float64)
    sums = spends.purchases * spends.mean
    log_mean = np.log(spends.mean)
    each = spends.purchases.astype(np.float64)
    # What does not depend on the parameters but through p, added up once.
    known = float((each * (log_mean + np.log(each))).mean())
    log_means = float(log_mean.mean())

    def likelihood(parameters: Floats) -> tuple[float, Floats]:
        p, q, gamma = (float(value) for value in parameters)
        spread = np.log(gamma + sums)
        inverse = 1.0 / (gamma + sums)
        height = (
            by_times @ (gammaln(p * x + q) - gammaln(p * x) - gammaln(q))
            + q * np.log(gamma) + p * known - log_means
            - float(((p * each + q) * spread).mean())
        )  # fmt: skip
        by_p = (
            by_times @ (x * (psi(p * x + q) - psi(p * x))) + known - float((each * spread).mean())
        )
        by_q = by_times @ psi(p * x + q) - psi(q) + np.log(gamma) - float(spread.mean())
        by_gamma = q / gamma - float(((p * each + q) * inverse).mean())
        return float(height), np.array([by_p, by_q, by_gamma], dtype=np.float64)

    return likelihood
