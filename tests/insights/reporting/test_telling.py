"""How a report is told: as data, as CSV and as a person reads it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from fiel.domain.document import read_program
from fiel.domain.language import N_
from fiel.domain.refusal import Invalid
from fiel.insights.reporting.report import (
    Cell,
    Column,
    Definition,
    Kind,
    Report,
    Say,
    Statement,
    Table,
)
from fiel.insights.reporting.telling import (
    cell_text,
    csv_text,
    minor_units,
    report_content,
    table_named,
)

DOCUMENT = """
program: cafe-sol
name: Café Sol
currency: {currency}
timezone: Europe/Madrid
units:
  points: {{name: puntos, expiry: never}}
"""
EUROS = read_program(DOCUMENT.format(currency="EUR"))
PESOS = read_program(DOCUMENT.format(currency="CLP"))

SALES = Table(
    "sales",
    "Sales",
    (
        Column("store", "Store", Kind.TEXT),
        Column("net", "Net", Kind.MONEY),
        Column("share", "Share", Kind.PERCENT),
    ),
    (("centro", 123_450, Fraction(2, 3) * 100), ("a, b", None, None)),
)
REPORT = Report(
    "kpis",
    "Figures",
    date(2026, 1, 1),
    date(2026, 1, 31),
    datetime(2026, 2, 1, tzinfo=UTC),
    (SALES,),
    (Statement("no_margin", Say("Day {day}", {"day": Say("{count} days", {"count": 2})})),),
    (Definition("net", "Net", "Before tax."),),
)


def test_a_report_as_data_has_its_tables_under_their_ids() -> None:
    content = report_content(REPORT, EUROS, "en")

    assert content["sales"] == [
        {"store": "centro", "net": "1234.50", "share": 66.6667},
        {"store": "a, b", "net": None, "share": None},
    ]
    assert content["statements"] == [{"code": "no_margin", "detail": "Day 2 days"}]
    assert content["from"] == date(2026, 1, 1)
    assert content["definitions"] == [{"id": "net", "name": "Net", "text": "Before tax."}]


def test_csv_reads_back_as_what_was_told() -> None:
    rows = list(csv.reader(io.StringIO(csv_text(SALES, EUROS, "es"))))

    assert rows == [["store", "net", "share"], ["centro", "1234.50", "66.6667"], ["a, b", "", ""]]


@pytest.mark.parametrize(
    ("kind", "cell", "text"),
    [
        (Kind.MONEY, 123_450, "1.234,50 €"),
        (Kind.MONEY, Fraction(1, 2), "0,01 €"),
        (Kind.COUNT, 12_345, "12.345"),
        (Kind.PERCENT, Decimal("66.666"), "66,7 %"),
        (Kind.NUMBER, 0.125, "0,13"),
        (Kind.TEXT, None, "–"),
        (Kind.DAY, date(2026, 3, 1), "2026-03-01"),
        (Kind.MOMENT, datetime(2026, 3, 1, 23, 30), "2026-03-02 00:30"),  # noqa: DTZ001
    ],
)
def test_a_cell_is_written_as_its_column_says(kind: Kind, cell: Cell, text: str) -> None:
    assert cell_text(cell, Column("x", N_("Store"), kind), EUROS, "es") == text


def test_money_keeps_to_the_decimals_of_its_currency() -> None:
    column = Column("net", "Net", Kind.MONEY)
    assert cell_text(1_500, column, PESOS, "en") == "CLP1,500"
    assert report_content(REPORT, PESOS, "en")["sales"] == [
        {"store": "centro", "net": "123450", "share": 66.6667},
        {"store": "a, b", "net": None, "share": None},
    ]


@pytest.mark.parametrize(
    ("amount", "minor"),
    [(7, 7), (Fraction(1, 2), 1), (Fraction(-1, 2), -1), (Fraction(49, 100), 0), (2.5, 3)],
)
def test_a_half_of_a_minor_unit_goes_away_from_zero(amount: Fraction, minor: int) -> None:
    assert minor_units(amount) == minor


def test_a_table_that_is_not_there_is_named_with_those_that_are() -> None:
    assert table_named(REPORT, None) is SALES
    with pytest.raises(Invalid) as refused:
        table_named(REPORT, "returns")
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("table", "unknown")
    ]
    assert refused.value.problems[0].parameters == {"known": "sales"}
