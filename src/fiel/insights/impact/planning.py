"""Planning: which lifts a holdout would show, before anybody is kept out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fiel.insights.columns.opening import Columns
from fiel.insights.impact.lifts import LEAST_MEMBERS, Metric, least_lift, of_group
from fiel.insights.impact.samples import populations
from fiel.insights.impact.windows import window_before

WEEKS = (4, 8, 12, 26, 52)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a holdout shows after so many weeks; a lift is a share (0.09 is 9 %) or None."""

    share: Fraction
    weeks: int
    members: int
    kept_out: int
    spend: float | None
    retention: float | None


def plans(columns: Columns, *, shares: Sequence[Fraction], today: date) -> list[Plan]:
    """The least lifts that holdouts show four times in five, by their share and length.

    Planned by what members did in as many weeks up to yesterday, and only for lengths of which
    there is a past and shares that leave members enough on both sides.
    """
    first: date | None = columns["sales"].day.min().to_pyarrow().as_py()
    members: int = columns["members"].count().to_pyarrow().as_py()
    told = [share for share in shares if _is_enough(share, members)]
    found: list[Plan] = []
    known = [weeks for weeks in WEEKS if first and window_before(today, weeks).since >= first]
    if not known or not told:
        return []
    groups = populations(columns, [window_before(today, weeks) for weeks in known])
    for weeks, group in zip(known, groups, strict=True):
        for share in told:
            spend, retention = (
                least_lift(
                    metric, of_group(metric, group), float((1 - share) / share), members=members
                )
                for metric in (Metric.SPEND, Metric.RETENTION)
            )
            found.append(Plan(share, weeks, members, int(members * share), spend, retention))
    return sorted(found, key=lambda plan: (plan.share, plan.weeks))


def _is_enough(share: Fraction, members: int) -> bool:
    return min(members * share, members * (1 - share)) >= LEAST_MEMBERS
