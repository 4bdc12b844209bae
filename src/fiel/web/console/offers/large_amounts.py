"""What is too large for one person to put on a gift card, or to take off one."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from fiel.domain.language import money_text
from fiel.domain.money import Currency
from fiel.intake.contents.gift_cards import ChargeBody, GiftCardBody
from fiel.ledger.scope import program_transaction
from fiel.rewards.gift_cards import GiftCard
from fiel.staff.approvals import ApprovalKind, Asker, Wanted, ask_for
from fiel.staff.policy import staff_policy
from fiel.staff.roles import Right
from fiel.web.console.offers.forms import CardForm, ChargeForm
from fiel.web.ui.visit import Visit


async def limit_text(visit: Visit) -> str:
    """The most that the person moves alone; empty for whoever may any amount, or none."""
    if not visit.may(Right.MANAGE_CODES) or visit.published is None:
        return ""
    async with visit.reading() as connection:
        policy = await staff_policy(connection, visit.program_id)
    limit = policy.card_limits.get(visit.role)
    return "" if limit is None else money_text(visit.language, visit.program.currency, limit)


async def needs_approval(visit: Visit, amount: int) -> bool:
    """Whether an amount in minor units is too large for the person."""
    async with visit.reading() as connection:
        policy = await staff_policy(connection, visit.program_id)
    return policy.card_needs_approval(visit.role, amount)


def issue_wanted(form: CardForm, body: GiftCardBody, amount: int, money: Currency) -> Wanted:
    """A card to be issued: it will bear the id of the request."""
    about = f"gift_card:{form.once}"
    content = body.model_dump(mode="json", exclude_none=True)
    reason = form.cleaned_data["reason"].strip()
    return Wanted(ApprovalKind.CARD_ISSUE, about, content, money.code, amount, reason)


def charge_wanted(form: ChargeForm, body: ChargeBody, amount: int, card: GiftCard) -> Wanted:
    """Money that a card is to pay; its code, which is money too, is not written down."""
    content = body.model_dump(mode="json", exclude_none=True)
    reason = form.cleaned_data["reason"].strip()
    return Wanted(
        ApprovalKind.CARD_CHARGE,
        f"gift_card:{card.id}",
        content,
        card.currency_code,
        amount,
        reason,
    )


async def ask_for_approval(visit: Visit, wanted: Wanted, request_id: UUID) -> None:
    """Let it wait for another person, once however often the form is sent."""
    asker = Asker(visit.user.id, str(visit.user))
    async with visit.connect() as connection, program_transaction(connection, visit.program_id):
        is_new = await ask_for(
            connection, visit.program_id, wanted,
            request_id=request_id, asked_by=asker, now=visit.now,
        )  # fmt: skip
    if is_new:
        await visit.note(
            "gift_card.asked_for", wanted.about, kind=wanted.kind, amount=wanted.content["amount"]
        )
    visit.say(_("That is more than you may do alone: it waits for another person to approve it."))
