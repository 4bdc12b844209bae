"""The report of impact: what the program and its promotions caused, and what could be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from fiel.domain.holdout import WHOLE_PROGRAM
from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem
from fiel.insights.impact import statements as told
from fiel.insights.impact.experiments import Version, read_versions
from fiel.insights.impact.finding import Search
from fiel.insights.impact.planning import plans
from fiel.insights.impact.tables import (
    amounts_table,
    groups_table,
    lifts_table,
    numbers_table,
    plan_table,
    shares_table,
)
from fiel.insights.reporting.asked import Asked, Entry, Question
from fiel.insights.reporting.report import Definition, Report, Statement
from fiel.intake.contents.errors import invalid
from fiel.ledger.scope import Connection

_SHARES = (Fraction(1, 20), Fraction(1, 10), Fraction(1, 5), Fraction(1, 2))
_FEW = 5  # comparisons of which none differs by chance, most likely

_DEFINITIONS = (
    Definition(
        "spend",
        N_("Spend of a member"),
        N_(
            "Net of goods less what came back, by all members of the group, whether they bought or "
            "not."
        ),
    ),
    Definition(
        "retention",
        N_("Members who still buy"),
        N_(
            "Of a hundred members who had joined before the last stretch, how many bought in it. "
            "The stretch is the second half of the days, ninety days at most."
        ),
    ),
    Definition(
        "lift",
        N_("Lift"),
        N_(
            "By how much more than members without it. In 95 of 100 comparisons the truth lies "
            "between “at least” and “at most”. What is explained by what the same members did "
            "before is taken out (CUPED)."
        ),
    ),
    Definition(
        "chance",
        N_("Chance alone"),
        N_(
            "How likely such a difference, or a greater one, is where nothing was caused. Below "
            "0.05 a lift is taken as seen; groups below 0.001 are not as the lot made them."
        ),
    ),
    Definition(
        "visible",
        N_("Visible from"),
        N_("The least lift that groups of this size show four times in five."),
    ),
)


async def _prepare(connection: Connection, question: Question) -> object:
    return await read_versions(connection, question.program_id)


def make(asked: Asked) -> Report:
    """What the program and its promotions caused, in the days that are asked for.

    Raises:
        Invalid: the program has no such promotion.
    """
    search = Search(
        asked.program,
        asked.columns,
        cast("Sequence[Version]", asked.prepared),
        asked.today,
        asked.since,
        asked.until,
    )
    promotion = asked.options.get("promotion")
    names = search.names() if promotion is None else [_known(search, promotion)]
    found = [search.find(name) for name in names]
    shares = sorted({*_SHARES, *_own_share(asked.program, promotion or WHOLE_PROGRAM)})
    planned = plans(asked.columns, shares=shares, today=asked.today)
    said = [statement for one in found for statement in one.statements]
    many = sum(len(one.lifts) for one in found)
    if many > _FEW:
        said.append(told.many_comparisons(many))
    if not planned:
        said.append(told.no_plan())
    return Report(
        "impact",
        N_("What the program caused"),
        asked.since,
        asked.until,
        asked.columns.as_of,
        (
            lifts_table(found),
            amounts_table(found),
            shares_table(found),
            numbers_table(found),
            groups_table(found),
            plan_table(planned),
        ),
        tuple(_once(said)),
        _DEFINITIONS,
    )


ENTRY = Entry(make, _prepare, frozenset({"promotion"}))


def _known(search: Search, promotion: str) -> str:
    known = dict.fromkeys(name for version in search.versions for name in version.promotions)
    if promotion not in known:
        names = ", ".join(known) or "-"
        text = N_("The program has no such one; it has: {known}.")
        raise invalid([FieldProblem("promotion", "unknown", text, {"known": names})])
    return promotion


def _own_share(program: Program, name: str) -> Iterable[Fraction]:
    percents: dict[str, Decimal | None] = {rule.id: rule.holdout for rule in program.earn}
    percent = program.holdout if name == WHOLE_PROGRAM else percents.get(name)
    return () if percent is None else (Fraction(percent) / 100,)


def _once(statements: Iterable[Statement]) -> Iterable[Statement]:
    seen: list[Statement] = []
    for statement in statements:
        if statement not in seen:
            seen.append(statement)
            yield statement
