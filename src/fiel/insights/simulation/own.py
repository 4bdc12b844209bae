"""The report of a simulation of the program in force, tied to what the ledger recorded."""

from __future__ import annotations

from dataclasses import replace

import ibis

from fiel.domain.language import N_
from fiel.insights.columns.opening import Columns
from fiel.insights.reporting.asked import Asked, Entry
from fiel.insights.reporting.report import Cell, Column, Definition, Kind, Report, Say, Statement
from fiel.insights.reporting.report import Table as Told
from fiel.insights.simulating import DRAFT, IN_FORCE
from fiel.insights.simulation import report as simulating
from fiel.insights.simulation.behaviour import Behaviour
from fiel.insights.simulation.history import Span

_TIES = (
    Column("rule", N_("Rule"), Kind.TEXT),
    Column("unit", N_("Unit"), Kind.TEXT),
    Column("simulated", N_("Simulated"), Kind.POINTS),
    Column("recorded", N_("Recorded"), Kind.POINTS),
    Column("difference", N_("Difference"), Kind.POINTS),
)
_DEFINITION = Definition(
    "ties",
    N_("Simulated and recorded"),
    N_(
        "What each rule of the program in force gives on the past as it was, beside what was given"
        " then. They are the same where this version was in force all the time."
    ),
)


def simulation(asked: Asked) -> Report:
    """The program in force on its own past, beside what was really given."""
    alone = simulating.Asked(None, asked.program, Behaviour(), Span(asked.since, asked.until))
    made = simulating.simulation_report(asked.columns, alone)
    (rules,) = [table for table in made.tables if table.id == "rules"]
    names = [column.id for column in rules.columns]
    rule, unit, points = (names.index(name) for name in ("rule", "unit", "points"))
    simulated = {(row[rule], row[unit]): _points(row[points]) for row in rules.rows}
    recorded = _recorded(asked.columns, alone.span)
    rows: list[tuple[Cell, ...]] = []
    for key in dict.fromkeys((*simulated, *recorded)):
        told, was = simulated.get(key, 0), recorded.get(key, 0)
        rows.append((*key, told, was, told - was))
    statements = list(made.statements)
    if any(row[-1] for row in rows):
        text = N_(
            "Some rules gave something else than they give in the simulation: an earlier version"
            " was in force, or something was given that a simulation leaves out."
        )
        statements.append(Statement("differs_from_ledger", Say(text)))
    ties = Told("ties", N_("Simulated and recorded"), _TIES, tuple(rows))
    return replace(
        made,
        tables=(*(_of_program_in_force(table) for table in made.tables), ties),
        statements=tuple(statements),
        definitions=(*made.definitions, _DEFINITION),
    )


ENTRY = Entry(simulation)


def _of_program_in_force(table: Told) -> Told:
    """The table with the name of what was tried: it is no draft here."""
    rows = tuple(tuple(IN_FORCE if cell == DRAFT else cell for cell in row) for row in table.rows)
    return replace(table, rows=rows)


def _recorded(columns: Columns, span: Span) -> dict[tuple[Cell, Cell], int]:
    """Points that each rule really gave in a time."""
    awards = columns["awards"]
    if span.since is not None:
        awards = awards.filter(ibis._.day >= span.since)
    if span.until is not None:
        awards = awards.filter(ibis._.day <= span.until)
    sums = awards.group_by("rule", "unit").aggregate(points=awards.points.sum())
    told = sums.order_by("rule", "unit").to_pyarrow().to_pylist()
    return {(row["rule"], row["unit"]): int(row["points"]) for row in told}


def _points(cell: Cell) -> int:
    assert isinstance(cell, int), "what a rule gives is whole"
    return cell
