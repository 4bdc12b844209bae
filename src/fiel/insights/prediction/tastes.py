"""The next best reward or offer: what members like them took, with the reason.

Members are alike who share a taste: they bought of the same category, or took the same reward. What
is suggested to a member is what most of those who share a taste of theirs took and they did not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from ibis import Table

    from fiel.insights.columns.opening import Columns

_DAYS = 365  # how far back tastes are looked for
SAMPLED = 50_000  # of more members every so manieth is asked: shares hardly change with more
SHARERS_NEEDED = 20
TAKERS_NEEDED = 5
_Z = 1.645  # of the lower bound: with 95 % certainty the share is at least that


class Of(StrEnum):
    """What a taste is for."""

    REWARD = "reward"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Thing:
    """A reward that members take, or a category that they buy of."""

    of: Of
    id: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to offer next, and why: of `sharers` members with the same taste `takers` took it.

    `share` is how many of the hundred, `of_all` the same among all members; without a taste that
    says more (`because` None) the counts are those of all members.
    """

    thing: Thing
    because: Thing | None
    takers: int
    sharers: int
    of_all: float

    @property
    def share(self) -> float:
        """The share that took it of those who share the taste."""
        return self.takers / self.sharers

    @property
    def surely(self) -> float:
        """The share that can be counted on, however few were seen (Wilson's lower bound)."""
        return _at_least(self.takers, self.sharers)


@dataclass(frozen=True, slots=True)
class Tastes:
    """How many members have bought or taken each thing, and how many each two of them."""

    members: int
    having: Mapping[Thing, int]
    both: Mapping[tuple[Thing, Thing], int]  # (a taste, what is suggested)

    def suggested(self, own: Collection[Thing], *, possible: Collection[Thing]) -> list[Suggestion]:
        """What to offer a member with these tastes, the surest first, never what they have."""
        found = [
            best
            for thing in possible
            if thing not in own and (best := self._best(thing, own)) is not None
        ]
        return sorted(found, key=lambda one: (-one.surely, one.thing.of, one.thing.id))

    def pairs(self) -> list[Suggestion]:
        """Every taste that says something about what is taken, the surest first."""
        found = [
            one
            for taste, thing in self.both
            if (one := self._because(thing, taste)) is not None and one.surely > one.of_all
        ]
        return sorted(
            found,
            key=lambda one: (-one.surely, one.thing.id, one.because.id if one.because else ""),
        )

    def _best(self, thing: Thing, own: Collection[Thing]) -> Suggestion | None:
        takers = self.having.get(thing, 0)
        if takers < TAKERS_NEEDED:
            return None
        of_all = takers / self.members
        popular = Suggestion(thing, None, takers, self.members, of_all)
        by_taste = [one for taste in own if (one := self._because(thing, taste)) is not None]
        # A taste is a reason only when those who share it take the thing more than others do.
        telling = [one for one in by_taste if one.surely > of_all]
        return max(
            telling, key=lambda one: (one.surely, one.because.id if one.because else ""),
            default=popular,
        )  # fmt: skip

    def _because(self, thing: Thing, taste: Thing) -> Suggestion | None:
        sharers, takers = self.having.get(taste, 0), self.both.get((taste, thing), 0)
        if sharers < SHARERS_NEEDED or takers < TAKERS_NEEDED:
            return None
        return Suggestion(thing, taste, takers, sharers, self.having[thing] / self.members)


def read_tastes(columns: Columns, *, until: date) -> Tastes:
    """Read what members bought of and took in the last year, and what goes together."""
    known = int(columns["members"].count().to_pyarrow().as_py())
    things = _things(columns, until, each=max(1, known // SAMPLED)).cache()
    try:
        having = things.group_by("of", "id").aggregate(members=lambda t: t.count()).to_pyarrow()
        other = things.view()
        together = (
            things.join(other, "member", lname="", rname="{name}_2")
            .filter(lambda t: (t.of != t.of_2) | (t.id != t.id_2))
            .group_by("of", "id", "of_2", "id_2")
            .aggregate(members=lambda t: t.count())
            .to_pyarrow()
        )
        members = int(things.member.nunique().to_pyarrow().as_py() or 0)
    finally:
        things.release()
    return Tastes(
        members=members,
        having={Thing(Of(row["of"]), row["id"]): row["members"] for row in having.to_pylist()},
        both={
            (Thing(Of(row["of"]), row["id"]), Thing(Of(row["of_2"]), row["id_2"])): row["members"]
            for row in together.to_pylist()
        },
    )


def read_own(columns: Columns, members: Sequence[int], *, until: date) -> Mapping[int, set[Thing]]:
    """The tastes of a few members."""
    own: dict[int, set[Thing]] = {member: set() for member in members}
    if members:
        wanted = _things(columns, until, members=members)
        for row in wanted.to_pyarrow().to_pylist():
            own[row["member"]].add(Thing(Of(row["of"]), row["id"]))
    return own


def _things(
    columns: Columns, until: date, *, members: Sequence[int] | None = None, each: int = 1
) -> Table:
    """Who bought of which category or took which reward: member, of, id, once.

    Of `members` alone where they are given, and of every so manieth as `each` says.
    """
    since = until - timedelta(days=_DAYS)
    # What a milestone handed over was not chosen.
    taken = columns["redemptions"].filter(
        lambda t: (
            t.reward.notnull()
            & t.milestone.isnull()
            & t.status.isin(["captured", "used"])
            & t.day.between(since, until)
        )
    )
    bought = columns["lines"].filter(
        lambda t: (
            t.member.notnull()
            & (t.category != "")
            & (t.kind == "goods")
            & (t.net > 0)
            & t.day.between(since, until)
        )
    )
    if members is not None:
        taken = taken.filter(lambda t: t.member.isin(members))
        bought = bought.filter(lambda t: t.member.isin(members))
    if each > 1:
        taken = taken.filter(lambda t: t.member % each == 0)
        bought = bought.filter(lambda t: t.member % each == 0)
    return ibis.union(
        _told(taken, Of.REWARD, "reward"), _told(bought, Of.CATEGORY, "category"), distinct=True
    )


def _told(rows: Table, of: Of, id_: str) -> Table:
    # Cast, because tables that differ in whether a value can be missing do not unite.
    return rows.select(
        member=rows.member.cast("int64"), of=ibis.literal(of.value), id=rows[id_].cast("string")
    )


def _at_least(takers: int, sharers: int) -> float:
    share = takers / sharers
    spread = _Z * sqrt((share * (1 - share) + _Z * _Z / (4 * sharers)) / sharers)
    return (share + _Z * _Z / (2 * sharers) - spread) / (1 + _Z * _Z / sharers)
