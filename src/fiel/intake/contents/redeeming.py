"""Bodies about redemptions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fiel.intake.contents.base import Body, Ref
from fiel.intake.contents.fields import Cashier, Code, ExternalId, ShortText, Source, Time
from fiel.intake.contents.offline import OfflineBody
from fiel.intake.contents.sales import PointsPayment

MOST_AT_ONCE = 1_000
LONGEST_HOLD_MINUTES = 30 * 24 * 60

HoldMinutes = Annotated[int, Field(ge=1, le=LONGEST_HOLD_MINUTES)]


class RedemptionBody(Body):
    """A reward that a member asks for, or points to be held until they pay.

    Exactly one of `reward` and `points_payment`. Without `capture` it is held for `hold_minutes`,
    15 when left out. What a till granted without a network (`offline`) is captured as of
    `occurred_at`.
    """

    external_id: ExternalId | None = None
    source: Source = ""
    member: Ref
    reward: Code | None = None
    quantity: int = Field(1, ge=1, le=MOST_AT_ONCE)
    points_payment: PointsPayment | None = None
    capture: bool = False
    hold_minutes: HoldMinutes | None = None
    store: ShortText = ""
    cashier: Cashier = ""
    occurred_at: Time | None = None
    offline: OfflineBody | None = None


class RedemptionChangeBody(Body):
    """What a till may say when it captures, uses or cancels: nothing is required."""

    store: ShortText = ""
    reason: ShortText = ""
