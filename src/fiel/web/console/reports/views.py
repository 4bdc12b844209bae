"""The pages of reports: the shelf, a report to explore, its tables as CSV, long ones as jobs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from fiel.domain.refusal import Invalid
from fiel.insights.reporting.keeping import report_of_record, report_record
from fiel.insights.reporting.report import Report
from fiel.insights.reporting.telling import csv_text, table_named
from fiel.staff.roles import Right
from fiel.web.console.reports.addresses import member_url
from fiel.web.console.reports.asking import Asking, filters_of, presets_of, read_asking
from fiel.web.console.reports.making import (
    forget_report,
    kept_report,
    make_and_keep,
    wait_for_report,
)
from fiel.web.console.reports.sections import Told, told_report
from fiel.web.console.reports.shelf import BY_NAME, Days, Shelved, shelves_for
from fiel.web.console.reports.words import Words
from fiel.web.ui.jobs import Job, Progress, job_result, start_job
from fiel.web.ui.visit import Visit, console_page

_CSV = "text/csv; charset=utf-8"


@console_page(Right.SEE_REPORTS)
async def reports(visit: Visit) -> HttpResponse:
    """Which reports there are, each explained in a sentence."""
    shown = {"shelves": shelves_for(visit), "sees_accounts": visit.may(Right.SEE_ACCOUNTS)}
    return visit.page("console/reports/index.html", shown)


@console_page(None)
async def report(visit: Visit, name: str) -> HttpResponse:
    """A report with what narrows it; the figures come by themselves when they are made."""
    shelved = _shelved(visit, name)
    if shelved is None:
        return visit.page("ui/forbidden.html", status=403)
    asking = read_asking(visit.request.GET, shelved, visit.stores)
    if "fresh" in visit.request.GET:
        await forget_report(visit, asking)
        response = visit.back("report", name)
        response["Location"] += f"?{asking.query}"
        return response
    kept = None if asking.problems else await kept_report(visit, asking)
    return visit.page("console/reports/report.html", _page(visit, asking, kept))


@console_page(None)
async def report_made(visit: Visit, name: str) -> HttpResponse:
    """The part of a report's page that takes time; when that is long, it says so and asks again."""
    shelved = _shelved(visit, name)
    if shelved is None:
        return visit.page("ui/forbidden.html", status=403)
    asking = read_asking(visit.request.GET, shelved, visit.stores)
    waited = await wait_for_report(visit, asking)
    shown = _page(visit, asking, waited.report) | {"waited": waited}
    return visit.page("console/reports/report.html#body", shown)


@console_page(None)
async def report_csv(visit: Visit, name: str) -> HttpResponse:
    """One table of a report as a file, as the API and the command line give it."""
    shelved = _shelved(visit, name)
    if shelved is None:
        return visit.page("ui/forbidden.html", status=403)
    asking = read_asking(visit.request.GET, shelved, visit.stores)
    made = await kept_report(visit, asking) or await make_and_keep(visit, asking)
    try:
        table = table_named(made, visit.request.GET.get("table"))
    except Invalid as unknown:
        raise Http404 from unknown
    await visit.note("report.exported", about=f"report:{name}", table=table.id)
    response = HttpResponse(csv_text(table, visit.program, visit.language), content_type=_CSV)
    response["Content-Disposition"] = f'attachment; filename="{visit.slug}-{name}-{table.id}.csv"'
    return response


@console_page(None)
async def report_job(visit: Visit, name: str) -> HttpResponse:
    """Make a long report as a job."""
    shelved = _shelved(visit, name)
    if shelved is None or visit.request.method != "POST":
        raise Http404
    asking = read_asking(visit.request.POST, shelved, visit.stores)

    async def work(progress: Progress) -> dict[str, Any]:
        progress.tell(0.0, _("Reading what happened …"))
        made = await make_and_keep(visit, asking)
        return {"report": report_record(made).decode(), "query": asking.query}

    address = visit.address("report", name)
    return await start_job(visit, "report", shelved.heading, work, back_to=address)


@job_result("report")
async def report_of_job(visit: Visit, job: Job) -> HttpResponse:
    """What a long report came to."""
    assert job.result is not None, "a job that is done has a result"
    made = report_of_record(job.result["report"])
    shelved = _shelved(visit, made.name)
    if shelved is None:
        return visit.page("ui/forbidden.html", status=403)
    asking = Asking(shelved, made.since, made.until, {})
    return visit.page("console/reports/report.html", _page(visit, asking, made))


def _shelved(visit: Visit, name: str) -> Shelved | None:
    """A report by its name; None for one that is not for this person.

    Raises:
        Http404: there is no such report.
    """
    shelved = BY_NAME.get(name)
    if shelved is None:
        raise Http404
    return shelved if shelved.is_open_to(visit) else None


def _page(visit: Visit, asking: Asking, made: Report | None) -> dict[str, object]:
    today = asking.question(visit).today
    return {
        "report": asking.report,
        "asking": asking,
        "filters": filters_of(asking, visit),
        "presets": presets_of(asking, today),
        "has_days": asking.report.days is not Days.NONE,
        "has_first_day": asking.report.days is Days.RANGE,
        "made": made,
        "told": None if made is None else told_of(visit, asking, made),
    }


def told_of(visit: Visit, asking: Asking, made: Report) -> Told:
    """A report for the page, with ids that lead where they are told more of."""

    def address(column: str, id_: str) -> str | None:
        if column in ("store", "channel", "segment", "tier") and column in asking.report.narrows:
            if asking.options.get(column) == id_ or (column == "store" and visit.stores):
                return None
            wanted = Asking(
                asking.report, asking.since, asking.until, {**asking.options, column: id_}
            )
            return f"?{wanted.query}"
        return member_url(visit, id_) if column == "member" else None

    return told_report(made, Words(visit.program, visit.language), address)
