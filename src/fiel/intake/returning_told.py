"""What is told of a return: what it leaves of its sale, and what the ledger keeps of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.money import Currency
from fiel.domain.program import Program
from fiel.domain.redeeming import AlreadyCancelled
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.domain.returning.keeping import AllBack, AmountBack, Back, Kept, LineBack, Sold, without
from fiel.domain.returning.standing import SaleStanding
from fiel.intake.contents.errors import invalid
from fiel.intake.contents.returns import ReturnBody
from fiel.intake.offline import moment_of

# So many returns are kept with their sale; nobody has that many pieces.
MOST_RETURNS = 1000


def returned_at(
    body: ReturnBody | None, program: Program, *, told_at: datetime, now: datetime
) -> datetime:
    """When goods came back: as told, else when it was told.

    Raises:
        Invalid: it lies more than a day in the future.
    """
    if body is None or body.occurred_at is None:
        return told_at
    return moment_of(body.occurred_at, body.offline, program, now).occurred_at


def left_of_sale(sold: Sold, before: SaleStanding, body: ReturnBody | None) -> Kept:
    """What is left of a sale after a return; without a body it is called off.

    Raises:
        OverReturned: more comes back than is left.
        AlreadyCancelled: the sale was called off before.
        Invalid: the sale has no such line, the amount is finer than its currency, or there are
            too many returns.
    """
    if body is None and before.cancelled:
        raise AlreadyCancelled(N_("The sale was cancelled before."))
    if body is not None and len(before.returns) >= MOST_RETURNS:
        raise Invalid(
            N_("A sale can have at most {limit} returns; cancel it instead."), limit=MOST_RETURNS
        )
    return without(sold, before.kept, _back(body, sold.currency))


def return_facts(sale_id: UUID, body: ReturnBody | None, currency: Currency) -> dict[str, Any]:
    """What was told, for the ledger to keep."""
    facts: dict[str, Any] = {"sale": str(sale_id)}
    if body is None:
        return facts | {"cancelled": True}
    if body.lines is not None:
        facts["lines"] = [
            {"line": line.line, "quantity": format(line.quantity.normalize(), "f")}
            for line in body.lines
        ]
    if body.amount is not None:
        facts["amount"] = currency.decimal(int(body.amount * currency.minor_per_major))
    if body.full:
        facts["full"] = True
    if body.reason:
        facts["reason"] = body.reason
    if body.cashier:
        facts["cashier"] = body.cashier
    return facts


def _back(body: ReturnBody | None, currency: Currency) -> Back:
    if body is None or body.full:
        return AllBack()
    if body.lines is not None:
        return tuple(LineBack(line.line, line.quantity) for line in body.lines)
    assert body.amount is not None, "a return is told in one of three ways"
    minor = body.amount * currency.minor_per_major
    if minor != int(minor):
        text = N_("{currency} amounts have at most {places} decimals.")
        told = {"currency": currency.code, "places": currency.decimals}
        raise invalid([FieldProblem("amount", "too_precise", text, told)])
    return AmountBack(int(minor))
