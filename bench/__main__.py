"""Measure everything, and print one table; `--write` keeps it in docs/benchmarks.md.

    python -m bench [--quick] [--write] [--only NAME]

Nothing has to be installed or started: the database server, Fiel and the load client are started
here and gone afterwards. Run from the root of the repository (`make bench`).
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable

from bench import (
    accounts,
    conditions,
    decide,
    earn,
    figures,
    growth,
    impact,
    importing,
    midnight,
    prediction,
    redeem,
    report,
    returning,
    simulation,
)
from bench.machine import machine
from bench.place import Place, place
from bench.report import Row, Section, middle

_DECIDED = ((10, 1), (10, 5), (50, 5), (200, 5), (200, 1))


def deciding() -> Section:
    """How long the decision itself takes."""
    rows = []
    for rules, lines in _DECIDED:
        result = decide.measured(rules, lines)
        target = 20 if (rules, lines) == (10, 1) else None
        rows.append(
            Row(
                f"{rules} rules, {lines} {'line' if lines == 1 else 'lines'}",
                f"{result.decide:.1f} µs",
                f"a plain interpreter {result.plain:,.0f} µs, "
                f"{result.plain / result.decide:.0f} × as long",
                f"< {target} µs" if target else "",
                result.decide < target if target else None,
            )
        )
    note = "The best of several rounds, on one core."
    return Section("Decide", rows, (note,))


def evaluating() -> Section:
    """How long conditions take, beside the CEL runtime."""
    results = [conditions.measured(text) for text in conditions.CONDITIONS]
    ratios = [result.cel / result.fiel for result in results]
    row = Row(
        f"{len(results)} conditions, median",
        f"{middle([result.fiel for result in results]):.2f} µs",
        f"the CEL runtime {middle([result.cel for result in results]):.1f} µs; "
        f"{min(ratios):.0f} to {max(ratios):.0f} × as long",
    )
    return Section("Conditions", (row,))


def main() -> None:
    """Measure, print, and keep what was asked to be kept."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two minutes: see that all works")
    parser.add_argument(
        "--write", action="store_true", help=f"keep the table in {report.PAGE.name}"
    )
    parser.add_argument(
        "--only",
        choices=(
            "decide",
            "earn",
            "redeem",
            "returns",
            "midnight",
            "import",
            "growth",
            "figures",
            "simulate",
            "predict",
            "accounts",
            "impact",
        ),
        action="append",
    )
    told = parser.parse_args()
    begun = time.monotonic()
    with place() as here:
        named = machine(here.version())
        print(named)
        sections = _measured(here, quick=told.quick, only=told.only)
    print(report.table(sections))
    print(f"\n{named}; {(time.monotonic() - begun) / 60:.0f} minutes")
    if any(row.figure == "" for section in sections for row in section.rows):
        sys.exit(1)
    if told.write:
        report.write(named, sections)


def _measured(here: Place, *, quick: bool, only: list[str] | None) -> list[Section]:
    earning = earn.Plan.quick() if quick else earn.Plan()
    redeeming = redeem.Plan.quick() if quick else redeem.Plan()
    taking_back = returning.Plan.quick() if quick else returning.Plan()
    turning = midnight.Plan.quick() if quick else midnight.Plan()
    growing = growth.Plan.quick() if quick else growth.Plan()
    import_ = importing.Plan.quick() if quick else importing.Plan()
    figuring = figures.Plan.quick() if quick else figures.Plan()
    predicting = prediction.Plan.quick() if quick else prediction.Plan()
    accounting = accounts.Plan.quick() if quick else accounts.Plan()
    simulating = simulation.Plan.quick() if quick else simulation.Plan()
    judging = impact.Plan.quick() if quick else impact.Plan()
    steps: list[tuple[str, Callable[[], Section]]] = [
        ("decide", deciding),
        ("decide", evaluating),
        ("earn", lambda: earn.measure(here, earning, _say)),
        ("redeem", lambda: redeem.measure(here, redeeming, _say)),
        ("returns", lambda: returning.measure(here, taking_back, _say)),
        ("midnight", lambda: midnight.measure(here, turning, _say)),
        ("import", lambda: importing.measure(here, import_, _say)),
        ("growth", lambda: growth.measure(here, growing, _say)),
        ("figures", lambda: figures.measure(here, figuring, _say)),
        ("simulate", lambda: simulation.measure(simulating, _say)),
        ("predict", lambda: prediction.measure(predicting, _say)),
        ("accounts", lambda: accounts.measure(here, accounting, _say)),
        ("impact", lambda: impact.measure(judging, _say)),
    ]
    return [_tried(name, step) for name, step in steps if only is None or name in only]


def _tried(name: str, step: Callable[[], Section]) -> Section:
    """A measurement; where it fails, the others are made all the same."""
    try:
        return step()
    except Exception:  # noqa: BLE001 - whatever it is, it is told, and the exit code says so
        traceback.print_exc()
        return Section(name, (Row("failed: there is no figure", "", met=False),))


def _say(text: str) -> None:
    print(f"  {text}", flush=True)


if __name__ == "__main__":
    main()
