"""Sales from before the program: a file, or the shop's own system, to try the program on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.connect.importing.bringing import Bench, bring_file
from fiel.connect.importing.columns import Kind
from fiel.connect.importing.customers import enrol_customers
from fiel.connect.importing.mapping import MappingInvalid, Wishes, look_at, wishes
from fiel.connect.importing.previewing import Preview, Sheet, preview_of, sheet_of
from fiel.connect.importing.runs import Figures
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.ledger.scope import program_transaction
from fiel.programs.first_steps import record_sales_only, start_of_program
from fiel.programs.versions import Published
from fiel.staff.keys import Scope, create_key
from fiel.staff.roles import Right
from fiel.web.console.start.forms import UploadForm
from fiel.web.console.start.overview import begun
from fiel.web.console.start.steps import SALES, shown_steps
from fiel.web.console.start.words import TARGETS
from fiel.web.ui.jobs import Job, Progress, job_result, start_job
from fiel.web.ui.uploads import Upload, forget_upload, keep_upload, upload_named
from fiel.web.ui.visit import Visit, console_page

_ENROLLING = 0.2  # of the work of an import


@console_page(Right.IMPORT)
async def sales(visit: Visit) -> HttpResponse:
    """Bring a file, connect the shop's system, or go on without."""
    form = UploadForm()
    if visit.request.method == "POST":
        form = UploadForm(visit.request.POST, visit.request.FILES)
        if form.is_valid():
            try:
                upload = await asyncio.to_thread(
                    keep_upload, visit.program_id, form.cleaned_data["file"]
                )
            except Refusal as refusal:
                form.add_error("file", visit.field_problems(refusal)["file"])
            else:
                return visit.back("start-mapping", upload.id)
    shown = {"form": form, "steps": shown_steps(SALES)}
    return visit.page("console/start/sales.html", shown)


@console_page(Right.IMPORT)
async def mapping(visit: Visit, upload_id: UUID) -> HttpResponse:
    """Which column of a file brings what, and how its first rows read; then bring it in."""
    upload = upload_named(visit.program_id, upload_id)
    _, document = await begun(visit)
    if document is None:
        return visit.back("designer")
    told = visit.request.POST
    wish = _wish(told)
    sheet, preview, problem, asks_dates = await asyncio.to_thread(
        _looked_at, visit, upload, wish, document.program
    )
    if told.get("do") == "bring" and preview is not None:
        return await _bring(visit, upload, wish)
    shown: dict[str, object] = {
        "upload": upload,
        "sheet": sheet,
        "targets": _targets(sheet, wish) if sheet else [],
        "preview": preview,
        "problem": problem,
        "asks_dates": asks_dates,
        "dates": wish.dates,
        "steps": shown_steps(SALES),
    }
    return visit.page("console/start/mapping.html", shown)


@require_POST
@console_page(Right.MANAGE_KEYS)
async def connect(visit: Visit) -> HttpResponse:
    """A key for the shop's own system; sales are recorded from now on, and nothing is given."""
    await _record_from_now(visit)
    scopes = (Scope.READ, Scope.TILL)
    async with visit.connect() as connection:
        made = await create_key(
            connection, program_id=visit.program_id, name=_("Shop system"), scopes=scopes,
            now=visit.wall,
        )  # fmt: skip
    await visit.note("key.created", "keys", scopes=[str(scope) for scope in scopes])
    shown: dict[str, object] = {
        "secret": made.secret,
        "address": visit.request.build_absolute_uri("/v1/sales"),
        "steps": shown_steps(SALES),
    }
    return visit.page("console/start/connect.html", shown)


@job_result("start-import")
async def imported(visit: Visit, job: Job) -> HttpResponse:
    """What an import came to, and the way on."""
    shown: dict[str, object] = {"result": job.result, "steps": shown_steps(SALES)}
    return visit.page("console/start/imported.html", shown)


async def _bring(visit: Visit, upload: Upload, wish: Wishes) -> HttpResponse:
    published = await _record_from_now(visit)
    bench = Bench(
        published, visit.versions, visit.lend, visit.connect, lambda: datetime.now(UTC),
        visit.language,
    )  # fmt: skip
    await visit.note("sales.imported", "sales", file=upload.name)
    work = partial(_work, bench, upload, wish)
    return await start_job(
        visit, "start-import", _("Bringing your sales in"), work, back_to=visit.address("start")
    )


async def _work(bench: Bench, upload: Upload, wish: Wishes, progress: Progress) -> dict[str, Any]:
    program = bench.published.program
    progress.tell(0.01, _("Looking for your customers …"))
    reading = await asyncio.to_thread(look_at, upload.path, Kind.SALES, wish, zone=program.timezone)
    enrolled = await enrol_customers(
        bench, reading, tell=lambda share: progress.tell(share * _ENROLLING)
    )

    def tell(figures: Figures, share: float) -> None:
        says = _("%(count)d sales recorded") % {"count": figures.accepted + figures.repeated}
        progress.tell(_ENROLLING + share * (1 - _ENROLLING), says)

    brought = await bring_file(bench, Kind.SALES, upload.path, wish, tell=tell)
    figures = brought.figures
    await asyncio.to_thread(forget_upload, bench.published.program_id, upload.id)
    return {
        "file": upload.name,
        "enrolled": enrolled,
        "accepted": figures.accepted,
        "repeated": figures.repeated,
        "refused": figures.refused,
        "reasons": [
            {"line": row.line, "column": row.column or row.field, "reason": row.reason}
            for row in brought.report.first
        ],
    }


async def _record_from_now(visit: Visit) -> Published:
    """The version in force; where none is yet, one that records sales and gives nothing."""
    async with visit.connect() as connection, program_transaction(connection, visit.program_id):
        start = await start_of_program(connection, visit.program_id)
        if start is not None:
            await record_sales_only(
                connection, visit.program_id, start, author=str(visit.user), now=visit.wall
            )
        return await visit.versions.in_force(connection, visit.program_id)


def _looked_at(
    visit: Visit, upload: Upload, wish: Wishes, program: Program
) -> tuple[Sheet | None, Preview | None, str, bool]:
    """The columns of a file, how its rows read, and what keeps them from being read."""
    try:
        sheet = sheet_of(upload.path, Kind.SALES, wish)
    except Refusal as refusal:
        return None, None, visit.problem(refusal), False
    if sheet.missing:
        return sheet, None, "", False
    try:
        preview = preview_of(
            upload.path, Kind.SALES, wish, program, language=visit.language, now=visit.wall
        )
    except MappingInvalid:
        return sheet, None, _("Say whether dates begin with the day or with the month."), True
    except Refusal as refusal:
        return sheet, None, visit.problem(refusal), False
    return sheet, preview, "", False


def _wish(told: Mapping[str, str]) -> Wishes:
    columns = {
        name: header for name, _label in TARGETS if (header := told.get(f"column-{name}", ""))
    }
    dates = told.get("dates")
    return wishes(columns=columns, dates=dates if dates in ("iso", "dmy", "mdy") else None)


def _targets(sheet: Sheet, wish: Wishes) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": _(label),
            "header": wish.columns.get(name) or sheet.columns.get(name, ""),
            "is_missing": name in sheet.missing,
        }
        for name, label in TARGETS
    ]
