"""The report of goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import LiteralString, cast

from fiel.domain.language import N_
from fiel.domain.program import Goal, Program
from fiel.insights.figures.figures import ENOUGH_MARGIN
from fiel.insights.figures.measuring import measured
from fiel.insights.figures.periods import Every, Period, later, period_of, periods
from fiel.insights.goals.labels import LABELS
from fiel.insights.goals.metrics import metric_by_month
from fiel.insights.goals.progress import LEAST_MONTHS, Between, Progress, progress_of
from fiel.insights.reporting.asked import Asked, Entry, Question
from fiel.insights.reporting.report import (
    Cell,
    Column,
    Definition,
    Kind,
    Report,
    Say,
    Statement,
    Table,
)
from fiel.ledger.scope import Connection
from fiel.programs.beginnings import IN_FORCE_SINCE

_MOST_MONTHS_BEFORE = 12
_SINCE_WHEN: LiteralString = f"""
SELECT number, {IN_FORCE_SINCE}, content -> 'goals' FROM program_version
WHERE program_id = %s ORDER BY number DESC
"""

_COLUMNS = (
    Column("goal", N_("Goal"), Kind.TEXT),
    Column("metric", N_("Metric"), Kind.TEXT),
    Column("measure", N_("In"), Kind.TEXT),
    Column("since", N_("Set on"), Kind.DAY),
    Column("by", N_("Due"), Kind.DAY),
    Column("baseline", N_("Before"), Kind.NUMBER),
    Column("target", N_("Target"), Kind.NUMBER),
    Column("now", N_("Now"), Kind.NUMBER),
    Column("low", N_("At least"), Kind.NUMBER),
    Column("high", N_("At most"), Kind.NUMBER),
    Column("covered", N_("Of the way"), Kind.PERCENT),
    Column("forecast", N_("Expected by then"), Kind.NUMBER),
    Column("forecast_low", N_("At least"), Kind.NUMBER),
    Column("forecast_high", N_("At most"), Kind.NUMBER),
    Column("chance", N_("Chance"), Kind.PERCENT),
)
_MONTHS = (
    Column("goal", N_("Goal"), Kind.TEXT),
    Column("month", N_("Month"), Kind.DAY),
    Column("value", N_("Value"), Kind.NUMBER),
    Column("counts", N_("Counts as"), Kind.TEXT),
)
_DEFINITIONS = (
    Definition(
        "baseline",
        N_("Before"),
        N_("The mean of the whole months before the month in which the goal was set, 12 at most."),
    ),
    Definition(
        "now",
        N_("Now"),
        N_(
            "The mean of the whole months since, with the interval of 95 % that follows from how"
            " much months differed before."
        ),
    ),
    Definition(
        "forecast",
        N_("Expected by then"),
        N_(
            "The month in which the goal is due: as the months since, or along their line from four"
            " months on. Seasons are not in it."
        ),
    ),
    Definition(
        "chance", N_("Chance"), N_("How likely the month in which it is due reaches the target.")
    ),
)


@dataclass(frozen=True, slots=True)
class _Course:
    """A goal's months: those before it, and the whole ones since it was set."""

    goal: Goal
    since: date
    before: tuple[Period, ...]
    after: tuple[Period, ...]


async def goals_set_on(connection: Connection, question: Question) -> Mapping[str, date]:
    """The day on which each goal of the program in force was set, as it stands now."""
    rows = await (await connection.execute(_SINCE_WHEN, (question.program_id,))).fetchall()
    zone = question.program.timezone
    found: dict[str, date] = {}
    standing: dict[str, object] | None = None
    for _, published_at, told in rows:
        stated = {
            str(goal["id"]): goal for goal in cast("list[dict[str, object]] | None", told) or []
        }
        if standing is None:
            standing = dict(stated)
        # Of a goal that was stated otherwise before, no older version is looked at.
        standing = {name: goal for name, goal in standing.items() if stated.get(name) == goal}
        for name in standing:
            found[name] = published_at.astimezone(zone).date()
    return found


def goals(asked: Asked) -> Report:
    """Where each goal stands."""
    program = asked.program
    statements: list[Statement] = []
    if not program.goals:
        statements.append(
            Statement("no_goals", Say(N_("The program states no goals; add them under “goals”.")))
        )
    first = _first_day(asked)
    rows: list[tuple[Cell, ...]] = []
    by_month: list[tuple[Cell, ...]] = []
    for goal in program.goals:
        set_on = cast("Mapping[str, date]", asked.prepared).get(goal.id, asked.today)
        course = _course(goal, set_on, first, asked.today)
        told, months = _values(asked, course)
        by_month += months
        row, missing = _row(program, course, told)
        rows.append(row)
        statements += missing
    return Report(
        "goals",
        N_("Goals"),
        None,
        asked.today,
        asked.columns.as_of,
        (
            Table("goals", N_("Goals"), _COLUMNS, tuple(rows)),
            Table("months", N_("Month by month"), _MONTHS, tuple(by_month)),
        ),
        tuple(statements),
        _DEFINITIONS,
    )


ENTRY = Entry(goals, prepare=goals_set_on)


def _first_day(asked: Asked) -> date | None:
    sales = asked.columns["sales"]
    first: date | None = sales.aggregate(first=sales.day.min()).to_pyarrow()["first"][0].as_py()
    return first


