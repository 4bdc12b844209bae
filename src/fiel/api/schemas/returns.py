"""Answers about returns."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from fiel.api.schemas.members import Balance, Tier
from fiel.api.schemas.sales import Explanation


class LineBack(BaseModel):
    """So much of a line came back."""

    line: int
    quantity: str


class LostMilestone(BaseModel):
    """A milestone that is not reached any more; `times` is how many gifts were taken back."""

    id: str
    name: str | None
    times: int


class WithdrawnReward(BaseModel):
    """A reward that was given for a milestone and not used; `id` is that of its redemption."""

    id: UUID
    reward: str


class Return(BaseModel):
    """Goods that came back, or that are said to (`parked`) before their sale is known.

    `reversed` is what was taken back, or is owed now; `restored` the points of a payment that were
    given back; `uncollected` what the member had spent and the program lets go. `sale_status` is
    how the sale stands after it; `withdrawn` are rewards that milestones had given.
    """

    id: UUID
    status: Literal["applied", "parked"]
    external_id: str | None
    source: str
    sale: UUID | None
    sale_external_id: str | None
    sale_status: str | None
    member: UUID | None
    occurred_at: datetime | None
    recorded_at: datetime
    lines: list[LineBack]
    amount: str | None
    full: bool
    cancelled: bool
    reason: str
    net: str | None
    gross: str | None
    reversed: dict[str, int]
    restored: dict[str, int]
    uncollected: dict[str, int]
    program_version: int | None
    explanation: list[Explanation]
    milestones: list[LostMilestone]
    withdrawn: list[WithdrawnReward]
    balances: dict[str, Balance]
    tier: Tier | None
