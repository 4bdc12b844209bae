"""What the program would come to: on the shop's own sales, or in a usual customer's year."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.program import Program
from fiel.insights.foreseeing import Foreseen, Usual, a_usual_year
from fiel.insights.naming import unit_name
from fiel.insights.reporting.telling import minor_units
from fiel.insights.review.review import review_without_past
from fiel.insights.review.telling import tiers_multiply
from fiel.programs.first_steps import Start
from fiel.staff.roles import Right
from fiel.web.console.simulate.reviewing import told_of
from fiel.web.console.simulate.running import SIMULATION, Trial, start_simulation
from fiel.web.console.simulate.subject import SOLD
from fiel.web.console.start.overview import begun
from fiel.web.console.start.steps import RESULT, shown_steps
from fiel.web.ui.jobs import latest_jobs
from fiel.web.ui.visit import Visit, console_page

# Nobody redeemed anything yet: every other visit at which something can be had is a cautious guess.
BEHAVIOUR = "eager:50"


@console_page(Right.SEE_PROGRAM)
async def result(visit: Visit) -> HttpResponse:
    """A usual customer's year, and, where sales are known, the way to a simulation on them."""
    start, document = await begun(visit)
    if document is None:
        return visit.back("designer")
    program = document.program
    async with visit.reading() as connection:
        row = await (await connection.execute(SOLD, (visit.program_id,))).fetchone()
    year = None if start is None else usual_year(program, start, visit)
    margin = None if start is None else start.answers.margin
    review = told_of(review_without_past(program, margin=margin), program, visit.language)
    jobs = await latest_jobs(visit.program_id, SIMULATION, most=1)
    shown: dict[str, object] = {
        "has_sales": bool(row and row[0]),
        "job": jobs[0] if jobs else None,
        "year": year,
        "margin": None if year is None else minor_units(year.margin),
        "cost": None if year is None or year.cost is None else minor_units(year.cost),
        "leaves_out_tiers": tiers_multiply(program),
        "points": _points(program, year, visit.language),
        "currency": program.currency,
        "findings": review["findings"],
        "steps": shown_steps(RESULT),
    }
    return visit.page("console/start/result.html", shown)


@require_POST
@console_page(Right.SEE_PROGRAM)
async def simulate(visit: Visit) -> HttpResponse:
    """Try the draft on the sales that were brought in."""
    _start, document = await begun(visit)
    if document is None:
        return visit.back("designer")
    trial = Trial(document, behaviour=BEHAVIOUR, is_alone=True)
    return await start_simulation(
        visit, trial, _("Your program on your sales"), back_to=visit.address("start-result")
    )


def usual_year(program: Program, start: Start, visit: Visit) -> Foreseen:
    """What a usual customer's year comes to, by what was answered."""
    answers = start.answers
    usual = Usual(program.currency.minor(answers.ticket), answers.margin, answers.visits.in_a_year)
    return a_usual_year(program, usual, begins=visit.now)


def _points(program: Program, year: Foreseen | None, language: str) -> list[tuple[str, int]]:
    given = {} if year is None else year.points
    return [(unit_name(program, unit, language), points) for unit, points in given.items()]
