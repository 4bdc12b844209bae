"""What was sold in each period, with a member and without one."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from ibis import Table, Value, ifelse, literal

from fiel.insights.figures.narrowing import By, Holdings, rows, slot_of
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
        return type(self)(*(getattr(self, n) + getattr(other, n) for n in Sold.__slots__))


NOTHING = Sold()


@dataclass(frozen=True, slots=True)
class SoldTo:
    """What was sold in a period to members and to others, and to members ever up to its end."""

    members: Sold = NOTHING
    others: Sold = NOTHING
    members_ever: Sold = NOTHING


def sold_by_day(purchases: Table) -> Table:
    """Sums over purchases by day, store, channel, and whether there was a member."""
    return purchases.group_by(
        "day", "store", "channel", with_member=purchases.member.notnull()
    ).aggregate(**_asked(purchases))


def sold_by_holding(purchases: Table, holdings: Holdings, told: Sequence[Period]) -> Table:
    """Sums over members' purchases by key of what they have, and slot between days that matter."""
    named = purchases.inner_join(holdings.people, "member")
    named = named.mutate(slot=slot_of(named.day, cuts_of(told)), with_member=literal(True))
    sums = named.group_by("holding", "slot", "with_member").aggregate(**_asked(named))
    return sums.inner_join(holdings.keys, "holding")


def sold(
    sums: Table, told: Sequence[Period], by: By | None = None
) -> Mapping[tuple[str, Period], SoldTo]:
    """What was sold in each period, by store or channel; under "" where nothing tells apart.

    `sums` are by day, or by slot and already by key.
    """
    cuts = cuts_of(told)
    if "key" not in sums.columns:
        key = sums[by.value] if by else literal("")
        sums = sums.mutate(slot=slot_of(sums.day, cuts), key=key)
    added = sums.group_by("key", "slot", "with_member").aggregate(
        **{name: sums[name].sum() for name in Sold.__slots__}
    )
    slots: dict[tuple[str, bool], dict[int, Sold]] = defaultdict(dict)
    for row in rows(added):
        slots[row["key"], row["with_member"]][row["slot"]] = _sold(row)
    keys = {key for key, _ in slots}
    return {
        (key, period): _sold_to(slots[key, True], slots[key, False], period, cuts)
        for key in keys
        for period in told
    }


def _asked(purchases: Table) -> dict[str, Value]:
    known = purchases.margin.notnull()
    return {
        "purchases": purchases.count(),
        "net": purchases.net.sum(),
        "margin": purchases.margin.sum().fill_null(0),
        "net_of_margin": ifelse(known, purchases.net, 0).sum(),
        "margins_unknown": (~known).cast("int64").sum(),
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
    return Sold(*(row[name] for name in Sold.__slots__))
