"""What members bought, as prediction needs it, read from the columnar copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from fiel.insights.prediction.bgnbd import Buyers
from fiel.insights.prediction.gamma_gamma import Spends
from fiel.insights.prediction.kinds import Flags, Floats, Integers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis import Table

    from fiel.insights.columns.opening import Columns


@dataclass(frozen=True, slots=True)
class Bought:
    """What each member had bought by a day: one place for each member, in the same order.

    A purchase is a day on which a member bought for more than came back. `repeats` are the
    purchases after the first, `recency` and `age` count days from the first purchase, `spent` is
    what the repeats came to, in minor units.
    """

    repeats: Integers
    recency: Integers
    age: Integers
    spent: Floats

    def __len__(self) -> int:
        return len(self.repeats)

    def grouped(self) -> tuple[Buyers, Integers]:
        """Members with the same numbers as one row, and the row of each member."""
        days = int(self.age.max(initial=0)) + 1
        keys = (self.repeats * days + self.recency) * days + self.age
        rows, row, counts = np.unique(keys, return_inverse=True, return_counts=True)
        buyers = Buyers(
            frequency=rows // (days * days),
            recency=(rows // days % days).astype(np.float64),
            age=(rows % days).astype(np.float64),
            count=counts.astype(np.float64),
        )
        return buyers, row

    def spends(self) -> Spends:
        """What the repeats of each member came to in the mean; 0 where there are none."""
        mean = np.divide(self.spent, self.repeats, out=np.zeros(len(self)), where=self.repeats > 0)
        return Spends(self.repeats, mean)

    def only(self, which: Flags) -> Bought:
        """The members at these places alone."""
        return Bought(self.repeats[which], self.recency[which], self.age[which], self.spent[which])


@dataclass(frozen=True, slots=True)
class History:
    """What members bought until a day, and what of it they had bought by an earlier one.

    `by_cut` is about all members alike: those of whom nothing was known by then have a negative
    age. `after` and `spent_after` are the purchases between the two days and what they came to.
    """

    until: date
    cut: date
    first: date
    last: date
    member: Integers
    whole: Bought
    by_cut: Bought
    after: Integers
    spent_after: Floats

    def __len__(self) -> int:
        return len(self.member)


def purchases(columns: Columns, until: date, *, member: int | None = None) -> Table:
    """The days on which members bought for more than came back: member, day, value.

    Of one member alone where that is said.
    """
    returned = (
        columns["returns"]
        .filter(lambda t: t.sale.notnull())
        .group_by("sale")
        .aggregate(back=lambda t: t.net.cast("float64").sum())
    )
    sales = columns["sales"].filter(lambda t: t.member.notnull() & (t.day <= until))
    if member is not None:
        sales = sales.filter(lambda t: t.member == member)
    net = (
        sales.select("sale", "member", "day", "net")
        .left_join(returned, "sale")
        .select("member", "day", value=lambda t: t.net.cast("float64") - t.back.fill_null(0.0))
    )
    by_day = net.group_by("member", "day").aggregate(value=lambda t: t.value.sum())
    return by_day.filter(lambda t: t.value > 0)


def first_day(columns: Columns, until: date) -> date | None:
    """The first day on which a member bought; None: nobody ever did."""
    sales = columns["sales"].filter(lambda t: t.member.notnull() & (t.day <= until))
    first = _arrays(sales.aggregate(first=lambda t: t.day.min()))["first"][0]
    return None if np.isnat(first) else _date(first)


def read_history(
    columns: Columns, *, until: date, cut: date, member: int | None = None
) -> History | None:
    """Read what members bought, or one of them; None: nobody ever did."""
    bought = purchases(columns, until, member=member)
    early = bought.day <= cut
    # Whoever was erased comes no more, and nothing is foretold of them.
    active = columns["members"].filter(lambda t: t.status == "active").select("member")
    found = _arrays(
        bought.group_by("member")
        .aggregate(
            first=bought.day.min(),
            last=bought.day.max(),
            count=bought.count(),
            value=bought.value.sum(),
            first_value=bought.value.argmin(bought.day),
            early_last=bought.day.max(where=early),
            early_count=bought.count(where=early),
            early_value=bought.value.sum(where=early).fill_null(0.0),
        )
        .semi_join(active, "member")
    )
    if not len(found["member"]):
        return None
    order = np.argsort(found["member"], kind="stable")
    found = {name: values[order] for name, values in found.items()}
    first = found["first"].astype("datetime64[D]")
    known_early = found["early_count"] > 0
    early_last = np.where(known_early, found["early_last"].astype("datetime64[D]"), first)
    first_value = found["first_value"].astype(np.float64)
    count = found["count"].astype(np.int64)
    early_count = found["early_count"].astype(np.int64)
    value = found["value"].astype(np.float64)
    early_value = found["early_value"].astype(np.float64)
    return History(
        until=until,
        cut=cut,
        first=_date(first.min()),
        last=_date(found["last"].astype("datetime64[D]").max()),
        member=found["member"].astype(np.int64),
        whole=Bought(
            repeats=count - 1,
            recency=_days(found["last"].astype("datetime64[D]") - first),
            age=_days(np.datetime64(until) - first),
            spent=np.where(count > 1, value - first_value, 0.0),
        ),
        by_cut=Bought(
            repeats=np.maximum(early_count - 1, 0),
            recency=_days(early_last - first),
            age=_days(np.datetime64(cut) - first),
            spent=np.where(early_count > 1, early_value - first_value, 0.0),
        ),
        after=count - early_count,
        spent_after=value - early_value,
    )


def held_out_days(first: date, until: date, horizon: int) -> int:
    """How many of the last days a back-test holds out: the horizon, at most a third of all."""
    return min(horizon, (until - first).days // 3)


def cut_of(first: date, until: date, horizon: int) -> date:
    """The last day that a back-test is told of."""
    return until - timedelta(days=held_out_days(first, until, horizon))


def _arrays(table: Table) -> Mapping[str, Any]:
    told = table.to_pyarrow()
    return {name: told[name].to_numpy() for name in told.column_names}


def _days(span: Any) -> Integers:  # noqa: ANN401 - numpy's spans carry no type of their own
    return np.asarray(span.astype("timedelta64[D]").astype(np.int64), dtype=np.int64)


def _date(day: Any) -> date:  # noqa: ANN401
    told = day.astype("datetime64[D]").item()
    assert isinstance(told, date), "a day"
    return told
