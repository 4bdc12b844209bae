"""Points that were held to pay, and the sale that takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.redeeming import AlreadyCaptured, Status, refuse_to_capture, status_at
from fiel.domain.refusal import FieldProblem, Invalid, NotFound, Refusal
from fiel.intake.contents.sales import SaleBody
from fiel.intake.paying import Payment
from fiel.ledger.books import Book
from fiel.ledger.moving import capture
from fiel.ledger.opening import Place
from fiel.ledger.posting import Posting, Told
from fiel.ledger.scope import Connection
from fiel.ledger.trips import Trip
from fiel.rewards.redemptions import (
    Redemption,
    ask_redemptions,
    change_redemption,
    redemption_by_id,
)

_FIELD = "points_payment.redemption"


@dataclass(frozen=True, slots=True)
class CapturedHold:
    """Held points that pay a sale: the transfer that took them out of their lots, and the row."""

    transfer_id: UUID
    write: Callable[[Trip], None]


class Holds:
    """The holds that a group of sales captures, each once."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._captured: set[UUID] = set()

    async def capture(
        self,
        connection: Connection,
        posting: Posting,
        book: Book,
        told: Told,
        payment: Payment,
        *,
        now: datetime,
    ) -> CapturedHold:
        """Let what a redemption holds pay a sale (`told`); its member is locked.

        Raises:
            NotFound: the member has no such redemption.
            Invalid: it holds something else.
            AlreadyCaptured, AlreadyCancelled, RedemptionExpired: it is not held.
        """
        assert payment.redemption is not None, "only of what is held"
        trip = Trip(connection)
        asked = ask_redemptions(trip, self._place, book.member_id, [payment.redemption])
        await trip.go()
        held = next(iter(asked.read()), None)
        transfer_id = _refuse_unless_held(held, payment, now)
        assert held is not None, "what is not there is refused"
        if held.id in self._captured:
            raise AlreadyCaptured(N_("This redemption was captured before."))
        self._captured.add(held.id)
        capture(posting, book, told, payment.unit, payment.points, now=now)
        paid = replace(held, status=Status.CAPTURED, captured_at=now, sale_id=told.id)
        place = self._place
        return CapturedHold(transfer_id, lambda trip: change_redemption(trip, place, paid))


async def fill_held_payments(
    connection: Connection, program_id: UUID, sales: Sequence[SaleBody]
) -> list[SaleBody | Refusal]:
    """Sales whose payment names only a redemption, with what that holds; others as they came."""
    filled: list[SaleBody | Refusal] = []
    for sale in sales:
        payment = sale.points_payment
        if payment is None or payment.redemption is None:
            filled.append(sale)
            continue
        held = await redemption_by_id(connection, program_id, payment.redemption)
        if held is None:
            filled.append(_no_such_hold())
        elif held.reward is not None:
            filled.append(_holds_something_else())
        else:
            ((unit, points),) = held.spent.items()
            whole = payment.model_copy(
                update={"unit": payment.unit or unit, "points": payment.points or points}
            )
            filled.append(sale.model_copy(update={"points_payment": whole}))
    return filled


def _refuse_unless_held(held: Redemption | None, payment: Payment, now: datetime) -> UUID:
    if held is None:
        raise _no_such_hold()
    if held.reward is not None or dict(held.spent) != {payment.unit: payment.points}:
        raise _holds_something_else()
    refuse_to_capture(status_at(held.status, held.due_at, now))
    return held.transfers[payment.unit]


def _no_such_hold() -> NotFound:
    return NotFound(
        N_("The member has no such redemption."),
        problems=[FieldProblem(_FIELD, "not_found", N_("There is no such redemption."))],
    )


def _holds_something_else() -> Invalid:
    text = N_("The redemption does not hold these points to pay with.")
    return Invalid(
        N_("Some fields are not valid."), problems=[FieldProblem(_FIELD, "format", text)]
    )
