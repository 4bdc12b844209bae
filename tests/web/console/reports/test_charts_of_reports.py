"""Which tables make which charts; each number can be found in the table."""

from __future__ import annotations

from datetime import date
from typing import Any

from fiel.insights.reporting.report import Column, Kind, Report, Table
from fiel.web.console.reports.drawing import Drawn, charts_of
from fiel.web.console.reports.words import Words
from tests.insights.figures.book import CAFE_SOL

FROM, TO = Column("from", "From", Kind.DAY), Column("to", "To", Kind.DAY)
UNIT = Column("unit", "Unit", Kind.TEXT)
MONTHS = [(date(2026, month, 1), date(2026, month, 28 if month == 2 else 31)) for month in (1, 2)]


def drawn(name: str, id_: str, columns: tuple[Column, ...], *rows: tuple[Any, ...],
          besides: tuple[Table, ...] = ()) -> list[Drawn]:  # fmt: skip
    table = Table(id_, "Title", columns, rows)
    report = Report(name, "Report", None, None, None, (table, *besides))
    return charts_of(report, table, Words(CAFE_SOL, "en"))


def test_cohorts_are_a_heat_map_and_lines() -> None:
    after = tuple(Column(f"after_{number}", str(number), Kind.PERCENT) for number in range(2))
    columns = (FROM, TO, Column("members", "Members", Kind.COUNT), *after)
    heat, lines = drawn(
        "cohorts", "bought", columns, (*MONTHS[0], 4, 100, 50), (*MONTHS[1], 2, 100, None)
    )

    [series] = heat.option["series"]  # type: ignore[misc]
    assert series["type"] == "heatmap"
    assert series["data"] == [[0, 0, 100], [1, 0, 50], [0, 1, 100]]
    assert heat.option["yAxis"]["data"] == ["Jan 2026 (4)", "Feb 2026 (2)"]  # type: ignore[index]
    assert [each["data"] for each in lines.option["series"]] == [[100, 50], [100, None]]  # type: ignore[attr-defined]


def test_the_roll_forward_is_a_waterfall_that_ends_where_the_unit_ends() -> None:
    kinds = ("earned", "reversed", "redeemed", "restored", "expired", "revived", "adjusted",
             "transferred", "brought_in", "uncollected", "partner")  # fmt: skip
    columns = (
        FROM, TO, UNIT, Column("opening", "At the beginning", Kind.POINTS),
        *(Column(kind, kind, Kind.POINTS) for kind in kinds),
        Column("closing", "At the end", Kind.POINTS),
    )  # fmt: skip
    first = (*MONTHS[0], "points", 10, 50, 0, -20, *(0,) * 8, 40)
    second = (*MONTHS[1], "points", 40, 30, -5, 0, *(0,) * 8, 65)
    fall, over_time = drawn("roll-forward", "roll_forward", columns, first, second)

    [series] = fall.option["series"]  # type: ignore[misc]
    # Place, from, to, change, whether it stands alone.
    assert series["data"] == [
        [0, 0, 10, 10, 1], [1, 10, 90, 80, 0], [2, 90, 85, -5, 0], [3, 85, 65, -20, 0],
        [4, 0, 65, 65, 1],
    ]  # fmt: skip
    assert over_time.option["series"][-1]["data"] == [40, 65]  # type: ignore[index]


def test_a_lift_is_drawn_with_its_interval_and_one_that_cannot_be_said_is_not() -> None:
    columns = (
        Column("of", "Of", Kind.TEXT), Column("metric", "Figure", Kind.TEXT),
        Column("lift", "Lift", Kind.PERCENT), Column("low", "At least", Kind.PERCENT),
        Column("high", "At most", Kind.PERCENT),
    )  # fmt: skip
    [lifts] = drawn(
        "impact", "lifts", columns, ("", "spend", 12.5, 3.0, 22.0), ("", "margin", None, None, None)
    )

    [series] = lifts.option["series"]  # type: ignore[misc]
    assert series["data"] == [[12.5, 0, 3.0, 22.0]]
    assert lifts.option["yAxis"]["data"] == ["The program · Spend of a member"]  # type: ignore[index]
    assert lifts.option["fiel"]["shape"] == "whisker"  # type: ignore[index]


def test_members_become_a_funnel_where_the_period_is_short_enough() -> None:
    members = tuple(
        Column(name, name, Kind.COUNT) for name in ("members", "new_members", "active_members")
    )
    at_end = (FROM, TO, Column("customers_at_end", "", Kind.COUNT))
    customers = Table("retention", "Retention", at_end, ((*MONTHS[0], 5), (*MONTHS[1], 6)))
    charts = drawn(
        "kpis", "members", (FROM, TO, *members), (*MONTHS[0], 10, 3, 4), (*MONTHS[1], 12, 2, 5),
        besides=(customers,),
    )  # fmt: skip
    [funnel] = [chart for chart in charts if chart.label == "From members to buyers"]

    [series] = funnel.option["series"]  # type: ignore[misc]
    assert [step["value"] for step in series["data"]] == [12, 6, 5]


def test_gift_cards_fall_from_the_beginning_to_what_is_still_owed() -> None:
    names = ("opening", "sold", "given", "paid", "refunded", "withdrawn", "expired", "closing")
    columns = (Column("purpose", "", Kind.TEXT), *(Column(n, n, Kind.MONEY) for n in names))
    [fall] = drawn(
        "gift-cards", "gift_cards", columns,
        ("multi_purpose", 1000, 5000, 0, 2000, 500, 0, 100, 4400),
    )  # fmt: skip

    [series] = fall.option["series"]  # type: ignore[misc]
    assert [step[3] for step in series["data"]] == [
        "10.00",
        "50.00",
        "-20.00",
        "5.00",
        "-1.00",
        "44.00",
    ]
    assert series["data"][-2][1:3] == ["45.00", "44.00"]


def test_a_table_of_one_period_has_no_chart_and_one_without_rows_neither() -> None:
    columns = (FROM, TO, Column("net", "Net", Kind.MONEY))

    assert drawn("kpis", "cost", columns, (*MONTHS[0], 5)) == []
    assert drawn("kpis", "cost", columns) == []
