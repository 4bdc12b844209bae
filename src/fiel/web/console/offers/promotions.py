"""The pages of promotions: what comes, runs and is over on a line of time, and what each gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fiel.domain.language import percent_text
from fiel.domain.program import EarnRule
from fiel.insights.offers.pace import by_week
from fiel.insights.offers.promotions import (
    Compared,
    Course,
    PromotionFigures,
    course_of,
    promotion_figures,
    promotions_of,
)
from fiel.ledger.budgets import budgets_left
from fiel.programs.words.earning import rule_in_words
from fiel.programs.words.speaker import Speaker
from fiel.staff.roles import Right
from fiel.web.console.offers.figures import Waited, wait_for
from fiel.web.console.offers.telling import (
    Left,
    a_week,
    direction,
    edit_url,
    percent_of,
    today_of,
    without_name,
)
from fiel.web.ui.charts import Chart, stacked
from fiel.web.ui.lists import csv_response
from fiel.web.ui.visit import Visit, console_page

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns

_MONTHS_SHOWN = 12
_WEEKS = 26
_COURSES = {
    Course.RUNNING: (gettext_noop("Running"), "green"),
    Course.COMING: (gettext_noop("Coming"), "blue"),
    Course.OVER: (gettext_noop("Over"), "secondary"),
}


@dataclass(frozen=True, slots=True)
class Budget:
    """A promotion's budget in one unit, how quickly it goes, and when it ends at that."""

    unit: str
    left: Left
    a_week: str = ""
    gone_on: date | None = None
    is_before_end: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A promotion as the list shows it.

    `start` and `width` place its bar, in percent; without a width it lies beside the line.
    """

    id: str
    name: str
    words: str
    course: str
    course_name: str
    colour: str
    first: date | None
    last: date | None
    start: int
    width: int
    holdout: str
    budgets: list[Budget]
    given: str | None
    members: int | None
    sales: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """The line of time that promotions are drawn on, with the names of its months."""

    first: date
    last: date
    months: list[tuple[str, int]]
    today: int

    def at(self, day: date) -> int:
        """Where a day lies, in percent."""
        whole = (self.last - self.first).days
        return max(0, min(100, round(100 * (day - self.first).days / whole)))


@console_page(Right.SEE_OFFERS)
async def promotions(visit: Visit) -> HttpResponse:
    """The promotions of the version in force on a line of time; what they gave comes by itself."""
    if visit.request.GET.get("format") == "csv":
        waited = await _figures(visit)
        return _csv(visit, await _rows(visit, waited.found))
    return visit.page("console/offers/promotions.html", await _shown(visit, None))


@console_page(Right.SEE_OFFERS)
async def promotions_figures(visit: Visit) -> HttpResponse:
    """The list once more, with what each promotion gave."""
    return visit.page(
        "console/offers/promotions.html#rows", await _shown(visit, await _figures(visit))
    )


@console_page(Right.SEE_OFFERS)
async def promotion(visit: Visit, rule_id: str) -> HttpResponse:
    """One promotion: what it says, when it holds, what is left of its budget."""
    rule = _rule(visit, rule_id)
    [row] = await _rows(visit, None, [rule])
    return visit.page(
        "console/offers/promotion.html",
        {
            "rule_id": rule_id,
            "row": row,
            "line": line_of([rule], today_of(visit), visit.language),
            "edit_url": edit_url(visit, "earn", rule_id),
            "impact_url": _impact_url(visit, rule),
        },
    )


@console_page(Right.SEE_OFFERS)
async def promotion_part(visit: Visit, rule_id: str) -> HttpResponse:
    """The part of a promotion's page that takes a moment: what it gave, and what came with it."""
    rule = _rule(visit, rule_id)
    waited = await _figures(visit)
    shown: dict[str, object] = {"waited": waited, "rule_id": rule_id}
    if waited.found is not None:
        figures = waited.found[rule_id]
        [row] = await _rows(visit, waited.found, [rule])
        shown |= {
            "row": row,
            "figures": figures,
            "chart": _chart(figures, Speaker(visit.program, visit.language), today_of(visit)),
            "compared": _told(figures.compared, visit.language),
            "has_holdout": rule.holdout is not None,
            "impact_url": _impact_url(visit, rule),
        }
    return visit.page("console/offers/promotion.html#figures", shown)


async def _shown(
    visit: Visit, waited: Waited[dict[str, PromotionFigures]] | None
) -> dict[str, object]:
    rows = await _rows(visit, waited.found if waited else None)
    order = list(_COURSES)
    rows.sort(key=lambda row: order.index(Course(row.course)))
    return {
        "rows": rows,
        "waited": waited,
        "line": line_of(promotions_of(visit.program), today_of(visit), visit.language),
        "new_url": visit.address("designer-part", "earn") if visit.may(Right.EDIT_PROGRAM) else "",
    }


async def _rows(
    visit: Visit,
    found: dict[str, PromotionFigures] | None,
    rules: list[EarnRule] | None = None,
) -> list[Row]:
    program, today = visit.program, today_of(visit)
    rules = promotions_of(program) if rules is None else rules
    limits = {
        (rule.id, unit): whole
        for rule in rules
        if rule.budget
        for unit, whole in rule.budget.amounts.items()
    }
    async with visit.reading() as connection:
        left = await budgets_left(connection, visit.program_id, limits)
    line, speaker = line_of(rules, today, visit.language), Speaker(program, visit.language)
    return [_row(rule, speaker, line, left, found, today) for rule in rules]


