"""A member's story on one page, and the parts of it that come by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from fiel.domain.redeeming import Why
from fiel.insights.member_page.belongings import belongings_of_member
from fiel.insights.member_story.happenings import GROUPS, told_happenings
from fiel.insights.member_story.story import (
    friends_of,
    member_or_survivor,
    names_of,
    story_of,
)
from fiel.insights.movements import Narrator
from fiel.insights.naming import reward_name
from fiel.intake.redeeming_catalogue import catalogue
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.timeline import timeline_of_member
from fiel.members.households import household, household_of
from fiel.members.merge import merged_into
from fiel.members.queries import Whereabouts
from fiel.members.records import Member
from fiel.staff.roles import Right
from fiel.web.console.members.forms import NoteForm
from fiel.web.ui.visit import Visit, console_page

_AT_ONCE = 15
_LOTS_SHOWN = 8


@console_page(Right.SEE_MEMBERS)
async def member(visit: Visit, member_id: UUID) -> HttpResponse:
    """Who a member is, what there is and why, and what the staff knows."""
    return await member_page(visit, member_id, NoteForm())


async def member_page(
    visit: Visit, member_id: UUID, note_form: NoteForm, *, status: int = 200
) -> HttpResponse:
    """The story's first page, with a note that is being written."""
    published = visit.published
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    assert published is not None, "a program in force is published"
    async with visit.reading() as connection:
        found, became = await member_or_survivor(connection, visit.program_id, member_id)
        if found is None:
            if became != "erased":
                raise Http404
            return visit.page("console/members/erased.html", {"member_id": member_id})
        if became == "merged":
            return visit.back("member", found.id)
        story = await story_of(
            connection, visit.versions, published, found, now=visit.now, language=visit.language
        )
    return visit.page(
        "console/members/story.html",
        {
            "story": story,
            "member": found,
            "name": name_of(found),
            "lots_shown": _LOTS_SHOWN,
            "groups": timeline_groups(),
            "note_form": note_form,
            "may_change": visit.may(Right.CHANGE_MEMBERS),
            "may_adjust": visit.may(Right.ADJUST_POINTS),
            "may_merge": visit.may(Right.MERGE_MEMBERS),
            "may_erase": visit.may(Right.ERASE_MEMBERS),
            "may_export": visit.may(Right.EXPORT_MEMBERS),
        },
        status=status,
    )


@console_page(Right.SEE_MEMBERS)
async def timeline(visit: Visit, member_id: UUID) -> HttpResponse:
    """A page of what happened to a member, newest first."""
    told = visit.request.GET
    group = told.get("show", "")
    before = _before(told.get("before", ""))
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, member_id)
        place = Place(visit.program_id, found.shard)
        rows = await timeline_of_member(
            connection,
            place,
            found.id,
            before=before,
            limit=_AT_ONCE + 1,
            kinds=GROUPS.get(group),
            stores=visit.stores or None,
        )
        narrator = narrator_of(visit, connection, found)
        items = await told_happenings(narrator, rows[:_AT_ONCE])
    if group == "tiers":
        items = [item for item in items if item.tier is not None]
    after = None
    if len(rows) > _AT_ONCE:
        last = rows[_AT_ONCE - 1].recorded
        after = f"{last.occurred_at.isoformat()}~{last.id}"
    return visit.page(
        "console/members/timeline.html",
        {
            "items": items,
            "group": group if group in GROUPS else "",
            "groups": timeline_groups(),
            "after": after,
            "is_first": before is None,
            "member_id": found.id,
        },
    )


@console_page(Right.SEE_MEMBERS)
async def belongings(visit: Visit, member_id: UUID) -> HttpResponse:
    """What a member has in hand: redemptions, codes, gift cards."""
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, member_id)
        assert visit.published is not None, "who has members is published"
        had = await belongings_of_member(
            connection,
            visit.versions,
            visit.published,
            found,
            now=visit.now,
            language=visit.language,
        )
    return visit.page("console/members/belongings.html", {"had": had, "member_id": found.id})


