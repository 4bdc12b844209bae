"""Difference in differences: the weaker way, where nobody was kept out.

Members who had joined long before are compared with everybody else's purchases, week by week,
before something began and since. What both share, a season or a holiday, cancels; what only one
of them did anyway does not, and no lot made the groups alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, fsum, isfinite, log

import ibis
from tea_tasting.aggr import Aggregates
from tea_tasting.metrics import Mean

from fiel.insights.columns.opening import Columns
from fiel.insights.figures.narrowing import Narrowed, rows
from fiel.insights.figures.purchases import purchases
from fiel.insights.impact.experiments import DAY
from fiel.insights.impact.lifts import ALPHA, CONFIDENCE

LEAST_WEEKS = 8
MOST_WEEKS = 52
_WEEK = timedelta(weeks=1)


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

    `drift` is how likely chance alone makes the groups part as much as they did before it began.
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
    joined = members.filter(members.joined_on < ibis.literal(weeks.since)).select("member")
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
    before, since = logs[: weeks.many], logs[weeks.many :]
    half = weeks.many // 2
    change, drift = _compared(before, since), _compared(before[:half], before[-half:])
    if change is None:
        return None
    effect, low, high, chance = change
    return Difference(
        count, exp(effect) - 1, exp(low) - 1, exp(high) - 1, chance, drift[3] if drift else 1.0
    )


def _by_week(bought: ibis.Table, weeks: Weeks) -> dict[int, int]:
    """What was bought in each week, by its number from the first."""
    days = rows(bought.group_by("day").aggregate(net=bought.net.sum()))
    sums: dict[int, int] = {}
    for row in days:
        week = (row["day"] - weeks.since).days // 7
        sums[week] = sums.get(week, 0) + row["net"]
    return sums


def _compared(
    before: Sequence[float], since: Sequence[float]
) -> tuple[float, float, float, float] | None:
    """The difference of two means with its interval, and how likely chance alone makes it."""
    # The interval of a ratio, which nobody asks for, must not be without end: away from zero.
    away = 1 + 100 * max(map(abs, (*before, *since)))
    one, other = (_aggregates([value + away for value in values]) for values in (before, since))
    if one.var("it") + other.var("it") <= 0:
        return None
    metric = Mean(
        "it", alternative="two-sided", confidence_level=CONFIDENCE, equal_var=False, use_t=True
    )
    told = metric.analyze_aggregates(one, other)
    found = told.effect_size, told.effect_size_ci_lower, told.effect_size_ci_upper, told.pvalue
    return found if all(map(isfinite, found)) else None


def _aggregates(values: Sequence[float]) -> Aggregates:
    many = len(values)
    mean = fsum(values) / many
    squares = fsum((value - mean) ** 2 for value in values)
    return Aggregates(many, {"it": mean}, {"it": squares / (many - 1)}, {})
