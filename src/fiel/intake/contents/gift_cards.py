"""Bodies about gift cards."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import PlainValidator, WithJsonSchema

from fiel.domain.language import N_
from fiel.intake.contents.base import Body, Ref
from fiel.intake.contents.fields import (
    Amount,
    Code,
    Day,
    ExternalId,
    Source,
    Time,
    read_decimal,
    refuse,
)


def _read_tax_rate(value: object) -> Decimal:
    rate = read_decimal(value)
    if not 0 <= rate < 1000 or round(rate, 4) != rate:
        refuse("format", N_("It must be a percentage such as “21” or “10.5”."))
    return rate


TaxRate = Annotated[
    Decimal,
    PlainValidator(_read_tax_rate),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,4})?$"},
                {"type": "number", "minimum": 0, "exclusiveMaximum": 1000},
            ],
            "description": "In percent.",
        }
    ),
]


class GiftCardBody(Body):
    """A gift card to be issued.

    What a single-purpose card buys is known when it is sold, and so is its tax: it brings the
    `tax_rate`. `expires` is the last day on which it pays, `expires_at` the moment.
    """

    external_id: ExternalId | None = None
    source: Source = ""
    amount: Amount
    kind: Literal["multi_purpose", "single_purpose"] = "multi_purpose"
    tax_rate: TaxRate | None = None
    member: Ref | None = None
    expires: Day | None = None
    expires_at: Time | None = None


class ChargeBody(Body):
    """Money that is paid with a gift card; `sale` is the id of the sale that it pays."""

    external_id: ExternalId | None = None
    source: Source = ""
    amount: Amount
    sale: Code | None = None


class RefundBody(Body):
    """Money that goes back to the card; `charge` is the id or external id of what it paid."""

    external_id: ExternalId | None = None
    source: Source = ""
    amount: Amount
    charge: Code | None = None
