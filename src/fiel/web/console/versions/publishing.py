"""Publishing: what the check and the review say, what changes for members; now, or at a date."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, LiteralString

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from fiel.domain.document import Document, DocumentRefused, read_document
from fiel.domain.language import percent_text
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.insights.reporting.report import Kind
from fiel.insights.review.finding import Figure
from fiel.insights.review.review import review_without_past
from fiel.insights.review.telling import WITHOUT_TIERS, figure_text, tiers_multiply
from fiel.ledger.scope import Connection
from fiel.programs.drafts import Draft, draft_of_program
from fiel.programs.first_steps import Start, start_of_program
from fiel.programs.launching.facts import began_at
from fiel.programs.publishing_drafts import (
    mark_of,
    publish_draft,
    publish_draft_at,
    version_numbered,
)
from fiel.programs.scheduling import waiting_publication
from fiel.programs.words import rules_in_words
from fiel.staff.roles import Right
from fiel.staff.tills.settings import till_settings
from fiel.web.console.simulate.reviewing import latest_review, told_of
from fiel.web.console.simulate.subject import SOLD
from fiel.web.console.start.forms import decimal_field
from fiel.web.console.start.places import town_of
from fiel.web.console.start.result import usual_year
from fiel.web.console.versions.differing import Said, in_lines, in_words
from fiel.web.ui.visit import Visit, console_page

_MEMBERS: LiteralString = """
SELECT count(*) FROM standing WHERE program_id = %s AND status = 'active'
"""


@console_page(Right.PUBLISH_PROGRAM)
async def publish(visit: Visit) -> HttpResponse:
    """Look at the draft as publishing would, then publish it now or at a date."""
    problem = ""
    if visit.request.method == "POST":
        try:
            return await _publish(visit)
        except Refusal as refusal:
            problem = " ".join(visit.field_problems(refusal).values()) or visit.problem(refusal)
    async with visit.reading() as connection:
        draft = await draft_of_program(connection, visit.program_id)
        waiting = await waiting_publication(connection, visit.program_id)
        began = await began_at(connection, visit.program_id)
        in_force = await _in_force(connection, visit)
        members = await _count(connection, visit)
        sold = await (await connection.execute(SOLD, (visit.program_id,))).fetchone()
        start = await start_of_program(connection, visit.program_id)
        tills = await till_settings(connection, visit.program_id)
    if draft is None:
        visit.say(_("There is no draft to publish. Change something first."), messages.INFO)
        return visit.back("versions")
    margin = None if start is None else start.answers.margin
    told: dict[str, object] = {
        "draft": draft,
        "mark": mark_of(draft),
        "waiting": waiting,
        "problem": problem,
        "is_first": began is None,
        "members": members,
        "has_sales": bool(sold and sold[0]),
        "has_answers": margin is not None,
        "tax_percent": percent_text(visit.language, decimal_field(tills.tax_percent))
        if tills.tax_percent
        else "",
    }
    try:
        document = read_document(draft.source, format=draft.format, today=visit.now.date())
    except DocumentRefused as refused:
        findings = [(finding, finding.in_words(visit.language)) for finding in refused.findings]
        return visit.page("console/versions/cannot.html", told | {"findings": findings})
    return visit.page(
        "console/versions/publish.html",
        told | await _told(visit, draft, document, None if began is None else in_force, start),
    )


async def _told(
    visit: Visit, draft: Draft, document: Document, before: Said | None, start: Start | None
) -> dict[str, object]:
    program = document.program
    after = Said(draft.source, document.plain, program)
    job = await latest_review(visit, document)
    review = job.result["told"][visit.language] if job is not None and job.result else None
    at = (visit.now + timedelta(days=1)).astimezone(program.timezone)
    return {
        "program": program,
        "warnings": [each.in_words(visit.language) for each in document.warnings],
        "review": review or _unmeasured(visit, program, start),
        "is_measured": review is not None,
        "changes": [] if before is None else in_words(before, after, visit.language),
        "is_same": before is not None and before.plain == document.plain,
        "lines": [] if before is None else in_lines(before.source, draft.source),
        "rules": rules_in_words(program, visit.language),
        "clock": town_of(program.timezone.key, visit.language),
        "at": at.replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None),
        "earliest": visit.now.astimezone(program.timezone).replace(tzinfo=None),
    }


def _unmeasured(visit: Visit, program: Program, start: Start | None) -> dict[str, Any]:
    """What the rules alone say; the cost as the page before says it of a usual customer's year."""
    margin = None if start is None else start.answers.margin
    told = told_of(review_without_past(program, margin=margin), program, visit.language)
    year = None if start is None else usual_year(program, start, visit)
    if year is None or year.cost_rate is None:
        return told
    notes = [_("for a usual customer, by your answers")]
    notes += [_(WITHOUT_TIERS)] if tiers_multiply(program) else []
    rates = {"cost": year.cost_rate, "break_even_lift": year.lift}
    for figure in told["economics"]:
        if figure["id"] in rates:
            rate = rates[figure["id"]]
            share = None if rate is None else rate * 100
            shown = Figure(figure["id"], figure["label"], Kind.PERCENT, share)
            figure["value"] = figure_text(shown, program, visit.language)
            figure["note"] = "" if rate is None else ", ".join(notes)
    return told


async def _publish(visit: Visit) -> HttpResponse:
    """Publish now or at a date, what was looked at and nothing else.

    Raises:
        Refusal: the draft was changed meanwhile, or the moment cannot be.
    """
    told = visit.request.POST
    mark, author = told.get("mark", ""), str(visit.user)
    if told.get("do") == "later":
        at = await _moment(visit, told.get("at", ""))
        async with visit.writing() as connection:
            await publish_draft_at(
                connection, visit.program_id, mark=mark, at=at, author=author, now=visit.now
            )
        await visit.note("program.scheduled", "program", at=at.isoformat())
        visit.say(_("The draft waits for its moment. Who changes it meanwhile stops it."))
        return visit.back("versions")
    async with visit.writing() as connection:
        was_new = await began_at(connection, visit.program_id) is None
        start = await start_of_program(connection, visit.program_id)
        publication = await publish_draft(
            connection, visit.program_id, mark=mark, author=author, now=visit.now
        )
    await visit.note("program.published", f"version:{publication.number}")
    if not publication.is_new:
        visit.say(_("Nothing to publish: the draft says what is in force."), messages.INFO)
        return visit.back("versions")
    if was_new and start is not None:
        visit.say(_("Your program is published. These are the steps to the first member."))
        return visit.back("launch-plan")
    visit.say(_("Version %(number)s is in force.") % {"number": publication.number})
    return visit.back("versions")


async def _moment(visit: Visit, text: str) -> datetime:
    """A day and hour as the shop's clock shows them; what is none lies in the past."""
    async with visit.reading() as connection:
        draft = await draft_of_program(connection, visit.program_id)
    try:
        assert draft is not None, "without a draft there is nothing to be published"
        zone = read_document(draft.source, format=draft.format).program.timezone
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except (AssertionError, DocumentRefused, ValueError):
        return visit.now


async def _in_force(connection: Connection, visit: Visit) -> Said | None:
    if visit.known.version is None:
        return None
    kept = await version_numbered(connection, visit.program_id, visit.known.version)
    return Said.of_content(kept.source, kept.content)


async def _count(connection: Connection, visit: Visit) -> int:
    row = await (await connection.execute(_MEMBERS, (visit.program_id,))).fetchone()
    return int(row[0]) if row else 0
