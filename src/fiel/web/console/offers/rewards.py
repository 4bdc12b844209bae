"""The pages of rewards: all of them, one of them, and the redemptions that wait for somebody."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.messages import WARNING
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.redeeming import Status, status_at
from fiel.domain.refusal import Refusal
from fiel.insights.member_story.story import names_of
from fiel.insights.naming import reward_name
from fiel.insights.offers.rewards import AllRewards, reward_figures
from fiel.intake.desk import Done
from fiel.intake.redeeming_changes import Asking, cancel_redemption, capture_redemption
from fiel.intake.redeeming_offline import approve_redemption
from fiel.ledger.scope import Connection
from fiel.programs.words.redeeming import reward_in_words
from fiel.programs.words.speaker import Speaker
from fiel.rewards.listing import WAITING, Asked, listed_redemptions, waiting_by_reward
from fiel.rewards.redemptions import Redemption, redemption_by_id
from fiel.rewards.stock import left_of_rewards
from fiel.staff.roles import Right
from fiel.web.console.offers.figures import Waited, wait_for
from fiel.web.console.offers.reward_rows import (
    Row,
    after_of,
    by_segment,
    by_tier,
    course,
    row_of,
)
from fiel.web.console.offers.telling import (
    edit_url,
    percent_of,
    state_name,
    states,
    today_of,
    who,
    without_name,
)
from fiel.web.ui.lists import PAGE_SIZE, PageOf, csv_response, page_number, page_of
from fiel.web.ui.once import request_id
from fiel.web.ui.visit import Visit, console_page

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns

_MOST_EXPORTED = 100_000


@console_page(Right.SEE_OFFERS)
async def rewards(visit: Visit) -> HttpResponse:
    """All rewards with what is left of them; how quickly they go comes by itself."""
    rows = await _rows(visit, None)
    if visit.request.GET.get("format") == "csv":
        waited = await _figures(visit)
        return _csv(visit, await _rows(visit, waited.found))
    return visit.page("console/offers/rewards.html", _listed(visit, rows, None))


@console_page(Right.SEE_OFFERS)
async def rewards_figures(visit: Visit) -> HttpResponse:
    """The list once more, with pace, cost and who takes what."""
    waited = await _figures(visit)
    rows = await _rows(visit, waited.found)
    return visit.page("console/offers/rewards.html#rows", _listed(visit, rows, waited))


def _listed(visit: Visit, rows: list[Row], waited: Waited[AllRewards] | None) -> dict[str, object]:
    found = waited.found if waited else None
    shown: dict[str, object] = {
        "rows": rows,
        "waited": waited,
        "waiting": sum(row.waiting for row in rows),
        "may_edit": visit.may(Right.SEE_PROGRAM),
    }
    if found is not None:
        cost = found.cost(visit.program)
        share = Fraction(100 * cost, found.margin) if found.margin and found.margin > 0 else None
        shown |= {
            "is_told": True,
            "taken": sum(each.taken for each in found.rewards.values()),
            "cost": cost,
            "of_margin": None if share is None else percent_of(share, visit.language),
            "is_margin_known": found.is_margin_known,
        }
    return shown


def _csv(visit: Visit, rows: list[Row]) -> HttpResponse:
    money = visit.program.currency.decimal
    headings = (
        "id", "name", "kind", "stock_left", "stock", "budget_left", "budget", "waiting", "taken",
        "gifts", "members", "cost", "gone_on",
    )  # fmt: skip
    cells = [
        (
            row.id, row.name, row.kind, row.stock and row.stock.left, row.stock and row.stock.whole,
            row.budget and money(row.budget.left), row.budget and money(row.budget.whole),
            row.waiting, row.told and row.told.taken, row.told and row.told.gifts,
            row.told and row.told.members,
            None if row.told is None or row.told.cost is None else money(row.told.cost),
            row.told and row.told.gone_on,
        )
        for row in rows
    ]  # fmt: skip
    return csv_response(f"{visit.slug}-rewards", headings, cells)


async def _rows(visit: Visit, found: AllRewards | None) -> list[Row]:
    program, speaker = visit.program, Speaker(visit.program, visit.language)
    async with visit.reading() as connection:
        left = await left_of_rewards(connection, visit.program_id, program.rewards)
        waiting = await waiting_by_reward(
            connection, visit.program_id, stores=visit.stores, now=visit.now
        )
    today = today_of(visit)
    return [
        row_of(reward, speaker, left[reward.id], waiting.get(reward.id, {}), found, today)
        for reward in program.rewards.values()
    ]


async def _figures(visit: Visit) -> Waited[AllRewards]:
    today = today_of(visit)

    def make(columns: Columns) -> AllRewards:
        return reward_figures(columns, today)

    return await wait_for(visit, "rewards", make)


@console_page(Right.SEE_OFFERS)
async def reward(visit: Visit, reward_id: str) -> HttpResponse:
    """One reward: what it is, what is left, and its redemptions."""
    found = visit.program.rewards.get(reward_id)
    status = _status(visit)
    asked = Asked(reward_id, [status] if status else (), visit.stores)
    if visit.request.GET.get("format") == "csv":
        return await _redemptions_csv(visit, asked)
    number = page_number(visit.request)
    async with visit.reading() as connection:
        page, listed = await _list(visit, connection, asked, number)
        if found is None and not page.rows:
            raise Http404
        left = await left_of_rewards(connection, visit.program_id, visit.program.rewards)
        waiting = await waiting_by_reward(
            connection, visit.program_id, stores=visit.stores, now=visit.now
        )
    speaker = Speaker(visit.program, visit.language)
    shown: dict[str, object] = {
        "reward_id": reward_id,
        "name": reward_name(visit.program, reward_id, visit.language),
        "status": status or "",
        "states": states(),
        **listed,
    }
    if found is not None:
        row = row_of(
            found, speaker, left[reward_id], waiting.get(reward_id, {}), None, today_of(visit)
        )
        shown |= {
            "row": row,
            "words": without_name(reward_in_words(speaker, found), row.name),
            "edit_url": edit_url(visit, "rewards", reward_id),
        }
    return visit.page("console/offers/reward.html", shown)


@console_page(Right.SEE_OFFERS)
async def reward_figures_part(visit: Visit, reward_id: str) -> HttpResponse:
    """The part of a reward's page that takes a moment: pace, takers, cost, what followed."""
    program = visit.program
    found = program.rewards.get(reward_id)
    if found is None:
        raise Http404
    waited = await _figures(visit)
    shown: dict[str, object] = {"waited": waited, "reward_id": reward_id}
    if waited.found is not None:
        async with visit.reading() as connection:
            left = await left_of_rewards(connection, visit.program_id, {reward_id: found})
        figures, speaker = waited.found.of(reward_id), Speaker(program, visit.language)
        today = today_of(visit)
        shown |= {
            "told": row_of(found, speaker, left[reward_id], {}, waited.found, today).told,
            "figures": figures,
            "points": speaker.amounts(figures.points) if figures.points else "",
            "chart": course(figures, today, visit.language),
            "tiers": by_tier(figures, program, visit.language) if program.tiers else [],
            "segments": by_segment(figures, speaker),
            "after": after_of(figures.beside, visit.language),
            "cost_each": found.cost,
        }
    return visit.page("console/offers/reward.html#figures", shown)


