"""Members who behave exactly as the models say, with parameters that are known."""

from __future__ import annotations

import numpy as np

from fiel.insights.prediction.bgnbd import Buyers


def purchase_times(
    members: int, *, r: float, alpha: float, a: float, b: float, until: float, seed: int
) -> list[list[float]]:
    """When each member buys, from the first purchase (0) on."""
    chance = np.random.default_rng(seed)
    told = []
    for _ in range(members):
        rate, leaves = chance.gamma(r, 1 / alpha), chance.beta(a, b)
        bought = [0.0]
        while (moment := bought[-1] + chance.exponential(1 / max(rate, 1e-12))) <= until:
            bought.append(moment)
            if chance.random() < leaves:
                break
        told.append(bought)
    return told


def buyers_of(times: list[list[float]], *, until: float) -> Buyers:
    """What is known of them at a moment."""
    known = [[moment for moment in member if moment <= until] for member in times]
    return Buyers(
        frequency=np.array([len(member) - 1 for member in known]),
        recency=np.array([member[-1] for member in known]),
        age=np.full(len(known), until),
        count=np.ones(len(known)),
    )
