"""The rule of a segment that is only thought of: read, and checked as that of a program is."""

from __future__ import annotations

from fiel.domain.conditions import Condition, ConditionProblems, Scope, check_condition
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem
from fiel.intake.contents.errors import invalid


def checked_rule(program: Program, where: str) -> Condition:
    """The condition that a text writes, as a segment of a program.

    Raises:
        Invalid: it cannot be read, or asks for what there is not.
    """
    tiers = program.tiers
    try:
        return check_condition(
            where,
            scope=Scope.SEGMENT,
            currency=program.currency,
            tiers=[level.id for level in tiers.levels] if tiers else None,
        )
    except ConditionProblems as found:
        raise invalid(
            [
                FieldProblem("where", "condition", problem.text, dict(problem.parameters))
                for problem in found.problems
            ]
        ) from None
