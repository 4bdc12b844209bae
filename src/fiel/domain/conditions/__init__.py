"""Conditions: Common Expression Language behind an interface of our own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fiel.domain.activity import Action, Line, Sale
    from fiel.domain.member import MemberFacts

type Test = Callable[["Line | None", "Sale | None", "MemberFacts", "Action | None"], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked condition: its text, what it reads, and the function that decides it.

    `reads` names what the text refers to, dotted: "line.category", "member.attributes.size".
    `matches` answers True only when the text evaluates to true; where it cannot be evaluated it
    raises `CannotEvaluate`, which a caller takes for no match and reports.
    """

    text: str
    reads: frozenset[str]
    matches: Test
    literals: frozenset[str]  # the texts it mentions: a category named here is named on purpose


class CannotEvaluate(Exception):
    """A condition met a value that it cannot compare, a key that is absent, or an overflow."""
