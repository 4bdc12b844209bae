"""Whether a figure of days has drifted, and since when.

The last weeks are compared with the weeks before, each day with its own weekday. What a figure
usually differs by is measured by what is in the middle, so that single days out of line, before or
after, change little. Of all days on which a change could have begun, the one is taken after which
the figure differs most surely.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as students_t

type Floats = NDArray[np.float64]

WEEK = 7
LATEST_DAYS = 28  # in which a change is looked for
BASELINE_DAYS = 56  # before them, that say what is usual
LEAST_BASELINE_DAYS = 28
_LEAST_DAYS = 3  # that a change has lasted: a single day out of line is no drift
_LEAST_CHANGE = 0.15  # of what was usual: what is less is no news, however sure
_SPREAD_OF_MIDDLE = 1.4826  # the median distance from the median, as a standard deviation
_OF_MEDIAN = np.pi / 2  # how much more a median varies than a mean
_FURTHEST = 3.0  # spreads that a day counts as: one that lies further out is one day out of line
_MOST_ALIKE = 0.8  # of the correlation of a day with the day before


class Scale(Enum):
    """How a figure varies: counts and amounts more where they are higher, a flow alike."""

    COUNT = "count"
    AMOUNT = "amount"
    FLOW = "flow"


@dataclass(frozen=True, slots=True)
class Drift:
    """A change: for how many days until the last, from what a day to what, and how surely.

    `chance` is how likely a figure without any change differs so much on some day.
    """

    days: int
    usual: float
    now: float
    chance: float

    @property
    def change(self) -> float | None:
        """By how much of what was usual; None: it was nothing."""
        return self.now / self.usual - 1.0 if self.usual else None


def drift_of(figures: Floats, scale: Scale) -> Drift | None:
    """The change in a figure of consecutive days, the last of them whole.

    None: there is no change to speak of, or there are too few days to say (`is_long_enough`).
    """
    if not is_long_enough(figures):
        return None
    figures = figures[-(LATEST_DAYS + BASELINE_DAYS) :]
    split = len(figures) - LATEST_DAYS
    told = _evened(figures, scale)
    baseline, latest = told[:split], told[split:]
    weekdays = np.arange(len(told)) % WEEK
    usual = np.array([np.median(baseline[weekdays[:split] == day]) for day in range(WEEK)])
    before = baseline - usual[weekdays[:split]]
    after = latest - usual[weekdays[split:]]
    spread = _spread(before, split, scale, float(np.abs(usual).mean()))
    if spread == 0.0:
        return None
    lasting = np.arange(1, LATEST_DAYS + 1, dtype=np.float64)
    within = np.clip(after, -_FURTHEST * spread, _FURTHEST * spread)
    means = np.cumsum(within[::-1]) / lasting
    surely = np.abs(means) / (spread * np.sqrt(1.0 / lasting + _OF_MEDIAN / split))
    surely[: _LEAST_DAYS - 1] = 0.0
    place = int(surely.argmax())
    days = place + 1
    # The middle tells of a spread less surely than the mean: about as a third of the days would.
    chance = float(2.0 * students_t.sf(surely[place], split / 3.0) * LATEST_DAYS / WEEK)
    lately = figures[len(figures) - days :]
    compared = _usual_of_days(figures[:split], weekdays[:split], weekdays[len(figures) - days :])
    drift = Drift(days, float(compared), float(lately.mean()), min(chance, 1.0))
    return drift if _is_news(drift, figures[:split], scale) else None


def is_long_enough(figures: Floats) -> bool:
    """Whether there are days enough to tell a change from what is usual."""
    return len(figures) >= LATEST_DAYS + LEAST_BASELINE_DAYS


def _evened(figures: Floats, scale: Scale) -> Floats:
    """Figures that vary alike whether they are high or low."""
    if scale is Scale.FLOW:
        return figures
    return np.asarray(2.0 * np.sqrt(np.maximum(figures, 0.0) + 0.375), dtype=np.float64)


def _spread(before: Floats, days: int, scale: Scale, level: float) -> float:
    """How much a day differs from what is usual of its weekday, as a standard deviation."""
    weeks = days / WEEK
    # The middle of a few weeks lies nearer to them than to what they are drawn from.
    narrowed = float(np.sqrt(weeks / max(weeks - _OF_MEDIAN, 1.0)))
    spread = float(np.median(np.abs(before))) * _SPREAD_OF_MIDDLE * narrowed
    if scale is Scale.COUNT:
        spread = max(spread, 1.0)  # what comes by chance alone
    spread = max(spread, 0.01 * level)
    alike = float(np.clip(_correlation(before), 0.0, _MOST_ALIKE))
    return float(spread * np.sqrt((1.0 + alike) / (1.0 - alike)))


def _correlation(values: Floats) -> float:
    """Of each day with the day before, by ranks: single days out of line count no more than any."""
    ranks = values.argsort().argsort().astype(np.float64)
    if np.ptp(values) == 0.0:
        return 0.0
    return float(np.corrcoef(ranks[1:], ranks[:-1])[0, 1])


def _usual_of_days(before: Floats, weekdays: NDArray[np.int64], wanted: NDArray[np.int64]) -> float:
    means = np.array([before[weekdays == day].mean() for day in range(WEEK)])
    return float(means[wanted].mean())


def _is_news(drift: Drift, before: Floats, scale: Scale) -> bool:
    size = abs(drift.now - drift.usual)
    if scale is Scale.FLOW:
        return size >= _LEAST_CHANGE * float(np.abs(before).mean())
    return size >= _LEAST_CHANGE * drift.usual and size > 0.0
