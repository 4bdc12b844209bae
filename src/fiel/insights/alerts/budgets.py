"""Budgets that run out before they should."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from math import erf, sqrt
from typing import TYPE_CHECKING

import numpy as np

from fiel.domain.language import N_
from fiel.insights.alerts.finding import Finding, Kind
from fiel.insights.reporting.report import Say

if TYPE_CHECKING:
    from fiel.domain.program import EarnRule, Program
    from fiel.insights.columns.opening import Columns

_PACE_DAYS = 28  # whose pace is taken to go on
_LEAST_PACE_DAYS = 7
_SOON = 14  # days: a budget without an end that lasts no longer is told
_SURE = 0.95

_BEFORE_THE_END = N_(
    "At the pace of the last {days} days ({pace} a day) the budget of “{rule}” ends on {day}, "
    "before the rule does ({last}): {left} of {whole} {unit} are left."
)
_WITHOUT_END = N_(
    "At the pace of the last {days} days ({pace} a day) the budget of “{rule}” ends on {day}: "
    "{left} of {whole} {unit} are left."
)
_GONE = N_("The budget of “{rule}” is spent: of {whole} {unit} {left} are left.")


def budgets_ending(
    columns: Columns, program: Program, left: Mapping[tuple[str, str], int], *, until: date
) -> Iterator[Finding]:
    """Budgets that are spent or end too soon; `left` is what each has left of each unit."""
    for rule in program.earn:
        for unit, whole in (rule.budget.amounts if rule.budget else {}).items():
            last = rule.when.last if rule.when else None
            if last is not None and last <= until:
                continue
            given = _given(columns, rule, unit, until)
            finding = _ending(rule.id, unit, whole, left.get((rule.id, unit), whole), given, last,
                              until)  # fmt: skip
            if finding is not None:
                yield finding


def _given(columns: Columns, rule: EarnRule, unit: str, until: date) -> np.ndarray:
    """What the rule gave on each of the last days, from the first on which it gave any."""
    since = until - timedelta(days=_PACE_DAYS - 1)
    awards = columns["awards"]
    rows = awards.filter(
        (awards.rule == rule.id)
        & (awards.unit == unit)
        & (awards.points > 0)
        & awards.day.between(since, until)
    )
    told = rows.group_by("day").aggregate(points=rows.points.sum().cast("float64")).to_pyarrow()
    days = np.zeros(_PACE_DAYS)
    for row in told.to_pylist():
        days[(row["day"] - since).days] = row["points"]
    # A rule that began meanwhile has its pace from then on.
    began = rule.when.first if rule.when else None
    return days[max(0, (began - since).days) :] if began else days


def _ending(
    rule: str, unit: str, whole: int, left: int, given: np.ndarray, last: date | None, until: date
) -> Finding | None:
    pace = float(given.mean()) if len(given) else 0.0
    told: dict[str, object] = {
        "rule": rule, "unit": unit, "whole": whole, "left": left, "days": len(given),
        "pace": f"{pace:.0f}",
    }  # fmt: skip
    if left <= 0:
        return Finding(Kind.BUDGET, "spent", rule, until, float(whole), 0.0, 1.0, Say(_GONE, told))
    if len(given) < _LEAST_PACE_DAYS or pace <= 0:
        return None
    ahead = (last - until).days if last is not None else _SOON
    sure = _chance_of_more(given, ahead, left)
    if sure < _SURE:
        return None
    ends = until + timedelta(days=max(1, int(left / pace)))
    told |= {"day": ends.isoformat(), "last": last.isoformat() if last else ""}
    text = Say(_BEFORE_THE_END if last else _WITHOUT_END, told)
    since = until - timedelta(days=len(given) - 1)
    return Finding(Kind.BUDGET, "pace", rule, since, left / ahead, pace, min(sure, 0.9999), text)


def _chance_of_more(given: np.ndarray, days: int, left: int) -> float:
    """How likely so many more days as these take more than is left."""
    mean, spread = float(given.mean()), float(given.std(ddof=1))
    of_sum = spread * sqrt(days + days * days / len(given))
    if of_sum == 0.0:
        return 1.0 if mean * days > left else 0.0
    return 0.5 * (1.0 + erf((mean * days - left) / (of_sum * sqrt(2.0))))
