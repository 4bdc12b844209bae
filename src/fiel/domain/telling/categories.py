"""What kind of change a movement is, so that totals tie: opening + changes = closing."""

from __future__ import annotations

from fiel.domain.telling.places import OWN, Spot

# Where points come from, or go to, outside the member's account.
_COMING = {
    Spot.ISSUED: "earned",
    Spot.REDEEMED: "restored",
    Spot.EXPIRED: "revived",
    Spot.UNCOLLECTED: "uncollected",
    Spot.TRANSIT: "transferred",
    Spot.PARTNER: "partner",
    Spot.ADJUSTED: "adjusted",
    Spot.OPENING: "brought_in",
}
_GOING = _COMING | {
    Spot.ISSUED: "reversed",
    Spot.REDEEMED: "redeemed",
    Spot.EXPIRED: "expired",
}
CATEGORIES = tuple(dict.fromkeys((*_COMING.values(), *_GOING.values())))


def category_of(source: Spot, target: Spot) -> str | None:
    """The kind of change; None for what only changes its state within the account."""
    if source in OWN:
        return None if target in OWN else _GOING[target]
    return _COMING[source]
