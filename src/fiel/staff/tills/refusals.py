"""What is refused at a till."""

from __future__ import annotations

from fiel.domain.language import N_
from fiel.domain.refusal import NotFound, Refusal


class CashierNeeded(Refusal):
    """The key of a till came without a cashier who is signed in there."""

    code = "cashier_needed"


class CashierLimit(Refusal):
    """The cashier may not go so far in a day without somebody who may approve it."""

    code = "cashier_limit"


class WrongPin(Refusal):
    """The PIN is not that of the cashier; `facts` tells how many tries are left."""

    code = "wrong_pin"


class TillLocked(Refusal):
    """Too many wrong PINs in a row: the till takes none until `facts` says."""

    code = "till_locked"


class PairingOver(Refusal):
    """The code lets no device in: it is unknown, was used, or its time is over."""

    code = "pairing_over"


class TooManyTries(PairingOver):
    """So many codes were tried from one address that none is looked at for a while."""

    code = "rate_limited"


def no_such_device() -> NotFound:
    """The refusal of what is about a device that is not there."""
    return NotFound(N_("There is no such till in this program."))


def no_such_cashier() -> NotFound:
    """The refusal of what is about a cashier who is not there."""
    return NotFound(N_("There is no such cashier in this program."))


def cashier_needed() -> CashierNeeded:
    """The refusal of a till at which nobody is signed in."""
    return CashierNeeded(N_("Sign in at the till with your PIN."))
