"""The groups of a comparison, and what their members did, are the same on Spark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from bench.impact_worlds import START, TODAY, World, world_tables
from fiel.domain.holdout import holdout_of
from fiel.insights.columns.opening import Columns, columns_of_folder
from fiel.insights.impact.experiments import Experiment
from fiel.insights.impact.samples import Group, populations, sample_of
from fiel.insights.impact.windows import window_of
from fiel.insights.spark import spark_columns_of_folder

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WORLD = World(members=300, percent=Decimal(40), spend=0.2)


@contextmanager
def both(folder: Path, spark: SparkSession) -> Iterator[tuple[Columns, Columns]]:
    for name, table in world_tables(WORLD).items():
        (folder / name).mkdir(parents=True)
        pq.write_table(table, folder / name / "1.parquet")
    with columns_of_folder(folder) as one, spark_columns_of_folder(folder, spark) as other:
        yield one, other


def moments(group: Group) -> dict[str, float]:
    told = {"members": group.members, "stayers": group.stayers.count()}
    for side in (group.everybody, group.stayers):
        told |= {f"mean {name}": value for name, value in side.mean_.items()}
        told |= {f"var {name}": value for name, value in side.var_.items()}
        told |= {f"cov {pair}": value for pair, value in side.cov_.items()}
    return told


def test_the_groups_and_what_they_did_are_the_same(tmp_path, spark):
    promotion = holdout_of(WORLD.slug, "promo", Decimal(30))
    experiment = Experiment("", START, None, WORLD.holdout, WORLD.holdout)
    window = window_of(experiment, since=None, until=None, today=TODAY)
    assert window is not None
    with both(tmp_path / "world", spark) as engines:
        one, other = (
            sample_of(columns, promotion, promotion, window, apart=[WORLD.holdout])
            for columns in engines
        )
        (all_of_one,), (all_of_other,) = (populations(columns, [window]) for columns in engines)

    assert 0 < one.out.members < one.within.members < WORLD.members
    assert moments(other.out) == pytest.approx(moments(one.out), rel=1e-9)
    assert moments(other.within) == pytest.approx(moments(one.within), rel=1e-9)
    assert moments(all_of_other) == pytest.approx(moments(all_of_one), rel=1e-9)
