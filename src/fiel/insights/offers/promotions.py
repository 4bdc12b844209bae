"""Promotions: earn rules that end some day or have a budget, what each gave, and what came with it.

Whether a promotion caused anything cannot be told from the weeks before it: the season, the
weather and every other change are in the difference too. Where members were kept out by lot, the
report of impact tells what it caused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fiel.domain.program import Event
from fiel.insights.offers.pace import Pace, pace_of

if TYPE_CHECKING:
    from ibis import Table

    from fiel.domain.program import EarnRule, Program
    from fiel.insights.columns.opening import Columns

_WEEK = 7
_LONGEST_DAYS = 8 * _WEEK  # of the days that are compared


class Course(StrEnum):
    """Where a promotion is: it comes, it runs, or it is over."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Compared:
    """Net sales to members a day, in so many days of a promotion and as many before it."""

    first: date
    last: date
    before: int
    during: int
    sales_before: int = 0
    sales_during: int = 0

    @property
    def days(self) -> int:
        """How many days are compared with as many."""
        return (self.last - self.first).days + 1

    @property
    def change(self) -> Fraction | None:
        """By how many hundredths more was sold; None where nothing was before."""
        return Fraction(100 * (self.during - self.before), self.before) if self.before else None


@dataclass(frozen=True, slots=True)
class PromotionFigures:
    """Points that a promotion ever gave, by unit and day, to how many members on how many sales."""

    points: Mapping[str, int] = field(default_factory=dict)
    by_day: Mapping[str, Mapping[date, int]] = field(default_factory=dict)
    members: int = 0
    sales: int = 0
    compared: Compared | None = None

    def pace(self, unit: str, today: date) -> Pace:
        """How many points of a unit it gives in a week."""
        return pace_of(self.by_day.get(unit, {}), today)


def promotions_of(program: Program) -> list[EarnRule]:
    """The rules that hold for a time or have a budget, in the order of the program."""
    return [rule for rule in program.earn if rule.when is not None or rule.budget is not None]


def course_of(rule: EarnRule, today: date) -> Course:
    """Where a promotion is on a day."""
    if rule.when is not None and rule.when.first is not None and today < rule.when.first:
        return Course.COMING
    if rule.when is not None and rule.when.last is not None and today > rule.when.last:
        return Course.OVER
    return Course.RUNNING


def promotion_figures(columns: Columns, program: Program, on: date) -> dict[str, PromotionFigures]:
    """The program's promotions in numbers, by id, up to a day."""
    rules = promotions_of(program)
    awards = columns["awards"]
    told = awards.filter(awards.rule.isin([rule.id for rule in rules] or [""]), awards.day <= on)
    days = _rows(columns, told.group_by("rule", "unit", "day").agg(
        points=told.points.sum().cast("int64")))  # fmt: skip
    reached = {
        row["rule"]: row
        for row in _rows(columns, told.group_by("rule").agg(
            members=told.member.nunique(), sales=told.sale.nunique()
        ))
    }  # fmt: skip
    found: dict[str, PromotionFigures] = {}
    for rule in rules:
        by_day: dict[str, dict[date, int]] = {}
        for row in days:
            if row["rule"] == rule.id:
                by_day.setdefault(row["unit"], {})[row["day"]] = row["points"]
        row = reached.get(rule.id, {"members": 0, "sales": 0})
        found[rule.id] = PromotionFigures(
            {unit: sum(each.values()) for unit, each in by_day.items()},
            by_day,
            row["members"],
            row["sales"],
            _compared(columns, rule, on),
        )
    return found


def _compared(columns: Columns, rule: EarnRule, on: date) -> Compared | None:
    """The days of a promotion beside as many before; whole weeks, once there is one."""
    if rule.event is not Event.SALE or rule.when is None or rule.when.first is None:
        return None
    first = rule.when.first
    last = min(on, rule.when.last or on)
    days = min((last - first).days + 1, _LONGEST_DAYS)
    if days < 1:
        return None
    days = days // _WEEK * _WEEK or days
    sales = columns["sales"]
    since, until = first - timedelta(days=days), first + timedelta(days=days - 1)
    told = sales.filter(sales.member.notnull(), sales.day.between(since, until))
    [row] = _rows(columns, told.agg(
        before=told.net.sum(where=told.day < first).cast("int64"),
        during=told.net.sum(where=told.day >= first).cast("int64"),
        sales_before=told.count(where=told.day < first),
        sales_during=told.count(where=told.day >= first),
    ))  # fmt: skip
    return Compared(
        first, until, row["before"] or 0, row["during"] or 0, row["sales_before"],
        row["sales_during"],
    )  # fmt: skip


def _rows(columns: Columns, table: Table) -> Sequence[dict[str, Any]]:
    found: list[dict[str, Any]] = columns.backend.to_pyarrow(table).to_pylist()
    return found
