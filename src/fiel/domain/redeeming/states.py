"""The states of a redemption: held → captured → used, or cancelled, or expired."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from fiel.domain.language import N_
from fiel.domain.redeeming.refusals import (
    AlreadyCancelled,
    AlreadyCaptured,
    AlreadyUsed,
    NeedsManager,
    RedemptionExpired,
)

HOLD = timedelta(minutes=15)  # how long a redemption waits where nobody says otherwise


class Status(StrEnum):
    """Where a redemption stands."""

    QUEUED = "queued"  # granted without a network, it waits for a manager; nothing was taken yet
    HELD = "held"  # points, stock and limit are set aside
    CAPTURED = "captured"  # it is paid, and can be used
    USED = "used"  # it was handed over
    CANCELLED = "cancelled"  # everything came back
    EXPIRED = "expired"  # the hold ended, and everything came back; or the time to use it did


def due_at(
    status: Status, *, hold_until: datetime | None, expires_at: datetime | None
) -> datetime | None:
    """When a redemption expires if nothing more happens to it; None: never."""
    match status:
        case Status.HELD:
            return hold_until
        case Status.CAPTURED:
            return expires_at
        case _:
            return None


def status_at(status: Status, due: datetime | None, now: datetime) -> Status:
    """What a redemption's status is at a moment, whether or not its end was booked by then."""
    return Status.EXPIRED if due is not None and due <= now else status


def refuse_to_capture(status: Status) -> None:
    """Let only what is held be captured.

    Raises:
        AlreadyCaptured, AlreadyCancelled, RedemptionExpired: it is not held.
    """
    if status in (Status.CAPTURED, Status.USED):
        raise AlreadyCaptured(N_("This redemption was captured before."))
    _refuse_queued(status)
    _refuse_ended(status)


def refuse_to_use(status: Status) -> None:
    """Let what is held or captured be used.

    Raises:
        AlreadyUsed, AlreadyCancelled, RedemptionExpired: it is neither.
    """
    if status is Status.USED:
        raise AlreadyUsed(N_("This redemption was used before."))
    _refuse_queued(status)
    _refuse_ended(status)


def refuse_to_cancel(status: Status, *, may_cancel_used: bool, paid_a_sale: bool) -> None:
    """Let what was not used be cancelled, and what was by whoever may.

    Raises:
        AlreadyCancelled, RedemptionExpired: it has ended.
        AlreadyCaptured: it paid a sale, with which it comes back.
        NeedsManager: it was used, and whoever asks does not run the program.
    """
    _refuse_ended(status)
    if paid_a_sale:
        raise AlreadyCaptured(
            N_("These points paid a sale; return or cancel the sale, and they come back.")
        )
    if status is Status.USED and not may_cancel_used:
        raise NeedsManager(
            N_("It was used; only a key with the scope “{scope}” can take it back."),
            scope="manage",
        )


def refuse_to_approve(status: Status) -> None:
    """Let only what waits for a manager be approved.

    Raises:
        AlreadyCaptured, AlreadyCancelled, RedemptionExpired: it does not wait.
    """
    _refuse_ended(status)
    if status is not Status.QUEUED:
        raise AlreadyCaptured(N_("This redemption does not wait for a manager."))


def _refuse_queued(status: Status) -> None:
    if status is Status.QUEUED:
        raise NeedsManager(
            N_("It waits for a manager; only a key with the scope “{scope}” can approve it."),
            scope="manage",
        )


def _refuse_ended(status: Status) -> None:
    if status is Status.CANCELLED:
        raise AlreadyCancelled(N_("This redemption was cancelled before."))
    if status is Status.EXPIRED:
        raise RedemptionExpired(N_("The time of this redemption is over."))
