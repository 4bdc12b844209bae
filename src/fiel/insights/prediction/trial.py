"""The back-test: the models are told of the time up to a day, and foretell what is known since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from fiel.insights.prediction.history import History
from fiel.insights.prediction.kinds import Flags, Floats, Integers
from fiel.insights.prediction.model import Foretold, fitted_model

# Members by the purchases known of them: from, to (None: and more).
GROUPS: tuple[tuple[int, int | None], ...] = ((1, 1), (2, 2), (3, 4), (5, 9), (10, None))
BANDS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was foretold of some members beside what they did; spend in minor units.

    `carried_on` is the plainest forecast: that everybody goes on as often as before.
    """

    members: int
    foretold: float
    happened: int
    carried_on: float
    spend_foretold: float
    spend_happened: float

    @property
    def off(self) -> float | None:
        """By how much of what happened the forecast was off; None: nothing happened."""
        return self.foretold / self.happened - 1.0 if self.happened else None


@dataclass(frozen=True, slots=True)
class Band:
    """Members of whom a similar risk was foretold: how high in the mean, and what became true."""

    least: float
    most: float
    members: int
    foretold: float | None
    happened: float | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A back-test: all members, the same by what they had bought, and by the risk told of them.

    `error` is by how many purchases the forecast of a member was off in the mean, and
    `error_carried_on` the same of the plainest forecast.
    """

    days: int
    whole: Compared
    groups: tuple[tuple[tuple[int, int | None], Compared], ...]
    bands: tuple[Band, ...]
    error: float
    error_carried_on: float


def tried(history: History) -> Trial:
    """Foretell the days between the cut and the end from what was known at the cut.

    Raises:
        TooLittle: what was known at the cut is too little to fit the models to.
    """
    known = history.by_cut.age >= 0
    before = history.by_cut.only(known)
    days = (history.until - history.cut).days
    foretold = fitted_model(before).foretold(before, days=days)
    happened = history.after[known]
    spent = history.spent_after[known]
    carried_on = (before.repeats + 1) / (before.age + 1) * days
    purchases = before.repeats + 1

    def compared(which: Flags) -> Compared:
        return Compared(
            members=int(which.sum()),
            foretold=float(foretold.purchases[which].sum()),
            happened=int(happened[which].sum()),
            carried_on=float(carried_on[which].sum()),
            spend_foretold=float(foretold.spend[which].sum()),
            spend_happened=float(spent[which].sum()),
        )

    return Trial(
        days=days,
        whole=compared(np.ones(len(before), dtype=np.bool_)),
        groups=tuple(
            (group, compared(in_group(purchases, group)))
            for group in GROUPS
            if in_group(purchases, group).any()
        ),
        bands=tuple(_bands(foretold, happened)),
        error=float(np.abs(foretold.purchases - happened).mean()),
        error_carried_on=float(np.abs(carried_on - happened).mean()),
    )


def in_group(purchases: Integers, group: tuple[int, int | None]) -> Flags:
    """Which members bought as often as the group says."""
    least, most = group
    return (purchases >= least) & (purchases <= (most if most is not None else purchases.max()))


def banded(risk: Floats) -> Iterator[tuple[float, float, Flags]]:
    """The bands of risk, each with the members in it."""
    for least, most in pairwise(BANDS):
        yield least, most, (risk >= least) & ((risk < most) | (most == 1.0))


def _bands(foretold: Foretold, happened: Integers) -> Iterator[Band]:
    risk = 1.0 - foretold.buys
    for least, most, which in banded(risk):
        members = int(which.sum())
        yield Band(
            least=least,
            most=most,
            members=members,
            foretold=float(risk[which].mean()) if members else None,
            happened=float((happened[which] == 0).mean()) if members else None,
        )
