"""Customers: the members who bought lately, those who are new, who stayed, and for how long.

A member is a **customer** on a day who made a purchase in the days up to it, that day included: in
the last `CUSTOMER_DAYS`. Whoever made none for as long has ceased to be one, and may become one
again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
from ibis import Table, Value

from fiel.insights.figures.narrowing import By, Holdings, rows
from fiel.insights.figures.periods import Period
from fiel.insights.figures.sold import cuts_of

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
    for some in in_turns(told):
        per_member = lasts(purchases, some, by)
        key = per_member[by.value] if by else ibis.literal("")
        counted |= customers_of(per_member.mutate(key=key), some, days)
    return counted


def in_turns(told: Sequence[Period]) -> Iterator[Sequence[Period]]:
    """As many periods at a time as memory has room for."""
    for index in range(0, len(told), _PERIODS_AT_ONCE):
        yield told[index : index + _PERIODS_AT_ONCE]


def lasts(purchases: Table, told: Sequence[Period], by: By | None = None) -> Table:
    """Of each member the first purchase, and the last one up to each day that matters."""
    bought = purchases.filter(purchases.member.notnull())
    keys = ["member"] if by is None else ["member", by.value]
    none = ibis.null("date")
    return bought.group_by(keys).aggregate(
        first=bought.day.min(),
        **{
            _last(cut): ibis.ifelse(bought.day <= ibis.literal(cut), bought.day, none).max()
            for cut in cuts_of(told)
        },
    )


def customers_of(
    per_member: Table, told: Sequence[Period], days: int, holdings: Holdings | None = None
) -> Mapping[tuple[str, Period], Customers]:
    """Count what `lasts` says of each member: by `key`, or by the keys of what they have."""
    if holdings is not None:
        per_member = per_member.inner_join(holdings.people, "member")
    asked = {"since": per_member["first"].min()}
    for index, period in enumerate(told):
        for name, value in _counts(per_member, period, days).items():
            asked[f"{name}_{index}"] = value.sum()
    if holdings is None:
        sums = per_member.group_by("key").aggregate(**asked)
    else:
        held = per_member.group_by("holding").aggregate(**asked)
        named = held.inner_join(holdings.keys, "holding")
        sums = named.group_by("key").aggregate(
            since=named.since.min(),
            **{name: named[name].sum() for name in asked if name != "since"},
        )
    counted = {}
    for row in rows(sums):
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


def _last(cut: date) -> str:
    return f"last_{cut:%Y%m%d}"


def _lately(day: date, days: int) -> Value:
    """The first of the days within which a customer of a day bought."""
    return ibis.literal(day - timedelta(days=days - 1))
