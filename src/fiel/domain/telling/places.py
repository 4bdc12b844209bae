"""Where points can be, as it is told."""

from __future__ import annotations

from enum import StrEnum


class Spot(StrEnum):
    """A state of the member's account, or one of the program's accounts."""

    AVAILABLE = "available"
    PENDING = "pending"
    HELD = "held"
    DEBT = "debt"
    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    UNCOLLECTED = "uncollected"
    TRANSIT = "transit"
    PARTNER = "partner"
    ADJUSTED = "adjusted"
    OPENING = "opening"


OWN = frozenset({Spot.AVAILABLE, Spot.PENDING, Spot.HELD, Spot.DEBT})
