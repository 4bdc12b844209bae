"""Reports as plain data, as text for a terminal, and as rows of a CSV file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from fiel.domain.language import N_, money_text, number_text, percent_text, pick, say
from fiel.domain.money import Currency
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem
from fiel.insights.reporting.report import Called, Cell, Column, Kind, Report, Say, Table
from fiel.intake.contents.errors import invalid

_PLACES = 4
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_NUMERIC = (int, float, Decimal, Fraction)


def report_content(report: Report, program: Program, language: str) -> Mapping[str, object]:
    """A report as data: its head, then each table as a list of rows by the table's id."""
    tables = {table.id: _rows(table, program, language) for table in report.tables}
    return {
        "report": report.name,
        "title": say(language, report.title),
        "program": program.slug,
        "currency": program.currency.code,
        "from": report.since,
        "to": report.until,
        "as_of": report.as_of,
        "definitions": [
            {
                "id": definition.id,
                "name": say(language, definition.name),
                "text": say(language, definition.text),
            }
            for definition in report.definitions
        ],
        "statements": [
            {"code": statement.code, "detail": said(statement.text, language)}
            for statement in report.statements
        ],
        **tables,
    }


def table_named(report: Report, name: str | None) -> Table:
    """A table of a report by its id; without one, the first.

    Raises:
        Invalid: the report has no such table.
    """
    for table in report.tables:
        if name is None or table.id == name:
            return table
    known = ", ".join(table.id for table in report.tables) or "-"
    text = N_("The report has no such table; it has: {known}.")
    raise invalid([FieldProblem("table", "unknown", text, {"known": known})])


def csv_text(table: Table, program: Program, language: str) -> str:
    """A table as CSV (RFC 4180) with the ids of its columns as head; amounts as in the data."""
    told = io.StringIO(newline="")
    writer = csv.writer(told)
    writer.writerow([column.id for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [
                "" if (value := cell_value(cell, column, program, language)) is None else value
                for cell, column in zip(row, table.columns, strict=True)
            ]
        )
    return told.getvalue()


def said(text: Say, language: str) -> str:
    """A text in a language; what fills its places may be texts themselves, and kept days."""
    filled = {name: _filling(value, language) for name, value in text.parameters.items()}
    return say(language, text.msgid, **filled)


def _filling(value: object, language: str) -> object:
    if isinstance(value, Say):
        return said(value, language)
    if isinstance(value, Called):
        return pick(value.names, language, value.locale)
    # Texts are kept as JSON, which has no days.
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):  # the 30th of February is somebody's word, and no day
            return date.fromisoformat(value)
    return value


def cell_value(cell: Cell, column: Column, program: Program, language: str) -> object:
    """A cell as data: money in decimals of the currency, numbers to four places."""
    if cell is None:
        return None
    if isinstance(cell, Say):
        return said(cell, language)
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=cell.tzinfo or UTC).astimezone(UTC)
    if column.kind is Kind.MONEY:
        assert isinstance(cell, _NUMERIC), "money is a number of minor units"
        return program.currency.decimal(minor_units(cell))
    if column.kind in (Kind.COUNT, Kind.POINTS):
        assert isinstance(cell, int), "what is counted is whole"
        return cell
    if isinstance(cell, float | Decimal | Fraction):
        return round(float(cell), _PLACES)
    return cell


def cell_text(cell: Cell, column: Column, program: Program, language: str) -> str:
    """A cell as a person reads it; a dash for what cannot be said."""
    if cell is None:
        return "–"
    if isinstance(cell, Say):
        return said(cell, language)
    if isinstance(cell, datetime):
        zone = program.timezone
        return f"{cell.replace(tzinfo=cell.tzinfo or UTC).astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return cell
    return _number_text(cell, column.kind, program.currency, language)


def minor_units(amount: float | Decimal | Fraction) -> int:
    """An amount of minor units, rounded half up (away from zero at the half)."""
    if isinstance(amount, int):
        return amount
    exact = Fraction(amount)
    rounded = (abs(exact) + Fraction(1, 2)).__floor__()
    return rounded if exact >= 0 else -rounded


def _number_text(
    number: float | Decimal | Fraction, kind: Kind, currency: Currency, language: str
) -> str:
    if kind is Kind.MONEY:
        return money_text(language, currency, minor_units(number))
    if kind in (Kind.COUNT, Kind.POINTS):
        return number_text(language, minor_units(number))
    places = Decimal("0.1") if kind is Kind.PERCENT else Decimal("0.01")
    exact = Fraction(number)
    rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        places, ROUND_HALF_UP
    )
    text = number_text(language, rounded)
    return percent_text(language, text) if kind is Kind.PERCENT else text


def _rows(table: Table, program: Program, language: str) -> list[dict[str, object]]:
    return [
        {
            column.id: cell_value(cell, column, program, language)
            for cell, column in zip(row, table.columns, strict=True)
        }
        for row in table.rows
    ]