@console_page(Right.SEE_MEMBERS)
async def people(visit: Visit, member_id: UUID) -> HttpResponse:
    """Whom a member brought and came by, lives with, and who was merged into it."""
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, member_id)
        here = Whereabouts(found.shard, found.id)
        led = await merged_into(connection, visit.program_id, found.id)
        came, brought = await friends_of(connection, visit.program_id, found, tuple(led))
        home_id = await household_of(connection, visit.program_id, here)
        home = home_id and await household(connection, visit.program_id, home_id)
        others = [each.member_id for each in home.members] if home else []
        merged = [each.member_id for each in led]
        names = await names_of(connection, visit.program_id, [*others, *merged])
    return visit.page(
        "console/members/people.html",
        {
            "member": found,
            "came": came,
            "brought": brought,
            "home": home or None,
            "household": [(id_, names.get(id_) or _("Without a name")) for id_ in others],
            "merged": [(id_, names.get(id_) or _("Without a name")) for id_ in merged],
            "link": _link(visit, found),
            "may_merge": visit.may(Right.MERGE_MEMBERS),
        },
    )


@console_page(Right.SEE_MEMBERS)
async def outlook(visit: Visit, member_id: UUID) -> HttpResponse:
    """What a member is expected to do, and what to offer next."""
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, member_id)
        _id, offered = await catalogue(
            connection, visit.program_id, visit.program, found.id, now=visit.now
        )
    # Points can still be earned; whatever else stands in the way makes it no offer.
    possible = [
        each.reward.id
        for each in offered
        if each.found is not None and set(each.found.whys) <= {Why.POINTS}
    ]
    # Whoever leaves the page meanwhile stops waiting, and not the work: its copy of the purchases
    # is closed when no thread reads it any more.
    work = asyncio.ensure_future(_foretold(visit, found.id, possible))
    _under_way.add(work)
    work.add_done_callback(_under_way.discard)
    told = await asyncio.shield(work)
    return visit.page(
        "console/members/outlook.html",
        {
            "told": told,
            "offers": [
                (reward_name(visit.program, each["id"], visit.language), each["reason"])
                for each in told["next"]
            ],
        },
    )


# The loop keeps only weak references to tasks.
_under_way: set[asyncio.Future[Any]] = set()


async def _foretold(visit: Visit, member_id: UUID, possible: list[str]) -> Mapping[str, Any]:
    # What it stands on takes a second to load: for who asks for it, and for nobody else.
    single = await asyncio.to_thread(import_module, "fiel.insights.prediction.single")
    async with visit.open_columns(visit.program_id) as columns:
        told: Mapping[str, Any] = await asyncio.to_thread(
            single.prediction_of_member,
            columns,
            visit.program_id,
            visit.program,
            member_id,
            until=visit.now.astimezone(visit.program.timezone).date(),
            possible=possible,
            language=visit.language,
        )
    return told


async def existing_member(visit: Visit, connection: Connection, member_id: UUID) -> Member:
    """The member of an id, or its survivor; a page that is not there for anybody else."""
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    found, _became = await member_or_survivor(connection, visit.program_id, member_id)
    if found is None:
        raise Http404
    return found


def narrator_of(visit: Visit, connection: Connection, found: Member) -> Narrator:
    """Tells a member's movements in the page's language."""
    assert visit.published is not None, "who has members is published"
    place = Place(visit.program_id, found.shard)
    return Narrator(
        connection, visit.versions, visit.published, visit.language,
        place=place, member_id=found.id,
    )  # fmt: skip


def name_of(found: Member) -> str:
    """What a page calls a member."""
    person = found.person
    told = person.name or person.external_id or person.email or person.phone
    return told or _("Without a name")


def timeline_groups() -> list[tuple[str, str]]:
    """What the timeline can be narrowed to."""
    return [
        ("", _("Everything")),
        ("purchases", _("Purchases and returns")),
        ("redemptions", _("Redemptions")),
        ("by_hand", _("Done by hand")),
        ("tiers", _("Tiers")),
    ]


def _before(told: str) -> tuple[datetime, UUID] | None:
    moment, _tilde, id_ = told.partition("~")
    try:
        # A plus sign in an address is read as a space.
        at = datetime.fromisoformat(moment.replace(" ", "+"))
        return (at, UUID(id_)) if at.tzinfo else None
    except ValueError:
        return None


def _link(visit: Visit, found: Member) -> str:
    promise = visit.program.referral
    if promise is None or promise.link is None or found.referral_code is None:
        return ""
    return promise.link.replace("{code}", found.referral_code)
