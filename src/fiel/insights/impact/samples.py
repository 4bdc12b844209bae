"""Samples: what members of each group did, as counts, means, variances and covariances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

import ibis
from ibis import Table, Value
from tea_tasting.aggr import Aggregates

from fiel.domain.holdout import Holdout
from fiel.insights.columns.opening import Columns
from fiel.insights.figures.narrowing import Narrowed, rows
from fiel.insights.figures.purchases import purchases
from fiel.insights.impact.windows import Window

SPEND, PURCHASES, MARGIN, STAYED = "spend", "purchases", "margin", "stayed"
SPEND_BEFORE, PURCHASES_BEFORE = "spend_before", "purchases_before"
MARGIN_BEFORE, BOUGHT_BEFORE = "margin_before", "bought_before"

_OF_ALL = (SPEND, PURCHASES, MARGIN, SPEND_BEFORE, PURCHASES_BEFORE, MARGIN_BEFORE)
_OF_STAYING = (STAYED, BOUGHT_BEFORE)
_PLACE_DIGITS = 16  # of the digest that says where in the row a member stands
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Group:
    """One side of a comparison: all its members, and those there before the last stretch."""

    everybody: Aggregates
    stayers: Aggregates

    @property
    def members(self) -> int:
        """How many members it has."""
        count: int = self.everybody.count()
        return count


@dataclass(frozen=True, slots=True)
class Sample:
    """Both sides; `margins_unknown` is how many purchases have no margin."""

    out: Group
    within: Group
    margins_unknown: int


def drawn(holdout: Holdout, member_id: Value) -> Value:
    """Whether a holdout keeps a member out, as the engine that holds the columns says it."""
    digest = (ibis.literal(holdout.salt) + member_id).hexdigest("sha256")
    return digest.substr(0, _PLACE_DIGITS) < ibis.literal(f"{holdout.until:016x}")


def sample_of(
    columns: Columns, out: Holdout, touched: Holdout, window: Window, *, apart: Sequence[Holdout]
) -> Sample:
    """What members who were kept out did within a window, and what the others did.

    Every member counts who had joined by its end, whether they bought or not, and in the group that
    was drawn: whatever happened since does not choose who is compared. Those in `apart` are
    left out, being kept out of something that holds the whole of this.
    """
    members = columns["members"]
    members = members.filter(members.joined_on <= ibis.literal(window.until))
    for holdout in apart:
        members = members.filter(~drawn(holdout, members.member_id))
    is_out = drawn(out, members.member_id)
    members = members.filter(is_out | ~drawn(touched, members.member_id))
    members = members.select("member", "joined_on", side=drawn(out, members.member_id))
    told = _told(members, _bought(columns, window), window)
    found = rows(told.group_by("side").aggregate(**_moments(told, window.last_since)))
    by_side = {row["side"]: row for row in found}
    sides = [by_side.get(side, {}) for side in (True, False)]
    unknown = sum(int(side.get("margins_unknown") or 0) for side in sides)
    return Sample(_group(sides[0]), _group(sides[1]), unknown)


def populations(columns: Columns, windows: Sequence[Window]) -> list[Group]:
    """What all members who had joined before a window did within it: baselines to plan by.

    The windows end on one day.
    """
    longest = min(windows, key=lambda window: window.before_since)
    with _bought(columns, longest).cache() as bought:
        return [_population(columns, bought, window) for window in windows]


def _population(columns: Columns, bought: Table, window: Window) -> Group:
    members = columns["members"]
    members = members.filter(members.joined_on < ibis.literal(window.since))
    members = members.select("member", "joined_on", side=ibis.literal(_ALL))
    told = _told(members, bought, window)
    return _group(rows(told.aggregate(**_moments(told, window.last_since)))[0])


def _bought(columns: Columns, window: Window) -> Table:
    """What members bought from the time before a window to its end."""
    bought = purchases(columns, Narrowed(), window.until)
    bought = bought.filter(bought.member.notnull(), bought.day >= ibis.literal(window.before_since))
    return bought.select("member", "day", "net", "margin")


def _told(members: Table, bought: Table, window: Window) -> Table:
    """One row a member: what they bought within the window and before it, zero where nothing."""
    is_within = bought.day >= ibis.literal(window.since)
    is_before = (bought.day >= ibis.literal(window.before_since)) & (
        bought.day <= ibis.literal(window.before_until)
    )
    is_last = bought.day >= ibis.literal(window.last_since)
    sums = bought.group_by("member").aggregate(
        spend=bought.net.sum(where=is_within),
        purchases=bought.count(where=is_within),
        margin=bought.margin.sum(where=is_within),
        unknown=bought.count(where=is_within & bought.margin.isnull()),
        last=bought.count(where=is_last),
        spend_before=bought.net.sum(where=is_before),
        purchases_before=bought.count(where=is_before),
        margin_before=bought.margin.sum(where=is_before),
    )
    both = members.left_join(sums, "member")
    return both.select(
        "side",
        "joined_on",
        unknown=both.unknown.fill_null(0),
        stayed=_one_or_zero(both["last"]),
        bought_before=_one_or_zero(both.purchases_before),
        **{name: both[name].cast("float64").fill_null(0.0) for name in _OF_ALL},
    )


def _one_or_zero(many: Value) -> Value:
    # Counted as a whole number first: Spark takes a literal 1.0 for a decimal of one place.
    return (many.fill_null(0) > 0).cast("int64").cast("float64")


def _moments(told: Table, last_since: date) -> dict[str, Value]:
    is_stayer = told.joined_on < ibis.literal(last_since)
    moments: dict[str, Value] = {
        "members": told.count(),
        "stayers": told.count(where=is_stayer),
        "margins_unknown": told.unknown.sum(),
    }
    for names, where in ((_OF_ALL, None), (_OF_STAYING, is_stayer)):
        for name in names:
            moments[f"mean {name}"] = told[name].mean(where=where)
            moments[f"var {name}"] = told[name].var(how="sample", where=where)
        for one, other in combinations(sorted(names), 2):
            moments[f"cov {one} {other}"] = told[one].cov(told[other], how="sample", where=where)
    return moments


def _group(row: Mapping[str, Any]) -> Group:
    return Group(
        _aggregates(row, "members", _OF_ALL),
        _aggregates(row, "stayers", _OF_STAYING),
    )


def _aggregates(row: Mapping[str, Any], count: str, names: Sequence[str]) -> Aggregates:
    def told(key: str) -> float:
        return float(row.get(key) or 0.0)

    return Aggregates(
        int(row.get(count) or 0),
        {name: told(f"mean {name}") for name in names},
        {name: told(f"var {name}") for name in names},
        {(one, other): told(f"cov {one} {other}") for one, other in combinations(sorted(names), 2)},
    )
