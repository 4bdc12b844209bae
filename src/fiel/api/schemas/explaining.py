"""Answers about movements, and why a balance is what it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from fiel.api.schemas.members import Balance, Drawn
from fiel.api.schemas.sales import Explanation as Line


class LedgerEntry(BaseModel):
    """A movement from one place to another, in words and with what caused it.

    `from` and `to` are states of the member's account (available, pending, held, debt) or the
    program's accounts (issued, redeemed, expired, uncollected, transit, partner, adjusted,
    opening). `change` is what it adds to all that the member has, less what is owed; `balance`
    what that is afterwards. What falls due and is not booked has no `id` and no `activity`.
    """

    id: UUID | None
    unit: str
    points: int
    change: int
    balance: int
    category: str | None
    from_: str = Field(alias="from")
    to: str
    text: str
    occurred_at: datetime
    recorded_at: datetime | None
    activity: UUID | None
    kind: str | None
    external_id: str | None
    program_version: int | None
    pair: UUID | None
    explanation: list[Line]
    lots: list[Drawn]


class LedgerPage(BaseModel):
    """A part of a member's ledger, newest first."""

    data: list[LedgerEntry]
    next_cursor: str | None


class WholeBalance(Balance):
    """What a member has of one unit; `balance` is all of it, less what is owed."""

    balance: int


class ToldLot(BaseModel):
    """A lot with what earned it; `ends_at` is when its points end as things stand."""

    id: UUID
    unit: str
    status: str
    points: int
    left: int
    text: str
    earned_by: UUID
    kind: str
    external_id: str | None
    program_version: int
    explanation: list[Line]
    worth: str | None
    starts_at: datetime
    ends_at: datetime | None
    ends_by_inactivity: bool


class UnitStatement(BaseModel):
    """What became of one unit: opening + totals = closing."""

    opening: WholeBalance
    movements: list[LedgerEntry]
    totals: dict[str, int]
    closing: WholeBalance
    lots: list[ToldLot]


class Statement(BaseModel):
    """A member's statement, by unit; what happens at `to` is not in it."""

    member: UUID
    from_: datetime = Field(alias="from")
    to: datetime
    units: dict[str, UnitStatement]


class Because(BaseModel):
    """Points with the movement that took, held or made them owed."""

    points: int
    text: str
    occurred_at: datetime
    activity: UUID | None
    kind: str | None


class ExplainedLot(ToldLot):
    """A lot with what earned it, and what was drawn on it: points = left + drawn."""

    drawn: list[Because]


class UnitExplanation(WholeBalance):
    """Why there is what there is of one unit: the lots hold what is available and pending."""

    text: list[str]
    lots: list[ExplainedLot]
    held_for: list[Because]
    owed_for: list[Because]


class BalanceExplanation(BaseModel):
    """Why a member has a balance, by unit."""

    member: UUID
    at: datetime
    units: dict[str, UnitExplanation]
