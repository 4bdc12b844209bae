"""Goals as the home page shows them: how far each has come, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from fiel.domain.language import money_text, number_text, percent_text
from fiel.insights.reporting.report import Cell, Report, Table
from fiel.insights.reporting.telling import cell_text
from fiel.web.console.reports.words import DASH, Words

_HIGHEST_CHANCE = 60
_LOWEST_CHANCE = 25


@dataclass(frozen=True, slots=True)
class Course:
    """A goal's course: texts, and where on its bar what has been reached lies, in percent.

    `low` and `high` are the ends of the interval on the bar; `mood` says how likely it comes true.
    """

    goal: str
    metric: str
    due: date
    baseline: str
    target: str
    now: str
    between: tuple[str, str] | None
    covered: int | None
    low: int
    high: int
    chance: str
    mood: str
    statements: tuple[str, ...]

    @property
    def has_target(self) -> bool:
        """Whether the figure to be reached is known: a relative one needs a baseline."""
        return self.target != DASH


def courses(report: Report, words: Words) -> list[Course]:
    """Each goal's course, in the order of the program."""
    table = next(each for each in report.tables if each.id == "goals")
    return [_course(report, table, row, words) for row in table.rows]


def _course(report: Report, table: Table, row: Sequence[Cell], words: Words) -> Course:
    told = dict(zip((column.id for column in table.columns), row, strict=True))
    columns = {column.id: column for column in table.columns}
    goal, due = str(told["goal"]), told["by"]
    assert isinstance(due, date), "a goal is due on a day"
    measure = str(told["measure"] or "")

    def text(name: str) -> str:
        return figure_text(told[name], measure, words)

    low, high = _on_bar(told, "low"), _on_bar(told, "high")
    chance = told["chance"]
    metric = words.cell(told["metric"], columns["metric"])
    return Course(
        goal,
        metric,
        due,
        text("baseline"),
        text("target"),
        text("now"),
        (text("low"), text("high")) if told["low"] is not None else None,
        None if told["covered"] is None else _within(float(str(told["covered"]))),
        min(low, high),
        max(low, high),
        cell_text(chance, columns["chance"], words.program, words.language),
        _mood(chance),
        tuple(
            words.said(statement.text)
            for statement in report.statements
            if statement.text.parameters.get("goal") == goal
        ),
    )  # fmt: skip


def figure_text(cell: Cell, measure: str, words: Words) -> str:
    """A goal's figure in what it is measured in: the currency, percent, or nothing."""
    if cell is None or not isinstance(cell, int | float | Decimal | Fraction):
        return DASH
    if measure == words.program.currency.code:
        minor = round(Decimal(str(cell)) * words.program.currency.minor_per_major)
        return money_text(words.language, words.program.currency, minor)
    places = 1 if measure == "%" else 2
    number = number_text(words.language, round(Decimal(str(float(cell))), places).normalize() + 0)
    return percent_text(words.language, number) if measure == "%" else number


def _on_bar(told: dict[str, Cell], name: str) -> int:
    """Where a figure lies on the way from the baseline to the target, in percent."""
    at, start, end = (told[each] for each in (name, "baseline", "target"))
    numbers = [float(each) for each in (at, start, end) if isinstance(each, int | float)]
    if len(numbers) < 3 or numbers[1] == numbers[2]:
        return 0
    return _within(100 * (numbers[0] - numbers[1]) / (numbers[2] - numbers[1]))


def _within(share: float) -> int:
    return round(min(100.0, max(0.0, share)))


def _mood(chance: Cell) -> str:
    if not isinstance(chance, int | float):
        return "unknown"
    if chance >= _HIGHEST_CHANCE:
        return "likely"
    return "unlikely" if chance < _LOWEST_CHANCE else "open"
