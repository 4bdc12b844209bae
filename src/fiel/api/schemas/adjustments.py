"""Answers about adjustments."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from fiel.api.schemas.members import Balance, Tier


class Adjustment(BaseModel):
    """Points that a person gave or took, and what stands after."""

    id: UUID
    external_id: str | None
    source: str
    member: UUID
    unit: str
    points: int
    reason: str
    author: str
    recorded_at: datetime
    program_version: int
    balances: dict[str, Balance]
    tier: Tier | None
