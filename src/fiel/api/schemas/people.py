"""Answers about what moves between people."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from fiel.api.schemas.members import Balance, Member


class TransferredLot(BaseModel):
    """Points of one lot, which keep their end."""

    lot: UUID
    points: int
    ends_at: datetime | None


class TransferSide(BaseModel):
    """One of the two members, and what stands after."""

    member: UUID
    balances: dict[str, Balance]


class Transfer(BaseModel):
    """Points that one member gave another; `lots` are the giver's, in the order they were spent."""

    id: UUID
    external_id: str | None
    source: str
    unit: str
    points: int
    reason: str
    author: str
    lots: list[TransferredLot]
    from_: TransferSide = Field(alias="from")
    to: TransferSide
    recorded_at: datetime
    program_version: int


class Merge(BaseModel):
    """A merge: what was moved, and the member who survives."""

    merged: UUID
    into: UUID
    moved: dict[str, int]
    debt: dict[str, int]
    member: Member


class Unmerge(BaseModel):
    """A merge that was undone: what went back, and the member who stands alone again."""

    parted_from: UUID
    moved: dict[str, int]
    debt: dict[str, int]
    member: Member


class Erasure(BaseModel):
    """A person who is gone; only the id is left, which names nobody."""

    id: UUID
    status: str


class HouseholdMember(BaseModel):
    """A member of a household, and what is its own."""

    id: UUID
    available: dict[str, int]


class Household(BaseModel):
    """People who pool their points; `pooled` is what all of them have together."""

    id: UUID
    name: str
    made_at: datetime
    members: list[HouseholdMember]
    pooled: dict[str, int]


class LeftHousehold(BaseModel):
    """A member who is in a household no more; `left` tells whether it was until now."""

    household: UUID
    member: UUID
    left: bool


class ReferralTold(BaseModel):
    """Somebody whom a member brought, and what became of it."""

    friend: UUID
    status: str
    reason: str
    made_at: datetime
    sale: UUID | None
    due_at: datetime | None
    rewarded_at: datetime | None
    ended_at: datetime | None


class Referrals(BaseModel):
    """A member's code and whom it brought, newest first."""

    code: str | None
    url: str | None
    data: list[ReferralTold]
    next_cursor: str | None
