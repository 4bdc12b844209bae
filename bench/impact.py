"""How honest the intervals of impact are: over many worlds whose truth is known.

    python -m bench.impact [--worlds N] [--members N] [--percent P]

An interval of 95 % should hold the truth in 95 worlds of a hundred, and where nothing was planted
a lift should be seen in five of a hundred. Two are printed side by side: with +20 % spend and
+15 % retention planted, and with nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from bench.impact_worlds import DAYS, START, TODAY, World, world_tables
from bench.report import Row, Section, table
from fiel.insights.columns.opening import columns_of_arrow
from fiel.insights.impact.experiments import DAY, Experiment
from fiel.insights.impact.lifts import Lift, Metric, lift_of
from fiel.insights.impact.samples import Sample, sample_of
from fiel.insights.impact.windows import window_of

PLANTED = {Metric.SPEND: 0.20, Metric.RETENTION: 0.15}
NOTHING = dict.fromkeys(PLANTED, 0.0)

# Of three hundred worlds chance alone moves a share of 95 % by two and a half percent.
_LEAST_HELD, _MOST_SEEN = 0.92, 0.08


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


@dataclass(frozen=True, slots=True)
class Plan:
    """How many worlds there are, of how many members, and how many of a hundred are kept out."""

    worlds: int = 300
    members: int = 2_000
    percent: Decimal = Decimal(20)

    @classmethod
    def quick(cls) -> Plan:
        """Enough to see that all works."""
        return cls(worlds=20)


def measure(plan: Plan, say: Callable[[str], None]) -> Section:
    """Find out in many worlds with lifts planted, and in as many with nothing."""
    rows: list[Row] = []
    for truth in (PLANTED, NOTHING):
        say(f"looking into {plan.worlds} worlds")
        world = planted_in(truth, World(plan.members, plan.percent))
        found = [lifts_in(replace(world, seed=seed)) for seed in range(plan.worlds)]
        for told in coverage(found, truth).values():
            rows += _rows(told)
    note = (
        f"{plan.worlds} worlds of {plan.members:,} members, {plan.percent} % kept out, {DAYS} days "
        "after as many; they differ in how often they buy and what they spend, with long tails."
    )
    return Section("Impact: how honest the intervals are", rows, (note,))


def _rows(told: Coverage) -> list[Row]:
    planted = (
        f"{told.metric.value}, {told.truth:+.0%} planted"
        if told.truth
        else (f"{told.metric.value}, nothing planted")
    )
    held, seen = float(told.share_held), float(told.share_seen)
    found = Row(
        f"{planted}: the interval holds the truth", f"{held:.1%}", f"on average {told.mean:+.1%}",
        f"95 %, at least {_LEAST_HELD:.0%}", held >= _LEAST_HELD,
    )  # fmt: skip
    if told.truth:
        return [found, Row(f"{planted}: seen", f"{seen:.1%}")]
    is_met = seen <= _MOST_SEEN
    return [
        found,
        Row(f"{planted}: seen", f"{seen:.1%}", "", f"5 %, at most {_MOST_SEEN:.0%}", is_met),
    ]


def main() -> None:
    """Print the coverage."""
    plan = Plan()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=plan.worlds)
    parser.add_argument("--members", type=int, default=plan.members)
    parser.add_argument("--percent", type=Decimal, default=plan.percent)
    asked = parser.parse_args()
    section = measure(Plan(asked.worlds, asked.members, asked.percent), print)
    print(table([section]))


if __name__ == "__main__":
    main()
