"""Charts: what ECharts draws, as plain data, always with the table that lies behind."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fiel.insights.reporting.report import Kind
from fiel.web.ui.chart_options import (
    Measure,
    Number,
    Option,
    Series,
    over_time,
    points_in_a_plane,
)

_PLAIN = Measure(Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: what it shows in a sentence, an ECharts option, and its figures as a table."""

    title: str
    option: Option
    headings: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    @property
    def as_json(self) -> str:
        """The option for an attribute, which the template escapes."""
        return json.dumps(self.option, default=str, ensure_ascii=False)


def money_in(currency: str) -> Measure:
    """How amounts of a currency are written; they are told in its major units."""
    return Measure(Kind.MONEY, currency)


def line(
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[Number]],
    *,
    first_heading: str = "",
    measure: Measure = _PLAIN,
) -> Chart:
    """Lines over labels, one for each series."""
    told = [Series(name, figures, is_line=True) for name, figures in series.items()]
    return _over(title, labels, told, first_heading, measure)


def bars(
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[Number]],
    *,
    first_heading: str = "",
    measure: Measure = _PLAIN,
) -> Chart:
    """Bars beside each other, one for each series at each label."""
    told = [Series(name, figures) for name, figures in series.items()]
    return _over(title, labels, told, first_heading, measure)


def stacked(
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[Number]],
    *,
    first_heading: str = "",
    measure: Measure = _PLAIN,
) -> Chart:
    """Bars upon each other, one pile at each label."""
    told = [Series(name, figures, stack="all") for name, figures in series.items()]
    return _over(title, labels, told, first_heading, measure)


def scatter(
    title: str,
    points: Sequence[tuple[str, float, float]],
    *,
    across: str,
    up: str,
    first_heading: str = "",
) -> Chart:
    """Named points in a plane."""
    option = points_in_a_plane(points, across=across, up=up)
    return Chart(title, option, (first_heading, across, up), tuple(points))


def _over(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    first_heading: str,
    measure: Measure,
) -> Chart:
    rows: tuple[tuple[Any, ...], ...] = tuple(
        (label, *(each.values[index] for each in series)) for index, label in enumerate(labels)
    )
    headings = (first_heading, *(each.name for each in series))
    return Chart(title, over_time(labels, series, measure), headings, rows)
