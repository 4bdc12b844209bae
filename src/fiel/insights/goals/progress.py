"""Progress towards a goal, from months before it and since: statistics, not amounts.

Months before the goal was set say how much a month differs from the next by itself; that is the
uncertainty of the months since. Forecasts hold what was reached, or follow its line when there are
enough months to see one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

import numpy as np
from scipy import stats

LEAST_MONTHS = 3  # before the goal, to know how months differ
LEAST_FOR_A_LINE = 4  # since the goal, to follow their line
_SURE = 0.95


@dataclass(frozen=True, slots=True)
class Between:
    """An estimate with the interval of 95 % around it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a goal has come. What cannot be said is None.

    `baseline` is the mean month before; `now` the mean month since; `covered` the share of the way
    from baseline to target, in percent; `forecast` the month in which the goal is due, `chance`
    how likely that month reaches the target, in percent.
    """

    baseline: float
    months_before: int
    months_since: int
    target: float
    now: Between | None = None
    covered: float | None = None
    forecast: Between | None = None
    chance: float | None = None


def progress_of(
    before: Sequence[float], since: Sequence[float], *, target: float, months_left: int
) -> Progress:
    """Progress from the months before a goal and the whole months since, oldest first."""
    assert len(before) >= LEAST_MONTHS, "whoever calls has looked"
    baseline = fmean(before)
    if not since:
        return Progress(baseline, len(before), 0, target)
    spread, freedom = stdev(before), len(before) - 1
    now = fmean(since)
    covered = None if target == baseline else 100 * (now - baseline) / (target - baseline)
    expected, error = _forecast(since, spread, months_left)
    return Progress(
        baseline,
        len(before),
        len(since),
        target,
        now=_between(now, spread / len(since) ** 0.5, freedom),
        covered=covered,
        forecast=_between(expected, error, freedom),
        chance=_chance(expected, error, freedom, target),
    )


def _forecast(since: Sequence[float], spread: float, months_left: int) -> tuple[float, float]:
    """What the due month is expected to be, and the standard error of that."""
    count = len(since)
    if count < LEAST_FOR_A_LINE:
        return fmean(since), spread * (1 + 1 / count) ** 0.5
    months = np.arange(count, dtype=np.float64)
    slope, start = np.polyfit(months, np.asarray(since, dtype=np.float64), 1)
    due = count - 1 + months_left
    off = due - months.mean()
    leverage = 1 + 1 / count + off**2 / float(((months - months.mean()) ** 2).sum())
    return float(start + slope * due), float(spread * leverage**0.5)


def _between(value: float, error: float, freedom: int) -> Between:
    reach = float(stats.t.ppf((1 + _SURE) / 2, freedom)) * error
    return Between(value, value - reach, value + reach)


def _chance(expected: float, error: float, freedom: int, target: float) -> float:
    if not error:
        return 100.0 if expected >= target else 0.0
    return 100 * float(stats.t.sf((target - expected) / error, freedom))
