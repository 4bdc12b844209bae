"""Simulation: what a document would have come to on the shop's own past, beside today's."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from fiel.domain.document import read_program
from fiel.domain.language import say
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.insights.reporting.asked import problems_of_days
from fiel.insights.reporting.keeping import report_of_record
from fiel.insights.reporting.report import Report
from fiel.insights.reporting.telling import csv_text, said, table_named
from fiel.insights.simulation.variants import axis_of, variants_of
from fiel.programs.drafts import draft_of_program
from fiel.programs.launching.facts import began_at
from fiel.staff.roles import Right
from fiel.web.console.simulate.asking import AXES, SimulationForm, axes_of, places_of
from fiel.web.console.simulate.running import SIMULATION, Trial, start_simulation
from fiel.web.console.simulate.showing import Showing
from fiel.web.console.simulate.subject import subject_of
from fiel.web.ui.jobs import Job, job_result, latest_jobs
from fiel.web.ui.visit import Visit, console_page

_MOST_SHOWN = 8


@console_page(Right.SEE_PROGRAM)
async def simulate(visit: Visit) -> HttpResponse:
    """Ask for a simulation of the draft, or of what is in force; the ones that were made."""
    subject = await subject_of(visit)
    document = subject.document
    told = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    form = SimulationForm(told if visit.request.method == "POST" else None,
                          initial={"behaviour": "observed"})  # fmt: skip
    axes = axes_of(told)
    problem = ""
    if visit.request.method == "POST" and document is not None and form.is_valid():
        asked = form.cleaned_data
        trial = Trial(
            document, asked["since"], asked["until"], asked["behaviour"], axes,
            is_alone=subject.is_alone,
            is_draft=subject.is_draft,
        )  # fmt: skip
        problem = _problem(visit, trial)
        if not problem:
            return await start_simulation(
                visit, trial, _("Simulation"), back_to=visit.address("simulate")
            )
    program = None if document is None else document.program
    plain: dict[str, Any] = {} if document is None else document.plain
    shown: dict[str, object] = {
        "form": form,
        "problem": problem,
        "is_draft": subject.is_draft,
        "has_draft_faults": document is None,
        "has_sales": subject.has_sales,
        "places": [] if program is None else places_of(plain, program, visit.language),
        "axes": [
            {"number": number, "path": told.get(f"path-{number}", ""),
             "values": told.get(f"values-{number}", "")}
            for number in range(AXES)
        ],
        "jobs": await latest_jobs(visit.program_id, SIMULATION, most=_MOST_SHOWN),
    }  # fmt: skip
    return visit.page("console/simulate/simulate.html", shown)


@job_result(SIMULATION)
async def came_to(visit: Visit, job: Job) -> HttpResponse:
    """What a simulation came to: figures with their change, charts, tables, what it assumes."""
    report, program = _kept(job)
    if visit.request.GET.get("format") == "csv":
        return _csv(visit, report, program)
    places = places_of(_plain(job), program, visit.language)
    tried = _("Draft") if (job.result or {}).get("is_draft") else _("In force")
    showing = Showing(
        report, program, visit.language, {each.path: each.label for each in places}, tried
    )
    async with visit.reading() as connection:
        began = await began_at(connection, visit.program_id)
        has_draft = await draft_of_program(connection, visit.program_id) is not None
    shown: dict[str, object] = {
        "job": job,
        "report": report,
        "headlines": showing.headlines(),
        "parts": showing.sections(),
        "statements": [said(each.text, visit.language) for each in report.statements],
        "definitions": [(_(each.name), _(each.text)) for each in report.definitions],
        "is_alone": (job.result or {}).get("is_alone"),
        "is_first": began is None,
        "may_publish": visit.may(Right.PUBLISH_PROGRAM) and has_draft,
    }
    return visit.page("console/simulate/result.html", shown)


def _csv(visit: Visit, report: Report, program: Program) -> HttpResponse:
    try:
        table = table_named(report, visit.request.GET.get("table"))
    except Refusal:
        raise Http404 from None
    text = "\ufeff" + csv_text(table, program, visit.language)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="simulation-{table.id}.csv"'
    return response


def _plain(job: Job) -> dict[str, Any]:
    assert job.result is not None, "a job that is done has a result"
    plain: dict[str, Any] = orjson.loads(job.result["document"])
    return plain


def _kept(job: Job) -> tuple[Report, Program]:
    """The report of a job, and the program it is about."""
    assert job.result is not None, "a job that is done has a result"
    report = report_of_record(orjson.dumps(job.result["report"]))
    return report, read_program(job.result["document"], format=job.result["format"])


def _problem(visit: Visit, trial: Trial) -> str:
    """What keeps a simulation from being made, before it is begun."""
    problems = problems_of_days(trial.since, trial.until)
    try:
        axes = [axis_of(text) for text in trial.grid]
        variants_of(trial.document.plain, axes, today=visit.now.date())
    except Refusal as refusal:
        problems = [*problems, *refusal.problems]
        if not refusal.problems:
            return visit.problem(refusal)
    return " ".join(say(visit.language, each.text, **each.parameters) for each in problems)
