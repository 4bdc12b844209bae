"""Rewards: what there is, getting one, and what to show at the till."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.redeeming import Status
from fiel.domain.refusal import Refusal
from fiel.insights.member_page.belongings import Had, belongings_of_member, redemption_of_member
from fiel.insights.member_page.offers import offers_for_member
from fiel.insights.member_page.standing import standing_of_member
from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.redeeming import redeem
from fiel.intake.redeeming_changes import Asking, cancel_redemption, capture_redemption
from fiel.ledger.ids import new_id
from fiel.web.doors import versions
from fiel.web.portal.guest import Guest, member_page
from fiel.web.ui.qr import qr_svg

SOURCE = "portal"
HOLD_MINUTES = 20


@member_page
async def rewards(guest: Guest) -> HttpResponse:
    """All that there is, what can be had first."""
    async with guest.reading() as connection:
        offers = await offers_for_member(
            connection, guest.program_id, guest.program, guest.member.id,
            now=guest.now, language=guest.language,
        )  # fmt: skip
        standing = await standing_of_member(
            connection, guest.program, guest.member, guest.place,
            now=guest.now, language=guest.language,
        )  # fmt: skip
    context = {
        "offers": [(offer, new_id()) for offer in offers],
        "units": [unit for unit in standing.units if unit.available] or standing.units[:1],
    }
    return guest.page("portal/rewards.html", context)


@member_page
async def wallet(guest: Guest) -> HttpResponse:
    """What is in hand: what was redeemed, gift cards, coupons; and what there was."""
    async with guest.reading() as connection:
        belongings = await belongings_of_member(
            connection, versions(), guest.published, guest.member,
            now=guest.now, language=guest.language,
        )  # fmt: skip
    return guest.page("portal/wallet.html", {"belongings": belongings})


@require_POST
@member_page
async def get(guest: Guest, reward: str) -> HttpResponse:
    """Set a reward aside, to be shown at the till; asked twice, it is one."""
    try:
        asked = UUID(guest.request.POST.get("request", ""))
    except ValueError:
        return guest.back("rewards")
    if reward not in guest.program.rewards:
        raise Http404
    told = {
        "external_id": str(asked),
        "source": SOURCE,
        "member": str(guest.member.id),
        "reward": reward,
        "hold_minutes": HOLD_MINUTES,
    }
    body = RedemptionBody.model_validate(told)
    try:
        done = await redeem(
            guest.lend, versions(), guest.program_id, body,
            request_id=new_id(), author=_author(guest), now=guest.now,
        )  # fmt: skip
    except Refusal as refused:
        guest.say(guest.problem(refused), messages.WARNING)
        return guest.back("rewards")
    return guest.back("redemption", done.recorded.decision["redemption"]["id"])


@member_page
async def redemption(guest: Guest, redemption_id: UUID) -> HttpResponse:
    """What to show at the till; how it stands, for a page that waits for it, as JSON."""
    had = await _had(guest, redemption_id)
    if guest.request.headers.get("accept") == "application/json":
        return JsonResponse({"status": had.status}, headers={"Cache-Control": "no-store"})
    shown = _to_scan(had)
    left = max(0, int((had.hold_until - guest.now).total_seconds())) if had.hold_until else 0
    context = {
        "had": had,
        "qr": qr_svg(shown) if shown else "",
        "seconds_left": left if had.status is Status.HELD else 0,
        "is_held": had.status is Status.HELD,
        "is_ready": had.status is Status.CAPTURED,
        "is_used": had.status is Status.USED,
    }
    return guest.page("portal/redemption.html", context)


@require_POST
@member_page
async def take(guest: Guest, redemption_id: UUID) -> HttpResponse:
    """Take what was set aside for good, without a till: its code can be used in the shop online."""
    had = await _had(guest, redemption_id)
    if not had.shows_code:
        return guest.back("redemption", redemption_id)
    return await _changed(guest, redemption_id, take_it=True)


@require_POST
@member_page
async def give_back(guest: Guest, redemption_id: UUID) -> HttpResponse:
    """Let go of what was set aside; the points come back."""
    had = await _had(guest, redemption_id)
    if had.status is not Status.HELD:
        guest.say(_("It cannot be cancelled here any more. Ask in the shop."), messages.WARNING)
        return guest.back("redemption", redemption_id)
    return await _changed(guest, redemption_id, take_it=False)


async def _changed(guest: Guest, redemption_id: UUID, *, take_it: bool) -> HttpResponse:
    asking = Asking(guest.program_id, redemption_id, new_id(), _author(guest), guest.now)
    try:
        if take_it:
            await capture_redemption(guest.lend, versions(), asking)
        else:
            await cancel_redemption(guest.lend, versions(), asking, may_cancel_used=False)
            guest.say(_("Cancelled. Your points are back."))
    except Refusal as refused:
        guest.say(guest.problem(refused), messages.WARNING)
    return guest.back("redemption", redemption_id) if take_it else guest.back("rewards")


async def _had(guest: Guest, redemption_id: UUID) -> Had:
    async with guest.reading() as connection:
        ids = frozenset(await guest.ids(connection))
        found = await redemption_of_member(
            connection, versions(), guest.published, ids, redemption_id,
            now=guest.now, language=guest.language,
        )  # fmt: skip
    if found is None:
        raise Http404
    return found


def _to_scan(had: Had) -> str:
    """What the till reads: of what is set aside its id, of what is paid its code."""
    if had.status is Status.HELD:
        return f"fiel:redemption:{had.id}"
    return had.code if had.status is Status.CAPTURED else ""


def _author(guest: Guest) -> str:
    return f"member {guest.member.id}"
