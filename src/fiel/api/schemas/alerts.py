"""Answers about alerts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from fiel.api.schemas.reports import Statement


class Alert(BaseModel):
    """Something unusual: a `pattern` of a `kind`, about a `subject` (a unit, store, rule, cashier).

    `sure` is how certain it is, of a hundred, that chance alone did not make it; the figures are
    those of the look at `found_at`.
    """

    id: UUID
    kind: str
    pattern: str
    subject: str
    member: UUID | None
    since: date
    usual: float | None
    now: float
    sure: float
    text: str
    state: str
    raised_at: datetime
    found_at: datetime
    seen_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    note: str


class AlertList(BaseModel):
    """Alerts, newest first; what the last look, up to the end of `looked_until`, could not say."""

    data: list[Alert]
    next_cursor: str | None
    looked_until: date | None
    looked_at: datetime | None
    statements: list[Statement]


class Look(BaseModel):
    """What a look came to: the alerts that it raised, and how many things it found in all."""

    raised: list[Alert]
    found: int
    statements: list[Statement]
