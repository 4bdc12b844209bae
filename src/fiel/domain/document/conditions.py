"""Conditions inside documents: checked where they stand, with the place of each problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import override

from fiel.domain.conditions import Condition, ConditionProblems, Scope, check_condition
from fiel.domain.document.nodes import Mark, Scalar
from fiel.domain.document.reading import DID_YOU_MEAN, Cursor, Named, Unreadable
from fiel.domain.document.shapes import JsonSchema, Read, Shape
from fiel.domain.document.words import word_at
from fiel.domain.language import N_
from fiel.domain.program import Event


@dataclass(frozen=True)
class ConditionText(Shape[Condition]):
    """A condition in Common Expression Language; what it may read depends on where it stands."""

    scope: Scope | None = None  # None: what the sibling key `event` says

    @override
    def read(self, cursor: Cursor) -> Read[Condition]:
        text = word_at(cursor).rstrip()
        try:
            checked = check_condition(
                text,
                scope=self._scope(cursor),
                currency=cursor.reading.currency,
                tiers=cursor.reading.names.get(Named.TIER) or None,
            )
        except ConditionProblems as found:
            for problem in found.problems:
                suggested = problem.suggestion
                cursor.refuse_with(
                    "condition",
                    problem.text,
                    DID_YOU_MEAN if suggested else N_("The condition is: {condition}"),
                    {"condition": text[:200], "suggestion": suggested, **problem.parameters},
                    _mark_inside(cursor, problem.line, problem.column),
                )
            raise Unreadable from found
        return checked, checked.text

    def _scope(self, cursor: Cursor) -> Scope:
        if self.scope is not None:
            return self.scope
        match cursor.sibling("event"):
            case Event.SALE:
                return Scope.SALE
            case Event.ACTIVITY:
                return Scope.ACTIVITY
            case Event.BIRTHDAY | Event.ANNIVERSARY | Event.ENROLMENT:
                return Scope.MEMBER
            case _:
                return Scope.SALE  # the event itself is refused; most conditions are about sales

    @override
    def schema(self) -> JsonSchema:
        return {"type": "string", "minLength": 1}

    @override
    def words(self) -> str:
        return "a condition"


def _mark_inside(cursor: Cursor, line: int, column: int) -> Mark:
    """The place in the document of a place in a condition, as far as it can be told."""
    node = cursor.node
    assert isinstance(node, Scalar), "a condition is a text"
    if node.inset is None or line != 1:
        return node.mark
    return Mark(node.mark.line, node.mark.column + node.inset + column - 1)