@console_page(Right.SEE_OFFERS)
async def waiting(visit: Visit) -> HttpResponse:
    """The redemptions of all rewards that wait to be captured, approved or cancelled."""
    number = page_number(visit.request)
    async with visit.reading() as connection:
        asked = Asked(None, WAITING, visit.stores)
        _page, shown = await _list(visit, connection, asked, number)
    return visit.page("console/offers/waiting.html", shown)


async def _list(
    visit: Visit, connection: Connection, asked: Asked, number: int
) -> tuple[PageOf[Redemption], dict[str, object]]:
    rows = await listed_redemptions(
        connection,
        visit.program_id,
        asked,
        now=visit.now,
        limit=PAGE_SIZE + 1,
        offset=(number - 1) * PAGE_SIZE,
    )
    page = page_of(rows, number)
    names = await names_of(connection, visit.program_id, [row.member_id for row in page])
    shown: dict[str, object] = {
        "page": page_of([_shown(visit, row, names) for row in rows], number),
        "may_change": visit.may(Right.MANAGE_CODES),
        "may_approve": visit.may(Right.APPROVE_ADJUSTMENTS),
        "sees_members": visit.may(Right.SEE_MEMBERS),
    }
    return page, shown


def _shown(visit: Visit, row: Redemption, names: Mapping[UUID, str]) -> dict[str, object]:
    status = status_at(row.status, row.due_at, visit.now)
    text, colour = state_name(status)
    return {
        "id": row.id,
        "reward": row.reward,
        "reward_name": reward_name(visit.program, row.reward or "", visit.language),
        "member_id": row.member_id,
        "member": names.get(row.member_id, ""),
        "quantity": row.quantity,
        "made_at": row.made_at,
        "hold_until": row.hold_until,
        "expires_at": row.expires_at,
        "store": row.store,
        "author": who(row.author),
        "is_gift": row.milestone is not None,
        "status": str(status),
        "state": text,
        "colour": colour,
        "is_held": status is Status.HELD,
        "is_queued": status is Status.QUEUED,
    }


