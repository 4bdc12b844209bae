"""Answers about coupons."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from fiel.api.schemas.sales import DiscountOfLine


class CouponBatch(BaseModel):
    """Codes that were made together; `batch` is the name they were given."""

    id: UUID
    batch: str | None
    coupon: str
    count: int
    program_version: int
    made_at: datetime


class MadeCoupon(BaseModel):
    """One code of a batch."""

    id: UUID
    code: str
    coupon: str
    status: str
    uses: int | None
    used: int
    made_at: datetime
    expires_at: datetime | None


class CouponPage(BaseModel):
    """A part of a batch."""

    data: list[MadeCoupon]
    next_cursor: str | None


class Coupon(BaseModel):
    """A coupon: what it gives, and how it stands.

    `status` is active, reserved, used, expired or cancelled; `uses` left out is any number.
    """

    id: UUID
    code: str
    coupon: str
    kind: str | None
    amount: str | None
    percent: str | None
    sku: str | None
    give: dict[str, int]
    min_spend: str | None
    stack: bool
    members_only: bool
    member: UUID | None
    status: str
    uses: int | None
    used: int
    expires_at: datetime | None
    reserved_until: datetime | None
    cart: str | None


class CheckedCoupon(Coupon):
    """What a coupon would give a cart, or why not; `discount` is told where the sale was."""

    valid: bool
    reasons: list[str]
    blocked_by: list[str]
    discount: str | None
    lines: list[DiscountOfLine]
    points: dict[str, int]


class RedeemedCoupon(BaseModel):
    """A coupon that a cart has used, and what it gave."""

    id: UUID
    code: str
    coupon: str
    status: str
    cart: str
    external_id: str | None
    member: UUID | None
    sale: UUID | None
    discount: str | None
    lines: list[DiscountOfLine]
    points: dict[str, int]
    used_at: datetime
