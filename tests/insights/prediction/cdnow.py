"""CDNOW: 2,357 customers of a shop for music, as `lifetimes` ships them; the field's yardstick."""

from __future__ import annotations

import csv
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from fiel.insights.prediction.bgnbd import Buyers
from fiel.insights.prediction.gamma_gamma import Spends


def cdnow_buyers() -> Buyers:
    """What each bought, in weeks."""
    rows = _rows("cdnow_customers_summary.csv")
    return Buyers(
        frequency=np.array([int(row["frequency"]) for row in rows]),
        recency=np.array([float(row["recency"]) for row in rows]),
        age=np.array([float(row["T"]) for row in rows]),
        count=np.ones(len(rows)),
    )


def cdnow_spends() -> Spends:
    """What those who bought again spent on a purchase, the first left out."""
    rows = [
        row for row in _rows("cdnow_customers_summary_with_transactions.csv") if row["x"] != "0"
    ]
    return Spends(
        purchases=np.array([int(row["x"]) for row in rows]),
        mean=np.array([float(row["zbar"]) for row in rows]),
    )


def _rows(name: str) -> list[dict[str, str]]:
    package = find_spec("lifetimes")
    assert package is not None
    assert package.origin is not None
    with (Path(package.origin).parent / "datasets" / name).open(encoding="utf-8") as told:
        return list(csv.DictReader(told))
