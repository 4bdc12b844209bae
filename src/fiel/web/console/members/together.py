"""People who turn out to be one, and people who leave: merge, part, hand over, erase."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from django.contrib.messages import WARNING
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.language import money_text
from fiel.domain.refusal import NotFound, Refusal
from fiel.domain.telling import points_text
from fiel.insights.member_story.dossier import dossier_of, file_name_of
from fiel.insights.member_story.story import main_unit
from fiel.insights.naming import tier_name
from fiel.intake.erasing import erase_member
from fiel.intake.merging import Foreseen, Stands, foresee_merge, merge_members
from fiel.intake.unmerging import unmerge_member
from fiel.members.identity import region_of_zone
from fiel.members.listing import members_listed
from fiel.members.records import Member
from fiel.members.search import search_members
from fiel.staff.roles import Right
from fiel.web.console.members.forms import EraseForm
from fiel.web.console.members.story import existing_member, name_of
from fiel.web.ui.once import request_id
from fiel.web.ui.visit import Visit, console_page

_MOST_FOUND = 10


@console_page(Right.MERGE_MEMBERS)
async def merge(visit: Visit, member_id: UUID) -> HttpResponse:
    """Find the other member who is the same person, and look at what a merge would come to."""
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, member_id)
        typed = visit.request.GET.get("q", "").strip()
        region = region_of_zone(visit.program.timezone.key)
        others = [
            each
            for each in await search_members(
                connection, visit.program_id, typed, region=region, most=_MOST_FOUND
            )
            if each.id != found.id
        ]
        rows = await members_listed(
            connection, visit.program_id, [each.id for each in others],
            unit=main_unit(visit.program),
        )  # fmt: skip
    shown = {"member": found, "name": name_of(found), "rows": rows, "typed": typed}
    part = "console/members/merge.html#found" if visit.is_htmx else "console/members/merge.html"
    return visit.page(part, shown)


@console_page(Right.MERGE_MEMBERS)
async def merge_into(visit: Visit, member_id: UUID, other_id: UUID) -> HttpResponse:
    """What both have and what will be; and the merge itself."""
    if visit.request.method == "POST":
        return await _merge(visit, member_id, other_id)
    async with visit.reading() as connection:
        gone = await existing_member(visit, connection, member_id)
        stays = await existing_member(visit, connection, other_id)
    try:
        foreseen = await foresee_merge(
            visit.lend, visit.versions, visit.program_id, gone.id, stays.id, now=visit.now
        )
    except Refusal as refusal:
        visit.say(visit.problem(refusal), WARNING)
        return visit.back("member-merge", gone.id)
    shown = {
        "gone": gone,
        "stays": stays,
        "gone_name": name_of(gone),
        "stays_name": name_of(stays),
        "rows": _compared(visit, foreseen),
        "contacts": _contacts(gone, stays),
    }
    return visit.page("console/members/merge_preview.html", shown)


async def _merge(visit: Visit, member_id: UUID, other_id: UUID) -> HttpResponse:
    """Merge once: whoever is merged already leads to the survivor, so nothing is looked up."""
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    try:
        done = await merge_members(
            visit.lend, visit.versions, visit.program_id, member_id, other_id,
            request_id=request_id(visit.request), now=visit.now,
        )  # fmt: skip
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        visit.say(visit.problem(refusal), WARNING)
        return visit.back("member", member_id)
    if not done.repeated:
        await visit.note("member.merged", about=f"member:{done.into}", merged=str(member_id))
    visit.say(_("They are one member now. The merge can be undone under “People”."))
    return visit.back("member", done.into)


def _compared(visit: Visit, foreseen: Foreseen) -> list[tuple[str, str, str, str]]:
    """What both have and what will be, thing by thing."""
    program, language = visit.program, visit.language

    def points(stands: Stands, unit: str) -> str:
        balance = stands.balances.get(unit)
        if balance is None:
            return points_text(0, unit, program, language)
        text = points_text(balance.available, unit, program, language)
        more = (
            (_("waiting: %(points)s"), balance.pending),
            (_("held: %(points)s"), balance.held),
            (_("owed: %(points)s"), balance.debt),
        )
        return " · ".join([text, *(said % {"points": each} for said, each in more if each)])

    each = (foreseen.gone, foreseen.stays, foreseen.after)
    rows: list[tuple[str, ...]] = []
    for unit in program.units:
        name = points_text(2, unit, program, language).partition(" ")[2].capitalize()
        rows.append((name, *(points(stands, unit) for stands in each)))
    if program.tiers is not None:
        rows.append((_("Tier"), *(tier_name(program, one.tier, language) for one in each)))
    money = [money_text(language, program.currency, one.spend) for one in each]
    rows.append((_("Spend"), *money))
    rows.append((_("Purchases"), *(str(one.visits) for one in each)))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _contacts(gone: Member, stays: Member) -> list[tuple[str, str, str]]:
    """What names either of them; all of it leads to the survivor."""
    names = (
        ("name", _("Name")), ("phone", _("Phone")), ("email", _("E-mail")), ("card", _("Card")),
        ("external_id", _("Your number for the member")),
    )  # fmt: skip
    return [
        (label, getattr(gone.person, name) or "–", getattr(stays.person, name) or "–")
        for name, label in names
        if getattr(gone.person, name) or getattr(stays.person, name)
    ]


@require_POST
@console_page(Right.MERGE_MEMBERS)
async def unmerge(visit: Visit, member_id: UUID) -> HttpResponse:
    """Undo a merge: the member of the address stands alone again."""
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    try:
        parted = await unmerge_member(
            visit.lend, visit.versions, visit.program_id, member_id,
            request_id=request_id(visit.request), now=visit.now,
        )  # fmt: skip
    except Refusal as refusal:
        visit.say(visit.problem(refusal), WARNING)
        return visit.back("member", member_id)
    if not parted.repeated:
        about = f"member:{member_id}"
        await visit.note("member.unmerged", about=about, parted_from=str(parted.parted_from))
    visit.say(_("They are two members again."))
    return visit.back("member", member_id)


@require_POST
@console_page(Right.EXPORT_MEMBERS)
async def export(visit: Visit, member_id: UUID) -> HttpResponse:
    """Everything that is known of a person, as a file to hand over."""
    assert visit.published is not None, "who has members is published"
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, member_id)
        told = await dossier_of(
            connection, visit.versions, visit.published, found,
            now=visit.now, language=visit.language,
        )  # fmt: skip
    await visit.note("member.exported", about=f"member:{found.id}")
    content = await asyncio.to_thread(_written, told)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    name = file_name_of(found, visit.slug)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _written(told: Mapping[str, Any]) -> bytes:
    """JSON that a person can read."""
    plain = json.loads(orjson.dumps(told, default=str))
    return json.dumps(plain, ensure_ascii=False, indent=2).encode()


@console_page(Right.ERASE_MEMBERS)
async def erase(visit: Visit, member_id: UUID) -> HttpResponse:
    """Erase a person, once a word was typed that says it is meant."""
    is_sent, word = visit.request.method == "POST", _("ERASE")
    form = EraseForm(visit.request.POST if is_sent else None)
    if form.is_valid():
        if form.cleaned_data["typed"].strip().upper() == word.upper():
            return await _erase(visit, member_id)
        form.add_error("typed", _("Type %(word)s, so that we know you mean it.") % {"word": word})
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, member_id)
    shown = {"member": found, "name": name_of(found), "word": word, "form": form}
    return visit.page("console/members/erase.html", shown, status=422 if is_sent else 200)


async def _erase(visit: Visit, member_id: UUID) -> HttpResponse:
    """Erase once: whoever is erased already is looked up nowhere."""
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    try:
        erased = await erase_member(
            visit.lend, visit.versions, visit.program_id, member_id,
            request_id=request_id(visit.request), now=visit.now,
        )  # fmt: skip
    except NotFound:
        raise Http404 from None
    if not erased.repeated:
        await visit.note("member.erased", about=f"member:{erased.member}")
    visit.say(_("Erased. What is left are numbers without a name."))
    return visit.back("members")
