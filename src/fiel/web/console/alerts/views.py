"""The pages of alerts: what is unusual, the figure behind it, and what a person made of it."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.refusal import NotFound
from fiel.insights.alerts.finding import Kind
from fiel.insights.alerts.kept import (
    Alert,
    State,
    alert_named,
    alerts_of,
    close_alert,
    last_look,
    see_alert,
)
from fiel.insights.alerts.watching import watch
from fiel.insights.reporting.report import Kind as Written
from fiel.staff.roles import Right
from fiel.web.console.alerts.telling import ToldAlert, kind_name, may_see, told_alert, told_alerts
from fiel.web.console.reports.sections import told_statements
from fiel.web.console.reports.words import Words
from fiel.web.ui import chart_options as options
from fiel.web.ui.chart_options import Measure, Series
from fiel.web.ui.charts import Chart
from fiel.web.ui.jobs import Job, Progress, job_result, start_job
from fiel.web.ui.lists import csv_response, page_number, page_of
from fiel.web.ui.visit import Visit, console_page

_STATES = {
    "open": (State.OPEN, State.SEEN),
    "closed": (State.CLOSED,),
    "all": tuple(State),
}
_PAGE = 30
LOOK = "alerts"  # the job of looking now
_MOST = 1000

_log = logging.getLogger(__name__)


@console_page(Right.SEE_ALERTS)
async def alerts(visit: Visit) -> HttpResponse:
    """What is unusual: what nobody has closed, or what somebody has."""
    query = visit.request.GET
    state = query.get("state", "open") if query.get("state") in _STATES else "open"
    kind = query.get("kind", "") if query.get("kind") in tuple(Kind) else ""
    async with visit.reading() as connection:
        found = await alerts_of(connection, visit.program_id, _STATES[state], limit=_MOST)
        look = await last_look(connection, visit.program_id)
    told = told_alerts(visit, [each for each in found if kind in ("", each.kind)])
    if query.get("format") == "csv":
        return _csv(visit, told)
    number = page_number(visit.request)
    first = (number - 1) * _PAGE
    return visit.page(
        "console/alerts/list.html",
        {
            "page": page_of(told[first : first + _PAGE + 1], number, size=_PAGE),
            "state": state,
            "states": _state_names(state),
            "kind": kind,
            "kinds": _kind_names(),
            "look": look,
            "said": list(told_statements(look.statements, Words(visit.program, visit.language)))
            if look
            else [],
            "may_handle": visit.may(Right.HANDLE_ALERTS),
            "sees_cashiers": visit.may(Right.SEE_REPORTS) and not visit.stores,
        },
    )


@console_page(Right.SEE_ALERTS)
async def alert(visit: Visit, alert_id: UUID) -> HttpResponse:
    """One alert: what changed, since when, how sure that is, and what can be done."""
    found = await _found(visit, alert_id)
    return visit.page(
        "console/alerts/alert.html",
        {
            "told": told_alert(visit, found),
            "has_course": found.pattern == "drift",
            "is_about_somebody": found.kind in (Kind.CASHIER, Kind.STORE),
            "first_day": found.since - timedelta(days=28),
            "may_handle": visit.may(Right.HANDLE_ALERTS),
            "sees_cashiers": visit.may(Right.SEE_REPORTS) and not visit.stores,
        },
    )


@console_page(Right.SEE_ALERTS)
async def alert_course(visit: Visit, alert_id: UUID) -> HttpResponse:
    """The part of an alert's page with the figure, day by day."""
    found = await _found(visit, alert_id)
    try:
        chart = await _chart(visit, found)
    except Exception:  # noqa: BLE001 - it is logged, and the rest of the page stays
        _log.exception("the course of an alert could not be read")
        return visit.page("console/alerts/alert.html#course", {"has_failed": True})
    return visit.page("console/alerts/alert.html#course", {"chart": chart, "is_read": True})


@require_POST
@console_page(Right.HANDLE_ALERTS)
async def see(visit: Visit, alert_id: UUID) -> HttpResponse:
    """Say that an alert was seen; it stays until it is closed."""
    await _found(visit, alert_id)
    async with visit.writing() as connection:
        await see_alert(connection, visit.program_id, alert_id, at=visit.now)
    await visit.note("alert.seen", about=f"alert:{alert_id}")
    visit.say(_("Marked as seen."))
    return visit.back("alert", alert_id)


