"""Gathering what a review must know: the merchant's trade, and what the draft comes to on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from fiel.insights.columns.opening import Columns

if TYPE_CHECKING:
    from ibis import Table


@dataclass(frozen=True, slots=True)
class Trade:
    """What was sold in a time, and to how many; money in minor units.

    `margin` is None where no sale tells what its goods cost. The mappings are by sku.
    """

    days: int
    sales: int
    net: int
    members: int
    one_time: tuple[int, ...]  # the numbers of members with a single sale, rising
    margin: int | None
    net_with_margin: int
    list_value: int
    discounts: int
    prices: Mapping[str, Fraction]
    costs: Mapping[str, Fraction]
    sold: Mapping[str, Fraction]


def trade_of(columns: Columns, since: date, until: date) -> Trade:
    """What was sold to members from one day to another, both included."""
    sales = columns["sales"]
    bought = sales.filter(sales.member.notnull(), sales.day.between(since, until))
    lines = columns["lines"]
    sold = lines.filter(
        lines.member.notnull(), lines.day.between(since, until), lines.kind == "goods"
    )
    total = _row(
        bought.aggregate(
            sales=bought.count(),
            net=bought.net.sum(),
            members=bought.member.nunique(),
            margin=bought.margin.sum(),
            net_with_margin=bought.net.sum(where=bought.margin.notnull()),
        )
    )
    value = _row(
        sold.aggregate(discounts=sold.discount.sum(), list_value=(sold.net + sold.discount).sum())
    )
    visits = bought.group_by("member").aggregate(sales=bought.count())
    once = visits.filter(visits.sales == 1).select("member").order_by("member")
    goods = _goods(sold)
    return Trade(
        days=(until - since).days + 1,
        sales=total["sales"] or 0,
        net=total["net"] or 0,
        members=total["members"] or 0,
        one_time=tuple(once.to_pyarrow().column("member").to_pylist()),
        margin=total["margin"] if total["net_with_margin"] else None,
        net_with_margin=total["net_with_margin"] or 0,
        list_value=value["list_value"] or 0,
        discounts=value["discounts"] or 0,
        **goods,
    )


def _goods(sold: Table) -> dict[str, dict[str, Fraction]]:
    """What each sku sold for and cost on the average, and how many of it were sold."""
    named = sold.filter(sold.sku != "", sold.quantity > 0)
    by_sku = named.group_by("sku").aggregate(
        quantity=named.quantity.sum(),
        net=named.net.sum(),
        cost=named.cost.sum(),
        costed=named.quantity.sum(where=named.cost.notnull()),
    )
    prices, costs, sold_of = {}, {}, {}
    for row in by_sku.to_pyarrow().to_pylist():
        sku, quantity = row["sku"], Fraction(row["quantity"])
        sold_of[sku] = quantity
        prices[sku] = row["net"] / quantity
        if row["cost"] is not None and row["costed"]:
            costs[sku] = row["cost"] / Fraction(row["costed"])
    return {"prices": prices, "costs": costs, "sold": sold_of}


def without_loss_lines(columns: Columns) -> Columns:
    """The same past without the lines that brought no margin; sales keep what is left of them."""
    lines, sales = columns["lines"], columns["sales"]
    kept = lines.filter((lines.cost.isnull()) | (lines.net > lines.cost))
    lost = lines.filter(lines.cost.notnull(), lines.net <= lines.cost, lines.kind == "goods")
    of_sale = lost.group_by("sale").aggregate(
        lost_net=lost.net.sum(),
        lost_gross=lost.gross.sum(),
        lost_margin=(lost.net - lost.cost).sum(),
        lost_items=lost.quantity.sum(),
        lost_lines=lost.count(),
    )
    joined = sales.left_join(of_sale, "sale").drop("sale_right")
    less = joined.mutate(
        net=joined.net - joined.lost_net.fill_null(0),
        gross=joined.gross - joined.lost_gross.fill_null(0),
        margin=joined.margin - joined.lost_margin.fill_null(0),
        items=(joined.items - joined.lost_items.fill_null(0)).cast(sales.items.type()),
        lines=joined.lines - joined.lost_lines.fill_null(0),
    ).select(*sales.columns)
    left = less.filter(less.lines > 0)
    return Columns(columns.backend, {**columns.tables, "lines": kept, "sales": left}, columns.as_of)


def _row(expression: Table) -> dict[str, int]:
    """The only row of an aggregate."""
    (row,) = expression.to_pyarrow().to_pylist()
    return cast("dict[str, int]", row)
