"""Answers about gift cards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class GiftCardEntry(BaseModel):
    """What moved a card's balance (issue, charge, refund, cancel), and what stood after it."""

    id: UUID
    kind: str
    amount: str
    balance: str
    external_id: str | None
    source: str
    charge: UUID | None
    sale: UUID | None
    recorded_at: datetime


class GiftCard(BaseModel):
    """A gift card: what it was issued with and what can still be paid with it.

    `status` is active, expired or cancelled; `tax_rate` is that of a single-purpose card.
    """

    id: UUID
    code: str
    kind: str
    tax_rate: str | None
    status: str
    currency: str
    amount: str
    balance: str
    member: UUID | None
    issued_at: datetime
    expires_at: datetime | None
    entries: list[GiftCardEntry]


class GiftCardPayment(GiftCardEntry):
    """Money that left a card or came back to it."""

    code: str
    currency: str
