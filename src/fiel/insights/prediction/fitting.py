"""Maximising a likelihood over positive parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from fiel.insights.prediction.kinds import Floats

_FURTHEST = 12.0  # of a parameter's logarithm: beyond e^12 more of it changes nothing

type Likelihood = Callable[[Floats], tuple[float, Floats]]


class NoFit(Exception):
    """The likelihood has no maximum that can be found: the history says too little."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a likelihood is greatest; `at_edge` when a parameter ran as far as it may go."""

    parameters: tuple[float, ...]
    log_likelihood: float
    at_edge: bool


def maximised(likelihood: Likelihood, start: Sequence[float]) -> Fit:
    """Find the parameters under which what was seen is likeliest.

    `likelihood` answers the mean log-likelihood and its gradient by the parameters. The search
    runs over their logarithms, so that they stay positive.

    Raises:
        NoFit: the search does not end at a maximum.
    """

    def descended(logarithms: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logarithms)
        height, slope = likelihood(parameters)
        return -height, -slope * parameters

    found = minimize(
        descended,
        np.log(np.asarray(start, dtype=np.float64)),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-_FURTHEST, _FURTHEST)] * len(start),
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7},
    )
    logarithms = np.asarray(found.x, dtype=np.float64)
    if not (np.isfinite(found.fun) and np.isfinite(logarithms).all()):
        raise NoFit
    return Fit(
        parameters=tuple(float(value) for value in np.exp(logarithms)),
        log_likelihood=-float(found.fun),
        at_edge=bool((np.abs(logarithms) > _FURTHEST - 0.1).any()),
    )
