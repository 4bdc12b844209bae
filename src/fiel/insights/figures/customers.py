"""Customers: the members who bought lately, those who are new, who stayed, and for how long.

A member is a **customer** on a day who made a purchase in the days up to it, that day included: in
the last `CUSTOMER_DAYS`. Whoever made none for as long has ceased to be one, and may become one
again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
from ibis import Table, Value

from fiel.insights.figures.narrowing import By, rows
from fiel.insights.figures.periods import Period
from fiel.insights.figures.sold import Sold, SoldTo, cuts_of

CUSTOMER_DAYS = 90
_PERIODS_AT_ONCE = 16  # of each member as many columns are kept in memory


@dataclass(frozen=True, slots=True)
class Customers:
    """How many members were customers, of one period.

    `active` bought within the period. `at_start` and `at_end` were customers when the day before it
    and its last day ended; of those at its end, `new` made their first purchase within it and
    `stayed` were customers at its start too. `ever` have bought up to its end, `again` on more than
    one day; `lifetime_days` is the sum over them of the days from the first purchase until they
    ceased to be customers, or to the end of the period. `since` is the first purchase of all.
    """

    active: int = 0
    at_start: int = 0
    at_end: int = 0
    new: int = 0
    stayed: int = 0
    ever: int = 0
    again: int = 0
    lifetime_days: int = 0
    since: date | None = None


def customers(
    purchases: Table, told: Sequence[Period], days: int, by: By | None = None
) -> Mapping[tuple[str, Period], Customers]:
    """Count the customers of each period, by store or channel; under "" if nothing tells apart."""
    counted: dict[tuple[str, Period], Customers] = {}
    for index in range(0, len(told), _PERIODS_AT_ONCE):
        some = told[index : index + _PERIODS_AT_ONCE]
        per_member = lasts(purchases, some, by)
        key = per_member[by.value] if by else ibis.literal("")
        counted |= customers_of(per_member.mutate(key=key), some, days)
    return counted


def lasts(
    purchases: Table,
    told: Sequence[Period],
    by: By | None = None,
    **more: Value,
) -> Table:
    """Of each member the first purchase, and the last one up to each day that matters."""
    bought = purchases.filter(purchases.member.notnull())
    keys = ["member"] if by is None else ["member", by.value]
    return bought.group_by(keys).aggregate(
        first=bought.day.min(),
        **{
            _last(cut): bought.day.max(where=bought.day <= ibis.literal(cut))
            for cut in cuts_of(told)
        },
        **more,
    )


def sums_within(purchases: Table, told: Sequence[Period]) -> dict[str, Value]:
    """What each member bought in each period and up to its end, to be asked of `lasts`."""
    bought = purchases.filter(purchases.member.notnull())
    asked: dict[str, Value] = {}
    for index, period in enumerate(told):
        ever = bought.day <= ibis.literal(period.until)
        within = ever & (bought.day >= ibis.literal(period.since))
        known = within & bought.margin.notnull()
        asked |= {
            f"purchases_{index}": within.cast("int64").sum(),
            f"net_{index}": bought.net.sum(where=within),
            f"margin_{index}": bought.margin.sum(where=within),
            f"net_of_margin_{index}": bought.net.sum(where=known),
            f"margins_unknown_{index}": (within & bought.margin.isnull()).cast("int64").sum(),
            f"purchases_ever_{index}": ever.cast("int64").sum(),
            f"net_ever_{index}": bought.net.sum(where=ever),
        }
    return asked


def customers_of(
    per_member: Table, told: Sequence[Period], days: int
) -> Mapping[tuple[str, Period], Customers]:
    """Count by `key` what `lasts` says of each member."""
    asked: dict[str, Value] = {"since": per_member["first"].min()}
    for index, period in enumerate(told):
        for name, value in _counts(per_member, period, days).items():
            asked[f"{name}_{index}"] = value.sum().fill_null(0)
    counted = {}
    for row in rows(per_member.group_by("key").aggregate(**asked)):
        for index, period in enumerate(told):
            names = (name for name in Customers.__slots__ if name != "since")
            counts = {name: row[f"{name}_{index}"] for name in names}
            counted[row["key"], period] = Customers(**counts, since=row["since"])
    return counted


def _counts(per_member: Table, period: Period, days: int) -> dict[str, Value]:
    """Of each member 1 or 0, and the days of life."""
    first = per_member["first"]
    at_start, at_end = per_member[_last(period.eve)], per_member[_last(period.until)]
    since, until = ibis.literal(period.since), ibis.literal(period.until)
    was = (at_start >= _lately(period.eve, days)).fill_null(False)
    is_one = (at_end >= _lately(period.until, days)).fill_null(False)
    ceased = at_end.delta(first, unit="day") + days
    lived = until.delta(first, unit="day") + 1
    told = {
        "active": at_end >= since,
        "at_start": was,
        "at_end": is_one,
        "new": is_one & (first >= since),
        "stayed": was & is_one,
        "ever": at_end.notnull(),
        "again": at_end > first,
    }
    counts = {name: value.fill_null(False).cast("int64") for name, value in told.items()}
    whole = ibis.ifelse(at_end.isnull(), 0, ibis.least(ceased, lived))
    return {**counts, "lifetime_days": whole}


def sold_of(per_member: Table, told: Sequence[Period]) -> Mapping[tuple[str, Period], SoldTo]:
    """Add up by `key` what `sums_within` asked of each member: in the period, and ever."""
    names = [name for name in per_member.columns if name.startswith(_SUMS)]
    asked = {name: per_member[name].sum().fill_null(0) for name in names}
    added = {}
    for row in rows(per_member.group_by("key").aggregate(**asked)):
        for index, period in enumerate(told):
            within = Sold(*(row[f"{name}_{index}"] for name in Sold.__slots__))
            ever = Sold(row[f"purchases_ever_{index}"], row[f"net_ever_{index}"])
            added[row["key"], period] = SoldTo(members=within, members_ever=ever)
    return added


_SUMS = ("purchases_", "net_", "margin_", "margins_unknown_")


def _last(cut: date) -> str:
    return f"last_{cut:%Y%m%d}"


def _lately(day: date, days: int) -> Value:
    """The first of the days within which a customer of a day bought."""
    return ibis.literal(day - timedelta(days=days - 1))
