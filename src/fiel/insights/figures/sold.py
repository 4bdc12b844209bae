"""What was sold in each period, with a member and without one."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

from ibis import Table, literal

from fiel.insights.figures.narrowing import By, rows, slot_of
from fiel.insights.figures.periods import Period


@dataclass(frozen=True, slots=True)
class Sold:
    """Sums over purchases; money in minor units.

    `margin` and `net_of_margin` are of those purchases whose costs are known.
    """

    purchases: int = 0
    net: int = 0
    margin: int = 0
    net_of_margin: int = 0
    margins_unknown: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


NOTHING = Sold()


@dataclass(frozen=True, slots=True)
class SoldTo:
    """What was sold in a period to members and to others, and to members ever up to its end."""

    members: Sold = NOTHING
    others: Sold = NOTHING
    members_ever: Sold = NOTHING


def sold_by_day(purchases: Table) -> Table:
    """Sums over purchases by day, store, channel, and whether there was a member."""
    known = purchases.margin.notnull()
    return purchases.group_by(
        "day", "store", "channel", with_member=purchases.member.notnull()
    ).aggregate(
        purchases=purchases.count(),
        net=purchases.net.sum(),
        margin=purchases.margin.sum().fill_null(0),
        net_of_margin=purchases.net.sum(where=known).fill_null(0),
        margins_unknown=(~known).cast("int64").sum(),
    )


def sold(
    by_day: Table, told: Sequence[Period], by: By | None = None
) -> Mapping[tuple[str, Period], SoldTo]:
    """What was sold in each period, by store or channel; under "" where nothing tells apart."""
    cuts = cuts_of(told)
    named = by_day.mutate(
        slot=slot_of(by_day.day, cuts), key=by_day[by.value] if by else literal("")
    )
    sums = named.group_by("key", "slot", "with_member").aggregate(
        **{field.name: named[field.name].sum() for field in fields(Sold)}
    )
    slots: dict[tuple[str, bool], dict[int, Sold]] = defaultdict(dict)
    for row in rows(sums):
        slots[row["key"], row["with_member"]][row["slot"]] = _sold(row)
    keys = {key for key, _ in slots}
    return {
        (key, period): _sold_to(slots[key, True], slots[key, False], period, cuts)
        for key in keys
        for period in told
    }


def cuts_of(told: Iterable[Period]) -> list[Any]:
    """The days after which a sum may begin or end, ascending."""
    return sorted({day for period in told for day in (period.eve, period.until)})


def slots_of(period: Period, cuts: Sequence[Any]) -> range:
    """The slots between the cuts that a period is made of."""
    return range(bisect_left(cuts, period.eve) + 1, bisect_left(cuts, period.until) + 1)


def _sold_to(
    members: Mapping[int, Sold], others: Mapping[int, Sold], period: Period, cuts: Sequence[Any]
) -> SoldTo:
    within = slots_of(period, cuts)
    return SoldTo(
        _total(members, within), _total(others, within), _total(members, range(within.stop))
    )


def _total(slots: Mapping[int, Sold], which: range) -> Sold:
    return sum((slots[slot] for slot in which if slot in slots), NOTHING)


def _sold(row: Mapping[str, Any]) -> Sold:
    return Sold(*(row[field.name] for field in fields(Sold)))
