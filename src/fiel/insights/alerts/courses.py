"""The figure that an alert is about, day by day: what there was before, and since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fiel.insights.alerts.drift import BASELINE_DAYS, LATEST_DAYS
from fiel.insights.alerts.drifts import figures_of_days
from fiel.insights.alerts.finding import Kind

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns

_DRIFTING = (Kind.ISSUANCE, Kind.REDEMPTION, Kind.LIABILITY, Kind.STORE)


@dataclass(frozen=True, slots=True)
class Course:
    """A figure of consecutive days."""

    days: tuple[date, ...]
    values: tuple[float, ...]


def course_of(columns: Columns, kind: str, subject: str, *, until: date) -> Course | None:
    """The figure of the days that a drift is seen in; None for what is no figure of days."""
    if kind not in _DRIFTING:
        return None
    since = until - timedelta(days=LATEST_DAYS + BASELINE_DAYS - 1)
    for figure in figures_of_days(columns, since, until):
        if figure.kind == kind and figure.subject == subject:
            first = until - timedelta(days=len(figure.days) - 1)
            days = tuple(first + timedelta(days=number) for number in range(len(figure.days)))
            return Course(days, tuple(float(value) for value in figure.days))
    return None
