"""The launch plan: steps with owners and dates, ticked by what happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.document import DocumentRefused, read_program
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.ledger.scope import Connection, program_transaction
from fiel.programs.drafts import draft_of_program
from fiel.programs.first_steps import start_of_program
from fiel.programs.launching.facts import what_happened
from fiel.programs.launching.keeping import (
    LaunchPlan,
    Milestone,
    add_step,
    change_step,
    drop_step,
    launch_plan,
    tick_by_facts,
    tick_step,
)
from fiel.programs.launching.planning import USUAL_WAIT, launch_day
from fiel.programs.scheduling import waiting_publication
from fiel.staff.people import people_of
from fiel.staff.roles import Right
from fiel.web.ui.visit import Visit, console_page


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as the page shows it, with where it is done."""

    milestone: Milestone
    title: str
    why: str
    url: str
    is_late: bool


@console_page(Right.SEE_PROGRAM)
async def plan(visit: Visit) -> HttpResponse:
    """Every step of the launch; what has happened is ticked."""
    async with (
        visit.connect() as connection,
        program_transaction(connection, visit.program_id),
    ):
        program = await _program(connection, visit)
        if program is None:
            return visit.back("start")
        happened = await what_happened(connection, visit.program_id)
        await tick_by_facts(connection, visit.program_id, happened.steps)
        planned = await plan_of(connection, visit, program, happened.began)
        people = await people_of(connection, visit.program_id, now=visit.wall)
    today = visit.now.astimezone(program.timezone).date()
    steps = [_shown(milestone, visit, today) for milestone in planned.steps]
    done = sum(step.milestone.done_at is not None for step in steps)
    shown: dict[str, object] = {
        "plan": steps,
        "done": done,
        "percent": round(100 * done / len(steps)),
        "began": happened.began,
        "launch": planned.launch,
        "people": [person.name or person.email for person in people],
        "today": today,
        "next_step": next((step for step in steps if step.milestone.done_at is None), None),
        "may_change": visit.may(Right.EDIT_PROGRAM),
    }
    return visit.page("console/start/launch_plan.html", shown)


@require_POST
@console_page(Right.EDIT_PROGRAM)
async def add(visit: Visit) -> HttpResponse:
    """Add a step of one's own."""
    told = visit.request.POST
    try:
        async with visit.writing() as connection:
            due = _day(told.get("due", "")) or visit.now.date()
            await add_step(
                connection, visit.program_id, title=told.get("title", ""),
                owner=told.get("owner", ""), due=due,
            )  # fmt: skip
    except Refusal as refusal:
        visit.say(" ".join(visit.field_problems(refusal).values()), level=messages.ERROR)
    return visit.back("launch-plan")


@require_POST
@console_page(Right.EDIT_PROGRAM)
async def change(visit: Visit, code: str) -> HttpResponse:
    """Say who does a step until when; that it is done; or, of one's own, take it away."""
    told = visit.request.POST
    try:
        async with visit.writing() as connection:
            match told.get("do"):
                case "done" | "undone":
                    await tick_step(
                        connection, visit.program_id, code, done=told["do"] == "done",
                        by=str(visit.user), now=visit.wall,
                    )  # fmt: skip
                case "drop":
                    await drop_step(connection, visit.program_id, code)
                case _:
                    due = _day(told.get("due", ""))
                    if due is None:
                        raise Http404
                    await change_step(
                        connection, visit.program_id, code, owner=told.get("owner", ""), due=due,
                        title=told.get("title", ""),
                    )  # fmt: skip
    except Refusal as refusal:
        visit.say(visit.problem(refusal), level=messages.ERROR)
    return visit.back("launch-plan")


async def _program(connection: Connection, visit: Visit) -> Program | None:
    """The program to be launched: the draft before its publication, else what is in force."""
    start = await start_of_program(connection, visit.program_id)
    published = visit.published
    is_quiet = (
        start is not None and published is not None and (start.quiet_version == published.number)
    )
    if published is not None and not is_quiet:
        return published.program
    draft = await draft_of_program(connection, visit.program_id)
    if draft is None:
        return None
    try:
        return read_program(draft.source, format=draft.format)
    except DocumentRefused:
        return None


async def plan_of(
    connection: Connection, visit: Visit, program: Program, began: datetime | None
) -> LaunchPlan:
    """The plan of a launch, by the days of the shop."""
    start = await start_of_program(connection, visit.program_id)
    waiting = None
    if began is None:
        waiting = await waiting_publication(connection, visit.program_id)
    begins = began or (None if waiting is None else waiting.publish_at)

    def day(moment: datetime) -> date:
        return moment.astimezone(program.timezone).date()

    if start is None:  # it came as a document: how long it was prepared nobody knows
        launch = day(begins) if begins else day(visit.now) + USUAL_WAIT
        return await launch_plan(connection, visit.program_id, program, launch=launch)
    since = day(start.begun_at)
    launch = launch_day(since, begins=day(begins) if begins else None)
    return await launch_plan(connection, visit.program_id, program, launch=launch, since=since)


def _shown(milestone: Milestone, visit: Visit, today: date) -> ShownStep:
    title, why = milestone.title, milestone.why
    url = ""
    if milestone.page:
        try:
            url = visit.address(milestone.page)
        except NoReverseMatch:  # a part that this installation does not have
            url = ""
    if not milestone.is_own:
        title, why = _(title), _(why)
    return ShownStep(milestone, title, why, url, milestone.is_late(today))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
