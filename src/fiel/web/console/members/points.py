"""Give and take points by hand, redeem for a member, and undo a redemption."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib.messages import WARNING
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.refusal import Refusal
from fiel.domain.telling import points_text
from fiel.insights.member_page.belongings import Teller
from fiel.insights.member_page.offers import offers_for_member
from fiel.insights.naming import unit_name
from fiel.intake.adjusting import adjust_points
from fiel.intake.contents.adjustments import AdjustmentBody
from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.redeeming import redeem
from fiel.intake.redeeming_changes import Asking, cancel_redemption
from fiel.intake.redeeming_ends import expire_redemption
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.members.records import Member
from fiel.rewards.handing_over import used_elsewhere
from fiel.rewards.redemptions import Redemption, redemption_by_id
from fiel.staff.approvals import ApprovalKind, Asker, Wanted, ask_for
from fiel.staff.policy import staff_policy
from fiel.staff.roles import Right
from fiel.web.console.members.forms import AdjustForm, RedeemForm
from fiel.web.console.members.story import existing_member, name_of
from fiel.web.console.offers.telling import who
from fiel.web.ui.once import request_id
from fiel.web.ui.visit import Visit, console_page


@console_page(Right.ADJUST_POINTS)
async def adjust(visit: Visit, member_id: UUID) -> HttpResponse:
    """Give or take points; more than the role may, another person has to approve."""
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, member_id)
        policy = await staff_policy(connection, visit.program_id)
    units = [(unit, unit_name(visit.program, unit, visit.language)) for unit in visit.program.units]
    limits = [
        points_text(limit, unit, visit.program, visit.language)
        for unit, _name in units
        if (limit := policy.limit(visit.role, unit)) is not None
    ]
    shown = {"member": found, "name": name_of(found), "limits": limits}
    if visit.request.method != "POST":
        form = AdjustForm(units=units)
        return visit.page("console/members/adjust.html", shown | {"form": form})
    form = AdjustForm(visit.request.POST, units=units)
    if form.is_valid():
        waits = policy.needs_approval(visit.role, form.cleaned_data["unit"], form.signed)
        try:
            await (_ask(visit, found, form) if waits else _adjust(visit, found, form))
        except Refusal as refusal:
            form.blame(visit.problem(refusal), visit.field_problems(refusal))
        else:
            visit.say(
                _("That is more than you may do alone: it waits for another person to approve it.")
                if waits
                else _("Done. It stands in the history with your name and the reason.")
            )
            return visit.back("member", found.id)
    return visit.page("console/members/adjust.html", shown | {"form": form}, status=422)


def _content(visit: Visit, found: Member, form: AdjustForm) -> dict[str, object]:
    told = form.cleaned_data
    content: dict[str, object] = {
        "member": str(found.id),
        "unit": told["unit"],
        "points": form.signed,
        "reason": told["reason"].strip(),
    }
    if told["expires"] and form.signed > 0:
        midnight = datetime.combine(
            told["expires"] + timedelta(days=1), time(), visit.program.timezone
        )
        content["expires_at"] = midnight.isoformat()
    return content


async def _adjust(visit: Visit, found: Member, form: AdjustForm) -> None:
    content = _content(visit, found, form)
    done = await adjust_points(
        visit.lend,
        visit.versions,
        visit.program_id,
        AdjustmentBody.model_validate(content),
        request_id=form.once,
        author=str(visit.user),
        now=visit.now,
    )
    if not done.repeated:
        about = f"member:{found.id}"
        await visit.note("points.adjusted", about=about, unit=content["unit"], points=form.signed)


async def _ask(visit: Visit, found: Member, form: AdjustForm) -> None:
    content = _content(visit, found, form)
    about = f"member:{found.id}"
    wanted = Wanted(
        ApprovalKind.ADJUSTMENT,
        about,
        content,
        unit=str(content["unit"]),
        points=form.signed,
        reason=str(content["reason"]),
    )
    asker = Asker(visit.user.id, str(visit.user))
    async with visit.connect() as connection, program_transaction(connection, visit.program_id):
        is_new = await ask_for(
            connection, visit.program_id, wanted,
            request_id=form.once, asked_by=asker, now=visit.now,
        )  # fmt: skip
    if is_new:
        await visit.note("points.asked_for", about=about, unit=content["unit"], points=form.signed)


@console_page(Right.ADJUST_POINTS)
async def redeem_for(visit: Visit, member_id: UUID) -> HttpResponse:
    """Redeem a reward for a member who asks for it."""
    form = RedeemForm(visit.request.POST or None)
    problem = ""
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, member_id)
    if visit.request.method == "POST" and not form.is_valid():
        problem = _("Choose a reward, and how many of it.")
    elif visit.request.method == "POST":
        try:
            redemption_id = await _redeem(visit, found, form)
        except Refusal as refusal:
            problem = visit.problem(refusal)
        else:
            visit.say(_("Redeemed. Give the member the code, or hand the reward over."))
            return visit.back("redemption", redemption_id)
    async with visit.reading() as connection:
        offers = await offers_for_member(
            connection,
            visit.program_id,
            visit.program,
            found.id,
            now=visit.now,
            language=visit.language,
        )
    return visit.page(
        "console/members/redeem.html",
        {
            "member": found,
            "name": name_of(found),
            "offers": offers,
            "request_id": new_id(),
            "problem": problem,
        },
        status=422 if visit.request.method == "POST" else 200,
    )


async def _redeem(visit: Visit, found: Member, form: RedeemForm) -> UUID:
    told = form.cleaned_data
    content = {
        "member": str(found.id),
        "reward": told["reward"],
        "quantity": told["quantity"],
        "capture": True,
    }
    done = await redeem(
        visit.lend,
        visit.versions,
        visit.program_id,
        RedemptionBody.model_validate(content),
        request_id=form.once,
        author=str(visit.user),
        now=visit.now,
    )
    redemption_id = UUID(done.recorded.decision["redemption"]["id"])
    if not done.repeated:
        await visit.note("reward.redeemed", about=f"member:{found.id}", reward=told["reward"])
    return redemption_id


@console_page(Right.SEE_MEMBERS)
async def redemption(visit: Visit, redemption_id: UUID) -> HttpResponse:
    """A redemption: what was redeemed, by whom, what became of it."""
    row = await _redemption(visit, redemption_id)
    if row.due_at is not None and row.due_at <= visit.now:
        # Its time is over: that is booked before it is told.
        await expire_redemption(
            visit.lend, visit.versions, visit.program_id, redemption_id, now=visit.now
        )
        row = await _redemption(visit, redemption_id)
    assert visit.published is not None, "what was redeemed is of a program in force"
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, row.member_id)
        used = await used_elsewhere(connection, visit.program_id, [row])
        teller = Teller(connection, visit.versions, visit.published, visit.language)
        had = await teller.had(row, used=row.id in used, now=visit.now)
    return visit.page(
        "console/members/redemption.html",
        {
            "row": row,
            "had": had,
            "author": who(row.author),
            "member": found,
            "name": name_of(found),
            "may_cancel": visit.may(Right.ADJUST_POINTS)
            and had.status in ("held", "captured", "used")
            and row.sale_id is None,
        },
    )


@require_POST
@console_page(Right.ADJUST_POINTS)
async def cancel(visit: Visit, redemption_id: UUID) -> HttpResponse:
    """Undo a redemption; what was used is undone only by who may approve adjustments."""
    row = await _redemption(visit, redemption_id)
    once = request_id(visit.request)
    asking = Asking(visit.program_id, redemption_id, once, str(visit.user), visit.now)
    try:
        done = await cancel_redemption(
            visit.lend,
            visit.versions,
            asking,
            may_cancel_used=visit.may(Right.APPROVE_ADJUSTMENTS),
        )
    except Refusal as refusal:
        visit.say(visit.problem(refusal), WARNING)
    else:
        visit.say(_("Cancelled. The points are back where they came from."))
        if not done.repeated:
            about = f"member:{row.member_id}"
            await visit.note("redemption.cancelled", about=about, redemption=str(redemption_id))
    return visit.back("redemption", redemption_id)


async def _redemption(visit: Visit, redemption_id: UUID) -> Redemption:
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    async with visit.reading() as connection:
        row = await redemption_by_id(connection, visit.program_id, redemption_id)
    if row is None:
        raise Http404
    return row
