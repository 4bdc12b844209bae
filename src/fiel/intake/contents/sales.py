"""Bodies about sales and activities."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from fiel.domain.language import N_
from fiel.intake.contents.base import Body, Ref
from fiel.intake.contents.fields import (
    Amount,
    Cashier,
    Code,
    ExternalId,
    Id,
    LongText,
    Points,
    Price,
    Quantity,
    Rate,
    ShortText,
    Source,
    Time,
    Values,
    refuse,
)
from fiel.intake.contents.offline import OfflineBody

MOST_LINES = 1000
MOST_SALES = 1000
ZERO = Decimal(0)

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class LineBody(Body):
    """One line: `unit_price` is before tax; discount, tax and cost are the line's totals."""

    sku: ShortText = ""
    name: LongText = ""
    category: ShortText = ""
    kind: Literal["goods", "gift_card"] | None = None
    quantity: Quantity
    unit_price: Price
    discount: Amount = ZERO
    tax: Amount = ZERO
    cost: Amount | None = None


class PointsPayment(Body):
    """Points that pay a part of the sale: so many of a unit, or those that a redemption holds."""

    unit: Code | None = None
    points: Points | None = None
    redemption: Id | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if self.redemption is None and (self.unit is None or self.points is None):
            refuse(
                "one_of", N_("Say which unit and how many points, or which redemption holds them.")
            )
        return self


class SaleBody(Body):
    """A purchase, as the till saw it."""

    external_id: ExternalId | None = None
    source: Source = ""
    member: Ref | None = None
    occurred_at: Time | None = None
    store: ShortText = ""
    channel: ShortText = ""
    cashier: Cashier = ""
    currency: CurrencyCode | None = None
    exchange_rate: Rate | None = None
    lines: list[LineBody] = Field(min_length=1, max_length=MOST_LINES)
    shipping: Amount = ZERO
    coupons: list[Code] = Field(default_factory=list, max_length=20)
    cart: Code | None = None  # who reserved the coupons; the external id where it is left out
    points_payment: PointsPayment | None = None
    offline: OfflineBody | None = None


class BatchBody(Body):
    """Many sales at once; each is judged by itself."""

    sales: list[Any] = Field(
        min_length=1,
        max_length=MOST_SALES,
        json_schema_extra={"items": {"$ref": "#/components/schemas/SaleBody"}},
    )


class ActivityBody(Body):
    """Something a member did that is no sale: a review, a check-in, a survey."""

    external_id: ExternalId | None = None
    source: Source = ""
    member: Ref
    type: Code
    occurred_at: Time | None = None
    properties: Values = Field(default_factory=dict)
