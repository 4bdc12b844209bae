"""Operations about gift cards."""

from __future__ import annotations

from fiel.api.answers import Answer, created, ok
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import gift_cards as schemas
from fiel.api.telling import Told, told_time
from fiel.intake.contents.gift_cards import ChargeBody, GiftCardBody, RefundBody
from fiel.intake.gift_cards import charge_card, issue_card, refund_card
from fiel.rewards.gift_cards import Entry, GiftCard, entries_of, find_gift_card
from fiel.staff.keys import Scope

ENTRIES_TOLD = 100


async def issue_a_gift_card(call: Call, body: GiftCardBody) -> Answer:
    """Issue a gift card; a repeat is answered 200 with the same card."""
    card, was_there = await issue_card(
        call.house.posting, call.published, body, id=call.id_to_make(), now=call.now
    )
    told = _told(call, card, [])
    return ok(told) if was_there else created(told)


async def read_gift_card(call: Call, code: str) -> Answer:
    """A gift card with its balance and its latest entries, newest first."""
    async with call.reading() as connection:
        card = await find_gift_card(connection, call.program_id, code)
        entries = await entries_of(connection, call.program_id, card, limit=ENTRIES_TOLD)
    return ok(_told(call, card, entries))


async def charge_a_gift_card(call: Call, code: str, body: ChargeBody) -> Answer:
    """Pay with a gift card, all of it or a part; a repeat is answered 200 with the same answer."""
    card, entry, was_there = await charge_card(
        call.house.posting, call.program_id, code, body, id=call.id_to_make(), now=call.now
    )
    told = _told_payment(card, entry)
    return ok(told) if was_there else created(told)


async def refund_a_gift_card(call: Call, code: str, body: RefundBody) -> Answer:
    """Give money back to the card that paid; a repeat is answered 200 with the same answer."""
    card, entry, was_there = await refund_card(
        call.house.posting, call.program_id, code, body, id=call.id_to_make(), now=call.now
    )
    told = _told_payment(card, entry)
    return ok(told) if was_there else created(told)


def _told(call: Call, card: GiftCard, entries: list[Entry]) -> Told:
    money = card.currency.decimal
    return {
        "id": card.id,
        "code": card.code,
        "kind": card.kind,
        "tax_rate": None if card.tax_rate is None else format(card.tax_rate, "f"),
        "status": _status(call, card),
        "currency": card.currency_code,
        "amount": money(card.issued),
        "balance": money(card.balance),
        "member": card.member_id,
        "issued_at": told_time(card.made_at),
        "expires_at": told_time(card.ends_at),
        "entries": [_told_entry(card, entry) for entry in entries],
    }


def _status(call: Call, card: GiftCard) -> str:
    if card.cancelled_at is not None:
        return "cancelled"
    return "expired" if card.ends_at is not None and call.now >= card.ends_at else "active"


def _told_entry(card: GiftCard, entry: Entry) -> Told:
    money = card.currency.decimal
    return {
        "id": entry.id,
        "kind": entry.kind,
        "amount": money(entry.amount),
        "balance": money(entry.balance),
        "external_id": entry.external_id,
        "source": entry.source,
        "charge": entry.about,
        "sale": entry.sale_id,
        "recorded_at": told_time(entry.recorded_at),
    }


def _told_payment(card: GiftCard, entry: Entry) -> Told:
    return {**_told_entry(card, entry), "code": card.code, "currency": card.currency_code}


_TILL = Manner(Scope.TILL, writes=True)
OFFERS = (
    Offer(
        "POST", "/gift-cards", issue_a_gift_card, _TILL, "Issue a gift card", schemas.GiftCard, 201,
        also=(200,), refusals=(404,), tag="gift cards",
    ),
    Offer(
        "GET", "/gift-cards/{code}", read_gift_card, Manner(Scope.READ), "Read a gift card",
        schemas.GiftCard, refusals=(404,), tag="gift cards",
    ),
    Offer(
        "POST", "/gift-cards/{code}/charge", charge_a_gift_card, _TILL, "Pay with a gift card",
        schemas.GiftCardPayment, 201, also=(200,), refusals=(404,), tag="gift cards",
    ),
    Offer(
        "POST", "/gift-cards/{code}/refund", refund_a_gift_card, _TILL,
        "Give money back to a gift card", schemas.GiftCardPayment, 201, also=(200,),
        refusals=(404,), tag="gift cards",
    ),
)  # fmt: skip
