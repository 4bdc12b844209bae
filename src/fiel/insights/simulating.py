"""Simulating: what a door asks of a simulation, checked before anything heavy is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, cast

from fiel.domain.document import Document
from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem
from fiel.insights.reporting.asked import problems_of_days
from fiel.intake.contents.errors import invalid

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns
    from fiel.insights.reporting.report import Report

# What the rows of a simulation's tables are about.
IN_FORCE, DRAFT = "in_force", "draft"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A draft to be tried beside the program in force, in the words of a door.

    Without a program in force it is tried alone.
    `since` and `until` are days of the program's zone, both included. `behaviour` says how members
    redeem, `grid` which variants are tried (`PATH=VALUE,VALUE`, each a place of the document).
    """

    in_force: Program | None
    draft: Document
    today: date
    since: date | None = None
    until: date | None = None
    behaviour: str = "observed"
    grid: tuple[str, ...] = ()


def simulated(
    columns: Columns,
    wanted: Wanted,
    compiling: Callable[[], None] | None = None,
    tell: Callable[[float], None] | None = None,
) -> Report:
    """The report of a simulation; `compiling` is called before a wait of up to a minute.

    `tell` hears how much of it is done, from 0 to 1.

    Raises:
        Invalid: the days are no shop's or the wrong way round, the currencies differ, or the
            behaviour or a variant says nothing that can be done.
    """
    _refuse_what_cannot_be(wanted)
    # Statistics, engines and their libraries are loaded only by whoever simulates.
    asking = import_module("fiel.insights.simulation.asking")
    return cast("Report", asking.simulation_of(columns, wanted, compiling, tell))


def _refuse_what_cannot_be(wanted: Wanted) -> None:
    problems = problems_of_days(wanted.since, wanted.until)
    in_force = wanted.in_force
    if in_force is not None and wanted.draft.program.currency != in_force.currency:
        text = N_("The past is in {currency}: a draft in another currency cannot be tried on it.")
        currency = in_force.currency.code
        problems.append(FieldProblem("currency", "differs", text, {"currency": currency}))
    if problems:
        raise invalid(problems)
