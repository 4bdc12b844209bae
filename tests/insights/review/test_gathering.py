"""What a review reads of the merchant's trade; every number can be added up by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa

from fiel.insights.columns.opening import Columns, columns_of_arrow
from fiel.insights.columns.tables import TABLES
from fiel.insights.review.gathering import trade_of, without_loss_lines

JANUARY = date(2026, 1, 1), date(2026, 1, 31)


def sale(number: int, member: int | None, day: int, *lines: dict[str, object]) -> dict[str, object]:
    """A sale of lines at a moment in January."""
    costs = [line["cost"] for line in lines if line["kind"] == "goods"]
    goods = [line for line in lines if line["kind"] == "goods"]
    net = sum(int(str(line["net"])) for line in goods)
    known = all(cost is not None for cost in costs)
    return {
        "sale": number, "sale_id": str(number), "member": member, "recorded_for": member,
        "occurred_at": datetime(2026, 1, day), "recorded_at": datetime(2026, 1, day),  # noqa: DTZ001
        "counts_at": datetime(2026, 1, day), "day": date(2026, 1, day),  # noqa: DTZ001
        "store": "centro", "channel": "pos", "cashier": "", "source": "", "external_id": None,
        "net": net, "gross": net, "shipping": 0,
        "margin": net - sum(int(str(cost)) for cost in costs) if known else None,
        "items": sum((Decimal(str(line["quantity"])) for line in goods), Decimal(0)),
        "lines": len(lines), "version": 1, "coupons": "[]", "paid_points": 0,
    }  # fmt: skip


def line(
    sku: str, net: int, cost: int | None, *, quantity: int = 1, discount: int = 0,
    kind: str = "goods",
) -> dict[str, object]:  # fmt: skip
    """A line; its sale, number, member and day are filled in with its sale."""
    return {
        "sku": sku, "name": "", "category": "", "kind": kind, "quantity": Decimal(quantity),
        "unit_price": Decimal(0), "discount": discount, "net": net, "gross": net, "cost": cost,
    }  # fmt: skip


def opened(*sold: tuple[int | None, int, list[dict[str, object]]]) -> dict[str, pa.Table]:
    """Tables of sales (member, day, lines), numbered from 1."""
    sales, lines = [], []
    for number, (member, day, of_sale) in enumerate(sold, start=1):
        sales.append(sale(number, member, day, *of_sale))
        lines += [
            {**each, "sale": number, "number": place, "member": member, "day": date(2026, 1, day)}
            for place, each in enumerate(of_sale, start=1)
        ]
    return {
        "sales": pa.Table.from_pylist(sales, schema=TABLES["sales"]),
        "lines": pa.Table.from_pylist(lines, schema=TABLES["lines"]),
    }


PAST = opened(
    (1, 5, [line("CAP", 600, 200, quantity=2, discount=40), line("PAN", 300, 330)]),
    (1, 9, [line("CAP", 320, 100, quantity=1)]),
    (2, 9, [line("PAN", 280, None), line("CARD", 5_000, None, kind="gift_card")]),
    (None, 10, [line("CAP", 320, 100)]),
)


def totals(columns: Columns) -> list[tuple[int, int, int | None, int]]:
    """Sale, net, margin and number of lines of every sale that is left."""
    table = columns["sales"].select("sale", "net", "margin", "lines").order_by("sale")
    return [tuple(row.values()) for row in table.to_pyarrow().to_pylist()]


def test_the_trade_with_members_is_added_up() -> None:
    with columns_of_arrow(PAST) as columns:
        trade = trade_of(columns, *JANUARY)

    assert trade.days == 31
    assert (trade.sales, trade.net, trade.members, trade.one_time) == (3, 1_500, 2, (2,))
    # The costs of the first two sales are known: 900 − 530 and 320 − 100, of 1,220.
    assert (trade.margin, trade.net_with_margin) == (590, 1_220)
    assert (trade.list_value, trade.discounts) == (1_540, 40)
    assert trade.prices == {"CAP": Fraction(920, 3), "PAN": 290}
    assert trade.costs == {"CAP": 100, "PAN": 330}
    assert trade.sold == {"CAP": 3, "PAN": 2}


def test_a_time_without_sales_has_no_figures_and_no_faults() -> None:
    with columns_of_arrow(PAST) as columns:
        trade = trade_of(columns, date(2026, 2, 1), date(2026, 2, 1))

    assert (trade.sales, trade.members, trade.one_time, trade.margin) == (0, 0, (), None)


def test_without_its_losses_a_sale_keeps_what_is_left_of_it() -> None:
    with columns_of_arrow(PAST) as columns:
        left = without_loss_lines(columns)
        assert totals(left) == [
            (1, 600, 400, 1),
            (2, 320, 220, 1),
            (3, 280, None, 2),
            (4, 320, 220, 1),
        ]
        assert left["lines"].count().to_pyarrow().as_py() == 5


def test_a_sale_of_losses_alone_is_gone() -> None:
    with columns_of_arrow(opened((1, 5, [line("PAN", 300, 300)]))) as columns:
        assert totals(without_loss_lines(columns)) == []
