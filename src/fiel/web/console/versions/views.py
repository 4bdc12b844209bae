"""Versions: every one that was published, what it changed, and the way back to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.refusal import NotFound, Refusal
from fiel.ledger.scope import Connection
from fiel.programs.drafts import draft_of_program
from fiel.programs.first_steps import start_of_program
from fiel.programs.publishing_drafts import KeptVersion, draft_from_version, version_numbered
from fiel.programs.queries import versions_before
from fiel.programs.scheduling import (
    State,
    cancel_publication,
    latest_publications,
    waiting_publication,
)
from fiel.programs.words import rules_in_words
from fiel.staff.roles import Right
from fiel.web.console.versions.differing import Said, in_lines, in_words, part_name
from fiel.web.ui.lists import csv_response
from fiel.web.ui.visit import Visit, console_page

_PAGE = 30


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version as the list shows it: how many parts it changed, the first of them by name."""

    number: int
    author: str
    published_at: datetime
    changes: int
    parts: tuple[str, ...]
    is_in_force: bool
    is_quiet: bool


@console_page(Right.SEE_PROGRAM)
async def versions(visit: Visit) -> HttpResponse:
    """Every version, newest first; what waits to be published; the draft, if there is one."""
    before = visit.request.GET.get("before", "")
    start_from = int(before) if before.isdecimal() and len(before) < 9 else None
    async with visit.reading() as connection:
        rows = await versions_before(connection, visit.program_id, start_from, limit=_PAGE + 1)
        draft = await draft_of_program(connection, visit.program_id)
        waiting = await waiting_publication(connection, visit.program_id)
        latest = await latest_publications(connection, visit.program_id, most=1)
        start = await start_of_program(connection, visit.program_id)
    quiet = None if start is None else start.quiet_version
    shown = [_shown(row, visit, quiet) for row in rows[:_PAGE]]
    if visit.request.GET.get("format") == "csv":
        return csv_response(
            "versions",
            [_("Version"), _("Published"), _("By"), _("Changes")],
            ([each.number, each.published_at.isoformat(), each.author, each.changes]
             for each in shown),
        )  # fmt: skip
    refused = latest[0] if latest and latest[0].state is State.REFUSED else None
    told: dict[str, object] = {
        "versions": shown,
        "older": shown[-1].number if len(rows) > _PAGE else None,
        "draft": draft,
        "waiting": waiting,
        "refused": refused,
        "may_publish": visit.may(Right.PUBLISH_PROGRAM),
    }
    return visit.page("console/versions/versions.html", told)


@console_page(Right.SEE_PROGRAM)
async def version(visit: Visit, number: int) -> HttpResponse:
    """One version: its document, and how it differs from the one before or another."""
    against = visit.request.GET.get("against", "")
    other = int(against) if against.isdecimal() and len(against) < 9 else number - 1
    async with visit.reading() as connection:
        kept = await _kept(connection, visit, number)
        before = await _kept(connection, visit, other) if other else None
        numbers = [
            row.number
            for row in await versions_before(connection, visit.program_id, None, limit=60)
        ]
    after_said = Said.of_content(kept.source, kept.content)
    before_said = None if before is None else Said.of_content(before.source, before.content)
    told: dict[str, object] = {
        "version": kept,
        "against": other,
        "others": [each for each in numbers if each != number],
        "changes": in_words(before_said, after_said, visit.language) if before_said else [],
        "rules": [] if before_said else rules_in_words(after_said.program, visit.language),
        "lines": [] if before is None else in_lines(before.source, kept.source),
        "is_in_force": number == visit.known.version,
        "may_return": visit.may(Right.EDIT_PROGRAM),
    }
    return visit.page("console/versions/version.html", told)


@require_POST
@console_page(Right.EDIT_PROGRAM)
async def return_to(visit: Visit, number: int) -> HttpResponse:
    """Make the draft what an earlier version says, and look at it before it is published."""
    try:
        async with visit.writing() as connection:
            await draft_from_version(
                connection, visit.program_id, number, author=str(visit.user), now=visit.wall
            )
    except NotFound:
        raise Http404 from None
    await visit.note("program.version_taken_up", f"version:{number}")
    if visit.may(Right.PUBLISH_PROGRAM):
        return visit.back("publish")
    return visit.back("designer")


@require_POST
@console_page(Right.PUBLISH_PROGRAM)
async def cancel(visit: Visit, scheduled_id: UUID) -> HttpResponse:
    """Let a publication that waits not be made."""
    try:
        async with visit.writing() as connection:
            await cancel_publication(connection, visit.program_id, scheduled_id, now=visit.wall)
    except Refusal as refusal:
        visit.say(visit.problem(refusal), messages.WARNING)
    else:
        await visit.note("program.publication_cancelled", "program", scheduled=str(scheduled_id))
        visit.say(_("The publication is cancelled. The draft is still there."))
    return visit.back("versions")


async def _kept(connection: Connection, visit: Visit, number: int) -> KeptVersion:
    try:
        return await version_numbered(connection, visit.program_id, number)
    except NotFound:
        raise Http404 from None


def _shown(row: Any, visit: Visit, quiet: int | None) -> ShownVersion:  # noqa: ANN401 - a summary
    parts = dict.fromkeys(
        part_name(change["part"], change["id"], visit.program, visit.language)
        for change in row.difference
    )
    return ShownVersion(
        row.number, row.author, row.published_at, len(parts), tuple(parts)[:6],
        row.number == visit.known.version, row.number == quiet,
    )  # fmt: skip
