"""Activities: everything that happens to a member, as plain values.

Money is in minor units of the program's currency; times are aware.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from fiel.domain.slots import set_directly


class LineKind(StrEnum):
    """Goods earn; a gift card is money changed into money and earns only where named."""

    GOODS = "goods"
    GIFT_CARD = "gift_card"


@set_directly
@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sale. `net` = quantity × unit price − discount; `gross` = net + tax."""

    number: int
    sku: str
    name: str
    category: str
    kind: LineKind
    quantity: int | Decimal
    unit_price: Decimal
    net: int
    gross: int
    margin: int


@set_directly
@dataclass(frozen=True, slots=True)
class Sale:
    """A purchase. `net` and `gross` are of goods, without gift cards bought and shipping."""

    occurred_at: datetime
    store: str
    channel: str
    lines: tuple[Line, ...]
    shipping: int
    net: int
    gross: int
    items: int | Decimal  # the sum of the quantities of goods


@dataclass(frozen=True, slots=True)
class Action:
    """Something a member did that is no sale: a review, a check-in, a survey."""

    occurred_at: datetime
    type: str
    properties: Mapping[str, object] = field(default_factory=dict)


class OccasionKind(StrEnum):
    """A date that fell due, or the day a member joined."""

    ENROLMENT = "enrolment"
    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day that the program honours."""

    occurred_at: datetime
    kind: OccasionKind


type Activity = Sale | Action | Occasion
