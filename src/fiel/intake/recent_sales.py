"""The latest purchases of a program, to try conditions on and to know its products and stores.

They are of members of one shard: where members lie is drawn by lot, so that these are a fair part.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from pydantic import ValidationError

from fiel.domain.activity import Sale
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.intake.contents.sales import SaleBody
from fiel.intake.sales import understood_sale
from fiel.ledger.scope import Connection

LATEST: LiteralString = """
SELECT facts::text, occurred_at, store, channel
FROM activity
WHERE program_id = %s AND shard = 0 AND kind = 'sale'
ORDER BY id DESC
LIMIT %s
"""
_OF_AMOUNTS = ("lines", "shipping", "currency", "exchange_rate")


@dataclass(frozen=True)
class Product:
    """Something that was sold: the last price before tax, as it was told."""

    sku: str
    name: str
    category: str
    price: str


@dataclass(frozen=True)
class Trade:
    """What a program's latest purchases name."""

    products: tuple[Product, ...] = ()
    categories: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


async def latest_sales(
    connection: Connection, program_id: UUID, program: Program, *, most: int, now: datetime
) -> list[Sale]:
    """The latest purchases; `connection` is in the program's transaction."""
    rows = await (await connection.execute(LATEST, (program_id, most))).fetchall()
    sales = [_sale(row, program, now) for row in rows]
    return [sale for sale in sales if sale is not None]


def trade_of(sales: Sequence[Sale], *, most: int = 60) -> Trade:
    """What purchases name, the most frequent first."""
    products: dict[tuple[str, str], Product] = {}
    counted: dict[str, Counter[str]] = {
        name: Counter() for name in ("categories", "stores", "channels")
    }
    sold: Counter[tuple[str, str]] = Counter()
    for sale in sales:
        counted["stores"][sale.store] += 1
        counted["channels"][sale.channel] += 1
        for line in sale.lines:
            key = (line.sku, line.name)
            sold[key] += 1
            counted["categories"][line.category] += 1
            products.setdefault(
                key, Product(line.sku, line.name, line.category, format(line.unit_price, "f"))
            )
    return Trade(
        tuple(products[key] for key, _ in sold.most_common(most) if any(key)),
        *(
            tuple(word for word, _ in counter.most_common(most) if word)
            for counter in counted.values()
        ),
    )


def _sale(row: Sequence[Any], program: Program, now: datetime) -> Sale | None:
    told, occurred_at, store, channel = row
    facts = json.loads(told)
    try:
        body = SaleBody.model_validate(
            {name: facts[name] for name in _OF_AMOUNTS if name in facts}
            | {"store": store, "channel": channel, "occurred_at": occurred_at.isoformat()}
        )
        sale = understood_sale(body, program, max(now, occurred_at)).activity
    except (ValidationError, Refusal):
        return None  # kept by rules of amounts that this program does not have any more
    return sale if isinstance(sale, Sale) else None
