"""Sales that a till did not make itself: found, opened by their lines, and paid back to cards."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from fiel.domain.language import N_
from fiel.domain.money import Currency
from fiel.domain.refusal import NotFound
from fiel.intake.contents.gift_cards import RefundBody
from fiel.intake.found_sales import (
    FoundSale,
    SaleGlimpse,
    found_sale,
    sales_called,
    sales_of_member,
)
from fiel.intake.gift_cards import refund_card
from fiel.ledger.ids import new_id
from fiel.ledger.opening import Place
from fiel.members.queries import member as find_member
from fiel.members.refusals import no_such_member
from fiel.rewards.card_payments import CardPayment
from fiel.staff.keys import Caller
from fiel.web.doors import database, versions
from fiel.web.till.gate import of_cashier, of_program

MOST_OF_MEMBER = 20
LONGEST = 200


@csrf_exempt
@require_GET
@of_cashier
async def sales(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Sales of any store that a cashier may mean: by a name (`q`), or a member's latest."""
    member = request.GET.get("member", "")
    async with of_program(caller) as connection:
        money = (await versions().in_force(connection, caller.program_id)).program.currency
        if member:
            holder = await find_member(connection, caller.program_id, _id(member))
            if holder is None:
                raise no_such_member()
            place = Place(caller.program_id, holder.shard)
            found = await sales_of_member(connection, place, holder.id, most=MOST_OF_MEMBER)
        else:
            text = request.GET.get("q", "")[:LONGEST]
            found = await sales_called(connection, caller.program_id, text) if text.strip() else []
    return JsonResponse({"data": [_glimpse(each, money) for each in found]})


@csrf_exempt
@require_GET
@of_cashier
async def sale(_request: HttpRequest, caller: Caller, sale_id: UUID) -> HttpResponse:
    """A sale by its lines, with what is left of each."""
    return JsonResponse(_told(await _found(caller, sale_id)))


@csrf_exempt
@require_POST
@of_cashier
async def back_to_cards(_request: HttpRequest, caller: Caller, sale_id: UUID) -> HttpResponse:
    """Give gift cards what they paid of goods that came back; again gives nothing more."""
    found = await _found(caller, sale_id)
    due = found.due_to_cards
    for payment in found.payments:
        amount = min(due, payment.left)
        if not amount:
            continue
        body = RefundBody(
            # What went back before names the next step: two who ask at once ask for the same.
            external_id=f"{payment.charge_id}/{payment.back}",
            source=found.external_id or "",
            amount=Decimal(found.currency.decimal(amount)),
            charge=str(payment.charge_id),
        )
        await refund_card(
            database().posting, caller.program_id, payment.code, body,
            id=new_id(), now=datetime.now(UTC),
        )  # fmt: skip
        due -= amount
    return JsonResponse(_told(await _found(caller, sale_id)))


async def _found(caller: Caller, sale_id: UUID) -> FoundSale:
    async with of_program(caller) as connection:
        published = await versions().in_force(connection, caller.program_id)
        found = await found_sale(connection, versions(), published, sale_id)
    if found is None:
        raise NotFound(N_("There is no such sale in this program."))
    return found


def _glimpse(sale: SaleGlimpse, money: Currency) -> dict[str, Any]:
    return {
        "id": sale.id,
        "external_id": sale.external_id,
        "at": sale.at,
        "store": sale.store,
        "gross": money.decimal(sale.gross),
        "status": sale.status,
        "member": sale.member_name,
    }


def _told(sale: FoundSale) -> dict[str, Any]:
    money = sale.currency.decimal
    return {
        "id": sale.id,
        "external_id": sale.external_id,
        "at": sale.at,
        "store": sale.store,
        "status": sale.status,
        "member": sale.member_name,
        "currency": sale.currency.code,
        "decimals": sale.currency.decimals,
        "gross": money(sale.total),
        "left": money(sale.left),
        "lines": [
            {
                "name": line.name,
                "quantity": line.quantity,
                "left": line.left,
                "amount": money(line.value),
            }
            for line in sale.lines
        ],
        "cards": [_card(payment, sale.currency) for payment in sale.payments],
        "due_to_cards": money(sale.due_to_cards),
    }


def _card(payment: CardPayment, money: Currency) -> dict[str, Any]:
    """What a card paid; its code pays, so that only its end is told."""
    return {
        "ends": payment.code[-4:],
        "paid": money.decimal(payment.paid),
        "back": money.decimal(payment.back),
    }


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise no_such_member() from None
