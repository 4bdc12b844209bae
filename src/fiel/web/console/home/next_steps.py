"""What to do next: what waits for this person, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fiel.domain.language import day_text
from fiel.insights.alerts.kept import State, alerts_of
from fiel.ledger.scope import Connection
from fiel.programs.drafts import draft_of_program
from fiel.programs.launching.facts import began_at
from fiel.programs.scheduling import waiting_publication
from fiel.staff.approvals import waiting_approvals
from fiel.staff.roles import Right
from fiel.web.console.start.launching import plan_of
from fiel.web.ui.visit import Visit

_DAYS_OF_A_LAUNCH = 45


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something that waits: its code, what it says, and where it is done."""

    code: str
    icon: str
    text: str
    url: str
    label: str


async def next_steps(visit: Visit, connection: Connection) -> list[NextStep]:
    """What waits for a person; `connection` is inside the program's transaction."""
    found = [
        *await _to_decide(visit, connection),
        *await _to_publish(visit, connection),
        *await _to_launch(visit, connection),
        *_to_state(visit),
    ]
    return [step for step in found if step.url]


async def _to_decide(visit: Visit, connection: Connection) -> list[NextStep]:
    """Approvals and alerts."""
    found = []
    if visit.may(Right.APPROVE_ADJUSTMENTS):
        many = await waiting_approvals(connection, visit.program_id)
        if many:
            text = ngettext(
                "{many} request waits for approval.",
                "{many} requests wait for approval.",
                many,
            )
            found.append(_step(visit, "approvals", text.format(many=many), "approvals",
                               _("Decide"), icon="checks"))  # fmt: skip
    if visit.may(Right.HANDLE_ALERTS) and not visit.stores:
        open_ = await alerts_of(connection, visit.program_id, (State.OPEN,), limit=100)
        if open_:
            many = len(open_)
            text = ngettext(
                "{many} alert has not been looked at.",
                "{many} alerts have not been looked at.",
                many,
            )
            found.append(_step(visit, "alerts", text.format(many=many), "alerts",
                               _("Look at them"), icon="bell"))  # fmt: skip
    return found


async def _to_publish(visit: Visit, connection: Connection) -> list[NextStep]:
    """A draft that waits, for whoever may publish it."""
    if not visit.may(Right.EDIT_PROGRAM):
        return []
    waiting = await waiting_publication(connection, visit.program_id)
    if waiting is not None:
        day = waiting.publish_at.astimezone(visit.program.timezone).date()
        text = _("A version waits to be published on {day}.").format(
            day=day_text(visit.language, day)
        )
        return [_step(visit, "scheduled", text, "versions", _("See it"), icon="calendar-time")]
    draft = await draft_of_program(connection, visit.program_id)
    if draft is None:
        return []
    text = _("A draft of the program has not been published.")
    page = "start" if await began_at(connection, visit.program_id) is None else "designer"
    return [_step(visit, "draft", text, page, _("Go on with it"), icon="pencil")]


async def _to_launch(visit: Visit, connection: Connection) -> list[NextStep]:
    """The steps of a launch that are due, while it is one."""
    if not visit.may(Right.EDIT_PROGRAM):
        return []
    today = _today(visit)
    began = await began_at(connection, visit.program_id)
    plan = await plan_of(connection, visit, visit.program, began)
    steps = [step for step in plan.steps if step.done_at is None]
    if not steps or today > plan.launch + timedelta(days=_DAYS_OF_A_LAUNCH):
        return []
    due = sum(step.due <= today for step in steps)
    if due > 1:
        text = ngettext(
            "{many} step of the launch plan is due.", "{many} steps of the launch plan are due.",
            due,
        ).format(many=due)  # fmt: skip
    else:
        step = steps[0]
        text = _("Next in the launch plan, until {day}: {step}.").format(
            day=day_text(visit.language, step.due),
            step=step.title if step.is_own else _(step.title),
        )
    return [_step(visit, "launch", text, "launch-plan", _("Open the plan"), icon="rocket")]


def _to_state(visit: Visit) -> Iterator[NextStep]:
    """Goals, without which nothing says whether the program does what it is for."""
    if not visit.program.goals and visit.may(Right.EDIT_PROGRAM):
        text = _("The program states no goal. Say what it is for, and progress is shown here.")
        yield _step(visit, "goals", text, "designer", _("State a goal"), icon="target-arrow")


def _today(visit: Visit) -> date:
    return visit.now.astimezone(visit.program.timezone).date()


def _step(visit: Visit, code: str, text: str, page: str, label: str, *, icon: str) -> NextStep:
    """A step; without an address when there is no such page.

    The build gathers an icon where it is named as one.
    """
    try:
        url = visit.address(page)
    except NoReverseMatch:
        url = ""
    return NextStep(code, icon, text, url, label)
