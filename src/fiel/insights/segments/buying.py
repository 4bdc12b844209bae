"""What each member bought: how long ago, how often, for how much."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from ibis import Table

    from fiel.insights.columns.opening import Columns

WINDOW_DAYS = 365


def buying(columns: Columns, on: date) -> Table:
    """How each member who ever bought something stood at the end of a day.

    `recency_days` since the last sale; `frequency` the sales and `monetary` their net value in
    minor units within the 365 days up to `on`, less what came back of them by then. A sale that was
    cancelled was none; what came back of an unknown sale counts on its own day.
    """
    sales, since = _kept_sales(columns, on), on - timedelta(days=WINDOW_DAYS - 1)
    is_recent = sales.day >= since
    bought = sales.group_by("member").agg(
        last_day=sales.day.max(),
        frequency=is_recent.cast("int64").sum(),
        sold=ibis.cases((is_recent, sales.net), else_=0).cast("int64").sum(),
    )
    returned = _returned(columns, sales, since=since, on=on)
    joined = bought.left_join(returned, "member")
    today = ibis.literal(on)
    return joined.select(
        "member",
        recency_days=today.delta(joined.last_day, unit="day").cast("int64"),
        frequency=joined.frequency,
        monetary=(joined.sold - ibis.coalesce(joined.returned, 0)).cast("int64"),
    )


def _kept_sales(columns: Columns, on: date) -> Table:
    sales, returns = columns["sales"], columns["returns"]
    told = sales.filter(sales.member.notnull(), sales.day <= on)
    cancelled = returns.filter(returns.cancels, returns.day <= on, returns.sale.notnull())
    kept = told.anti_join(cancelled.select("sale").distinct(), "sale")
    return kept.select("sale", "member", "day", "net")


def _returned(columns: Columns, sales: Table, *, since: date, on: date) -> Table:
    returns = columns["returns"]
    back = returns.filter(returns.day <= on, ~returns.cancels)
    sold = sales.select(sold_as="sale", buyer="member", sold_on="day")
    told = back.left_join(sold, back.sale == sold.sold_as)
    is_alone = told.sale.isnull() & (told.day >= since)
    counted = told.filter((told.sold_on >= since) | is_alone)
    whose = counted.select("net", member=ibis.coalesce(counted.buyer, counted.member))
    known = whose.filter(whose.member.notnull())
    return known.group_by("member").agg(returned=known.net.sum().cast("int64"))
