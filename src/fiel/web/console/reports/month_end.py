"""Month-end: what closing a month does, closing it, and the months that are closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_skeleton
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from fiel.domain.accounting.entries import Entry
from fiel.domain.accounting.entries import balance_of as balance_on
from fiel.domain.accounting.settings import Account
from fiel.domain.refusal import Refusal
from fiel.insights.accounts.closed import ClosedMonth, closed_months
from fiel.insights.accounts.journal import TEXTS
from fiel.insights.accounts.moment import month_after, month_named
from fiel.insights.accounts.periods import close_month
from fiel.insights.accounts.standing import balance_of, changes
from fiel.insights.accounts.to_close import months_to_close
from fiel.insights.naming import unit_name
from fiel.insights.reporting.report import Kind
from fiel.staff.roles import Right
from fiel.web.console.reports.words import Words
from fiel.web.ui import chart_options as options
from fiel.web.ui.chart_options import Measure, Span
from fiel.web.ui.charts import Chart
from fiel.web.ui.visit import Visit, console_page


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed month as the pages show it; amounts in minor units."""

    month: date
    name: str
    title: str
    closed: ClosedMonth
    deferred: int
    gift_cards: int

    @property
    def id(self) -> str:
        """What the month is called in an address."""
        return f"{self.month:%Y-%m}"

    @property
    def last_day(self) -> date:
        """Its last day."""
        return month_after(self.month) - timedelta(days=1)


@console_page(Right.SEE_ACCOUNTS)
async def month_end(visit: Visit) -> HttpResponse:
    """The months that are closed, and the one to close next; a form closes it."""
    if visit.request.method == "POST":
        return await _close(visit)
    async with visit.reading() as connection:
        closed = await closed_months(connection, visit.program_id)
    today = visit.now.astimezone(visit.program.timezone).date()
    to_close = months_to_close(closed, today)
    return visit.page(
        "console/reports/month_end.html",
        {
            "closed": [_shown(visit, each) for each in reversed(closed)],
            "to_close": [(f"{month:%Y-%m}", _name(visit, month)) for month in to_close.months],
            "first_day": to_close.months[0] if to_close.months else None,
            "last_day": (
                month_after(to_close.months[0]) - timedelta(days=1) if to_close.months else None
            ),
            "following": None if to_close.following is None else _name(visit, to_close.following),
            "is_first": not closed,
            "may_close": visit.may(Right.CLOSE_MONTHS),
        },
    )


@console_page(Right.SEE_ACCOUNTS)
async def closed_month(visit: Visit, month: str) -> HttpResponse:
    """A closed month: its points, what is owed at its end, and its journal."""
    wanted = month_named(month)
    async with visit.reading() as connection:
        closed = await closed_months(connection, visit.program_id)
    found = next((each for each in closed if each.month == wanted), None)
    if found is None:
        raise Http404
    return visit.page(
        "console/reports/closed_month.html",
        {
            "month": _shown(visit, found),
            "units": _units(visit, found),
            "lines": _lines(visit, found),
        },
    )


async def _close(visit: Visit) -> HttpResponse:
    if not visit.may(Right.CLOSE_MONTHS):
        return visit.page("ui/forbidden.html", status=403)
    month = month_named(visit.request.POST.get("month", ""))
    if month is None:
        visit.say(_("Choose the month to close."), messages.WARNING)
        return visit.back("month-end")
    try:
        _closed, _program, repeated = await close_month(
            visit.connect,
            visit.versions,
            visit.program_id,
            month,
            author=str(visit.user),
            wall=visit.wall,
        )
    except Refusal as refusal:
        visit.say(visit.problem(refusal), messages.WARNING)
        return visit.back("month-end")
    if not repeated:
        await visit.note("month.closed", about=f"month:{month:%Y-%m}")
        visit.say(_("{month} is closed.").format(month=_name(visit, month)))
    return visit.back("closed-month", f"{month:%Y-%m}")


def _shown(visit: Visit, closed: ClosedMonth) -> Closed:
    entered = closed.closing.entered
    return Closed(
        closed.month,
        _name(visit, closed.month),
        _title(visit, closed.month),
        closed,
        balance_on(Account.DEFERRED, entered),
        balance_on(Account.GIFT_CARDS, entered),
    )


def _name(visit: Visit, month: date) -> str:
    words = Words(visit.program, visit.language)
    return words.period(month, month_after(month) - timedelta(days=1))


def _title(visit: Visit, month: date) -> str:
    """The month as a heading: its whole name, which begins as a heading does."""
    told = format_skeleton("yMMMM", month, locale=visit.language)
    return told[:1].upper() + told[1:]


def _units(visit: Visit, closed: ClosedMonth) -> list[dict[str, object]]:
    """Each unit from the month's beginning to its end."""
    before, after = closed.opening.totals, closed.closing.totals
    words = Words(visit.program, visit.language)
    found = []
    for unit in dict.fromkeys((*before, *after)):
        opening, closing = balance_of(before, unit), balance_of(after, unit)
        moved = changes(before, after, unit)
        name = unit_name(visit.program, unit, visit.language)
        steps = [(_("At the beginning"), opening, True)]
        steps += [(words.called("change", kind), by, False) for kind, by in moved.items() if by]
        steps.append((_("At the end"), closing, True))
        found.append({"name": name, "steps": steps, "chart": _waterfall(name, steps)})
    return found


def _waterfall(name: str, steps: list[tuple[str, int, bool]]) -> Chart:
    at, spans = 0, []
    for label, points, is_whole in steps:
        start = 0 if is_whole else at
        spans.append(Span(label, start, start + points, points, is_whole=is_whole))
        at = start + points
    option = options.waterfall(spans, Measure(Kind.POINTS))
    rows = tuple((label, points) for label, points, _whole in steps)
    return Chart(name, option, ("", name), rows)


def _lines(visit: Visit, closed: ClosedMonth) -> list[dict[str, object]]:
    words = Words(visit.program, visit.language)
    return [
        {
            "text": words.say(TEXTS[Entry(entry)]),
            "unit": unit_name(visit.program, unit, visit.language) if unit else "",
            "account": words.called("account", account),
            "number": words.called("number", number),
            "debit": debit,
            "credit": credit,
        }
        for entry, unit, account, number, debit, credit in closed.lines
    ]