def _status(visit: Visit) -> Status | None:
    told = visit.request.GET.get("status", "")
    return Status(told) if told in set(Status) else None


async def _redemptions_csv(visit: Visit, asked: Asked) -> HttpResponse:
    async with visit.reading() as connection:
        rows = await listed_redemptions(
            connection, visit.program_id, asked, now=visit.now, limit=_MOST_EXPORTED
        )
    await visit.note("redemptions.exported", about=f"reward:{asked.reward}", rows=len(rows))
    headings = ("id", "member", "quantity", "status", "made_at", "captured_at", "used_at", "store")
    cells = (
        (row.id, row.member_id, row.quantity, status_at(row.status, row.due_at, visit.now),
         row.made_at.isoformat(), row.captured_at and row.captured_at.isoformat(),
         row.used_at and row.used_at.isoformat(), row.store)
        for row in rows
    )  # fmt: skip
    return csv_response(f"{visit.slug}-{asked.reward}", headings, cells)


@require_POST
@console_page(Right.MANAGE_CODES)
async def capture(visit: Visit, redemption_id: UUID) -> HttpResponse:
    """Take for good what a redemption holds."""
    row = await _waiting(visit, redemption_id)
    done = capture_redemption(visit.lend, visit.versions, _asking(visit, redemption_id))
    if await _is_done(visit, done, _("Captured. The reward is the member’s.")):
        await visit.note("redemption.captured", f"member:{row.member_id}", id=str(row.id))
    return _back(visit, row)


@require_POST
@console_page(Right.APPROVE_ADJUSTMENTS)
async def approve(visit: Visit, redemption_id: UUID) -> HttpResponse:
    """Let a redemption count that a till granted without a network."""
    row = await _waiting(visit, redemption_id)
    done = approve_redemption(visit.lend, visit.versions, _asking(visit, redemption_id))
    if await _is_done(visit, done, _("Approved. What it costs was taken.")):
        await visit.note("redemption.approved", f"member:{row.member_id}", id=str(row.id))
    return _back(visit, row)


@require_POST
@console_page(Right.MANAGE_CODES)
async def cancel(visit: Visit, redemption_id: UUID) -> HttpResponse:
    """Let go what a redemption holds; what it was goes back."""
    row = await _waiting(visit, redemption_id)
    # What was used meanwhile is undone where the whole of it is shown.
    done = cancel_redemption(
        visit.lend, visit.versions, _asking(visit, redemption_id), may_cancel_used=False
    )
    if await _is_done(visit, done, _("Cancelled. Everything went back to where it came from.")):
        await visit.note("redemption.cancelled", f"member:{row.member_id}", id=str(row.id))
    return _back(visit, row)


async def _waiting(visit: Visit, redemption_id: UUID) -> Redemption:
    """A redemption that the person may decide about."""
    async with visit.reading() as connection:
        row = await redemption_by_id(connection, visit.program_id, redemption_id)
    if row is None or (visit.stores and row.store and row.store not in visit.stores):
        raise Http404
    return row


def _asking(visit: Visit, redemption_id: UUID) -> Asking:
    once = request_id(visit.request)
    return Asking(visit.program_id, redemption_id, once, str(visit.user), visit.now)


async def _is_done(visit: Visit, work: Awaitable[Done[None]], said: str) -> bool:
    """Do what was asked for, and tell the person; whether it was done now, and not before."""
    try:
        done = await work
    except Refusal as refusal:
        visit.say(visit.problem(refusal), WARNING)
        return False
    visit.say(said)
    return not done.repeated


def _back(visit: Visit, row: Redemption) -> HttpResponse:
    if visit.request.POST.get("back") == "reward" and row.reward:
        return visit.back("reward", row.reward)
    return visit.back("rewards-waiting")
