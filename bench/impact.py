"""How honest the intervals of impact are: over many worlds whose truth is known.

    python -m bench.impact [--worlds N] [--members N] [--percent P]

An interval of 95 % should hold the truth in 95 worlds of a hundred, and where nothing was planted
a lift should be seen in five of a hundred. Two are printed side by side: with +20 % spend and
+15 % retention planted, and with nothing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from bench.impact_worlds import DAYS, START, TODAY, World, world_tables
from fiel.insights.columns.opening import columns_of_arrow
from fiel.insights.impact.experiments import DAY, Experiment
from fiel.insights.impact.lifts import Lift, Metric, lift_of
from fiel.insights.impact.samples import Sample, sample_of
from fiel.insights.impact.windows import window_of

PLANTED = {Metric.SPEND: 0.20, Metric.RETENTION: 0.15}
NOTHING = dict.fromkeys(PLANTED, 0.0)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of so many worlds: in how many the interval held the truth, and a lift was seen."""

    metric: Metric
    truth: float
    worlds: int
    held: int
    seen: int
    mean: float

    @property
    def share_held(self) -> Fraction:
        """The share of the worlds whose truth was held."""
        return Fraction(self.held, self.worlds)

    @property
    def share_seen(self) -> Fraction:
        """The share of the worlds in which a lift was seen."""
        return Fraction(self.seen, self.worlds)


def sampled(world: World) -> Sample:
    """What the two groups of a world did."""
    experiment = Experiment(world.name, START, None, world.holdout, world.holdout)
    window = window_of(experiment, since=None, until=None, today=TODAY)
    assert window is not None, "the worlds are long enough"
    assert (window.days, window.until) == (DAYS, TODAY - DAY), "the worlds end today"
    with columns_of_arrow(world_tables(world)) as columns:
        return sample_of(columns, world.holdout, world.holdout, window, apart=())


def lifts_in(world: World) -> dict[Metric, Lift]:
    """What is found in a world."""
    sample = sampled(world)
    found = {metric: lift_of(metric, sample) for metric in PLANTED}
    return {metric: lift for metric, lift in found.items() if lift is not None}


def coverage(
    found: Sequence[dict[Metric, Lift]], truth: dict[Metric, float]
) -> dict[Metric, Coverage]:
    """How often intervals held a truth; it need not be the one of those worlds."""
    told = {}
    for metric, planted in truth.items():
        lifts = [one[metric] for one in found]
        told[metric] = Coverage(
            metric,
            planted,
            len(lifts),
            sum(holds(lift, planted) for lift in lifts),
            sum(lift.is_seen for lift in lifts),
            sum(lift.lift or 0.0 for lift in lifts) / len(lifts),
        )
    return told


def holds(lift: Lift, truth: float) -> bool:
    """Whether the interval of a lift holds a truth."""
    assert lift.lift_low is not None, "everybody buys in these worlds"
    assert lift.lift_high is not None, "everybody buys in these worlds"
    return lift.lift_low <= truth <= lift.lift_high


def planted_in(truth: dict[Metric, float], world: World) -> World:
    """A world in which lifts are planted."""
    return replace(world, spend=truth[Metric.SPEND], stay=truth[Metric.RETENTION])


def main() -> None:
    """Print the coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--percent", type=Decimal, default=Decimal(20))
    asked = parser.parse_args()
    print(
        f"{asked.worlds} worlds of {asked.members} members, {asked.percent} % kept out, {DAYS} days"
    )
    print(f"{'planted':>22} {'found':>8} {'held':>8} {'seen':>8}")
    for truth in (PLANTED, NOTHING):
        began = time.perf_counter()
        world = planted_in(truth, World(asked.members, asked.percent))
        found = [lifts_in(replace(world, seed=seed)) for seed in range(asked.worlds)]
        for metric, told in coverage(found, truth).items():
            print(
                f"{metric.value:>12} {told.truth:+9.1%} {told.mean:+8.2%}"
                f" {float(told.share_held):8.1%} {float(told.share_seen):8.1%}"
            )
        print(f"{(time.perf_counter() - began) / asked.worlds * 1000:.0f} ms a world")


if __name__ == "__main__":
    main()
