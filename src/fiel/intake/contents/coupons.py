"""Bodies about coupons."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fiel.intake.contents.base import Body, Ref
from fiel.intake.contents.fields import Code, ExternalId
from fiel.intake.contents.sales import SaleBody

DEFAULT_MINUTES = 15
MOST_MINUTES = 7 * 24 * 60
MOST_CODES = 200_000


class BatchOfCouponsBody(Body):
    """Codes to be made for a coupon of the program, under a name that may be given to them."""

    coupon: Code
    count: Annotated[int, Field(ge=1, le=MOST_CODES)]
    batch: ExternalId | None = None


class CouponBody(Body):
    """Who brings a coupon, and for what.

    `cart` names the cart that asks, `minutes` how long it holds what it reserves; `external_id`
    makes a use one and the same however often it is sent.
    """

    cart: Code | None = None
    member: Ref | None = None
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)] = DEFAULT_MINUTES
    sale: SaleBody | None = None
    external_id: ExternalId | None = None
