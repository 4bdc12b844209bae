"""Sold: a sale read back from the ledger, as the domain knows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fiel.domain.activity import Sale
from fiel.domain.money import Currency, currency
from fiel.domain.program import Program
from fiel.domain.returning.keeping import Sold
from fiel.intake.contents.sales import LineBody, SaleBody
from fiel.intake.sales import understood_sale
from fiel.ledger.posting import Recorded

# What a sale's facts hold that decides its amounts; the rest is about how it was paid.
_OF_AMOUNTS = ("lines", "shipping", "currency", "exchange_rate")


@dataclass(frozen=True, slots=True)
class PaidWithPoints:
    """Points that paid a part of a sale, what they were worth, and where they were taken from."""

    unit: str
    points: int
    worth: int
    transfer_id: UUID


def sold_as_told(recorded: Recorded, program: Program) -> Sold:
    """The whole sale by its lines; `program` is the version that decided it."""
    facts: dict[str, Any] = json.loads(recorded.facts)
    content = SaleBody.model_validate(
        {name: facts[name] for name in _OF_AMOUNTS if name in facts}
        | {"store": recorded.store, "channel": recorded.channel}
    )
    sale = understood_sale(content, program, recorded.occurred_at).activity
    assert isinstance(sale, Sale), "a sale is understood as one"
    if content.currency is None or content.currency == program.currency.code:
        values = tuple(line.gross for line in sale.lines)
        return Sold(sale, program.currency, values, sale.shipping)
    told = currency(content.currency)
    values = tuple(_told_value(line, told) for line in content.lines)
    return Sold(sale, told, values, told.minor(content.shipping))


def paid_with_points(recorded: Recorded) -> PaidWithPoints | None:
    """The points that paid a part of a sale."""
    paid = recorded.decision.get("paid")
    if paid is None:
        return None
    return PaidWithPoints(paid["unit"], paid["points"], paid["worth"], UUID(paid["transfer"]))


def _told_value(line: LineBody, told: Currency) -> int:
    """A line with tax, in minor units of the currency that the receipt was in."""
    value = told.minor(line.quantity * line.unit_price)
    return value - told.minor(line.discount) + told.minor(line.tax)
