"""Asking: from the words of a door to what is simulated."""

from __future__ import annotations

from collections.abc import Callable

from fiel.insights.columns.opening import Columns
from fiel.insights.reporting.report import Report
from fiel.insights.simulating import Wanted
from fiel.insights.simulation.behaviour import behaviour_of
from fiel.insights.simulation.history import Span
from fiel.insights.simulation.report import Asked, simulation_report
from fiel.insights.simulation.variants import axis_of, variants_of


def simulation_of(
    columns: Columns,
    wanted: Wanted,
    compiling: Callable[[], None] | None = None,
    tell: Callable[[float], None] | None = None,
) -> Report:
    """Simulate what is wanted; `tell` hears how much of it is done.

    Raises:
        Invalid: the behaviour or a variant says nothing that can be done.
    """
    behaviour = behaviour_of(wanted.behaviour)
    axes = [axis_of(text) for text in wanted.grid]
    variants = variants_of(wanted.draft.plain, axes, today=wanted.today)
    span = Span(wanted.since, wanted.until)
    asked = Asked(wanted.in_force, wanted.draft.program, behaviour, span, variants)
    return simulation_report(columns, asked, compiling, tell)
