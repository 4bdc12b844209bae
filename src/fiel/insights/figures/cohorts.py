"""Cohorts: of those who began in the same period, who buys in each period after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

import ibis
from ibis import Table

from fiel.insights.columns.opening import Columns
from fiel.insights.figures.figures import percent, ratio
from fiel.insights.figures.narrowing import ERASED, Narrowed, chosen_members, rows, slot_of
from fiel.insights.figures.periods import Period
from fiel.insights.figures.purchases import purchases


class Begun(StrEnum):
    """What somebody's beginning is."""

    JOINED = "joined"
    BOUGHT = "bought"


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who began within a period. `bought` and `net` are told by the number of periods since.

    `bought[0]` counts who bought within the period of the beginning itself; `net` is what all of
    them spent within each.
    """

    period: Period
    members: int
    bought: Mapping[int, int] = field(default_factory=dict)
    net: Mapping[int, int] = field(default_factory=dict)

    def retention(self, after: int) -> Fraction | None:
        """Who bought so many periods after, in percent of the cohort."""
        return percent(self.bought.get(after, 0), self.members)

    def value(self, after: int) -> Fraction | None:
        """Net sales of a member of the cohort, from the beginning up to so many periods after."""
        spent = sum(net for since, net in self.net.items() if since <= after)
        return ratio(spent, self.members)


def visits(columns: Columns, told: Sequence[Period], narrowed: Narrowed) -> Table:
    """What each member bought in each period (by number; 0 is before them all), and since when."""
    bought = purchases(columns, narrowed, told[-1].until)
    bought = bought.filter(bought.member.notnull())
    numbered = bought.mutate(at=slot_of(bought.day, _cuts(told)))
    return numbered.group_by("member", "at").aggregate(
        net=numbered.net.sum(), first=numbered.day.min()
    )


def cohorts(
    columns: Columns,
    told: Sequence[Period],
    begun: Begun,
    narrowed: Narrowed | None = None,
    visited: Table | None = None,
) -> list[Cohort]:
    """Follow those who began in each of some periods that follow each other.

    `visited` are their `visits`, for who keeps them.
    """
    narrowed = narrowed or Narrowed()
    visited = visits(columns, told, narrowed) if visited is None else visited
    if begun is Begun.JOINED:
        members = chosen_members(columns, narrowed)
        members = members.filter(members.status != ERASED)
        beginnings = members.select("member", began=members.joined_on)
    else:
        beginnings = visited.group_by("member").aggregate(began=visited["first"].min())
    began = _numbered(beginnings, told)
    sizes = {row["cohort"]: row["members"] for row in rows(_sizes(began))}
    both = began.inner_join(visited.filter(visited["at"] > 0), "member")
    later = both.filter(both["at"] >= both.cohort)
    sums = later.group_by("cohort", "at").aggregate(bought=later.count(), net=later.net.sum())
    many: dict[int, dict[int, int]] = defaultdict(dict)
    nets: dict[int, dict[int, int]] = defaultdict(dict)
    for row in rows(sums):
        after = row["at"] - row["cohort"]
        many[row["cohort"]][after], nets[row["cohort"]][after] = row["bought"], row["net"]
    return [
        Cohort(period, sizes.get(number, 0), many[number], nets[number])
        for number, period in enumerate(told, start=1)
    ]


def _numbered(beginnings: Table, told: Sequence[Period]) -> Table:
    """Those who began within the periods, with the number of theirs: 1 for the first."""
    day = beginnings.began
    first, last = ibis.literal(told[0].since), ibis.literal(told[-1].until)
    within = beginnings.filter((day >= first) & (day <= last))
    return within.mutate(cohort=slot_of(day, _cuts(told)))


def _cuts(told: Sequence[Period]) -> list[date]:
    """The days before the first period, and before each one after it."""
    return [told[0].eve, *(period.until for period in told[:-1])]


def _sizes(began: Table) -> Table:
    return began.group_by("cohort").aggregate(members=began.count())
