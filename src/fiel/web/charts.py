"""Charts as plain geometry: a template draws them, without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; its place and height in percent of the chart, and what it says when asked."""

    left: str
    width: str
    top: str
    height: str
    says: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid or a label of an axis, in percent from the left or from the bottom."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars over time."""

    bars: tuple[Bar, ...]
    rows: tuple[Mark, ...]
    columns: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """What a week that starts on `monday` amounts to."""

    monday: date
    amount: int


def by_week(days: Sequence[tuple[date, int]]) -> list[Week]:
    """Sum daily amounts by week, from the first week to the last without a gap."""
    if not days:
        return []
    sums: dict[date, int] = {}
    for day, amount in days:
        monday = day - timedelta(days=day.weekday())
        sums[monday] = sums.get(monday, 0) + amount
    first, last = min(sums), max(sums)
    count = (last - first).days // 7 + 1
    mondays = [first + timedelta(weeks=index) for index in range(count)]
    return [Week(monday, sums.get(monday, 0)) for monday in mondays]


def percent(part: int | Fraction, whole: int) -> str:
    """A share as CSS wants it, to the hundredth: "12.34"."""
    if whole <= 0:
        return "0"
    hundredths = round(Fraction(part) * 10_000 / whole)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def round_steps(most: int, *, steps: int = 4) -> list[int]:
    """Round figures from 0 to at least `most`, at most `steps` apart evenly."""
    if most <= 0:
        return [0]
    size = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * size
            if step * steps >= most:
                return [step * index for index in range(-(-most // step) + 1)]
        size *= 10


def bars_over_time(
    heights: Sequence[tuple[int, str]],
    *,
    row_label: dict[int, str],
    column_label: dict[int, str],
) -> BarChart:
    """Draw one bar for each height and text, under labels at some of the bars.

    `row_label` has the figures of the grid with their texts, the highest of which is the top.
    """
    count, top = len(heights), max(row_label, default=0)
    bars = tuple(
        Bar(
            left=percent(Fraction(2 * index * 10 + 3, 20), count),
            width=percent(Fraction(7, 10), count),
            top=percent(top - height, top) if top else "100",
            height=percent(height, top),
            says=says,
        )
        for index, (height, says) in enumerate(heights)
    )
    return BarChart(
        bars=bars,
        rows=tuple(Mark(percent(at, top), label) for at, label in row_label.items()),
        columns=tuple(Mark(percent(at, count), label) for at, label in column_label.items()),
    )
