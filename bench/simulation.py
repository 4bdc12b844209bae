"""How long a program takes to be simulated: ten million sales folded, beside the plain replay.

    python -m bench.simulation [--quick]

The replay is measured on a share of the sales, and comes to the same there to the point. Each is
run in a process of its own. Run from the root of the repository.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench.history import made_history
from bench.report import Row, Section
from fiel.domain.deciding import Rulebook
from fiel.domain.document import read_program
from fiel.domain.program import Program
from fiel.insights.columns.opening import columns_of_folder
from fiel.insights.simulation.behaviour import Behaviour, Way
from fiel.insights.simulation.history import History, Span
from fiel.insights.simulation.kernel.fold import Kernel
from fiel.insights.simulation.kernel.loading import load
from fiel.insights.simulation.outcome import differences
from fiel.insights.simulation.replay import Replay

_SECONDS, _SECONDS_OF_VARIANTS, _GIGABYTES = 10.0, 30.0, 4.0
_EAGER = Behaviour(Way.EAGER, 25)
_PROGRAM = """
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {{name: puntos, expiry: {{after: 12 months}}, value: 0.01}}
earn:
  - {{id: base, event: sale, give: {{points: {points}, per: "1.00"}}}}
  - {{id: category, event: sale, multiply: 2, where: 'line.category == "category-3"'}}
  - {{id: online, event: sale, give: {{points: 5}}, where: 'sale.channel == "online"'}}
  - {{id: hello, event: enrolment, give: {{points: 50}}}}
tiers:
  by: spend
  window: 12 months
  levels: [{{id: basic, from: 0}}, {{id: silver, from: {silver}, multiply: 1.5}},
    {{id: gold, from: 1000, multiply: 2}}]
rewards:
  - {{id: coffee, kind: product, price: {{points: 100}}, cost: "1.20"}}
  - {{id: cake, kind: product, price: {{points: 400}}, cost: "3.00"}}
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many sales of how many members, and which part of them is replayed."""

    sales: int = 10_000_000
    members: int = 500_000
    share: int = 500
    variants: int = 20

    @classmethod
    def quick(cls) -> Plan:
        """Enough to see that all works."""
        return cls(sales=100_000, members=5_000, share=50, variants=4)


@dataclass(frozen=True, slots=True)
class _Took:
    """Seconds of each part, and the peak of memory in gigabytes."""

    loading: float
    first: float
    one: float
    variants: float
    gigabytes: float


def program_of(*, points: int = 1, silver: int = 300) -> Program:
    """The program that is simulated."""
    return read_program(_PROGRAM.format(points=points, silver=silver))


def measure(plan: Plan, say: Callable[[str], None] = print) -> Section:
    """Fold everything in a process of its own; then replay a part and fold it too."""
    part, members = plan.sales // plan.share, max(1, plan.members // plan.share)
    say(f"replaying {part:,} sales of {members:,} members, and folding them")
    with made_history(sales=part, members=members) as folder:
        # It compiles too, where this version was not compiled before: nothing below waits for it.
        replayed = _apart(_replayed, folder)
    say(f"making {plan.sales:,} sales of {plan.members:,} members")
    with made_history(sales=plan.sales, members=plan.members) as folder:
        say(f"folding {plan.variants} variants")
        took = _apart(_folded, folder, plan.variants)
    each = f"{plan.sales:,} sales"
    by_replay = replayed / part * plan.sales
    rows = [
        Row("loading the past", f"{took.loading:.1f} s", each),
        Row(
            "the first program, with what is the same for all", f"{took.first:.1f} s", each,
            f"< {_SECONDS:.0f} s", took.first < _SECONDS,
        ),
        Row(
            "a program after it", f"{took.one:.1f} s",
            f"replay {by_replay / 60:,.0f} min, {by_replay / took.one:,.0f} × as long",
            f"< {_SECONDS:.0f} s", took.one < _SECONDS,
        ),
        Row(
            f"{plan.variants} variants", f"{took.variants:.1f} s", each,
            f"< {_SECONDS_OF_VARIANTS:.0f} s", took.variants < _SECONDS_OF_VARIANTS,
        ),
        Row(
            "memory at its peak", f"{took.gigabytes:.1f} GB", "",
            f"< {_GIGABYTES:.0f} GB", took.gigabytes < _GIGABYTES,
        ),
    ]  # fmt: skip
    note = f"The replay is of {part:,} sales, and comes to the same to the point; each is one run."
    return Section("Simulation", rows, (note,))


def _apart[**Given, Found](
    work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs
) -> Found:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given, named)


def _replayed(folder: Path) -> float:
    """The seconds that a replay takes, which comes to what the fold comes to."""
    program = program_of()
    with columns_of_folder(folder) as columns:
        history = History(columns, Span(), per_major=program.currency.minor_per_major)
        begun = time.perf_counter()
        outcome = Replay(Rulebook.of(program), history, _EAGER).run()
        seconds = time.perf_counter() - begun
        folded = Kernel(load(history, [program])).fold(program, _EAGER)
    if differences(outcome, folded):
        raise SystemExit("the fold comes to something else than the replay")
    return seconds


def _folded(folder: Path, variants: int) -> _Took:
    """Load a past and fold it, once and again, then with other numbers."""
    programs = [program_of(points=1 + n % 4, silver=100 + 40 * n) for n in range(variants)]
    begun = time.perf_counter()
    with columns_of_folder(folder) as columns:
        history = History(columns, Span(), per_major=programs[0].currency.minor_per_major)
        past = load(history, programs)
    kernel = Kernel(past)
    moments = [begun, time.perf_counter()]
    for tried in ([program_of()], [program_of(points=3)], programs):
        for program in tried:
            kernel.fold(program, _EAGER)
        moments.append(time.perf_counter())
    loading, first, one, all_of_them = (after - before for before, after in pairwise(moments))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    return _Took(loading, first, one, all_of_them, peak)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    plan = Plan.quick() if parser.parse_args().quick else Plan()
    for row in measure(plan).rows:
        print("  ".join(row.cells()))


if __name__ == "__main__":
    main()
