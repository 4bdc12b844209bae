"""What DuckDB tells of the columns, Spark tells too."""

from __future__ import annotations

from datetime import date

import pytest

from bench.history import made_history
from fiel.domain.document import read_program
from fiel.insights.columns.opening import columns_of_copy, columns_of_folder
from fiel.insights.columns.tables import TABLES
from fiel.insights.figures.cohorts import Begun, cohorts
from fiel.insights.figures.measuring import By, measured
from fiel.insights.figures.periods import Every, periods
from fiel.insights.segments.rfm import rfm_groups
from fiel.insights.spark import columns_of_spark, spark_columns_of_folder
from tests.api.conftest import opens_shop, server, shop
from tests.insights.columns.following import Followed
from tests.scenarios.people import merges
from tests.support.program import CAFE_SOL

__all__ = ["opens_shop", "server", "shop"]

QUARTERS = list(periods(date(2025, 7, 1), date(2025, 12, 31), Every.QUARTER))


@pytest.fixture(scope="module")
def on_both(spark):
    """The same history on both engines."""
    with (
        made_history(sales=2000, members=150) as folder,
        columns_of_folder(folder) as here,
        spark_columns_of_folder(folder, spark) as there,
    ):
        yield here, there


def test_figures_are_the_same(on_both):
    program = read_program(CAFE_SOL, format="yaml")
    told = []
    for columns in on_both:
        with measured(columns, program, QUARTERS) as figures:
            told.append((figures.of(QUARTERS), figures.by(By.STORE, QUARTERS)))
    assert told[0] == told[1]


def test_cohorts_are_the_same(on_both):
    here, there = (cohorts(columns, QUARTERS, Begun.BOUGHT) for columns in on_both)
    assert here == there
    assert sum(cohort.members for cohort in here) > 0


def test_segments_are_the_same(on_both):
    here, there = (
        sorted(rfm_groups(columns, date(2026, 6, 1)).to_pyarrow().to_pylist(), key=repr)
        for columns in on_both
    )
    assert here == there
    assert len({row["segment"] for row in here}) > 3


def test_a_followed_copy_is_read_whole_with_its_merges(shop, spark, tmp_path):
    followed = Followed(shop, tmp_path / "columns")
    for name in ("ana", "anita"):
        shop.enrols(name, birthday="1990-05-17")
        shop.sells("10.00", to=name, occurred_at="2026-03-01T23:30:00.123456Z")
    shop.sells("5.00")
    followed.refresh()
    assert merges(shop, "anita", into="ana").status_code == 200
    followed.refresh()

    with columns_of_copy(followed.copy) as here, columns_of_spark(followed.copy, spark) as there:
        for name in TABLES:
            told = [
                sorted(columns[name].to_pyarrow().to_pylist(), key=repr)
                for columns in (here, there)
            ]
            assert told[0] == told[1], name
        assert here.as_of == there.as_of
