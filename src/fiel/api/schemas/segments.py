"""Answers about segments."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel


class Size(BaseModel):
    """How large a segment is at the end of the day `on`: spend, sales and points of 365 days.

    `share` counts hundredths of all members; null cannot be said. Points are those given, less
    what was taken back, and `points_cost` is what those that pay are worth.
    """

    members: int
    share: float | None
    sales: int
    spend: str
    average_spend: str | None
    points: dict[str, int]
    points_cost: str


class Segment(Size):
    """A segment of the program, or a group by recency, frequency and value (`where` is null).

    Members enter and leave it by themselves where it is `live`.
    """

    id: str
    name: str
    where: str | None
    live: bool


class SegmentList(BaseModel):
    """All segments, as the columnar copy tells them `as_of` a moment."""

    on: date
    as_of: datetime | None
    data: list[Segment]


class Preview(Size):
    """A segment that is only thought of."""

    where: str
    on: date
    as_of: datetime | None


class InSegment(BaseModel):
    """Who is in a segment."""

    member: UUID


class InSegmentPage(BaseModel):
    """Members of a segment, in the order of their ids."""

    data: list[InSegment]
    next_cursor: str | None
