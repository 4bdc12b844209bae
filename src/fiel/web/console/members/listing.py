"""The list of members: search as you type, filters, sorting, and the same as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fiel.domain.language import pick
from fiel.insights.member_story.happenings import segment_name
from fiel.insights.member_story.story import main_unit
from fiel.insights.naming import tier_name, unit_name
from fiel.members.identity import region_of_zone
from fiel.members.listing import (
    MOST_COUNTED,
    SORTED_BY,
    Filters,
    Listed,
    count_members,
    list_members,
    members_listed,
)
from fiel.members.search import search_members
from fiel.staff.roles import Right
from fiel.web.console.members.forms import CONSENT_WAYS
from fiel.web.ui.lists import PAGE_SIZE, csv_response, page_number, page_of
from fiel.web.ui.visit import Visit, console_page

MOST_EXPORTED = 100_000
_MOST_FOUND = 25


@console_page(Right.SEE_MEMBERS)
async def members(visit: Visit) -> HttpResponse:
    """The members of the program: those who fit what is typed, or all, narrowed and sorted."""
    typed = visit.request.GET.get("q", "").strip()
    if visit.request.GET.get("format") == "csv":
        return await _csv(visit)
    shown = await (_found(visit, typed) if typed else _listed(visit))
    part = "console/members/list.html#rows" if visit.is_htmx else "console/members/list.html"
    return visit.page(part, shown | _words(visit) | {"typed": typed})


async def _found(visit: Visit, typed: str) -> dict[str, object]:
    unit = main_unit(visit.program)
    async with visit.reading() as connection:
        found = await search_members(
            connection,
            visit.program_id,
            typed,
            region=region_of_zone(visit.program.timezone.key),
            most=_MOST_FOUND,
        )
        ids = [each.id for each in found]
        rows = await members_listed(connection, visit.program_id, ids, unit=unit)
    return {"rows": [_row(visit, each) for each in rows], "is_search": True}


async def _listed(visit: Visit) -> dict[str, object]:
    filters, problems = filters_of(visit)
    number = page_number(visit.request)
    sort, downwards = _sorting(visit)
    async with visit.reading() as connection:
        rows = await list_members(
            connection,
            visit.program_id,
            filters,
            unit=main_unit(visit.program),
            sort=sort,
            downwards=downwards,
            limit=PAGE_SIZE + 1,
            offset=(number - 1) * PAGE_SIZE,
        )
        count = await count_members(connection, visit.program_id, filters)
    page = page_of(rows, number)
    return {
        "rows": [_row(visit, each) for each in page],
        "page": page,
        "count": min(count, MOST_COUNTED),
        "is_more": count > MOST_COUNTED,
        "is_narrowed": bool(filters.asked()),
        "problems": problems,
        "sort": f"-{sort}" if downwards else sort,
    }


async def _csv(visit: Visit) -> HttpResponse:
    if not visit.may(Right.EXPORT_MEMBERS):
        return visit.page("ui/forbidden.html", status=403)
    filters, _problems = filters_of(visit)
    sort, downwards = _sorting(visit)
    unit = main_unit(visit.program)
    async with visit.reading() as connection:
        rows = await list_members(
            connection, visit.program_id, filters, unit=unit, sort=sort, downwards=downwards,
            limit=MOST_EXPORTED,
        )  # fmt: skip
    await visit.note("members.exported", rows=len(rows), filters=filters.asked())
    headings = (
        "id", "external_id", "name", "email", "phone", "joined_at", "tier", unit, "spend",
        "visits", "last_activity_at", "segments",
    )  # fmt: skip
    return csv_response(f"{visit.slug}-members", headings, _cells(visit, rows))


def _cells(visit: Visit, rows: list[Listed]) -> Iterator[tuple[object, ...]]:
    money = visit.program.currency.decimal
    for row in rows:
        seen = row.last_activity_at
        yield (
            row.id, row.external_id, row.name, row.email, row.phone, row.joined_at.isoformat(),
            row.tier, row.available, money(row.spend), row.visits,
            seen.isoformat() if seen else None, " ".join(row.segments),
        )  # fmt: skip


def _row(visit: Visit, row: Listed) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name or row.external_id or row.email or row.phone or _("Without a name"),
        "contact": " · ".join(each for each in (row.phone, row.email) if each),
        "tier": tier_name(visit.program, row.tier, visit.language) if visit.program.tiers else "",
        "available": row.available,
        "spend": row.spend,
        "visits": row.visits,
        "joined_at": row.joined_at,
        "seen_at": row.last_activity_at,
    }


def _words(visit: Visit) -> dict[str, object]:
    """What the page needs to name things, and what can be chosen."""
    program, language = visit.program, visit.language
    levels = program.tiers.levels if program.tiers else ()
    return {
        "unit": unit_name(program, main_unit(program), language),
        "tiers": [
            (level.id, pick(level.name, language, program.locale) or level.id) for level in levels
        ],
        "segments": [(each, segment_name(program, each, language)) for each in program.segments],
        "consents": CONSENT_WAYS,
        "stores": visit.stores or tuple(program.stores),
        "asked": visit.request.GET,
        "may_export": visit.may(Right.EXPORT_MEMBERS),
        "may_change": visit.may(Right.CHANGE_MEMBERS),
        "may_import": visit.may(Right.IMPORT),
    }


def _sorting(visit: Visit) -> tuple[str, bool]:
    told = visit.request.GET.get("sort", "-joined")
    name = told.removeprefix("-")
    return (name, told.startswith("-")) if name in SORTED_BY else ("joined", True)


def filters_of(visit: Visit) -> tuple[Filters, list[str]]:
    """What narrows the list, and which of it could not be read; that narrows nothing."""
    told, problems = visit.request.GET, []

    def text(name: str) -> str | None:
        return told.get(name, "").strip()[:100] or None

    def midnight(name: str, days: int) -> datetime | None:
        if not (written := text(name)):
            return None
        try:
            day = date.fromisoformat(written) + timedelta(days=days)
            return datetime.combine(day, time(), visit.program.timezone)
        except (ValueError, OverflowError):
            problems.append(_("Write days as 2026-12-31."))
            return None

    manager = text("manager")
    try:
        manager_id = UUID(manager) if manager else None
    except ValueError:
        manager_id = None
    filters = Filters(
        tier=text("tier"),
        segment=text("segment"),
        joined_from=midnight("from", 0),
        joined_until=midnight("to", 1),
        consent=text("consent"),
        store=text("store"),
        manager=manager_id,
    )
    return filters, problems
