"""Segments and groups have the same members on Spark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from fiel.domain.conditions import Scope, check_condition
from fiel.domain.document import read_program
from fiel.domain.money import currency
from fiel.insights.columns.opening import Columns, columns_of_folder
from fiel.insights.segments.live import Wanted
from fiel.insights.segments.matching import changed_members
from fiel.insights.segments.rfm import rfm_groups
from fiel.insights.segments.sizing import sizes
from fiel.insights.spark import spark_columns_of_folder
from fiel.ledger.accounts import Place
from tests.insights.segments.copy import brought_back, cancelled, member, sale, tables_of
from tests.support.program import CAFE_SOL

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TODAY = date(2026, 3, 31)
MEMBERS = 40


def _days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def _written(folder: Path) -> Path:
    """Members who bought more or less often, longer ago or not, some never."""
    sales = [
        sale(number * 100 + nth, number, _days_ago(number * (nth + 1) % 450), number * 137)
        for number in range(1, MEMBERS - 3)
        for nth in range(number % 7 + 1)
    ]
    tables = tables_of(
        members=[
            member(
                number,
                tier=("oro", None)[number % 2],
                attributes={"children": number % 3},
                birthday=date(1990, number % 12 + 1, 3) if number % 5 else None,
                segments='["few", "keen"]' if number % 4 == 0 else "[]",
                spend=number * 1_000,
                visits=number % 7,
            )
            for number in range(1, MEMBERS)
        ],
        sales=sales,
        returns=[
            brought_back(5, 500, TODAY, 37),
            brought_back(6, None, TODAY, 11),
            cancelled(9, 901, TODAY, 9 * 137),
        ],
        activities=[
            {
                "activity_id": "A-1", "member": 7, "kind": "activity", "type": "survey",
                "day": TODAY, "properties": '{"nps": 9}',
            },
        ],
        movements=[
            {
                "transfer_id": f"M-{number}", "activity_id": "A", "member": number,
                "unit": "points", "points": number, "debit": Place.ISSUED.value,
                "credit": Place.AVAILABLE.value, "day": TODAY,
            }
            for number in range(1, MEMBERS)
        ],
    )  # fmt: skip
    for name, table in tables.items():
        (folder / name).mkdir(parents=True)
        pq.write_table(table, folder / name / "1.parquet")
    return folder


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, spark: SparkSession
) -> Iterator[tuple[Columns, Columns]]:
    folder = _written(tmp_path_factory.mktemp("copy"))
    with columns_of_folder(folder) as one, spark_columns_of_folder(folder, spark) as other:
        yield one, other


def _wanted() -> list[Wanted]:
    texts = {
        "keen": "member.frequency >= 3 && member.recency_days < 200",
        "rich": "member.average_spend * 1.5 > 20.55 || member.spend_365 / member.frequency >= 40",
        "few": "member.visits % 3 == 1 && member.visits / 2 >= 0",
        "gold": 'member.tier in ["oro", "plata"] && member.rfm.contains("rfm-")',
        "may": "member.birthday_month == 5 && member.joined_days > 30",
        "parents": "member.attributes.children >= 2",  # JSON is read by one engine only
        "asked": "member.answers.nps == 9",
        "matched": 'member.rfm.matches("^rfm-(new|loyal)$")',
    }
    euro = currency("EUR")
    own = [
        Wanted(name, check_condition(text, scope=Scope.SEGMENT, currency=euro))
        for name, text in texts.items()
    ]
    return [*own, Wanted("rfm-champions")]


def test_the_groups_are_the_same(both: tuple[Columns, Columns]) -> None:
    one, other = (
        sorted(
            columns.backend.to_pyarrow(rfm_groups(columns, TODAY)).to_pylist(),
            key=lambda row: row["member"],
        )
        for columns in both
    )

    assert len({row["segment"] for row in one}) >= 6
    assert other == one


def test_the_segments_have_the_same_members(both: tuple[Columns, Columns]) -> None:
    one, other = (changed_members(columns, TODAY, _wanted()) for columns in both)

    found = frozenset[str]().union(*one.values())
    assert found == {each.id for each in _wanted()}
    assert other == one


def test_the_sizes_are_the_same(both: tuple[Columns, Columns]) -> None:
    one, other = (sizes(columns, read_program(CAFE_SOL), TODAY, _wanted()) for columns in both)

    assert one.everybody.members == MEMBERS - 1
    assert other == one
