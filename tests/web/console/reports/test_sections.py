"""A report in sections: charts, rows as a person reads them, definitions beside their figures."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from fractions import Fraction

from fiel.insights.reporting.report import (
    Column,
    Definition,
    Kind,
    Report,
    Say,
    Statement,
    Table,
)
from fiel.web.console.reports.sections import Section, Told, told_report
from fiel.web.console.reports.words import Words
from tests.insights.figures.book import CAFE_SOL

FROM, TO = Column("from", "From", Kind.DAY), Column("to", "To", Kind.DAY)
JANUARY, FEBRUARY = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))


def told(*tables: Table, name: str = "kpis", **more: object) -> Told:
    report = Report(name, "Figures", None, None, None, tables, **more)  # type: ignore[arg-type]
    return told_report(report, Words(CAFE_SOL, "en"), lambda column, id_: f"?{column}={id_}"
                       if column == "store" else None)  # fmt: skip


def table(columns: tuple[Column, ...], *rows: tuple[object, ...], id: str = "cost") -> Table:
    return Table(id, "Cost", columns, rows)  # type: ignore[arg-type]


def section(*tables: Table, **more: object) -> Section:
    return told(*tables, **more).sections[0]  # type: ignore[arg-type]


NET = Column("net", "Net", Kind.MONEY)
CHANGE = Column("net_change", "Change", Kind.PERCENT)


def test_days_become_the_name_of_their_month_and_changes_stand_below_their_figure() -> None:
    shown = section(
        table((FROM, TO, NET, CHANGE), (*JANUARY, 123456, None), (*FEBRUARY, 61728, Fraction(-50)))
    )

    assert [heading.text for heading in shown.headings] == ["Period", "Net"]
    first, second = shown.rows
    assert (first[0].text, first[1].text, first[1].change) == ("Jan 2026", "€1,234.56", "")
    assert (second[1].text, second[1].change, second[1].direction) == ("€617.28", "-50%", "down")


def test_a_moment_is_told_by_the_clock_of_the_shop() -> None:
    at = Column("at", "At", Kind.MOMENT)
    shown = section(table((at, NET), (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), 100)))
    assert shown.rows[0][0].text.replace("\u202f", " ") == "Nov 23, 2026, 12:30 AM"


def test_a_cohort_in_which_nobody_is_says_nothing() -> None:
    columns = (
        FROM,
        TO,
        Column("members", "Members", Kind.COUNT),
        Column("after_0", "0", Kind.PERCENT),
    )
    joined = (*JANUARY, 0, None), (*FEBRUARY, 2, Fraction(50))

    shown = section(table(columns, *joined, id="joined"), name="cohorts")

    assert [[cell.text for cell in row] for row in shown.rows] == [["Feb 2026", "2", "50%"]]
    assert shown.rows[0][1].heading == "Members"
    assert told(table(columns, joined[0], id="joined"), name="cohorts").full == []


def test_an_account_without_a_number_of_the_merchant_shows_none() -> None:
    number = Column("number", "Number", Kind.TEXT)
    shown = section(table((NET, number), (100, "deferred"), (100, "4850")))
    assert [row[1].text for row in shown.rows] == ["–", "4850"]


def test_what_cannot_be_said_is_a_dash_and_a_gap_in_the_chart() -> None:
    shown = section(table((FROM, TO, NET), (*JANUARY, None), (*FEBRUARY, 500)))

    assert shown.rows[0][1].text == "–"
    [drawn] = json.loads(shown.chart_json)
    assert drawn["option"]["series"][0]["data"] == [None, "5.00"]


def test_amounts_are_drawn_exactly_and_say_their_currency() -> None:
    shown = section(table((FROM, TO, NET), (*JANUARY, 10), (*FEBRUARY, 12345678901)))

    [drawn] = json.loads(shown.chart_json)
    assert drawn["option"]["series"][0]["data"] == ["0.10", "123456789.01"]
    assert drawn["option"]["fiel"]["format"] == {"kind": "money", "currency": "EUR"}


def test_a_name_leads_to_where_more_is_told_of_it() -> None:
    store = Column("store", "Store", Kind.TEXT)
    shown = section(table((store, NET), ("centro", 500), ("", 100), id="stores"))

    assert [row[0].url for row in shown.rows] == ["?store=centro", None]
    assert shown.rows[1][0].text == "Not told"


def test_units_and_tiers_are_called_what_the_program_calls_them() -> None:
    unit, tier = Column("unit", "Unit", Kind.TEXT), Column("tier", "Tier", Kind.TEXT)
    shown = section(table((unit, tier), ("stamps", ""), ("gone", "oro")))

    assert [cell.text for cell in shown.rows[0]] == ["sellos", "No tier yet"]
    assert [cell.text for cell in shown.rows[1]] == ["gone", "oro"]


def test_a_definition_stands_beside_the_table_that_tells_its_figure() -> None:
    definitions = (
        Definition("net", "Net", "What goods cost."), Definition("other", "Other", "Something."),
    )  # fmt: skip
    shown = told(table((FROM, TO, NET), (*JANUARY, 1)), definitions=definitions)

    assert shown.sections[0].definitions == (("Net", "What goods cost."),)
    assert shown.definitions == (("Other", "Something."),)


def test_statements_are_told_by_their_code_and_in_words() -> None:
    statement = Statement("few", Say("Only {many} of {what}.", {"many": 3, "what": Say("Sales")}))

    assert told(statements=(statement,)).statements == (("few", "Only 3 of Sales."),)


def test_a_long_table_is_cut_on_the_page_and_says_by_how_much() -> None:
    store = Column("store", "Store", Kind.TEXT)
    rows = [(f"store-{number}", 100) for number in range(450)]
    shown = section(table((store, NET), *rows, id="stores"))

    assert (len(shown.rows), shown.left_out, shown.is_folded) == (400, 50, True)
    [drawn] = json.loads(shown.chart_json)
    assert len(drawn["option"]["series"][0]["data"]) == 25
