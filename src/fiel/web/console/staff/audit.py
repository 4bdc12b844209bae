"""The audit trail: searched by person, action, object and time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from fiel.staff.roles import Right
from fiel.staff.trail import Entry, Search, actions_of, deeds_of
from fiel.web.console.staff.actions import action_text
from fiel.web.console.staff.particulars import particulars_of, thing_text
from fiel.web.ui.lists import PAGE_SIZE, csv_response, page_number, page_of
from fiel.web.ui.visit import Visit, console_page

_MOST_IN_A_FILE = 100_000


@console_page(Right.SEE_AUDIT)
async def audit(visit: Visit) -> HttpResponse:
    """What people did, newest first."""
    search, number = _search(visit), page_number(visit.request)
    as_csv = visit.request.GET.get("format") == "csv"
    limit = _MOST_IN_A_FILE if as_csv else PAGE_SIZE + 1
    offset = 0 if as_csv else (number - 1) * PAGE_SIZE
    async with visit.reading() as connection:
        deeds = await deeds_of(connection, visit.program_id, search, limit=limit, offset=offset)
        actions = [] if as_csv else await actions_of(connection, visit.program_id)
    if as_csv:
        return _as_csv(deeds)
    shown = {
        "page": page_of([_told(visit, deed) for deed in deeds], number),
        "actions": [(action, action_text(action)) for action in actions],
        "wanted": visit.request.GET,
        "is_search": search != Search(),
    }
    return visit.page("console/staff/audit.html", shown)


def _search(visit: Visit) -> Search:
    told = visit.request.GET
    zone = visit.published.program.timezone if visit.published else UTC
    since, until = _day(told.get("from", "")), _day(told.get("to", ""))
    return Search(
        person=told.get("person", "").strip()[:200],
        action=told.get("action", "").strip()[:100],
        about=told.get("about", "").strip()[:200],
        since=_midnight(since, zone) if since else None,
        until=_midnight(until + timedelta(days=1), zone) if until else None,
    )


def _day(told: str) -> date | None:
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 9000 else None


def _midnight(day: date, zone: ZoneInfo | object) -> datetime:
    return datetime.combine(day, time(), zone)  # type: ignore[arg-type]


def _told(visit: Visit, deed: Entry) -> dict[str, object]:
    return {
        "deed": deed,
        "action": action_text(deed.action),
        "about": thing_text(visit, deed.about) if deed.about else "",
        "url": _page_of(visit, deed.about),
        "details": particulars_of(visit, deed.details),
    }


def _page_of(visit: Visit, about: str) -> str:
    """The page of what a deed was done to, where there is one."""
    kind, _separator, id_ = about.partition(":")
    try:
        if kind == "member" and visit.may(Right.SEE_MEMBERS):
            return visit.address("member", UUID(id_))
        if kind == "user" and visit.may(Right.MANAGE_STAFF):
            return visit.address("staff-person", UUID(id_))
    except (NoReverseMatch, ValueError):
        pass
    return ""


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_plain(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def _as_csv(deeds: list[Entry]) -> HttpResponse:
    headings = (
        _("Time (UTC)"), _("Person"), _("Action"), _("Object"), _("Particulars"), _("Address"),
    )  # fmt: skip
    rows = [
        (
            deed.at.astimezone(UTC).isoformat(timespec="seconds"), deed.actor, deed.action,
            deed.about, _plain(deed.details), deed.address,
        )
        for deed in deeds
    ]  # fmt: skip
    return csv_response("audit", headings, rows)
