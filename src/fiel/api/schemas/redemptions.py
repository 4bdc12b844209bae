"""Answers about rewards and redemptions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from fiel.api.schemas.members import Balance, Tier
from fiel.api.schemas.sales import Offline


class Reward(BaseModel):
    """A reward; what follows `stock_left` is told when a member is named.

    `stock_left` null is without end. `missing` is what the member lacks of each unit; `reasons`
    says in words what stands in the way, `blocked_by` by stable names.
    """

    id: str
    name: str
    kind: str
    price: dict[str, int]
    sku: str | None
    amount: str | None
    percent: str | None
    valid: str | None
    available_from: date | None
    available_to: date | None
    stock_left: int | None
    eligible: bool | None = None
    reasons: list[str] | None = None
    blocked_by: list[str] | None = None
    missing: dict[str, int] | None = None
    limit_left: int | None = None


class RewardList(BaseModel):
    """The catalogue, in the order of the program; `member` is who it was asked for."""

    member: UUID | None
    data: list[Reward]
    next_cursor: str | None


class Redemption(BaseModel):
    """A reward that was redeemed, or points that are held to pay with (`reward` null).

    `spent` is what it took of each unit; `restored` what came back, when it was cancelled, and
    `expired` what of it ended at once because its lot had ended. `hold_until` is until when it
    waits to be captured, `expires_at` until when what was got can be used.
    """

    id: UUID
    external_id: str | None
    source: str
    member: UUID
    status: str
    reward: str | None
    name: str | None
    kind: str | None
    quantity: int
    spent: dict[str, int]
    restored: dict[str, int]
    expired: dict[str, int]
    code: str | None
    code_kind: str | None
    made_at: datetime
    hold_until: datetime | None
    captured_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None
    ended_at: datetime | None
    milestone: str | None
    sale: UUID | None
    store: str
    program_version: int


class RedemptionAnswer(Redemption):
    """A redemption, with what stands in the member's account.

    Of what a till granted without a network: `offline` the mark of the till, `overspent` what the
    member owes for it, `queued` why it waits for a manager.
    """

    offline: Offline | None = None
    overspent: dict[str, int] | None = None
    queued: str | None = None
    balances: dict[str, Balance]
    tier: Tier | None


class RedemptionList(BaseModel):
    """A part of a member's redemptions, newest first."""

    data: list[Redemption]
    next_cursor: str | None


class HeldAccess(BaseModel):
    """Entry to something; `redemption` is null where whoever may has it without asking."""

    reward: str
    name: str
    redemption: UUID | None
    since: datetime | None
    expires_at: datetime | None


class AccessAnswer(BaseModel):
    """The perks of a member's tier, and what the member has entry to."""

    member: UUID
    tier: str | None
    perks: list[str]
    access: list[HeldAccess]
