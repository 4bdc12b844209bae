"""Answers about sales and activities."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from fiel.api.schemas.members import Balance, Tier
from fiel.api.schemas.problem import Problem


class Explanation(BaseModel):
    """What one rule gave, in words."""

    rule: str
    unit: str
    points: int
    text: str


class ReachedMilestone(BaseModel):
    """A milestone that was reached, so many times, and what it gives besides points."""

    id: str
    name: str | None
    times: int
    reward: str | None
    badge: str | None


class GrantedReward(BaseModel):
    """A reward that was given for a milestone; `id` is that of its redemption."""

    id: UUID
    milestone: str
    reward: str
    code: str | None
    expires_at: datetime | None


class Decided(BaseModel):
    """What every recorded activity tells."""

    external_id: str | None
    source: str
    member: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    earned: dict[str, int]
    pending: dict[str, int]
    program_version: int
    explanation: list[Explanation]
    balances: dict[str, Balance]
    tier: Tier | None
    milestones: list[ReachedMilestone]
    rewards: list[GrantedReward]
    messages: list[str]


class Offline(BaseModel):
    """What is kept of a till that had no network: `clock` tells whose time counts."""

    till: str
    clock: str
    told_at: datetime | None = None


class DiscountOfLine(BaseModel):
    """What a coupon takes off one line."""

    line: int
    discount: str


class UsedCoupon(BaseModel):
    """A coupon that a sale used. What it takes off is told; the till's prices are final."""

    id: UUID
    code: str
    coupon: str
    discount: str | None
    lines: list[DiscountOfLine]
    points: dict[str, int]


class Sale(Decided):
    """A sale, recorded or quoted; a quote has no id.

    `currency` and `exchange_rate` are there where the sale came in another currency.
    """

    id: UUID | None
    status: str
    store: str
    channel: str
    net: str
    gross: str
    spent: dict[str, int]
    coupons: list[UsedCoupon]
    currency: str | None = None
    exchange_rate: str | None = None
    offline: Offline | None = None
    overspent: dict[str, int] | None = None


class ReturnOfSale(BaseModel):
    """A return of a sale; `gross` is the value of the goods that came back."""

    id: UUID
    external_id: str | None
    occurred_at: datetime
    gross: str


class KeptSale(Sale):
    """A sale, with how it stands now: completed, partly_returned, returned or cancelled."""

    returns: list[ReturnOfSale] = Field(default_factory=list)


class SaleList(BaseModel):
    """A list of none or one."""

    data: list[KeptSale]
    next_cursor: str | None


class Activity(Decided):
    """Something a member did that is no sale."""

    id: UUID
    type: str


class Result(BaseModel):
    """What became of one sale of a batch: the sale, or why it was refused."""

    status: int
    sale: Sale | None = None
    problem: Problem | None = None


class Batch(BaseModel):
    """A result for each sale, in their order."""

    results: list[Result]
