"""The home page: what waits, how it goes, how far the goals have come, what is owed.

The page itself comes at once; its figures are asked for by the page, and kept for some minutes.
"""

from __future__ import annotations

import asyncio
import logging

from django.core.cache import cache
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from fiel.insights.alerts.kept import State, alerts_of
from fiel.staff.roles import Right
from fiel.web.console.alerts.telling import told_alerts
from fiel.web.console.home.courses import courses
from fiel.web.console.home.next_steps import next_steps
from fiel.web.console.home.tiles import period_told, sales_chart, tiles
from fiel.web.console.reports.asking import Asking, read_asking
from fiel.web.console.reports.making import SECONDS_KEPT, Waited, wait_for_report
from fiel.web.console.reports.sections import told_statements
from fiel.web.console.reports.shelf import BY_NAME
from fiel.web.console.reports.words import Words
from fiel.web.ui.visit import Visit, console_page

_EVERY = ("week", "month", "quarter")
_SHOWN_ALERTS = 4

_log = logging.getLogger(__name__)


@console_page(Right.SEE_HOME)
async def home(visit: Visit) -> HttpResponse:
    """The home page, whose figures come by themselves."""
    every = _every(visit)
    async with visit.reading() as connection:
        steps = await next_steps(visit, connection)
        alerts = (
            await alerts_of(
                connection, visit.program_id, (State.OPEN, State.SEEN), limit=_SHOWN_ALERTS
            )
            if visit.may(Right.SEE_ALERTS)
            else []
        )
    names = {"week": _("Week"), "month": _("Month"), "quarter": _("Quarter")}
    return visit.page(
        "console/home/home.html",
        {
            "program": visit.program,
            "steps": steps,
            "alerts": told_alerts(visit, alerts),
            "every": every,
            "periods": [(each, names[each], each == every) for each in _EVERY],
            "sees_reports": visit.may(Right.SEE_REPORTS),
            "sees_goals": visit.may(Right.SEE_REPORTS) and not visit.stores,
            "sees_accounts": visit.may(Right.SEE_ACCOUNTS) and not visit.stores,
            "sees_alerts": visit.may(Right.SEE_ALERTS),
        },
    )


@console_page(Right.SEE_REPORTS)
async def figures(visit: Visit) -> HttpResponse:
    """The part of the page with the figures that matter."""
    every = _every(visit)
    asking = _asking(visit, "kpis", every=every)
    waited = await wait_for_report(visit, asking)
    words = Words(visit.program, visit.language)
    shown: dict[str, object] = {"waited": waited, "every": every}
    if waited.report is not None:
        shown |= {
            "tiles": tiles(waited.report, words),
            "chart": sales_chart(waited.report, words),
            "period": period_told(waited.report, words),
            "store": asking.options.get("store", ""),
            "query": asking.query,
        }
    return visit.page("console/home/home.html#figures", shown)


@console_page(Right.SEE_REPORTS)
async def goals(visit: Visit) -> HttpResponse:
    """The part of the page with the goals."""
    if visit.stores:
        return visit.page("ui/forbidden.html", status=403)
    waited = Waited()
    if visit.program.goals:
        waited = await wait_for_report(visit, _asking(visit, "goals"))
    words = Words(visit.program, visit.language)
    shown = {
        "waited": waited,
        "has_goals": bool(visit.program.goals),
        "courses": [] if waited.report is None else courses(waited.report, words),
    }
    return visit.page("console/home/home.html#goals", shown)


@console_page(Right.SEE_ACCOUNTS)
async def owed(visit: Visit) -> HttpResponse:
    """The part of the page with what is owed to members, and what of it ends soon."""
    if visit.stores:
        return visit.page("ui/forbidden.html", status=403)
    waited = await wait_for_report(visit, _asking(visit, "liability"))
    words = Words(visit.program, visit.language)
    shown: dict[str, object] = {"waited": waited}
    if waited.report is not None:
        table = next(each for each in waited.report.tables if each.id == "liability")
        columns = {column.id: place for place, column in enumerate(table.columns)}
        shown["units"] = [
            {
                name: words.cell(row[columns[name]], table.columns[columns[name]])
                for name in ("unit", "outstanding", "expected_redemption", "liability", "deferred")
            }
            for row in table.rows
            if row[columns["outstanding"]]
        ]
        shown["told"] = list(told_statements(waited.report.statements, words))
        shown["ending"] = await _ending(visit, words)
    return visit.page("console/home/home.html#owed", shown)


async def _ending(visit: Visit, words: Words) -> list[tuple[str, int, int]]:
    """Points that end soon, kept for some minutes like the reports beside them."""
    key = f"ending:{visit.program_id}:{visit.now.date()}"
    kept: list[tuple[str, int, int]] | None = await cache.aget(key)
    if kept is None:
        # What it stands on takes a second to load.
        from fiel.insights.ending import points_ending  # noqa: PLC0415

        try:
            async with visit.open_columns(visit.program_id) as columns:
                found = await asyncio.to_thread(points_ending, columns, visit.now)
        except Exception:  # noqa: BLE001 - it is logged, and the rest of the page stays
            _log.exception("what ends soon could not be read")
            return []
        kept = [(each.unit, each.points, each.members) for each in found]
        await cache.aset(key, kept, SECONDS_KEPT)
    return [(words.called("unit", unit), points, members) for unit, points, members in kept]


def _asking(visit: Visit, name: str, **options: str) -> Asking:
    query = QueryDict(mutable=True)
    query.update(options)
    if store := visit.request.GET.get("store"):
        query["store"] = store
    return read_asking(query, BY_NAME[name], visit.stores)


def _every(visit: Visit) -> str:
    told = visit.request.GET.get("every", "")
    return told if told in _EVERY else "month"
