"""How long a forecast takes: a million members, beside the package lifetimes.

    python -m bench.prediction [--quick]

Run from the root of the repository.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from bench.history import UNTIL, made_history
from bench.report import Row, Section
from fiel.insights.columns.opening import columns_of_folder
from fiel.insights.prediction.bgnbd import fitted_rhythm
from fiel.insights.prediction.forecast import HORIZON_DAYS, made_forecast
from fiel.insights.prediction.history import Bought
from fiel.insights.prediction.tastes import read_tastes

_TARGET = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How many sales of how many members, and how many of those lifetimes is given."""

    sales: int = 10_000_000
    members: int = 1_000_000
    beside: int = 100_000

    @classmethod
    def quick(cls) -> Plan:
        """Enough to see that all works."""
        return cls(sales=200_000, members=20_000, beside=5_000)


def measure(plan: Plan, say: Callable[[str], None]) -> Section:
    """Read, fit, forecast and back-test; then fit what lifetimes fits."""
    say(f"making {plan.sales:,} sales of {plan.members:,} members")
    until = UNTIL - timedelta(days=1)
    with (
        made_history(sales=plan.sales, members=plan.members) as folder,
        columns_of_folder(folder) as columns,
    ):
        begun, worked = time.perf_counter(), time.process_time()
        forecast = made_forecast(columns, until=until, days=HORIZON_DAYS)
        whole, worked = time.perf_counter() - begun, time.process_time() - worked
        begun = time.perf_counter()
        read_tastes(columns, until=until)
        tastes = time.perf_counter() - begun
    bought = forecast.history.whole
    begun = time.perf_counter()
    fitted_rhythm(bought.grouped()[0])
    fit = time.perf_counter() - begun
    ours, theirs = _beside(bought, plan.beside, say)
    told = f"{len(bought):,} members"
    return Section(
        "Predict",
        (
            Row(f"read, fit, forecast and back-test {told}", f"{whole:.1f} s",
                f"{plan.sales:,} sales; {worked:.1f} s of processor time",
                f"< {_TARGET:.0f} s", whole < _TARGET),
            Row(f"BG/NBD of {told}", f"{fit:.2f} s"),
            Row(f"BG/NBD of {plan.beside:,} members", f"{ours:.3f} s",
                f"lifetimes {theirs:.1f} s, {theirs / ours:.0f} × as long"),
            Row("who likes what", f"{tastes:.2f} s", "of 50,000 members or more"),
        ),
        ("The same estimates as lifetimes, to the third figure; each is one run.",),
    )  # fmt: skip


def _beside(bought: Bought, members: int, say: Callable[[str], None]) -> tuple[float, float]:
    """How long ours and lifetimes take for the same members, after checking that they agree."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import BetaGeoFitter  # noqa: PLC0415

        some = bought.only(np.arange(len(bought)) < members)
        say(f"lifetimes fits {members:,} members")
        begun = time.perf_counter()
        other = BetaGeoFitter().fit(some.repeats, some.recency, some.age)
        theirs = time.perf_counter() - begun
    begun = time.perf_counter()
    rhythm = fitted_rhythm(some.grouped()[0])
    ours = time.perf_counter() - begun
    for name, value in (("r", rhythm.r), ("alpha", rhythm.alpha)):
        if abs(other.params_[name] / value - 1) > 1e-3:
            raise SystemExit(f"{name}: {value} and {other.params_[name]} are not the same")
    return ours, theirs


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    plan = Plan.quick() if parser.parse_args().quick else Plan()
    for row in measure(plan, print).rows:
        print("  ".join(row.cells()))


if __name__ == "__main__":
    main()
