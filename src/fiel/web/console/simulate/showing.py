"""What a simulation came to, as figures with their change and as charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from django.utils.translation import gettext as _

from fiel.domain.program import Program
from fiel.insights.naming import tier_name, unit_name
from fiel.insights.reporting.report import Cell, Column, Kind, Report, Say, Table
from fiel.insights.reporting.telling import cell_text, minor_units
from fiel.insights.simulating import DRAFT, IN_FORCE
from fiel.web.console.reports.words import Words
from fiel.web.ui.chart_options import Measure, Series, lying_bars, points_in_a_plane
from fiel.web.ui.charts import Chart, bars, money_in, stacked

_LOWER_IS_BETTER = ("cost", "cost_share", "liability")


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure of the draft, beside that of the program in force."""

    label: str
    value: str
    before: str
    is_better: bool | None


@dataclass(frozen=True, slots=True)
class Section:
    """A table with what it is called, its charts, and its rows as a person reads them."""

    id: str
    title: str
    charts: tuple[Chart, ...]
    headings: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]


class Showing:
    """A simulation's report in the words of a reader."""

    def __init__(
        self,
        report: Report,
        program: Program,
        language: str,
        places: Mapping[str, str],
        tried: str,
    ) -> None:
        """`places` names what was varied, `tried` the document that was tried."""
        self._places = places
        self._report = report
        self._program = program
        self._words = Words(program, language)
        self._language = language
        self._names = {IN_FORCE: _("In force"), DRAFT: tried}

    def headlines(self) -> list[Headline]:
        """What matters first: what it costs, what is left, who gets something."""
        table = self._table("money")
        rows = {str(row[0]): row for row in table.rows}
        mine, theirs = rows[DRAFT], rows.get(IN_FORCE)
        wanted = ("cost", "cost_share", "liability", "margin_after", "rewarded")
        return [self._headline(table, name, mine, theirs) for name in wanted]

    def sections(self) -> list[Section]:
        """Every table that has rows, with its charts."""
        draw = {
            "money": self._money, "points": self._points, "tiers": self._tiers,
            "segments": self._segments, "variants": self._variants,
        }  # fmt: skip
        found = []
        for table in self._report.tables:
            if not table.rows:
                continue
            charts = draw[table.id](table) if table.id in draw else ()
            found.append(
                Section(
                    table.id,
                    self._words.say(table.title),
                    tuple(charts),
                    tuple(
                        (self._words.say(c.label), c.kind is not Kind.TEXT) for c in table.columns
                    ),
                    tuple(self._cells(table, row) for row in table.rows),
                )
            )
        return found

    def _cells(self, table: Table, row: Sequence[Cell]) -> tuple[tuple[str, bool], ...]:
        """The cells as a person reads them, each with whether it is a number."""
        return tuple(
            (self._told(cell, column), column.kind is not Kind.TEXT)
            for cell, column in zip(row, table.columns, strict=True)
        )

    def _told(self, cell: Cell, column: Column) -> str:
        if column.id == "program":
            return self._names[str(cell)]
        if column.id != "variant":
            return self._words.cell(cell, column)
        pairs = (each.partition("=") for each in str(cell).split(", "))
        return "; ".join(f"{self._places.get(path, path)} = {value}" for path, _, value in pairs)

    def _headline(
        self, table: Table, name: str, mine: Sequence[Cell], theirs: Sequence[Cell] | None
    ) -> Headline:
        place = [column.id for column in table.columns].index(name)
        column, value = table.columns[place], mine[place]
        before = None if theirs is None else theirs[place]
        better: bool | None = None
        if _is_number(value) and _is_number(before) and value != before:
            is_less = Fraction(value) < Fraction(before)  # type: ignore[arg-type]
            better = is_less == (name in _LOWER_IS_BETTER)
        return Headline(
            self._words.say(column.label),
            cell_text(value, column, self._program, self._language),
            "" if theirs is None else cell_text(before, column, self._program, self._language),
            better,
        )

    def _money(self, table: Table) -> list[Chart]:
        """What the cost is made of, and the margin before and after."""
        names = [self._names[str(row[0])] for row in table.rows]
        measure = money_in(self._program.currency.code)
        parts = {
            self._label(table, name): self._values(table, name)
            for name in ("rewards", "paid", "liability")
            if any(value is not None for value in self._values(table, name))
        }
        charts = [
            stacked(_("What the cost is made of"), names, parts, first_heading=_("Program"),
                    measure=measure)
        ]  # fmt: skip
        margins = {
            self._label(table, name): self._values(table, name)
            for name in ("margin", "margin_after")
        }
        if all(value is not None for values in margins.values() for value in values):
            charts.append(
                bars(_("Margin, and what is left of it"), names, margins,
                     first_heading=_("Program"), measure=measure)
            )  # fmt: skip
        return charts

    def _points(self, table: Table) -> list[Chart]:
        """What became of the points of each unit."""
        charts = []
        steps = ("issued", "taken_back", "redeemed", "expired", "outstanding")
        labels = [self._label(table, name) for name in steps]
        for unit in dict.fromkeys(str(row[1]) for row in table.rows):
            series = {
                self._names[str(row[0])]: [self._value(table, row, name) for name in steps]
                for row in table.rows
                if row[1] == unit
            }
            called = unit_name(self._program, unit, self._language)
            title = _("What becomes of %(unit)s") % {"unit": called}
            if any(value for values in series.values() for value in values):
                charts.append(bars(title, labels, series, measure=Measure(Kind.POINTS)))
        return charts

    def _tiers(self, table: Table) -> list[Chart]:
        """How many members hold each tier."""
        tiers = list(dict.fromkeys(str(row[1]) for row in table.rows))
        called = [tier_name(self._program, tier, self._language) for tier in tiers]
        series = {}
        for name in dict.fromkeys(str(row[0]) for row in table.rows):
            held = {str(row[1]): row[2] for row in table.rows if row[0] == name}
            series[self._names[name]] = [_number(held.get(tier, 0)) for tier in tiers]
        return [bars(_("Members in each tier"), called, series, measure=Measure(Kind.COUNT))]

    def _segments(self, table: Table) -> list[Chart]:
        """Who would earn more and who less, of each segment."""
        charts = []
        for unit in dict.fromkeys(str(row[2]) for row in table.rows):
            rows = [row for row in table.rows if row[2] == unit]
            names = [self._words.cell(row[1], table.columns[1]) for row in rows]
            more = [_number(row[4]) for row in rows]
            less = [_number(row[5]) for row in rows]
            labels = self._label(table, "winners"), self._label(table, "losers")
            called = unit_name(self._program, unit, self._language)
            title = _("Who earns more and who less %(unit)s") % {"unit": called}
            series = [Series(labels[0], more, stack="all"), Series(labels[1], less, stack="all")]
            option = lying_bars(names, series, Measure(Kind.COUNT))
            told = tuple(zip(names, more, less, strict=True))
            if any(more) or any(less):
                charts.append(Chart(title, option, (_("Segment"), *labels), told))
        return charts

    def _variants(self, table: Table) -> list[Chart]:
        """Every variant by what it costs and how many members it rewards; the frontier apart."""
        across, up = _("Cost"), _("Members rewarded")
        points = [
            (_values_of(row), float(self._value(table, row, "cost") or 0), float(_number(row[7])))
            for row in table.rows
        ]
        best = {_values_of(row) for row in table.rows if self._is_on_frontier(row)}
        option = points_in_a_plane(points, across=across, up=up)
        (series,) = cast("list[dict[str, Any]]", option["series"])
        apart = [
            (_("On the frontier"), [each for each in series["data"] if each["name"] in best]),
            (_("The others"), [each for each in series["data"] if each["name"] not in best]),
        ]
        option["series"] = [{**series, "name": name, "data": data} for name, data in apart]
        option["legend"] = {"show": True, "top": 0, "left": 0}
        option["grid"] = {"left": 40, "right": 24, "top": 40, "bottom": 30}
        option["yAxis"] = {
            "type": "value",
            "name": up,
            "scale": True,
            "nameLocation": "middle",
            "nameGap": 32,
        }
        told = tuple((name, Decimal(str(x)), int(y)) for name, x, y in points)
        title = _("Variants: what they cost, whom they reward")
        return [Chart(title, option, (_("Variant"), across, up), told)]

    @staticmethod
    def _is_on_frontier(row: Sequence[Cell]) -> bool:
        told = row[-1]
        return isinstance(told, Say) and told.msgid == "yes"

    def _table(self, name: str) -> Table:
        return next(table for table in self._report.tables if table.id == name)

    def _column(self, table: Table, name: str) -> Column:
        return next(column for column in table.columns if column.id == name)

    def _label(self, table: Table, name: str) -> str:
        return self._words.say(self._column(table, name).label)

    def _values(self, table: Table, name: str) -> list[Decimal | int | None]:
        return [self._value(table, row, name) for row in table.rows]

    def _value(self, table: Table, row: Sequence[Cell], name: str) -> Decimal | int | None:
        """A cell as a chart draws it: money in major units, exact."""
        column = self._column(table, name)
        cell = row[[each.id for each in table.columns].index(name)]
        if not _is_number(cell):
            return None
        if column.kind is Kind.MONEY:
            return Decimal(self._program.currency.decimal(minor_units(cell)))  # type: ignore[arg-type]
        return _number(cell)


def _values_of(row: Sequence[Cell]) -> str:
    """A variant by its values alone, as a point of a chart is called."""
    return " · ".join(each.partition("=")[2] for each in str(row[0]).split(", "))


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float | Decimal | Fraction) and not isinstance(cell, bool)


def _number(cell: Cell) -> int:
    assert isinstance(cell, int), "what is counted is whole"
    return cell
