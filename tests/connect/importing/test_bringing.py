"""A file is looked at, mapped and brought in beside a running server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fiel.connect.importing.bringing import Bench, Brought, bring_file
from fiel.connect.importing.columns import Kind
from fiel.connect.importing.customers import enrol_customers
from fiel.connect.importing.mapping import Wishes, look_at
from fiel.connect.importing.previewing import preview_of, sheet_of
from fiel.domain.document import read_program
from fiel.ledger.scope import program_transaction
from fiel.platform.database import Database
from tests.support.program import CAFE_SOL
from tests.support.till import Till

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SALES = """\
Nº Ticket;Fecha;Cliente;Importe;Notas
T-1;2026-02-01;ana;12,40;
T-2;2026-02-02;ana;mucho;
T-3;2026-02-03;berta;30,00;
"""
pytestmark = pytest.mark.anyio


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ventas.csv"
    path.write_text(SALES, encoding="utf-8")
    return path


def test_a_sheet_shows_its_columns_and_what_is_missing(file: Path) -> None:
    sheet = sheet_of(file, Kind.SALES, Wishes())
    assert sheet.headers == ("Nº Ticket", "Fecha", "Cliente", "Importe", "Notas")
    assert sheet.columns == {
        "external_id": "Nº Ticket", "occurred_at": "Fecha", "member.external_id": "Cliente",
        "unit_price": "Importe",
    }  # fmt: skip
    assert sheet.missing == ()
    assert sheet.rows[0] == ("T-1", "2026-02-01", "ana", "12,40", "")


def test_a_sheet_without_a_needed_column_still_shows_itself(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert sheet_of(path, Kind.SALES, Wishes()).missing == (
        "external_id",
        "occurred_at",
        "unit_price",
    )
    told = Wishes(columns={"external_id": "a", "unit_price": "b"})
    assert sheet_of(path, Kind.SALES, told).missing == ("occurred_at",)


def test_a_preview_reads_as_an_import_would_and_writes_nothing(file: Path) -> None:
    program = read_program(CAFE_SOL)
    found = preview_of(file, Kind.SALES, Wishes(), program, language="en", now=NOW)
    assert (found.tried, found.refused_count) == (3, 1)
    assert [(row.line, row.field, row.column) for row in found.refused] == [
        (3, "lines[0].unit_price", "Importe")
    ]


async def test_a_file_is_brought_in_and_again_changes_nothing(
    database: Database, file: Path
) -> None:
    till = Till(database)
    await till.publishes(CAFE_SOL, now=NOW)
    async with (
        database.connection() as connection,
        program_transaction(connection, till.program_id),
    ):
        published = await till.versions.in_force(connection, till.program_id)
    bench = Bench(
        published, till.versions, database.posting, database.connection, lambda: NOW, "en"
    )
    reading = look_at(file, Kind.SALES, Wishes(), zone=published.program.timezone)
    assert [await enrol_customers(bench, reading) for _ in range(2)] == [2, 0]  # Ana and Berta
    shares: list[float] = []

    async def brings() -> Brought:
        return await bring_file(
            bench, Kind.SALES, file, Wishes(), tell=lambda _, share: shares.append(share)
        )

    first, again = await brings(), await brings()

    assert (first.figures.accepted, first.figures.repeated, first.figures.refused) == (2, 0, 1)
    assert (again.figures.accepted, again.figures.repeated, again.figures.refused) == (0, 2, 1)
    assert shares[-1] == 1.0
    assert [row.line for row in first.report.first] == [3]
    async with (
        database.connection() as connection,
        program_transaction(connection, till.program_id),
    ):
        rows = await (await connection.execute("SELECT joined_at FROM standing")).fetchall()
    # Each since the first purchase, at the first instant of its day in Madrid.
    assert sorted(row[0] for row in rows) == [
        datetime(2026, 1, 31, 23, tzinfo=UTC),
        datetime(2026, 2, 2, 23, tzinfo=UTC),
    ]
