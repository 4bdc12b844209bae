"""Tables of reports on a terminal."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from fiel.cli.report_tables import MOST_ROWS, show_table
from fiel.cli.session import Session
from fiel.domain.document import read_program
from fiel.insights.reporting.report import Cell, Column, Kind, Table
from fiel.platform.main import House
from tests.support.program import CAFE_SOL

PROGRAM = read_program(CAFE_SOL)
STORES = Table(
    "stores",
    "By store",
    (
        Column("store", "Store", Kind.TEXT),
        Column("net", "Net sales", Kind.MONEY),
        Column("net_change", "Change", Kind.PERCENT),
        Column("members", "Members", Kind.COUNT),
    ),
    (("centro", 123_400, 5, 12), ("norte", 500, None, 3)),
)


def shown(table: Table, *, width: int, whole: bool = False) -> list[str]:
    told = io.StringIO()
    console = Console(file=told, width=width, color_system=None)
    show_table(table, PROGRAM, Session(House(), "en", console), whole=whole)
    return [line.rstrip() for line in told.getvalue().splitlines()]


def test_a_table_that_fits_stands_in_one() -> None:
    assert shown(STORES, width=80) == [
        "By store",
        "Store   Net sales  Change  Members",
        "centro  €1,234.00      5%       12",
        "norte       €5.00       –        3",
    ]


def test_what_does_not_fit_stands_below_with_the_names_of_its_rows() -> None:
    assert shown(STORES, width=26) == [
        "By store",
        "Store   Net sales  Change",
        "centro  €1,234.00      5%",
        "norte       €5.00       –",
        "Store   Members",
        "centro       12",
        "norte         3",
    ]


def test_a_change_stays_beside_its_figure() -> None:
    # Sales and their change need 19 of the 18 that are left, members only 9.
    heads = [line.split() for line in shown(STORES, width=25) if line.startswith("Store")]
    assert heads[-1] == ["Store", "Members"]


def test_names_leave_half_of_the_line_to_what_they_name() -> None:
    columns = (
        Column("unit", "Unit", Kind.TEXT),
        Column("how", "How it is known", Kind.TEXT),
        Column("share", "Share", Kind.PERCENT),
    )
    row: tuple[Cell, ...] = ("points", "estimated from months that are over", 21)

    assert shown(Table("expected", "Expected", columns, (row,)), width=44) == [
        "Expected",
        "Unit    How it is known",
        "points  estimated from months that are over",
        "Unit    Share",
        "points    21%",
    ]


def test_a_long_text_wraps_and_loses_nothing() -> None:
    text = "With 2,469 members, 246 of them kept out, nothing would be seen in so short a time"
    columns = (
        Column("share", "Share of members kept out", Kind.PERCENT),
        Column("lift", "Lift of retention that would be visible", Kind.PERCENT),
        Column("says", "In words", Kind.TEXT),
    )
    lines = shown(Table("plan", "Plan", columns, ((5, 21, text),)), width=80)

    assert max(len(line) for line in lines) <= 80
    assert set(text.split()) <= set(" ".join(lines).split())


def test_a_table_among_others_says_how_much_of_it_is_left() -> None:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"s{number}", number, None, number) for number in range(MOST_ROWS + 3)
    )
    many = replace(STORES, rows=rows)

    assert shown(many, width=80)[-1] == "… and 3 more rows: --table stores"
    assert len(shown(many, width=80, whole=True)) == 2 + MOST_ROWS + 3


def test_a_table_without_rows_says_so() -> None:
    assert shown(replace(STORES, rows=()), width=80) == ["By store", "Nothing to tell."]
