"""Approvals: what is too large for one person, and waits for a second."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.language import N_, money_text, number_text, say
from fiel.domain.money import currency
from fiel.domain.refusal import Refusal
from fiel.insights.naming import unit_name
from fiel.intake.approved import approve_and_do
from fiel.ledger.scope import program_transaction
from fiel.staff.approvals import (
    CLOSED,
    OPEN,
    Approval,
    ApprovalKind,
    ApprovalState,
    Asker,
    approval_named,
    approvals_of,
    refuse,
)
from fiel.staff.roles import Right
from fiel.web.ui.navigation import url_of
from fiel.web.ui.visit import Visit, console_page

_STATES = {
    ApprovalState.WAITING: (N_("Waiting"), "yellow"),
    ApprovalState.APPROVED: (N_("Approved, not done yet"), "yellow"),
    ApprovalState.DONE: (N_("Done"), "green"),
    ApprovalState.FAILED: (N_("Could not be done"), "red"),
    ApprovalState.REFUSED: (N_("Refused"), "secondary"),
}
_MONEY = {
    ApprovalKind.CARD_ISSUE: N_("A gift card of {amount}"),
    ApprovalKind.CARD_CHARGE: N_("{amount} off a gift card"),
}
_FAILURES = {
    "insufficient_points": N_("The member had fewer points by then."),
    "not_found": N_("The member was not there any more."),
    "insufficient_balance": N_("The card had less by then."),
    "gift_card_expired": N_("The card's time was over by then."),
    "external_id_reused": N_("The number belonged to something else by then."),
}


@console_page(None)
async def approvals(visit: Visit) -> HttpResponse:
    """What waits, and what became of the rest; who only asks sees what she asked for."""
    asks = visit.may(Right.ADJUST_POINTS) or visit.may(Right.MANAGE_CODES)
    if not (visit.may(Right.APPROVE_ADJUSTMENTS) or asks):
        return visit.page("ui/forbidden.html", status=403)
    async with visit.reading() as connection:
        waiting = await approvals_of(connection, visit.program_id, OPEN)
        closed = await approvals_of(connection, visit.program_id, CLOSED, limit=50)
    shown = {
        "waiting": [_told(visit, each) for each in _seen(visit, waiting)],
        "closed": [_told(visit, each) for each in _seen(visit, closed)],
        "may_decide": visit.may(Right.APPROVE_ADJUSTMENTS),
    }
    return visit.page("console/staff/approvals.html", shown)


@require_POST
@console_page(Right.APPROVE_ADJUSTMENTS)
async def approve(visit: Visit, approval_id: UUID) -> HttpResponse:
    """Agree, and let it be done."""
    try:
        done = await approve_and_do(
            visit.lend,
            visit.versions,
            visit.program_id,
            approval_id,
            by=_asker(visit),
            now=visit.now,
        )
    except Refusal as refusal:
        visit.say(visit.problem(refusal), messages.ERROR)
        return visit.back("approvals")
    outcome = str(done.state)
    if done.kind is ApprovalKind.ADJUSTMENT:
        await visit.note("adjustment.approved", done.about, **_details(done), outcome=outcome)
    else:
        await visit.note("gift_card.approved", done.about, **_details(done), outcome=outcome)
    if done.state is ApprovalState.FAILED:
        visit.say(_failure(visit, done.note), messages.ERROR)
    elif done.kind is ApprovalKind.ADJUSTMENT:
        visit.say(_("Approved: the points are booked."))
    else:
        visit.say(_("Approved: it is booked."))
    return visit.back("approvals")


@require_POST
@console_page(None)
async def decline(visit: Visit, approval_id: UUID) -> HttpResponse:
    """Say no; who asked may take her own request back."""
    try:
        async with (
            visit.connect() as connection,
            program_transaction(connection, visit.program_id),
        ):
            asked = await approval_named(connection, visit.program_id, approval_id)
            own = asked.asked_by == visit.user.id
            if not (own or visit.may(Right.APPROVE_ADJUSTMENTS)):
                return visit.page("ui/forbidden.html", status=403)
            note = visit.request.POST.get("note", "").strip()[:500]
            await refuse(
                connection, visit.program_id, approval_id,
                by=_asker(visit), note=note, now=visit.wall,
            )  # fmt: skip
    except Refusal as refusal:
        visit.say(visit.problem(refusal), messages.ERROR)
        return visit.back("approvals")
    if asked.kind is ApprovalKind.ADJUSTMENT:
        await visit.note("adjustment.refused", asked.about, **_details(asked), note=note)
    else:
        await visit.note("gift_card.refused", asked.about, **_details(asked), note=note)
    visit.say(_("Refused: nothing was booked."))
    return visit.back("approvals")


def _details(approval: Approval) -> dict[str, object]:
    """What was asked for, as the audit trail keeps it: money as it is told of cards."""
    by: dict[str, object] = {"asked_by": approval.asked_by_name}
    if approval.kind is ApprovalKind.ADJUSTMENT:
        return {"points": approval.points, "unit": approval.unit} | by
    return {"amount": currency(approval.unit).decimal(approval.points), "kind": approval.kind} | by


def _asker(visit: Visit) -> Asker:
    return Asker(visit.user.id, str(visit.user))


def _seen(visit: Visit, all_: list[Approval]) -> list[Approval]:
    if visit.may(Right.APPROVE_ADJUSTMENTS):
        return all_
    return [each for each in all_ if each.asked_by == visit.user.id]


def _told(visit: Visit, approval: Approval) -> dict[str, object]:
    """An approval as the page tells of it."""
    text, colour = _STATES[approval.state]
    kind, _separator, id_ = approval.about.partition(":")
    failed = approval.state is ApprovalState.FAILED
    return {
        "approval": approval,
        "state": _(text),
        "colour": colour,
        "what": _what(visit, approval),
        "own": approval.asked_by == visit.user.id,
        "note": _failure(visit, approval.note) if failed else approval.note,
        "member_url": visit.address("member", id_) if _has_page(visit, kind) else "",
        "card_url": visit.address("gift-card", id_) if _has_card(visit, approval) else "",
    }


def _what(visit: Visit, approval: Approval) -> str:
    """What is asked for, with its amount."""
    language = visit.language
    if (text := _MONEY.get(approval.kind)) is not None:
        amount = money_text(language, currency(approval.unit), approval.points)
        return say(language, text, amount=amount)
    sign = "+" if approval.points > 0 else ""
    program = visit.published.program if visit.published else None
    unit = unit_name(program, approval.unit, language) if program else approval.unit
    return f"{sign}{number_text(language, approval.points)} {unit}"


def _has_card(visit: Visit, approval: Approval) -> bool:
    """Whether there is a card to look at: one that is to be issued comes with the approval."""
    if approval.kind is ApprovalKind.CARD_ISSUE and approval.state is not ApprovalState.DONE:
        return False
    return approval.kind is not ApprovalKind.ADJUSTMENT and visit.may(Right.SEE_OFFERS)


def _has_page(visit: Visit, kind: str) -> bool:
    return kind == "member" and visit.may(Right.SEE_MEMBERS) and bool(url_of("members", visit.slug))


def _failure(visit: Visit, code: str) -> str:
    known = _FAILURES.get(code)
    return say(visit.language, known) if known else f"{_('It could not be booked.')} ({code})"
