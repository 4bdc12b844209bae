"""Reports that are kept come back as they were."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from fiel.insights.reporting.keeping import report_of_record, report_record
from fiel.insights.reporting.report import (
    Column,
    Definition,
    Kind,
    Report,
    Say,
    Statement,
    Table,
)


def test_a_report_comes_back_exactly_as_it_was() -> None:
    columns = tuple(Column(kind.value, kind.value.title(), kind) for kind in Kind)
    row = (
        "centro", 3, 120, Fraction(1, 3), Fraction(200, 3), Decimal("1.50"), date(2026, 3, 1),
        datetime(2026, 3, 1, 12, tzinfo=UTC),
    )  # fmt: skip
    report = Report(
        name="kpis",
        title="Figures",
        since=date(2026, 1, 1),
        until=date(2026, 3, 31),
        as_of=datetime(2026, 4, 1, 8, tzinfo=UTC),
        tables=(Table("sales", "Sales", columns, (row, (None,) * len(row), (2.5,) * len(row))),),
        statements=(
            Statement("few", Say("{who} of {many}", {"who": Say("the program"), "many": 3})),
        ),
        definitions=(Definition("net", "Net", "What goods cost."),),
    )

    assert report_of_record(report_record(report)) == report


def test_a_report_without_days_comes_back_without_days() -> None:
    report = Report("goals", "Goals", None, None, None, ())

    assert report_of_record(report_record(report)) == report
