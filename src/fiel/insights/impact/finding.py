"""Finding out: for the program and each promotion, by lot where one was drawn, else weaker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from fiel.domain.holdout import WHOLE_PROGRAM
from fiel.domain.program import Program
from fiel.insights.columns.opening import Columns
from fiel.insights.impact import statements as told
from fiel.insights.impact.differences import Difference, difference_of, weeks_around
from fiel.insights.impact.experiments import Experiment, Version, experiments_of, started_on
from fiel.insights.impact.lifts import (
    LEAST_MEMBERS,
    UNEVEN,
    Lift,
    Metric,
    lift_of,
    ratio_chance,
)
from fiel.insights.impact.samples import Sample, sample_of
from fiel.insights.impact.windows import LEAST_DAYS, Window, window_of
from fiel.insights.reporting.report import Statement


@dataclass(frozen=True, slots=True)
class Groups:
    """The two groups of a comparison, and how likely chance alone makes them of these sizes."""

    since: date
    until: date
    members: int
    kept_out: int
    expected: Fraction
    chance: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out about the program (no id) or a promotion."""

    id: str
    groups: Groups | None = None
    lifts: tuple[Lift, ...] = ()
    difference: Difference | None = None
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: in which columns, since when and until when."""

    program: Program
    columns: Columns
    versions: Sequence[Version]
    today: date
    since: date | None = None
    until: date | None = None
    experiments: Mapping[str, Experiment] = field(init=False)

    def __post_init__(self) -> None:
        found = experiments_of(self.versions, self.program.timezone)
        object.__setattr__(self, "experiments", found)

    def names(self) -> list[str]:
        """Everything that has a comparison group; the program itself in any case."""
        return [WHOLE_PROGRAM, *(name for name in self.experiments if name != WHOLE_PROGRAM)]

    def find(self, name: str) -> Found:
        """Find out about one of them."""
        experiment = self.experiments.get(name)
        if experiment is None:
            return self._by_difference(name)
        window = window_of(experiment, since=self.since, until=self.until, today=self.today)
        if window is None:
            return Found(name, statements=(told.not_begun(name, experiment.since),))
        return self._by_lot(experiment, window)

    def _by_lot(self, experiment: Experiment, window: Window) -> Found:
        whole = self.experiments.get(WHOLE_PROGRAM)
        apart = [whole.touched] if whole and experiment.id != WHOLE_PROGRAM else []
        out, touched = experiment.out, experiment.touched
        sample = sample_of(self.columns, out, touched, window, apart=apart)
        name, members, kept_out = experiment.id, sample.within.members, sample.out.members
        if not members + kept_out:
            return Found(name, statements=(told.no_members(),))
        chance = ratio_chance(sample, out.share, touched.share)
        expected = out.share / (out.share + 1 - touched.share)
        groups = Groups(window.since, window.until, members, kept_out, expected, chance)
        if window.days < LEAST_DAYS:
            return Found(name, groups, statements=(told.too_short(name, window.days),))
        if min(members, kept_out) < LEAST_MEMBERS:
            return Found(name, groups, statements=(told.too_few_members(name, members, kept_out),))
        said = []
        if chance < UNEVEN:
            said.append(told.uneven_groups(name))
        if out != touched:
            said.append(told.share_changed(name))
        lifts = tuple(_lifts(sample))
        said += _unsaid(name, sample, lifts)
        return Found(name, groups, lifts, statements=tuple(said))

    def _by_difference(self, name: str) -> Found:
        weak = told.no_holdout(name)
        start = self.since or started_on(self.versions, name, self.program.timezone)
        weeks = start and weeks_around(start, until=self.until, today=self.today)
        if not weeks:
            return Found(name, statements=(weak, told.too_few_weeks(name)))
        difference = difference_of(self.columns, weeks)
        if difference is None:
            return Found(name, statements=(weak, told.empty_weeks(name)))
        if difference.drift < told.DRIFTED:
            return Found(name, statements=(weak, told.drifted(name)))
        return Found(name, difference=difference, statements=(weak, told.weaker(name)))


def _lifts(sample: Sample) -> Iterable[Lift]:
    for metric in Metric:
        if metric is Metric.MARGIN and sample.margins_unknown:
            continue
        lift = lift_of(metric, sample)
        if lift is not None:
            yield lift


def _unsaid(name: str, sample: Sample, lifts: Sequence[Lift]) -> Iterable[Statement]:
    known = {lift.metric: lift for lift in lifts}
    if sample.margins_unknown:
        yield told.no_margin(name, sample.margins_unknown)
    if Metric.SPEND not in known:
        yield told.no_purchases(name)
    elif known[Metric.SPEND].lift is None:
        yield told.zero_baseline(name)