def _course(goal: Goal, set_on: date, first: date | None, today: date) -> _Course:
    """The whole months before the one in which a goal was set, and those after it."""
    month = period_of(set_on, Every.MONTH)
    before = [later(month, Every.MONTH, -step) for step in range(1, _MOST_MONTHS_BEFORE + 1)]
    after = [
        whole
        for whole in periods(
            later(month, Every.MONTH, 1).since, max(today, month.until), Every.MONTH
        )
        if whole == period_of(whole.since, Every.MONTH) and whole.until < today
    ]
    known = [whole for whole in reversed(before) if first is not None and whole.since >= first]
    return _Course(goal, set_on, tuple(known), tuple(after))


def _values(asked: Asked, course: _Course) -> tuple[dict[Period, float], list[tuple[Cell, ...]]]:
    """What the metric was in each month in which it can be said, and the rows that tell it."""
    months = [*course.before, *course.after]
    if not months:
        return {}, []
    with measured(asked.columns, asked.program, months) as measuring:
        figures = measuring.of(months)
    values = metric_by_month(course.goal.metric, asked.columns, months, figures)
    scale = _scale(asked.program, course.goal.metric)
    told = {
        month: float(value) / scale
        for month, value in zip(months, values, strict=True)
        if value is not None
    }
    rows: list[tuple[Cell, ...]] = [
        (
            course.goal.id,
            month.since,
            told.get(month),
            Say(N_("before") if month in course.before else N_("since")),
        )
        for month in months
    ]
    return told, rows


def _row(
    program: Program, course: _Course, told: Mapping[Period, float]
) -> tuple[tuple[Cell, ...], list[Statement]]:
    goal = course.goal
    before = [told[month] for month in course.before if month in told]
    since = [told[month] for month in course.after if month in told]
    label, kind = LABELS[goal.metric]
    measure = {Kind.MONEY: program.currency.code, Kind.PERCENT: "%"}.get(kind, "")
    head: tuple[Cell, ...] = (goal.id, Say(label), measure, course.since, goal.by)
    if len(before) < LEAST_MONTHS:
        return (*head, *[None] * (len(_COLUMNS) - len(head))), _too_few_before(course, len(before))
    baseline = sum(before) / len(before)
    if goal.relative and baseline <= 0:
        return (*head, baseline, *[None] * (len(_COLUMNS) - len(head) - 1)), [
            _statement(
                goal,
                "baseline_zero",
                N_(
                    "“{goal}”: it began at nothing, so a change in percent says nothing. State the"
                    " target as a figure."
                ),
            )
        ]
    target = baseline * (1 + float(goal.target) / 100) if goal.relative else float(goal.target)
    months_left = _months_between(course.after[-1].since, goal.by) if course.after else 0
    progress = progress_of(before, since, target=target, months_left=max(0, months_left))
    missing = [] if since else _nothing_since(course)
    return (*head, *_told(progress)), missing


def _too_few_before(course: _Course, months: int) -> list[Statement]:
    """Why it is not known where a goal began, and what is needed."""
    counts = {"months": months, "needed": LEAST_MONTHS}
    if len(course.before) < LEAST_MONTHS:
        text = N_(
            "“{goal}”: {months} whole months are known before it was set, and {needed} are"
            " needed to know where it began. Import earlier sales."
        )
        return [_statement(course.goal, "too_few_months_before", text, **counts)]
    text = N_(
        "“{goal}”: its figure is known of {months} of the whole months before it was set, and"
        " {needed} are needed to know where it began."
    )
    return [_statement(course.goal, "figure_unknown", text, **counts), *_needed(course.goal)]


def _nothing_since(course: _Course) -> list[Statement]:
    """Why it is not known where a goal is."""
    if not course.after:
        text = N_("“{goal}”: no whole month has passed since it was set.")
        return [_statement(course.goal, "no_month_since", text)]
    text = N_("“{goal}”: its figure is not known of any whole month since it was set.")
    return [_statement(course.goal, "figure_unknown", text), *_needed(course.goal)]


def _needed(goal: Goal) -> list[Statement]:
    """What must be told for the figure of a goal to be known, where the shop can tell it."""
    if goal.metric != "profit":
        return []
    text = N_(
        "“{goal}”: profit is known of months in which the cost of {enough} % of what was sold is."
        " Send the cost of each line."
    )
    return [_statement(goal, "margin_unknown", text, enough=ENOUGH_MARGIN)]


def _told(progress: Progress) -> tuple[Cell, ...]:
    return (
        progress.baseline,
        progress.target,
        *_cells(progress.now),
        progress.covered,
        *_cells(progress.forecast),
        progress.chance,
    )


def _cells(estimate: Between | None) -> tuple[Cell, Cell, Cell]:
    if estimate is None:
        return None, None, None
    return estimate.value, estimate.low, estimate.high


def _statement(goal: Goal, code: str, text: str, **parameters: object) -> Statement:
    return Statement(code, Say(text, {"goal": goal.id, **parameters}))


def _scale(program: Program, metric: str) -> int:
    """Figures of money are in minor units, and goals are stated in major ones."""
    return program.currency.minor_per_major if LABELS[metric][1] is Kind.MONEY else 1


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
