"""The steps of a launch as people keep them: who does each, until when, and what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem, Invalid, NotFound
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.programs.launching.planning import BY_FACTS, Step, steps_of

LONGEST_TEXT = 120
LAUNCH = "launch"  # no step: the day on which customers are told, where somebody chose it
_OWN = "own-"

ROWS: LiteralString = """
SELECT step, title, owner, due, done_at, done_by FROM launch_step WHERE program_id = %s
ORDER BY step
"""
CHANGE: LiteralString = """
INSERT INTO launch_step (program_id, step, title, owner, due) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (program_id, step)
DO UPDATE SET title = excluded.title, owner = excluded.owner, due = excluded.due
"""
TICK: LiteralString = """
INSERT INTO launch_step (program_id, step, done_at, done_by) VALUES (%s, %s, %s, %s)
ON CONFLICT (program_id, step)
DO UPDATE SET done_at = excluded.done_at, done_by = excluded.done_by
"""
# A fact stays one: what was true once is not asked again.
TICK_BY_FACT: LiteralString = """
INSERT INTO launch_step (program_id, step, done_at) VALUES (%s, %s, %s)
ON CONFLICT (program_id, step)
DO UPDATE SET done_at = excluded.done_at, done_by = '' WHERE launch_step.done_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of a launch as it stands. `title` and `why` are message ids, but of own steps."""

    code: str
    title: str
    why: str
    page: str
    owner: str
    due: date
    done_at: datetime | None
    done_by: str

    @property
    def is_own(self) -> bool:
        """Whether the merchant added it."""
        return self.code.startswith(_OWN)

    @property
    def day(self) -> date:
        """The day by which it stands in the plan: when it was done, else until when it is to be."""
        return self.due if self.done_at is None else min(self.due, self.done_at.date())

    @property
    def is_by_fact(self) -> bool:
        """Whether it is ticked by what happened, and not by hand."""
        return self.code in BY_FACTS

    def is_late(self, today: date) -> bool:
        """Whether its day is over and it is not done."""
        return self.done_at is None and self.due < today


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """The day of a launch, and its steps by their day."""

    launch: date
    steps: list[Milestone]


async def launch_plan(
    connection: Connection,
    program_id: UUID,
    program: Program,
    *,
    launch: date,
    since: date | None = None,
) -> LaunchPlan:
    """The plan of a launch; `connection` is inside the program's transaction.

    `launch` is its day where nobody chose another, `since` the day on which somebody began.
    """
    rows = await (await connection.execute(ROWS, (program_id,))).fetchall()
    kept = {str(row[0]): tuple(row) for row in rows}
    if LAUNCH in kept:
        launch = kept[LAUNCH][3]
    steps = {step.code: step for step in steps_of(program)}
    found = [_milestone(step, kept.get(step.code), launch, since) for step in steps.values()]
    # An own step without a title was dropped.
    found += [_own(row, launch) for code, row in kept.items() if code.startswith(_OWN) and row[1]]
    return LaunchPlan(launch, sorted(found, key=lambda milestone: milestone.day))


async def change_step(
    connection: Connection,
    program_id: UUID,
    code: str,
    *,
    owner: str,
    due: date,
    title: str = "",
) -> None:
    """Say who does a step, and until when; an own step also says what it is.

    Of the launch itself (`LAUNCH`) it is the day.

    Raises:
        Invalid: a text is too long, or an own step has none.
    """
    is_own = code.startswith(_OWN)
    title, owner = title.strip() if is_own else "", owner.strip()
    problems = [
        FieldProblem(field, "too_long", N_("Use a shorter text."))
        for field, text in (("title", title), ("owner", owner))
        if len(text) > LONGEST_TEXT
    ]
    if is_own and not title:
        problems.append(FieldProblem("title", "missing", N_("Say what is to be done.")))
    if problems:
        raise Invalid(N_("Some fields are not valid."), problems=problems)
    await connection.execute(CHANGE, (program_id, code, title, owner, due))


async def add_step(
    connection: Connection, program_id: UUID, *, title: str, owner: str, due: date
) -> str:
    """Add a step of the merchant's own; its code.

    Raises:
        Invalid: it has no text, or too long a one.
    """
    code = f"{_OWN}{new_id().hex}"
    await change_step(connection, program_id, code, owner=owner, due=due, title=title)
    return code


async def drop_step(connection: Connection, program_id: UUID, code: str) -> None:
    """Take away a step that the merchant had added.

    Raises:
        NotFound: it is none of those.
    """
    if not code.startswith(_OWN):
        raise NotFound(N_("Only steps of your own can be taken away."))
    await connection.execute(
        "UPDATE launch_step SET title = '' WHERE program_id = %s AND step = %s", (program_id, code)
    )


async def tick_step(
    connection: Connection, program_id: UUID, code: str, *, done: bool, by: str, now: datetime
) -> None:
    """Say that a step is done, or that it is not yet.

    Raises:
        Invalid: it is ticked by what happens, and not by hand.
    """
    if code in BY_FACTS:
        raise Invalid(N_("This step is ticked by itself, when it has happened."))
    await connection.execute(TICK, (program_id, code, now if done else None, by if done else ""))


async def tick_by_facts(
    connection: Connection, program_id: UUID, facts: Mapping[str, datetime | None]
) -> None:
    """Tick the steps that have happened."""
    for code, happened_at in facts.items():
        if happened_at is not None:
            await connection.execute(TICK_BY_FACT, (program_id, code, happened_at))


def _milestone(
    step: Step, row: tuple[Any, ...] | None, launch: date, since: date | None
) -> Milestone:
    _, _, owner, due, done_at, done_by = row or (None, "", "", None, None, "")
    due = due or step.due(launch, since)
    return Milestone(step.code, step.title, step.why, step.page, owner, due, done_at, done_by)


def _own(row: tuple[Any, ...], launch: date) -> Milestone:
    code, title, owner, due, done_at, done_by = row
    return Milestone(code, title, "", "", owner, due or launch, done_at, done_by)
