"""Which table of a report makes which charts.

A few tables have charts of their own; every other one is drawn by what its columns are: figures of
periods over time, figures of names beside them. Whoever explores chooses among all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fiel.insights.reporting.report import Cell, Column, Kind, Report, Table
from fiel.web.console.reports.words import Words, is_period
from fiel.web.ui import chart_options as options
from fiel.web.ui.chart_options import Measure, Option, Series, Value

_NAMES = (Kind.TEXT, Kind.DAY, Kind.MOMENT)
_MOST_BARS = 25
_LEAST_BARS = 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with what it is called among the others of its table."""

    label: str
    option: Option


@dataclass(frozen=True, slots=True)
class Pen:
    """What draws one table: its cells as charts want them, in the words of a reader."""

    report: Report
    table: Table
    words: Words

    def place(self, column: str) -> int:
        """Where a column is."""
        return [each.id for each in self.table.columns].index(column)

    def column(self, name: str) -> Column:
        """A column by its id."""
        return self.table.columns[self.place(name)]

    def measure(self, name: str) -> Measure:
        """How a column's values are written."""
        return Measure.of(self.column(name).kind, self.words.program)

    def values(self, name: str, rows: Sequence[Sequence[Cell]] | None = None) -> list[Value]:
        """A column's cells as values."""
        place, column = self.place(name), self.column(name)
        told = self.table.rows if rows is None else rows
        return [self.words.value(row[place], column) for row in told]

    def texts(self, name: str, rows: Sequence[Sequence[Cell]] | None = None) -> list[str]:
        """A column's cells as a person reads them."""
        place, column = self.place(name), self.column(name)
        told = self.table.rows if rows is None else rows
        return [self.words.cell(row[place], column) for row in told]

    def series(self, name: str, **more: object) -> Series:
        """A column as a series under its own name."""
        label = self.words.say(self.column(name).label)
        return Series(label, self.values(name), **more)  # type: ignore[arg-type]

    def periods(self, rows: Sequence[Sequence[Cell]] | None = None) -> list[str]:
        """What the rows' periods are called."""
        told = self.table.rows if rows is None else rows
        return [period_name(row, self.words) for row in told]

    def groups(self, name: str) -> dict[str, list[tuple[Cell, ...]]]:
        """The rows by a column, in the order in which they come."""
        place = self.place(name)
        found: dict[str, list[tuple[Cell, ...]]] = {}
        for row in self.table.rows:
            found.setdefault(str(row[place] or ""), []).append(row)
        return found

    def say(self, text: str) -> str:
        """A message id in the reader's language."""
        return self.words.say(text)


type Draw = Callable[[Pen], Iterator[Drawn]]


def period_name(row: Sequence[Cell], words: Words) -> str:
    """What the period of a row is called, whose first two cells are its days."""
    since, until = row[0], row[1]
    assert isinstance(since, date), "a period begins"
    assert isinstance(until, date), "a period ends"
    return words.period(since, until)


def charts_of(report: Report, table: Table, words: Words) -> list[Drawn]:
    """The charts of a table: its own first, then one of each figure."""
    from fiel.web.console.reports.own_charts import OWN  # noqa: PLC0415 - it stands on this

    if not table.rows:
        return []
    pen = Pen(report, table, words)
    own: Mapping[tuple[str, str], Draw | None] = OWN
    key = (report.name, table.id)
    if key in own:
        draw = own[key]
        return [] if draw is None else list(draw(pen))
    return list(each_figure(pen))


def each_figure(pen: Pen, *, but: frozenset[str] = frozenset()) -> Iterator[Drawn]:
    """A chart of each figure, over time or beside names."""
    columns = pen.table.columns
    figures = [
        column
        for column in columns
        if column.kind not in _NAMES and not column.id.endswith("_change") and column.id not in but
    ]
    for column in figures:
        if all(value is None for value in pen.values(column.id)):
            continue
        drawn = _figure(pen, column)
        if drawn is not None:
            yield Drawn(pen.say(column.label), drawn)


def _figure(pen: Pen, column: Column) -> Option | None:
    measure = pen.measure(column.id)
    if is_period(pen.table.columns):
        if len(pen.table.rows) < _LEAST_BARS:
            return None
        is_line = column.kind in (Kind.PERCENT, Kind.NUMBER)
        return options.over_time(pen.periods(), [pen.series(column.id, is_line=is_line)], measure)
    head = pen.table.columns[0]
    # A chain has hundreds of stores: the first are drawn, the table and the CSV have them all.
    rows = pen.table.rows[:_MOST_BARS]
    if head.kind not in _NAMES or len(rows) < _LEAST_BARS:
        return None
    series = [Series(pen.say(column.label), pen.values(column.id, rows))]
    return options.lying_bars(pen.texts(head.id, rows), series, measure)
