"""Points that were held to pay, and the sale that takes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.redeeming import Status, refuse_to_capture, status_at
from fiel.domain.refusal import FieldProblem, Invalid, NotFound
from fiel.ledger.books import Book
from fiel.ledger.moving import capture
from fiel.ledger.opening import Place
from fiel.ledger.posting import Posting, Told
from fiel.ledger.trips import Trip
from fiel.rewards.redemptions import Redemption, change_redemption

_FIELD = "points_payment.redemption"


@dataclass(frozen=True, slots=True)
class HeldPayment:
    """Points that pay a sale: `transfer_id` is the transfer that took them out of their lots."""

    redemption_id: UUID
    unit: str
    points: int
    transfer_id: UUID


def held_payment(held: Redemption | None, *, now: datetime) -> HeldPayment:
    """What a redemption holds to pay with; it was read under its member's lock.

    Raises:
        NotFound: the member has no such redemption.
        Invalid: it is for a reward.
        AlreadyCaptured, AlreadyCancelled, RedemptionExpired: it is not held.
    """
    if held is None:
        raise NotFound(
            N_("The member has no such redemption."),
            problems=[FieldProblem(_FIELD, "not_found", N_("There is no such redemption."))],
        )
    if held.reward is not None:
        text = N_("It is for a reward; only points that are held to pay can pay.")
        raise Invalid(
            N_("Some fields are not valid."), problems=[FieldProblem(_FIELD, "format", text)]
        )
    refuse_to_capture(status_at(held.status, held.due_at, now))
    ((unit, points),) = held.spent.items()
    return HeldPayment(held.id, unit, points, held.transfers[unit])


def capture_for_sale(
    posting: Posting, book: Book, told: Told, place: Place, held: Redemption, *, now: datetime
) -> tuple[HeldPayment, Callable[[Trip], None]]:
    """Let held points pay a sale (`told`); what is to be written in the posting's journey.

    Raises:
        NotFound, Invalid, AlreadyCaptured, AlreadyCancelled, RedemptionExpired: they cannot.
    """
    payment = held_payment(held, now=now)
    capture(posting, book, told, payment.unit, payment.points, now=now)
    paid = replace(held, status=Status.CAPTURED, captured_at=now, sale_id=told.id)

    def write(trip: Trip) -> None:
        change_redemption(trip, place, paid)

    return payment, write
