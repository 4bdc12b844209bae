"""What coupons and gift cards say no with."""

from __future__ import annotations

from datetime import datetime

from fiel.domain.codes import is_sound
from fiel.domain.language import N_
from fiel.domain.refusal import NotFound, Refusal


class CouponReserved(Refusal):
    """Another cart holds the coupon."""

    code = "coupon_reserved"


class CouponUsed(Refusal):
    """The coupon has been used as often as it can be."""

    code = "coupon_used"


class CouponExpired(Refusal):
    """The coupon's time is over."""

    code = "coupon_expired"


class CouponCancelled(Refusal):
    """The coupon was withdrawn."""

    code = "coupon_cancelled"


class InsufficientBalance(Refusal):
    """The gift card has less than is to be paid."""

    code = "insufficient_balance"


class GiftCardExpired(Refusal):
    """The gift card's time is over."""

    code = "gift_card_expired"


class GiftCardCancelled(Refusal):
    """The gift card was withdrawn."""

    code = "gift_card_cancelled"


class OverRefunded(Refusal):
    """More would go back to a gift card than was paid with it."""

    code = "over_returned"


def coupon_reserved(until: datetime | None) -> CouponReserved:
    """The refusal of a coupon that another cart holds, with until when it does."""
    return CouponReserved(N_("Another cart holds this coupon."), facts={"until": until})


def coupon_used() -> CouponUsed:
    """The refusal of a coupon that was used."""
    return CouponUsed(N_("This coupon has been used."))


def coupon_expired() -> CouponExpired:
    """The refusal of a coupon whose time is over."""
    return CouponExpired(N_("This coupon's time is over."))


def no_such_coupon(code: str) -> NotFound:
    """The refusal of a code in its normal form that no coupon bears."""
    if is_sound(code):
        return NotFound(N_("There is no coupon with this code in this program."))
    return NotFound(
        N_("There is no coupon with this code in this program; it looks mistyped."),
        facts={"mistyped": True},
    )


def no_such_gift_card(code: str) -> NotFound:
    """The refusal of a code in its normal form that no gift card bears."""
    if is_sound(code):
        return NotFound(N_("There is no gift card with this code in this program."))
    return NotFound(
        N_("There is no gift card with this code in this program; it looks mistyped."),
        facts={"mistyped": True},
    )
