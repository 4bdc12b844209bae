"""The figures that matter, each with its change and the line of the periods before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from babel.numbers import format_currency
from django.utils.translation import gettext as _

from fiel.insights.reporting.report import Cell, Column, Kind, Report, Table
from fiel.insights.reporting.telling import minor_units
from fiel.web.console.reports.drawing import period_name
from fiel.web.console.reports.sections import direction_of
from fiel.web.console.reports.words import DASH, Words
from fiel.web.ui import chart_options as options
from fiel.web.ui.chart_options import Measure, Option, Series
from fiel.web.ui.charts import Chart

# The table and the column of the report of figures, in the order in which they are read.
_FIGURES = (
    ("members", "active_members"),
    ("sales", "net_with_member"),
    ("sales", "enrolment_rate"),
    ("spend", "average_spend_members"),
    ("retention", "retention_rate"),
)
_LARGE = 10_000  # of the currency, from which on its cents are left out
_WHOLE = {"es": "#,##0 ¤", "en": "¤#,##0", "pt": "¤ #,##0"}
_OF_UNIT = ("issued", "redeemed", "redemption_rate")


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure of the last period: its name, its text, its change, and its course as a chart."""

    id: str
    label: str
    value: str
    change: str
    direction: str
    spark: Chart | None
    table: str

    @property
    def is_known(self) -> bool:
        """Whether the figure can be said."""
        return self.value != DASH


def tiles(report: Report, words: Words) -> list[Tile]:
    """The tiles of a report of figures: those of the program, then those of its first unit."""
    tables = {table.id: table for table in report.tables}
    found = [_tile(tables[table], column, tables[table].rows, words) for table, column in _FIGURES]
    return [*found, *_of_unit(tables["points"], words)]


def sales_chart(report: Report, words: Words) -> Chart | None:
    """Net sales with and without a member, period by period."""
    table = next(each for each in report.tables if each.id == "sales")
    if len(table.rows) < 2:
        return None
    places = {column.id: place for place, column in enumerate(table.columns)}
    names = [period_name(row, words) for row in table.rows]
    told = ("net_with_member", "net_without_member")
    series = [
        Series(
            words.say(table.columns[places[name]].label),
            [words.value(row[places[name]], table.columns[places[name]]) for row in table.rows],
            stack="all",
        )
        for name in told
    ]
    measure = Measure.of(table.columns[places[told[0]]].kind, words.program)
    rows = tuple(
        (
            name,
            *(words.cell(row[places[each]], table.columns[places[each]]) for each in told),
        )
        for name, row in zip(names, table.rows, strict=True)
    )
    headings = (_("Period"), *(each.name for each in series))
    return Chart(_("Net sales"), options.over_time(names, series, measure), headings, rows)


def period_told(report: Report, words: Words) -> str:
    """Which period the figures are of."""
    table = next(each for each in report.tables if each.id == "sales")
    return period_name(table.rows[-1], words)


def _of_unit(table: Table, words: Words) -> Iterator[Tile]:
    """The points of the program's first unit."""
    unit = next(iter(words.program.units), None)
    place = [column.id for column in table.columns].index("unit")
    rows = [row for row in table.rows if row[place] == unit]
    for column in _OF_UNIT if rows and unit else ():
        yield _tile(table, column, rows, words, of=words.called("unit", str(unit)))


def _tile(
    table: Table, column: str, rows: Sequence[Sequence[Cell]], words: Words, *, of: str = ""
) -> Tile:
    ids = [each.id for each in table.columns]
    place, changed = ids.index(column), ids.index(f"{column}_change")
    told = table.columns[place]
    label = words.say(told.label)
    last = rows[-1]
    change, direction = last[changed], ""
    text = ""
    if change is not None:
        direction = direction_of(change)
        text = words.cell(change, table.columns[changed])
        text = f"+{text}" if direction == "up" else text
        if direction == "same":
            text = _("No change")
        elif told.kind is Kind.PERCENT:
            text = _("{change} percentage points").format(change=text)
    values = [words.value(row[place], told) for row in rows]
    known = [value for value in values if value is not None]
    option: Option | None = options.spark(values) if len(known) > 1 else None
    label = f"{of[:1].upper()}{of[1:]}: {label.lower()}" if of else label
    return Tile(
        column,
        label,
        _short(last[place], told, words),
        text,
        direction,
        None if option is None else Chart(label, option, (), ()),
        table.id,
    )


def _short(cell: Cell, column: Column, words: Words) -> str:
    """A figure as a tile has room for: large amounts without their cents."""
    currency = words.program.currency
    if column.kind is not Kind.MONEY or not isinstance(cell, int | Fraction):
        return words.cell(cell, column)
    whole = minor_units(cell) // currency.minor_per_major
    if abs(whole) < _LARGE:
        return words.cell(cell, column)
    return format_currency(
        whole, currency.code, locale=words.language, format=_WHOLE[words.language],
        currency_digits=False,
    )  # fmt: skip
