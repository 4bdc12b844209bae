"""What is told of a unit's totals: in which words, and what goes without saying."""

from __future__ import annotations

from collections.abc import Iterator

from fiel.domain.language import N_, say
from fiel.domain.program import Program
from fiel.insights.naming import unit_name
from fiel.insights.summary import UnitTotals


def unit_figures(totals: UnitTotals, program: Program, language: str) -> Iterator[tuple[str, int]]:
    """Each figure with its name, from what was given to what is in members' hands.

    Those that few programs have are left out where there is nothing of them.
    """
    told = (
        (N_("Given: {unit}"), totals.given, True),
        (N_("Brought in from before: {unit}"), totals.brought, False),
        (N_("Taken back: {unit}"), totals.taken_back, True),
        (N_("Redeemed: {unit}"), totals.redeemed, True),
        (N_("Restored: {unit}"), totals.restored, False),
        (N_("Expired: {unit}"), totals.expired, True),
        (N_("Adjusted by hand: {unit}"), totals.adjusted, False),
        (N_("Debt let go: {unit}"), totals.uncollected, False),
        (N_("Held: {unit}"), totals.held, False),
        (N_("Owed by members: {unit}"), totals.owed, False),
        (N_("In members' hands: {unit}"), totals.outstanding, True),
    )
    name = unit_name(program, totals.unit, language)
    for message, points, is_always_told in told:
        if points or is_always_told:
            yield say(language, message, unit=name), points
