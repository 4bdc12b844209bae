"""Answers about milestones and badges."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel


class Way(BaseModel):
    """How far it is to the next time: money where spend counts, else whole numbers, as texts."""

    done: str
    goal: str
    missing: str


class MilestoneGift(BaseModel):
    """What is given each time."""

    points: dict[str, int]
    reward: str | None
    badge: str | None


class Milestone(BaseModel):
    """A milestone of the program, and how far the member is with it.

    `reached` is how many gifts stand given; `next` is null where it cannot be reached any more.
    """

    id: str
    name: str | None
    of: str
    period: Literal["day", "week", "month"] | None
    activity: str | None
    gives: MilestoneGift
    reached: int
    reached_at: datetime | None
    next: Way | None
    text: str


class MilestoneList(BaseModel):
    """All milestones of the program, in the order of the document."""

    member: UUID
    data: list[Milestone]


class Badge(BaseModel):
    """A badge that the member holds."""

    id: str
    name: str | None
    description: str | None
    icon: str | None
    since: datetime | None


class BadgeList(BaseModel):
    """The badges that a member holds, in the order of the document."""

    member: UUID
    data: list[Badge]
