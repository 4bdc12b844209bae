"""How often a program without any drift is told of one, and how soon planted ones are found.

    python -m bench.alarms [--years 40]

Programs with three stores and one unit are made day by day, restless as shops are: rates differ
from day to day, good and bad days follow each other, one day in fifty is out of line. Each is
looked at every day of a year, and what was told is not told again for four weeks. Run from the root
of the repository.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

from fiel.insights.alerts.drift import BASELINE_DAYS, LATEST_DAYS, Floats, Scale, drift_of
from fiel.insights.alerts.finding import SURE_ENOUGH_OF_DRIFT, sureness

WEEK = np.array([0.7, 0.8, 0.9, 1.0, 1.3, 1.6, 0.5])
FIGURES = (
    (40.0, Scale.COUNT), (120.0, Scale.COUNT), (15.0, Scale.COUNT),
    (4000.0, Scale.AMOUNT), (2500.0, Scale.AMOUNT), (1500.0, Scale.FLOW),
)  # fmt: skip
BEFORE = LATEST_DAYS + BASELINE_DAYS
PLANTED = (0.0, 0.5, 0.7, 1.4, 2.0)
DAYS_TO_FIND = 28


@dataclass(frozen=True, slots=True)
class Found:
    """How many of the planted changes were found, and after how many days the middle of them."""

    times: float
    share: float
    days: float


def figure(chance: np.random.Generator, level: float, scale: Scale, days: int) -> Floats:
    """A figure of a shop in which nothing changes."""
    mood = np.zeros(days)
    for day in range(1, days):
        mood[day] = 0.3 * mood[day - 1] + chance.normal(0.0, 0.12)
    usual = np.resize(WEEK, days) * level * np.exp(mood)
    usual[chance.random(days) < 1 / 50] *= chance.choice([0.1, 2.5])
    if scale is Scale.FLOW:
        return np.asarray(usual - chance.gamma(8.0, level / 8.0, days), dtype=np.float64)
    if scale is Scale.AMOUNT:
        return np.asarray(np.round(usual * chance.gamma(30.0, 1 / 30.0, days)), dtype=np.float64)
    return chance.poisson(usual).astype(np.float64)


def false_alarms(years: int, seed: int = 1) -> tuple[int, int]:
    """Alarms in so many years of programs without a drift, and the looks it took."""
    chance = np.random.default_rng(seed)
    alarms = looks = 0
    for _ in range(years):
        for level, scale in FIGURES:
            days = figure(chance, level, scale, BEFORE + 365)
            quiet_until = 0
            for end in range(BEFORE, BEFORE + 365):
                looks += 1
                if end >= quiet_until and _is_told(days[:end], scale):
                    alarms += 1
                    quiet_until = end + LATEST_DAYS
    return alarms, looks


def found_changes(times: float, tries: int, seed: int = 2) -> Found:
    """How soon a change of a store's sales is found."""
    chance = np.random.default_rng(seed)
    after = []
    for _ in range(tries):
        days = figure(chance, 120.0, Scale.COUNT, BEFORE + DAYS_TO_FIND)
        days[BEFORE:] = np.floor(days[BEFORE:] * times)
        after += [
            end for end in range(1, DAYS_TO_FIND + 1) if _is_told(days[: BEFORE + end], Scale.COUNT)
        ][:1]
    return Found(times, len(after) / tries, float(np.median(after)) if after else float("nan"))


def _is_told(days: Floats, scale: Scale) -> bool:
    drift = drift_of(days, scale)
    return drift is not None and sureness(drift.chance, len(FIGURES)) >= SURE_ENOUGH_OF_DRIFT


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=40)
    years = parser.parse_args().years
    alarms, looks = false_alarms(years)
    print(
        f"{alarms} false alarms in {years} years of {len(FIGURES)} figures looked at daily: "
        f"{alarms / years:.2f} a year, {alarms / looks:.5f} a look at a figure"
    )
    for times in PLANTED:
        found = found_changes(times, 40)
        print(
            f"sales times {times}: {found.share:.0%} found within {DAYS_TO_FIND} days, "
            f"the middle after {found.days:.0f}"
        )


if __name__ == "__main__":
    main()
