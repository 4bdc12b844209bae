"""Purchases: sales of which something is left, at what is left of them."""

from __future__ import annotations

from datetime import date

import ibis
from ibis import Table

from fiel.insights.columns.opening import Columns
from fiel.insights.figures.narrowing import Narrowed, chosen


def purchases(columns: Columns, narrowed: Narrowed, until: date) -> Table:
    """The purchases up to a day: `member`, `store`, `channel`, `day`, `net`, `margin`.

    What came back counts on the day of its sale, whenever it came back; a sale that came back whole
    or was cancelled is no purchase. `margin` is null where a cost is not known. Returns whose sale
    is not known take nothing away.
    """
    sales = columns["sales"]
    sales = chosen(columns, sales.filter(sales.day <= ibis.literal(until)), narrowed)
    sales = sales.select("sale", "member", "store", "channel", "day", "net", "margin")
    returns = columns["returns"]
    known = returns.filter(returns.sale.notnull())
    back = known.group_by("sale").aggregate(
        net_back=known.net.sum(),
        margin_back=known.margin.sum(),
        margins_unknown=known.margin.isnull().cast("int64").sum(),
        cancelled=known.cancels.cast("int64").max(),
    )
    both = sales.left_join(back, "sale")
    net_back = both.net_back.fill_null(0)
    whole = (both.cancelled.fill_null(0) == 1) | ((both.net > 0) & (net_back >= both.net))
    margin = ibis.ifelse(
        both.margins_unknown.fill_null(0) == 0,
        both.margin - both.margin_back.fill_null(0),
        ibis.null("int64"),
    )
    return both.filter(~whole).select(
        "member", "store", "channel", "day", net=both.net - net_back, margin=margin
    )


def returns_without_sales(columns: Columns) -> tuple[int, int]:
    """How many returns there are whose sale is not known, and what they come to."""
    returns = columns["returns"]
    lost = returns.filter(returns.sale.isnull())
    told = lost.aggregate(many=lost.count(), net=lost.net.sum().fill_null(0))
    ((many, net),) = ((row["many"], row["net"]) for row in told.to_pyarrow().to_pylist())
    return many, net
