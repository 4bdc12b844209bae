"""Answers about months whose books are closed."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field


class UnitOfMonth(BaseModel):
    """The points of a unit over a month: what there was, what changed it, what there was then."""

    unit: str
    opening: int
    changes: dict[str, int]
    closing: int


class ClosedPeriod(BaseModel):
    """A month whose books are closed. `deferred` and `gift_cards` are what is owed at its end."""

    month: str
    from_: date = Field(alias="from")
    to: date
    closed_at: datetime
    closed_by: str
    program_version: int
    units: list[UnitOfMonth]
    deferred: str
    gift_cards: str


class PeriodList(BaseModel):
    """The closed months, newest first, and the one that is to be closed next (null: any)."""

    data: list[ClosedPeriod]
    next: str | None
