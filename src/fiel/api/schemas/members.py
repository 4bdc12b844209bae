"""Answers about members."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel


class Expiring(BaseModel):
    """Points that end at one moment."""

    points: int
    at: datetime


class Balance(BaseModel):
    """What a member has of one unit."""

    available: int
    pending: int
    held: int
    debt: int
    lifetime: int
    expiring: list[Expiring]


class NextTier(BaseModel):
    """The tier above; `missing` is money where tiers go by spend, else a whole number."""

    id: str
    missing: str


class Tier(BaseModel):
    """The tier that a member holds."""

    id: str | None
    since: datetime | None
    until: datetime | None
    next: NextTier | None


class Member(BaseModel):
    """A member, with tier and balances by unit."""

    id: UUID
    external_id: str | None
    status: str
    name: str
    email: str | None
    phone: str | None
    card: str | None
    birthday: date | None
    consents: dict[str, bool]
    attributes: dict[str, Any]
    referral_code: str | None
    referred_by: UUID | None
    joined_at: datetime
    tier: Tier | None
    balances: dict[str, Balance]


class MemberList(BaseModel):
    """A list of none or one."""

    data: list[Member]
    next_cursor: str | None


class Balances(BaseModel):
    """All balances of a member at a moment."""

    member: UUID
    at: datetime
    balances: dict[str, Balance]


class Lot(BaseModel):
    """Points that were earned together and end together."""

    id: UUID
    unit: str
    points: int
    left: int
    status: str
    earned_by: UUID
    worth: str | None
    starts_at: datetime
    ends_at: datetime | None


class LotList(BaseModel):
    """Open lots, those that are spent first at the front."""

    data: list[Lot]
    next_cursor: str | None


class Drawn(BaseModel):
    """A lot that points were taken from."""

    id: UUID
    points: int
