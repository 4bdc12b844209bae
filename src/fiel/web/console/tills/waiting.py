"""What tills handed over and a manager is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.language import N_, number_text
from fiel.domain.redeeming import Status
from fiel.domain.refusal import Refusal
from fiel.insights.naming import reward_name, unit_name
from fiel.intake.queued import Queued, queued_redemptions
from fiel.intake.redeeming_changes import Asking, cancel_redemption
from fiel.intake.redeeming_offline import approve_redemption
from fiel.rewards.redemptions import Redemption, redemption_by_id
from fiel.staff.roles import Right
from fiel.web.console.tills.frame import in_reach
from fiel.web.ui.once import request_id
from fiel.web.ui.visit import Visit, console_page

_WHY = {
    "insufficient_points": N_("The member would owe more than a till may grant."),
    "out_of_stock": N_("None was left."),
    "budget_exhausted": N_("The reward's budget was used up."),
    "limit_reached": N_("The member had had as many as the program gives."),
    "not_eligible": N_("The member does not meet the reward's conditions."),
    "cashier_limit": N_("It went beyond what the cashier may redeem in a day."),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One that waits, in words."""

    queued: Queued
    reward: str
    price: str
    why: str
    member_url: str


@console_page(Right.MANAGE_TILLS)
async def waiting(visit: Visit) -> HttpResponse:
    """What was handed over without a network and went too far."""
    async with visit.reading() as connection:
        found = await queued_redemptions(connection, visit.program_id)
    mine = [_shown(visit, each) for each in found if in_reach(visit, each.store)]
    return visit.page("console/tills/waiting.html", {"tab": "waiting", "waiting": mine})


@require_POST
@console_page(Right.MANAGE_TILLS)
async def approve(visit: Visit, redemption_id: UUID) -> HttpResponse:
    """Grant it; what the member lacks is owed."""
    row = await _handed_over(visit, redemption_id)
    try:
        done = await approve_redemption(visit.lend, visit.versions, _asking(visit, redemption_id))
    except Refusal as refusal:
        visit.say(visit.problem(refusal), messages.ERROR)
    else:
        if not done.repeated:
            await visit.note("redemption.approved", f"member:{row.member_id}", reward=row.reward)
        visit.say(_("Approved: what the member lacked is owed."))
    return visit.back("tills-waiting")


@require_POST
@console_page(Right.MANAGE_TILLS)
async def refuse(visit: Visit, redemption_id: UUID) -> HttpResponse:
    """Turn it down: nothing is taken from the member."""
    row = await _handed_over(visit, redemption_id)
    if row.status not in (Status.QUEUED, Status.CANCELLED):
        raise Http404  # what counted is undone where the whole of it is shown
    try:
        done = await cancel_redemption(
            visit.lend, visit.versions, _asking(visit, redemption_id), may_cancel_used=True
        )
    except Refusal as refusal:
        visit.say(visit.problem(refusal), messages.ERROR)
    else:
        if not done.repeated:
            await visit.note("redemption.refused", f"member:{row.member_id}", reward=row.reward)
        visit.say(_("Turned down: nothing was taken from the member."))
    return visit.back("tills-waiting")


async def _handed_over(visit: Visit, redemption_id: UUID) -> Redemption:
    """What waits, or was decided on a moment ago by the same form."""
    async with visit.reading() as connection:
        row = await redemption_by_id(connection, visit.program_id, redemption_id)
    if row is None or not in_reach(visit, row.store):
        raise Http404
    return row


def _asking(visit: Visit, redemption_id: UUID) -> Asking:
    once = request_id(visit.request)
    return Asking(visit.program_id, redemption_id, once, f"user {visit.user.id}", visit.now)


def _shown(visit: Visit, queued: Queued) -> Shown:
    program, language = visit.program, visit.language
    price = " + ".join(
        f"{number_text(language, points)} {unit_name(program, unit, language)}"
        for unit, points in queued.price.items()
    )
    return Shown(
        queued,
        reward_name(program, queued.reward, language),
        price,
        _(_WHY.get(queued.why, N_("It could not be had."))),
        visit.address("member", queued.member_id),
    )
