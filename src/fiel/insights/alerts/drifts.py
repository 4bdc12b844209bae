"""Figures of days that have drifted: points issued and redeemed, what is owed, sales of a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from fiel.domain.language import N_
from fiel.insights.alerts.drift import (
    BASELINE_DAYS,
    LATEST_DAYS,
    LEAST_BASELINE_DAYS,
    Drift,
    Floats,
    Scale,
    drift_of,
    is_long_enough,
)
from fiel.insights.alerts.finding import SURE_ENOUGH_OF_DRIFT, Finding, Kind, Looked, sureness
from fiel.insights.reporting.report import Say, Statement
from fiel.ledger.accounts import Place

if TYPE_CHECKING:
    from ibis import Table

    from fiel.insights.columns.opening import Columns

_OF_PROGRAM = 10  # the least of the program's places; what is below is a member's
_LEAST_IN_BASELINE = 50.0  # what came to less is too little to drift

_TEXTS: Mapping[Kind, str] = {
    Kind.ISSUANCE: N_(
        "Of “{subject}” {now} are issued a day since {since}; {usual} were usual on these weekdays "
        "({change} %)."
    ),
    Kind.REDEMPTION: N_(
        "Of “{subject}” {now} are redeemed a day since {since}; {usual} were usual on these "
        "weekdays ({change} %)."
    ),
    Kind.LIABILITY: N_(
        "What members hold of “{subject}” changes by {now} a day since {since}; {usual} were usual "
        "on these weekdays."
    ),
    Kind.STORE: N_(
        "In “{subject}” {now} sales are made a day since {since}; {usual} were usual on these "
        "weekdays ({change} %)."
    ),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of consecutive days."""

    kind: Kind
    subject: str
    scale: Scale
    days: Floats


def drifts(columns: Columns, *, until: date) -> Looked:
    """The figures that have drifted by the end of a day; `until` is the last whole one."""
    since = until - timedelta(days=LATEST_DAYS + BASELINE_DAYS - 1)
    figures = [
        figure
        for figure in figures_of_days(columns, since, until)
        if is_long_enough(figure.days)
        and np.abs(figure.days[:-LATEST_DAYS]).sum() >= _LEAST_IN_BASELINE
    ]
    if not figures:
        return Looked(statements=(_TOO_LITTLE,))
    found = [(figure, drift_of(figure.days, figure.scale)) for figure in figures]
    findings = [
        _finding(figure, drift, until, sure)
        for figure, drift in found
        if drift is not None
        and (sure := sureness(drift.chance, len(figures))) >= SURE_ENOUGH_OF_DRIFT
    ]
    return Looked(tuple(findings))


_TOO_LITTLE = Statement(
    "too_few_days",
    Say(
        N_("To see whether a figure drifts, {needed} whole days of it are needed."),
        {"needed": LATEST_DAYS + LEAST_BASELINE_DAYS},
    ),
)


def figures_of_days(columns: Columns, since: date, until: date) -> Iterator[Figure]:
    """The figures of a program that can drift, of the days from one to another."""
    movements = columns["movements"]
    movements = movements.filter(movements.day.between(since, until))
    issued = movements.filter((movements.debit == Place.ISSUED) & (movements.credit < _OF_PROGRAM))
    redeemed = movements.filter(
        (movements.credit == Place.REDEEMED) & (movements.debit < _OF_PROGRAM)
    )
    into = (movements.credit < _OF_PROGRAM).cast("int64")
    out_of = (movements.debit < _OF_PROGRAM).cast("int64")
    flowing = movements.mutate(points=movements.points * (into - out_of))
    sales = columns["sales"]
    sold = sales.filter(sales.day.between(since, until) & (sales.store != ""))
    yield from _of(issued, "unit", Kind.ISSUANCE, Scale.AMOUNT, since, until)
    yield from _of(redeemed, "unit", Kind.REDEMPTION, Scale.AMOUNT, since, until)
    yield from _of(flowing, "unit", Kind.LIABILITY, Scale.FLOW, since, until)
    yield from _of(sold, "store", Kind.STORE, Scale.COUNT, since, until)


def _of(
    rows: Table, subject: str, kind: Kind, scale: Scale, since: date, until: date
) -> Iterator[Figure]:
    """The figure of each unit or store, from the first day that has any."""
    counted = rows.count() if scale is Scale.COUNT else rows.points.sum()
    told = (
        rows.group_by(subject=rows[subject], day=rows.day)
        .aggregate(figure=counted.cast("float64"))
        .to_pyarrow()
        .to_pylist()
    )
    by_subject: dict[str, dict[date, float]] = {}
    for row in told:
        by_subject.setdefault(row["subject"], {})[row["day"]] = row["figure"]
    length = (until - since).days + 1
    for name, by_day in sorted(by_subject.items()):
        begins = (min(by_day) - since).days
        days = np.zeros(length)
        for day, value in by_day.items():
            days[(day - since).days] = value
        yield Figure(kind, name, scale, days[begins:])


def _finding(figure: Figure, drift: Drift, until: date, sure: float) -> Finding:
    since = until - timedelta(days=drift.days - 1)
    change = drift.change
    return Finding(
        kind=figure.kind,
        pattern="drift",
        subject=figure.subject,
        since=since,
        usual=drift.usual,
        now=drift.now,
        sure=sure,
        text=Say(
            _TEXTS[figure.kind],
            {
                "subject": figure.subject,
                "since": since.isoformat(),
                "usual": _plain(drift.usual),
                "now": _plain(drift.now),
                "change": "" if change is None else f"{change * 100:+.0f}",
            },
        ),
    )


def _plain(figure: float) -> str:
    return f"{figure:.0f}" if abs(figure) >= 10 else f"{figure:.1f}"
