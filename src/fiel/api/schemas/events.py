"""Answers about what happened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from fiel.api.schemas.members import Balance, Tier


class EventData(BaseModel):
    """The activity that an event is about, and where it left the member.

    `segment` is there where the member entered or left one, `alert` where one was raised.
    """

    id: UUID
    kind: str
    member: UUID
    source: str
    external_id: str | None
    occurred_at: datetime
    net: str
    gross: str
    earned: dict[str, int]
    tier: Tier | None
    balances: dict[str, Balance]
    program_version: int
    segment: str | None = None
    alert: dict[str, str | None] | None = None


class Event(BaseModel):
    """Something that happened. `sequence` rises; `member_sequence` counts a member's events."""

    type: str
    sequence: int
    member_sequence: int
    timestamp: datetime
    data: EventData


class EventList(BaseModel):
    """Events in their order; `next_cursor` is always there, for the next look."""

    data: list[Event]
    next_cursor: str
