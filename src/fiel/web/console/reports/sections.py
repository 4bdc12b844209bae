"""A report as a page shows it: for each table its charts, its rows and what its figures mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from fiel.insights.reporting.report import (
    Cell,
    Column,
    Definition,
    Kind,
    Report,
    Statement,
    Table,
)
from fiel.web.console.reports.drawing import Drawn, charts_of, period_name
from fiel.web.console.reports.words import Words, is_period

MOST_ROWS = 400
_FEW_ROWS, _MANY_ROWS = 3, 25
_NAMES = (Kind.TEXT, Kind.DAY, Kind.MOMENT)
_CHANGE = "_change"
# What another column says in words.
_IN_OTHER_WORDS = frozenset(
    {
        ("gift_cards", "purpose"), ("lines", "entry"), ("expectations", "method"),
        ("segments", "segment"), ("findings", "code"), ("figures", "code"), ("economics", "id"),
        ("alerts", "pattern"), ("alerts", "id"), ("goals", "goal"),
    }
)  # fmt: skip
# Definitions that belong beside a table though no column bears their name.
_BESIDE: Mapping[str, str] = {
    "purchase": "sales",
    "customer": "retention",
    "cohort": "joined",
    "cohort_retention": "joined",
    "cohort_value": "joined_value",
    "lift": "lifts",
    "drift": "alerts",
    "cashier": "alerts",
    "entries": "lines",
    "closing": "roll_forward",
    "return": "economics",
    "cost": "economics",
    "break_even_lift": "economics",
    "winners": "segments",
}

type Address = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell: its text, its column's name, where it leads, and the change that stands below it."""

    text: str
    is_number: bool = False
    heading: str = ""
    url: str | None = None
    change: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its charts and its definitions; `left_out` rows stand in the CSV only."""

    id: str
    title: str
    charts: tuple[Drawn, ...]
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Shown, ...], ...]
    definitions: tuple[tuple[str, str], ...]
    left_out: int

    @property
    def is_folded(self) -> bool:
        """Whether the table is folded away: behind its charts, or because it is long."""
        return len(self.rows) > (_FEW_ROWS if self.charts else _MANY_ROWS)

    @property
    def chart_json(self) -> str:
        """The charts among which one chooses, for an attribute."""
        told = [{"label": drawn.label, "option": drawn.option} for drawn in self.charts]
        return json.dumps(told, default=str, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Told:
    """A report for a page."""

    sections: tuple[Section, ...]
    statements: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]

    @property
    def full(self) -> list[Section]:
        """The tables that tell something."""
        return [section for section in self.sections if section.rows]

    @property
    def empty(self) -> list[str]:
        """What the tables are called of which nothing can be told."""
        return [section.title for section in self.sections if not section.rows]


def told_report(report: Report, words: Words, address: Address) -> Told:
    """A report in sections; `address` says where the id of a column leads, if anywhere."""
    placed = _placed(report)
    return Told(
        tuple(
            _section(report, table, words, address, placed.get(table.id, ()))
            for table in report.tables
        ),
        tuple(told_statements(report.statements, words)),
        tuple(_defined(each, words) for each in placed.get("", ())),
    )


def told_statements(statements: Sequence[Statement], words: Words) -> Iterator[tuple[str, str]]:
    """What a report says in words: the code and the text of each."""
    for statement in statements:
        yield statement.code, words.said(statement.text)


def _placed(report: Report) -> dict[str, list[Definition]]:
    """The definitions by the first table that tells what they define; under "" the others."""
    placed: dict[str, list[Definition]] = {}
    for definition in report.definitions:
        told = (each for each in report.tables if each.rows and _tells(each, definition.id))
        table = next(told, None)
        placed.setdefault(table.id if table else "", []).append(definition)
    return placed


def _tells(table: Table, definition: str) -> bool:
    if definition in _BESIDE:
        return _BESIDE[definition] == table.id
    return table.id == definition or any(column.id == definition for column in table.columns)


def _defined(definition: Definition, words: Words) -> tuple[str, str]:
    return words.say(definition.name), words.say(definition.text)


def _section(
    report: Report,
    table: Table,
    words: Words,
    address: Address,
    definitions: Sequence[Definition],
) -> Section:
    spans = is_period(table.columns)
    table = _peopled(report, table)
    columns = [
        (place, column)
        for place, column in enumerate(table.columns)
        if not column.id.endswith(_CHANGE)
        and (table.id, column.id) not in _IN_OTHER_WORDS
        and not (spans and place < 2)
        and not _is_empty(table, place)
    ]
    headings = [
        Heading(words.say(column.label), column.kind not in _NAMES) for _, column in columns
    ]
    if spans:
        headings.insert(0, Heading(words.say("Period"), is_number=False))
    rows = []
    for row in table.rows[:MOST_ROWS]:
        cells = [_shown(row, place, table.columns, words, address) for place, _ in columns]
        if spans:
            cells.insert(0, Shown(period_name(row, words)))
        rows.append(tuple(cells))
    return Section(
        table.id,
        words.say(table.title),
        tuple(charts_of(report, table, words)),
        tuple(headings),
        tuple(rows),
        tuple(_defined(each, words) for each in definitions),
        max(0, len(table.rows) - MOST_ROWS),
    )


def _peopled(report: Report, table: Table) -> Table:
    """A table without the cohorts in which nobody is: the CSV has them."""
    if report.name != "cohorts":
        return table
    size = [column.id for column in table.columns].index("members")
    return replace(table, rows=tuple(row for row in table.rows if row[size]))


def _is_empty(table: Table, place: int) -> bool:
    """Whether a column of texts says nothing in any row."""
    column = table.columns[place]
    return (
        column.kind is Kind.TEXT
        and bool(table.rows)
        and all(row[place] in (None, "") for row in table.rows)
        and place > 0
    )


def _shown(
    row: Sequence[Cell],
    place: int,
    columns: Sequence[Column],
    words: Words,
    address: Address,
) -> Shown:
    cell, column = row[place], columns[place]
    text = words.cell(cell, column)
    is_number, heading = column.kind not in _NAMES, words.say(column.label)
    following = place + 1
    if following < len(columns) and columns[following].id == f"{column.id}{_CHANGE}":
        change = row[following]
        if change is None:
            return Shown(text, is_number, heading)
        told = words.cell(change, columns[following])
        direction = direction_of(change)
        signed = _signed(told, direction)
        return Shown(text, is_number, heading, change=signed, direction=direction)
    url = address(column.id, cell) if isinstance(cell, str) and cell else None
    return Shown(text, is_number, heading, url)


def direction_of(change: Cell) -> str:
    """Whether a figure went up, down or stayed."""
    assert isinstance(change, int | float | Fraction), "a change is a number"
    return "up" if change > 0 else "down" if change < 0 else "same"


def _signed(text: str, direction: str) -> str:
    return f"+{text}" if direction == "up" else text