@require_POST
@console_page(Right.HANDLE_ALERTS)
async def close(visit: Visit, alert_id: UUID) -> HttpResponse:
    """Close an alert with a note of what came out."""
    await _found(visit, alert_id)
    note = visit.request.POST.get("note", "").strip()[:2000]
    async with visit.writing() as connection:
        await close_alert(
            connection, visit.program_id, alert_id, at=visit.now, by=str(visit.user), note=note
        )
    await visit.note("alert.closed", about=f"alert:{alert_id}", note=note)
    visit.say(_("Closed. The same is not told again for what had happened by now."))
    return visit.back("alerts")


@require_POST
@console_page(Right.HANDLE_ALERTS)
async def look(visit: Visit) -> HttpResponse:
    """Look for what is unusual now, without waiting for the daily look."""
    published = visit.published
    assert published is not None, "the frame leads to the start where there is none"

    async def work(progress: Progress) -> dict[str, Any]:
        progress.tell(0.0, _("Comparing the last weeks with those before …"))
        watched = await watch(visit.lend, visit.open_columns, published, visit.now)
        return {"raised": len(watched.raised), "found": watched.found}

    await visit.note("alerts.looked")
    return await start_job(
        visit, LOOK, _("Look for what is unusual"), work, back_to=visit.address("alerts")
    )


@job_result(LOOK)
async def looked(visit: Visit, job: Job) -> HttpResponse:
    """How much was found: a look that finds nothing says so too."""
    result = job.result or {}
    found, raised = int(result.get("found", 0)), int(result.get("raised", 0))
    told = _("Found: %(found)s. New: %(new)s.") % {"found": found, "new": raised}
    came_to = told if found else _("Nothing is unusual.")
    return visit.page("ui/job.html", {"job": job, "came_to": came_to})


async def _found(visit: Visit, alert_id: UUID) -> Alert:
    """An alert that a person may see.

    Raises:
        Http404: there is none.
    """
    try:
        async with visit.reading() as connection:
            found = await alert_named(connection, visit.program_id, alert_id)
    except NotFound:
        raise Http404 from None
    if not may_see(visit, found):
        raise Http404
    return found


async def _chart(visit: Visit, found: Alert) -> Chart | None:
    """The figure of the weeks up to when it was found, with what was usual."""
    # What it stands on takes a second to load.
    from fiel.insights.alerts.courses import course_of  # noqa: PLC0415

    zone = visit.program.timezone
    until = found.found_at.astimezone(zone).date() - timedelta(days=1)
    async with visit.open_columns(visit.program_id) as columns:
        course = await asyncio.to_thread(course_of, columns, found.kind, found.subject, until=until)
    if course is None:
        return None
    words = Words(visit.program, visit.language)
    names = [words.day(day) for day in course.days]
    title = told_alert(visit, found).title
    told = list(zip(course.days, course.values, strict=True))
    before = [value if day < found.since else None for day, value in told]
    since = [value if day >= found.since else None for day, value in told]
    series = [
        Series(_("Before"), before, is_line=True),
        Series(_("Since"), since, is_line=True),
    ]
    measure = Measure(Written.NUMBER)
    option = options.marked(
        options.over_time(names, series, measure),
        [(_("Usual"), None if found.usual is None else float(found.usual)),
         (_("Now"), float(found.now))],
    )  # fmt: skip
    rows = tuple(zip(names, before, since, strict=True))
    return Chart(title, option, (_("Day"), _("Before"), _("Since")), rows)


def _state_names(chosen: str) -> list[tuple[str, str, bool]]:
    names = {"open": _("Open"), "closed": _("Closed"), "all": _("All")}
    return [(state, name, state == chosen) for state, name in names.items()]


def _kind_names() -> list[tuple[str, str]]:
    return [(str(kind), kind_name(kind)) for kind in Kind]


def _csv(visit: Visit, told: list[ToldAlert]) -> HttpResponse:
    headings = ("kind", "pattern", "subject", "since", "usual", "now", "sure", "state", "raised_at",
                "closed_at", "closed_by", "note", "text")  # fmt: skip
    rows = (
        (
            each.alert.kind, each.alert.pattern, each.alert.subject, each.alert.since,
            each.alert.usual, each.alert.now, each.alert.sure, each.alert.state,
            each.alert.raised_at.isoformat(),
            each.alert.closed_at.isoformat() if each.alert.closed_at else "",
            each.alert.closed_by, each.alert.note, each.text,
        )
        for each in told
    )  # fmt: skip
    return csv_response(f"{visit.slug}-alerts", headings, rows)