def _row(
    rule: EarnRule,
    speaker: Speaker,
    line: Line,
    left: dict[tuple[str, str], int],
    found: dict[str, PromotionFigures] | None,
    today: date,
) -> Row:
    course = course_of(rule, today)
    text, colour = _COURSES[course]
    first = rule.when.first if rule.when else None
    last = rule.when.last if rule.when else None
    start = line.at(first) if first else 0
    end = line.at(last + timedelta(days=1)) if last else 100
    figures = found.get(rule.id) if found is not None else None
    return Row(
        rule.id, speaker.name(rule.name, rule.id),
        without_name(rule_in_words(speaker, rule), speaker.name(rule.name, rule.id)), str(course),
        _(text), colour, first, last, start, max(1, end - start) if start < 100 and end > 0 else 0,
        "" if rule.holdout is None
        else percent_text(speaker.language, speaker.number(rule.holdout)),
        [
            _budget(rule, unit, left[rule.id, unit], whole, speaker, figures, today)
            for unit, whole in (rule.budget.amounts if rule.budget else {}).items()
        ],
        None if figures is None else speaker.amounts(figures.points) or "–",
        None if figures is None else figures.members,
        None if figures is None else figures.sales,
    )  # fmt: skip


def _budget(
    rule: EarnRule,
    unit: str,
    left: int,
    whole: int,
    speaker: Speaker,
    figures: PromotionFigures | None,
    today: date,
) -> Budget:
    told = Left(max(0, left), whole)
    if figures is None:
        return Budget(speaker.units(unit), told)
    pace = figures.pace(unit, today)
    gone_on = pace.ends_on(max(0, left), today)
    last = rule.when.last if rule.when else None
    return Budget(
        speaker.units(unit), told, a_week(pace.a_week, speaker.language), gone_on,
        gone_on is not None and last is not None and gone_on < last,
    )  # fmt: skip


def line_of(rules: list[EarnRule], today: date, language: str) -> Line:
    """A line of time around today that shows these rules, a year at most."""
    days = [
        day
        for rule in rules
        if rule.when
        for day in (rule.when.first, rule.when.last)
        if day is not None
    ]
    near = [day for day in days if abs((day - today).days) <= 31 * _MONTHS_SHOWN // 2]
    first = min([*near, today - timedelta(days=45)]).replace(day=1)
    last = _month_after(max([*near, today + timedelta(days=45)]))
    months, whole = [], (last - first).days
    month = first
    while month < last:
        after = _month_after(month)
        pattern = "LLL y" if month == first or month.month == 1 else "LLL"
        name = format_date(month, pattern, locale=language)
        months.append((name, round(100 * (after - month).days / whole)))
        month = after
    return Line(first, last, months, round(100 * (today - first).days / whole))


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _chart(figures: PromotionFigures, speaker: Speaker, today: date) -> Chart | None:
    told = {unit: days for unit, days in figures.by_day.items() if unit in speaker.program.units}
    if not told:
        return None
    weeks = {unit: by_week(days, today, weeks=_WEEKS) for unit, days in told.items()}
    labels = [
        format_date(day, "d MMM", locale=speaker.language)
        for day, _count in next(iter(weeks.values()))
    ]
    series = {speaker.units(unit): [count for _day, count in each] for unit, each in weeks.items()}
    return stacked(_("Given in each week"), labels, series, first_heading=_("Week from"))


def _told(compared: Compared | None, language: str) -> dict[str, object] | None:
    if compared is None:
        return None
    return {
        "first": compared.first,
        "last": compared.last,
        "days": compared.days,
        "before": compared.before // compared.days,
        "during": compared.during // compared.days,
        "sales_before": compared.sales_before,
        "sales_during": compared.sales_during,
        "change": percent_of(compared.change, language, signed=True),
        "direction": direction(compared.change),
    }


def _csv(visit: Visit, rows: list[Row]) -> HttpResponse:
    headings = ("id", "name", "course", "from", "to", "given", "members", "sales", "budget",
                "budget_left")  # fmt: skip
    cells = (
        (row.id, row.name, row.course, row.first, row.last, row.given, row.members, row.sales,
         " + ".join(f"{each.left.whole} {each.unit}" for each in row.budgets),
         " + ".join(f"{each.left.left} {each.unit}" for each in row.budgets))
        for row in rows
    )  # fmt: skip
    return csv_response(f"{visit.slug}-promotions", headings, cells)


def _rule(visit: Visit, rule_id: str) -> EarnRule:
    for rule in promotions_of(visit.program):
        if rule.id == rule_id:
            return rule
    raise Http404


def _impact_url(visit: Visit, rule: EarnRule) -> str:
    if rule.holdout is None or visit.stores or not visit.may(Right.SEE_REPORTS):
        return ""
    return f"{visit.address('report', 'impact')}?promotion={rule.id}"


async def _figures(visit: Visit) -> Waited[dict[str, PromotionFigures]]:
    program, today = visit.program, today_of(visit)

    def make(columns: Columns) -> dict[str, PromotionFigures]:
        return promotion_figures(columns, program, today)

    return await wait_for(visit, "promotions", make)
