"""Bring members, sales, balances and returns in from a file: look first, then a job does it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiel.connect.importing.bringing import Bench, bring_file
from fiel.connect.importing.columns import ATTRIBUTE_PREFIX, TARGETS, Kind
from fiel.connect.importing.mapping import MappingInvalid, Wishes, wishes
from fiel.connect.importing.previewing import Preview, Sheet, preview_of, sheet_of
from fiel.connect.importing.refused import report_path
from fiel.connect.importing.runs import Figures
from fiel.domain.refusal import Refusal
from fiel.staff.roles import Right
from fiel.web.console.members.forms import ConsoleForm
from fiel.web.console.members.import_words import KINDS, LABELS
from fiel.web.ui.jobs import Job, Progress, job_result, start_job
from fiel.web.ui.uploads import Upload, forget_upload, keep_upload, upload_named
from fiel.web.ui.visit import Visit, console_page

NOTHING = "-"  # a value that no column brings, though one is called so
_DATES = ("iso", "dmy", "mdy")
_TITLES = {str(each.kind): each.title for each in KINDS}


class FileForm(ConsoleForm):
    """A file, and what it holds."""

    kind = forms.ChoiceField(choices=[(str(each.kind), each.title) for each in KINDS])
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or Parquet, up to 200 MB. From a spreadsheet, save it as CSV."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.parquet,text/csv"}),
    )


@console_page(Right.IMPORT)
async def choose(visit: Visit) -> HttpResponse:
    """What a file holds, and the file."""
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    kinds = [(str(each.kind), each.icon, _(each.title), _(each.text)) for each in KINDS]
    if visit.request.method != "POST":
        form = FileForm(initial={"kind": visit.request.GET.get("kind", "members")})
        return visit.page("console/members/import.html", {"form": form, "kinds": kinds})
    form = FileForm(visit.request.POST, visit.request.FILES)
    if form.is_valid():
        try:
            upload = await asyncio.to_thread(
                keep_upload, visit.program_id, form.cleaned_data["file"]
            )
        except Refusal as refusal:
            form.blame(visit.problem(refusal), visit.field_problems(refusal))
        else:
            return visit.back("member-import-file", form.cleaned_data["kind"], upload.id)
    shown = {"form": form, "kinds": kinds}
    return visit.page("console/members/import.html", shown, status=422)


@console_page(Right.IMPORT)
async def look(visit: Visit, kind: str, upload_id: UUID) -> HttpResponse:
    """Which column brings what, and how the first rows read; then bring the file in."""
    if kind not in _TITLES:
        raise Http404
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    upload = upload_named(visit.program_id, upload_id)
    told = visit.request.POST
    headers = await asyncio.to_thread(_headers, upload, Kind(kind))
    wish = _wish(Kind(kind), told, headers)
    sheet, preview, problem, asks_dates = await asyncio.to_thread(
        _looked_at, visit, upload, Kind(kind), wish
    )
    if told.get("do") == "bring" and preview is not None:
        return await _bring(visit, upload, Kind(kind), wish)
    taken = set(sheet.columns.values()) if sheet else set()
    shown: dict[str, object] = {
        "kind": kind,
        "title": _(_TITLES[kind]),
        "upload": upload,
        "sheet": sheet,
        "targets": _targets(Kind(kind), sheet, wish, told) if sheet else [],
        "free": [
            (index, header, f"attribute-{index}" in told)
            for index, header in enumerate(headers)
            if header not in taken or f"attribute-{index}" in told
        ]
        if kind == Kind.MEMBERS
        else [],
        "preview": preview,
        "problem": problem,
        "asks_dates": asks_dates,
        "dates": told.get("dates", ""),
    }
    return visit.page("console/members/import_look.html", shown)


@console_page(Right.IMPORT)
async def refused_rows(visit: Visit, upload_id: UUID) -> HttpResponse:
    """The refused rows of a file that was brought in, each with why."""
    path = report_path(upload_named(visit.program_id, upload_id).path)
    if not path.is_file():
        raise Http404
    content = await asyncio.to_thread(path.read_bytes)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{path.name}"'
    return response


@job_result("import")
async def imported(visit: Visit, job: Job) -> HttpResponse:
    """What an import came to."""
    return visit.page("console/members/imported.html", {"job": job, "result": job.result})


async def _bring(visit: Visit, upload: Upload, kind: Kind, wish: Wishes) -> HttpResponse:
    assert visit.published is not None, "a file is brought in to a program in force"
    bench = Bench(
        visit.published, visit.versions, visit.lend, visit.connect, lambda: datetime.now(UTC),
        visit.language,
    )  # fmt: skip
    await visit.note("file.imported", about=f"import:{upload.id}", kind=str(kind), file=upload.name)
    work = partial(_work, bench, upload, kind, wish)
    title = _("Bringing in %(file)s") % {"file": upload.name}
    return await start_job(visit, "import", title, work, back_to=visit.address("member-import"))


async def _work(
    bench: Bench, upload: Upload, kind: Kind, wish: Wishes, progress: Progress
) -> dict[str, Any]:
    def tell(figures: Figures, share: float) -> None:
        says = _("%(done)d rows recorded, %(refused)d refused") % {
            "done": figures.accepted + figures.repeated,
            "refused": figures.refused,
        }
        progress.tell(share, says)

    brought = await bring_file(bench, kind, upload.path, wish, tell=tell)
    figures = brought.figures
    if not figures.refused:
        await asyncio.to_thread(forget_upload, bench.published.program_id, upload.id)
    return {
        "kind": str(kind),
        "file": upload.name,
        "upload": str(upload.id) if figures.refused else None,
        "accepted": figures.accepted,
        "repeated": figures.repeated,
        "refused": figures.refused,
        "reasons": [
            {"line": row.line, "column": row.column or row.field, "reason": row.reason}
            for row in brought.report.first
        ],
    }


def _headers(upload: Upload, kind: Kind) -> tuple[str, ...]:
    try:
        return sheet_of(upload.path, kind, Wishes()).headers
    except Refusal:
        return ()


def _looked_at(
    visit: Visit, upload: Upload, kind: Kind, wish: Wishes
) -> tuple[Sheet | None, Preview | None, str, bool]:
    """The columns of a file, how its rows read, and what keeps them from being read."""
    try:
        sheet = sheet_of(upload.path, kind, wish)
    except Refusal as refusal:
        return None, None, visit.problem(refusal), False
    if sheet.missing:
        return sheet, None, "", False
    try:
        preview = preview_of(
            upload.path, kind, wish, visit.program, language=visit.language, now=visit.now
        )
    except MappingInvalid:
        return sheet, None, _("Say whether dates begin with the day or with the month."), True
    except Refusal as refusal:
        return sheet, None, visit.problem(refusal), False
    return sheet, preview, "", False


def _wish(kind: Kind, told: Mapping[str, str], headers: tuple[str, ...]) -> Wishes:
    columns, values = {}, {}
    for target in TARGETS[kind]:
        header = told.get(f"column-{target.name}", "")
        if header == NOTHING:
            values[target.name] = ""
        elif header in headers:
            columns[target.name] = header
    if kind is Kind.MEMBERS:
        for index, header in enumerate(headers):
            if f"attribute-{index}" in told and header not in columns.values():
                columns[ATTRIBUTE_PREFIX + _attribute(header, index)] = header
    dates = told.get("dates")
    return wishes(columns=columns, values=values, dates=dates if dates in _DATES else None)


def _attribute(header: str, index: int) -> str:
    return re.sub(r"\W+", "_", header.strip().casefold()).strip("_")[:50] or f"column_{index}"


def _targets(
    kind: Kind, sheet: Sheet, wish: Wishes, told: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "name": target.name,
            "label": _(LABELS.get(target.name, target.name)),
            "header": NOTHING
            if target.name in wish.values
            else wish.columns.get(target.name) or sheet.columns.get(target.name, ""),
            "is_required": target.required,
            "is_missing": target.name in sheet.missing and bool(told or target.required),
        }
        for target in TARGETS[kind]
    ]
