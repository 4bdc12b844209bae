"""Difference in differences: the weaker way, where nobody was kept out.

Members who had joined half a year before are compared with everybody else's purchases, week by
week, before something began and since. What both share, a season or a holiday, cancels, and so does
a steady parting: fewer of the members of long ago buy with every week. What only one of them did at
that moment for another reason does not, and no lot made the groups alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log, sqrt

import ibis
import numpy as np
from scipy.stats import t as student

from fiel.insights.columns.opening import Columns
from fiel.insights.figures.narrowing import Narrowed, rows
from fiel.insights.figures.purchases import purchases
from fiel.insights.impact.experiments import DAY
from fiel.insights.impact.lifts import ALPHA, CONFIDENCE

LEAST_WEEKS = 8
MOST_WEEKS = 26
SETTLED = timedelta(weeks=26)  # what members do right after they joined falls faster than steadily
_WEEK = timedelta(weeks=1)
_NO_DOUBT = 1e-20  # a variance that is but rounding


@dataclass(frozen=True, slots=True)
class Weeks:
    """Whole weeks before something began, and since; both as many."""

    start: date
    many: int

    @property
    def since(self) -> date:
        """The first day of the weeks before."""
        return self.start - self.many * _WEEK

    @property
    def until(self) -> date:
        """The last day of the weeks since."""
        return self.start + self.many * _WEEK - DAY


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more the members' share grew than it would have, as a share with its interval.

    `drift` is how likely chance alone makes the groups step apart as they did before it began.
    """

    members: int
    lift: float
    low: float
    high: float
    chance: float
    drift: float

    @property
    def is_seen(self) -> bool:
        """Whether chance alone would make such a difference in one of twenty comparisons."""
        return self.chance < ALPHA


def weeks_around(start: date, *, until: date | None, today: date) -> Weeks | None:
    """The weeks before a start and as many since; None where there are too few."""
    last = min(until or today, today - DAY)
    many = min(((last - start).days + 1) // 7, MOST_WEEKS)
    return Weeks(start, many) if many >= LEAST_WEEKS else None


def difference_of(columns: Columns, weeks: Weeks) -> Difference | None:
    """What members' spend did against everybody else's; None where a week has nothing of either."""
    members = columns["members"]
    joined = members.filter(members.joined_on < ibis.literal(weeks.since - SETTLED)).select(
        "member"
    )
    count: int = joined.count().to_pyarrow().as_py()
    bought = purchases(columns, Narrowed(), weeks.until)
    bought = bought.filter(bought.day >= ibis.literal(weeks.since))
    old = bought.semi_join(joined, "member")
    told = _by_week(bought, weeks), _by_week(old, weeks)
    logs = []
    for week in range(2 * weeks.many):
        everything, of_old = (found.get(week, 0) for found in told)
        if of_old <= 0 or everything <= of_old:
            return None
        logs.append(log(of_old / (everything - of_old)))
    change = _step(logs, weeks.many)
    if change is None:
        return None
    earlier = _step(logs[: weeks.many], weeks.many // 2)
    effect, low, high, chance = change
    return Difference(
        count, exp(effect) - 1, exp(low) - 1, exp(high) - 1, chance, earlier[3] if earlier else 1.0
    )


def _by_week(bought: ibis.Table, weeks: Weeks) -> dict[int, int]:
    """What was bought in each week, by its number from the first."""
    days = rows(bought.group_by("day").aggregate(net=bought.net.sum()))
    sums: dict[int, int] = {}
    for row in days:
        week = (row["day"] - weeks.since).days // 7
        sums[week] = sums.get(week, 0) + row["net"]
    return sums


def _step(values: Sequence[float], place: int) -> tuple[float, float, float, float] | None:
    """By how much values step up at a place, beside their steady way, with its interval.

    Least squares of a line and a step; None where the values lie on them without any doubt.
    """
    many = len(values)
    numbers = np.arange(many, dtype=np.float64)
    known = np.column_stack([np.ones(many), numbers, numbers >= place])
    found, *_ = np.linalg.lstsq(known, np.asarray(values), rcond=None)
    left = np.asarray(values) - known @ found
    freedom = many - known.shape[1]
    variance = float(left @ left) / freedom * float(np.linalg.inv(known.T @ known)[2, 2])
    effect = float(found[2])
    if variance <= _NO_DOUBT:
        return None
    told = student(freedom, loc=effect, scale=sqrt(variance))
    low, high = (float(told.ppf(place)) for place in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    chance = 2 * float(student(freedom).sf(abs(effect) / sqrt(variance)))
    return effect, low, high, chance
