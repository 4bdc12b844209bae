"""The pages of gift cards: what is owed on them, each card's movements, and money that moves."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.refusal import NotFound, Refusal
from fiel.insights.member_story.story import names_of
from fiel.intake.contents.gift_cards import ChargeBody, GiftCardBody, RefundBody
from fiel.intake.gift_cards import (
    amount_of_card,
    charge_card,
    issue_card,
    minor_amount,
    refund_card,
)
from fiel.rewards.card_lists import card_with, charges_of, latest_cards, owed_on_cards
from fiel.rewards.gift_cards import Entry, GiftCard, entries_of, find_gift_card
from fiel.staff.roles import Right
from fiel.web.console.offers.forms import CardForm, ChargeForm, RefundForm, body_of
from fiel.web.console.offers.large_amounts import (
    ask_for_approval,
    charge_wanted,
    issue_wanted,
    limit_text,
    needs_approval,
)
from fiel.web.console.offers.telling import has_ended, last_moment
from fiel.web.ui.lists import PAGE_SIZE, csv_response, page_number, page_of
from fiel.web.ui.visit import Visit, console_page

_MOST_ENTRIES = 100
_MOST_EXPORTED = 100_000
_SOON = timedelta(days=60)
_STATES = ("active", "empty", "expired", "cancelled")


@console_page(Right.SEE_OFFERS)
async def gift_cards(visit: Visit) -> HttpResponse:
    """The gift cards of a program, the newest first, and a place to look one up."""
    return await _cards(visit)


@console_page(Right.SEE_OFFERS)
async def owed(visit: Visit) -> HttpResponse:
    """The part of the page with what is owed on all cards."""
    async with visit.reading() as connection:
        found = await owed_on_cards(
            connection, visit.program_id, now=visit.now, soon=visit.now + _SOON
        )
    shown = {"owed": found, "is_read": True, "soon_days": _SOON.days}
    return visit.page("console/offers/gift_cards.html#owed", shown)


@require_POST
@console_page(Right.SEE_OFFERS)
async def look(visit: Visit) -> HttpResponse:
    """Lead to the card that bears a code; the code is money, so it stands in no address."""
    code = visit.request.POST.get("code", "").strip()[:100]
    try:
        async with visit.reading() as connection:
            card = await find_gift_card(connection, visit.program_id, code)
    except NotFound as refusal:
        return await _cards(visit, problem=visit.problem(refusal), status=404)
    return visit.back("gift-card", card.id)


@require_POST
@console_page(Right.MANAGE_CODES)
async def issue(visit: Visit) -> HttpResponse:
    """Issue a gift card."""
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    assert visit.published is not None, "a program in force is published"
    form = CardForm(visit.request.POST)
    if not form.is_valid():
        return await _cards(visit, form=form, status=422)
    told = form.cleaned_data
    try:
        body = body_of(
            GiftCardBody, amount=_text(told["amount"]), kind=told["kind"],
            tax_rate=_text(told["tax_rate"]),
            expires=told["expires"].isoformat() if told["expires"] else None,
            external_id=told["external_id"] or None,
        )  # fmt: skip
        amount = amount_of_card(visit.published, body, visit.now)
        if await needs_approval(visit, amount):
            wanted = issue_wanted(form, body, amount, visit.program.currency)
            await ask_for_approval(visit, wanted, form.once)
            return visit.back("gift-cards")
        card, was_there = await issue_card(
            visit.lend, visit.published, body, id=form.once, now=visit.now
        )
    except Refusal as refusal:
        form.blame(visit.problem(refusal), visit.field_problems(refusal))
        return await _cards(visit, form=form, status=422)
    if not was_there:
        await visit.note(
            "gift_card.issued",
            about=f"gift_card:{card.id}",
            amount=card.currency.decimal(card.issued),
        )
        visit.say(_("Issued. Give the customer the code; whoever has it can pay with it."))
    return visit.back("gift-card", card.id)


@console_page(Right.SEE_OFFERS)
async def gift_card(visit: Visit, card_id: UUID) -> HttpResponse:
    """A card: its balance, its end, and every movement."""
    return await _card(visit, card_id)


@require_POST
@console_page(Right.MANAGE_CODES)
async def charge(visit: Visit, card_id: UUID) -> HttpResponse:
    """Pay with a card."""
    form = ChargeForm(visit.request.POST)
    if not form.is_valid():
        return await _card(visit, card_id, charging=form)
    told, card = form.cleaned_data, await _found(visit, card_id)
    try:
        body = body_of(ChargeBody, amount=_text(told["amount"]),
                     external_id=told["external_id"] or None)  # fmt: skip
        amount = minor_amount(body.amount, card.currency)
        # What the card has not is refused at once, by the card itself.
        if amount <= card.balance and await needs_approval(visit, amount):
            await ask_for_approval(visit, charge_wanted(form, body, amount, card), form.once)
            return visit.back("gift-card", card_id)
        _after, entry, was_there = await charge_card(
            visit.lend, visit.program_id, card.code, body, id=form.once, now=visit.now
        )
    except Refusal as refusal:
        form.blame(visit.problem(refusal), visit.field_problems(refusal))
        return await _card(visit, card_id, charging=form)
    if not was_there:
        paid = card.currency.decimal(entry.amount)
        await visit.note("gift_card.charged", about=f"gift_card:{card.id}", amount=paid)
        visit.say(_("Paid. What is left stands below."))
    return visit.back("gift-card", card_id)


@require_POST
@console_page(Right.MANAGE_CODES)
async def refund(visit: Visit, card_id: UUID) -> HttpResponse:
    """Give money back to the card that paid."""
    card = await _found(visit, card_id)
    form = RefundForm(visit.request.POST).offer(await _charges(visit, card))
    if not form.is_valid():
        return await _card(visit, card_id, refunding=form)
    told = form.cleaned_data
    try:
        body = body_of(RefundBody, amount=_text(told["amount"]), charge=told["charge"] or None)
        _after, entry, was_there = await refund_card(
            visit.lend, visit.program_id, card.code, body, id=form.once, now=visit.now
        )
    except Refusal as refusal:
        form.blame(visit.problem(refusal), visit.field_problems(refusal))
        return await _card(visit, card_id, refunding=form)
    if not was_there:
        amount = card.currency.decimal(entry.amount)
        await visit.note("gift_card.refunded", about=f"gift_card:{card.id}", amount=amount)
        visit.say(_("The money is back on the card."))
    return visit.back("gift-card", card_id)


async def _cards(
    visit: Visit, *, form: CardForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    state = visit.request.GET.get("state", "")
    state = state if state in _STATES else ""
    if visit.request.GET.get("format") == "csv":
        return await _csv(visit, state)
    number = page_number(visit.request)
    async with visit.reading() as connection:
        cards = await latest_cards(
            connection, visit.program_id, state=state, now=visit.now,
            limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE,
        )  # fmt: skip
        people = [each.member_id for each in cards if each.member_id]
        names = await names_of(connection, visit.program_id, people)
    rows = [
        _row(visit, each, names.get(each.member_id, "") if each.member_id else "") for each in cards
    ]
    return visit.page(
        "console/offers/gift_cards.html",
        {
            "page": page_of(rows, number),
            "state": state,
            "form": form or CardForm(),
            "is_refused": form is not None,
            "problem": problem,
            "may_issue": visit.may(Right.MANAGE_CODES),
            "limit": await limit_text(visit),
            "sees_members": visit.may(Right.SEE_MEMBERS),
            "sees_accounts": visit.may(Right.SEE_ACCOUNTS),
        },
        status=status,
    )


async def _csv(visit: Visit, state: str) -> HttpResponse:
    """The cards as a file, without their codes: whoever has a code can pay with it."""
    async with visit.reading() as connection:
        cards = await latest_cards(
            connection, visit.program_id, state=state, now=visit.now, limit=_MOST_EXPORTED
        )
    await visit.note("gift_cards.exported", rows=len(cards))
    headings = ("id", "ends_with", "status", "currency", "amount", "balance", "issued_at",
                "expires_at")  # fmt: skip
    cells = (
        (each.id, each.code[-4:], _state(visit, each), each.currency_code,
         each.currency.decimal(each.issued), each.currency.decimal(each.balance),
         each.made_at.isoformat(), each.ends_at and each.ends_at.isoformat())
        for each in cards
    )  # fmt: skip
    return csv_response(f"{visit.slug}-gift-cards", headings, cells)


async def _card(
    visit: Visit,
    card_id: UUID,
    *,
    charging: ChargeForm | None = None,
    refunding: RefundForm | None = None,
) -> HttpResponse:
    card = await _found(visit, card_id)
    async with visit.reading() as connection:
        entries = await entries_of(connection, visit.program_id, card, limit=_MOST_ENTRIES)
        people = [card.member_id] if card.member_id else []
        names = await names_of(connection, visit.program_id, people)
    may = visit.may(Right.MANAGE_CODES)
    charges = _told_charges(card, [each for each in entries if each.kind == "charge"])
    row = _row(visit, card, names.get(card.member_id, "") if card.member_id else "")
    return visit.page(
        "console/offers/gift_card.html",
        {
            "card": row,
            "tax_rate": card.tax_rate,
            "code": card.code if may else "",
            "entries": entries,
            "charging": charging or ChargeForm(),
            "refunding": refunding or RefundForm().offer(charges),
            "may_charge": may and row["state"] == "active",
            "limit": await limit_text(visit),
            "may_refund": may and card.cancelled_at is None and card.charged > card.refunded,
            "sees_members": visit.may(Right.SEE_MEMBERS),
        },
        status=422 if charging or refunding else 200,
    )


async def _found(visit: Visit, card_id: UUID) -> GiftCard:
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    async with visit.reading() as connection:
        card = await card_with(connection, visit.program_id, card_id)
    if card is None:
        raise Http404
    return card


async def _charges(visit: Visit, card: GiftCard) -> list[tuple[str, str]]:
    async with visit.reading() as connection:
        charges = await charges_of(connection, visit.program_id, card.id, limit=_MOST_ENTRIES)
    return _told_charges(card, charges)


def _told_charges(card: GiftCard, charges: list[Entry]) -> list[tuple[str, str]]:
    return [(str(each.id), f"{card.currency.decimal(each.amount)} · {_named(each)}")
            for each in charges]  # fmt: skip


def _named(charge: Entry) -> str:
    return charge.external_id or charge.recorded_at.date().isoformat()


def _row(visit: Visit, card: GiftCard, member: str) -> dict[str, object]:
    return {
        "id": card.id,
        "end": card.code[-4:],
        "state": _state(visit, card),
        "currency": card.currency,
        "issued": card.issued,
        "balance": card.balance,
        "is_for_one_rate": card.kind == "single_purpose",
        "made_at": card.made_at,
        "ends_at": card.ends_at,
        "last_moment": last_moment(card.ends_at),
        "member_id": card.member_id,
        "member": member,
    }


def _state(visit: Visit, card: GiftCard) -> str:
    if card.cancelled_at is not None:
        return "cancelled"
    if has_ended(card.ends_at, visit.now):
        return "expired"
    return "active" if card.balance else "empty"


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")
