"""Conditions: Common Expression Language behind an interface of our own.

`check_condition` parses a text with Google's CEL parser, checks it against the names and kinds
that a program's rules may read, and generates one Python function from the checked tree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from fiel.domain.conditions import cost, operators
from fiel.domain.conditions.check import check
from fiel.domain.conditions.context import Context
from fiel.domain.conditions.generate import function_of
from fiel.domain.conditions.grammar import Place
from fiel.domain.conditions.parse import LONGEST_TEXT, parse
from fiel.domain.conditions.problems import CannotEvaluate, ConditionProblem, ConditionProblems
from fiel.domain.conditions.tree import Node, names_read, texts_mentioned
from fiel.domain.conditions.vocabulary import Scope
from fiel.domain.money import Currency

if TYPE_CHECKING:
    from fiel.domain.activity import Action, Line, Sale
    from fiel.domain.member import MemberFacts

__all__ = [
    "LONGEST_TEXT",
    "CannotEvaluate",
    "Condition",
    "ConditionProblem",
    "ConditionProblems",
    "Scope",
    "Test",
    "check_condition",
]

type Test = Callable[["Line | None", "Sale | None", "MemberFacts", "Action | None"], bool]

_REMEMBERED_CONDITIONS = 4_096


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked condition: its text, what it reads, and the function that decides it.

    `reads` names what the text refers to, dotted: "line.category", "member.attributes.size".
    `matches` answers True only when the text evaluates to true; where it cannot be evaluated it
    raises `CannotEvaluate`, which a caller takes for no match and reports. `tree` is what was
    checked: SQL can be generated from it as `matches` was.
    """

    text: str
    reads: frozenset[str]
    matches: Test = field(compare=False)
    literals: frozenset[str]  # the texts it mentions: a category named here is named on purpose
    tree: Node | None = field(default=None, repr=False)


def check_condition(
    text: str,
    *,
    scope: Scope | str,
    currency: Currency,
    attributes: Collection[str] | None = None,
    tiers: Collection[str] | None = None,
) -> Condition:
    """Check the text of a condition and make it ready to be evaluated.

    `scope` says what it is asked about, and so what it may read; amounts are in `currency`.
    `attributes` and `tiers` are those that the program declares: others are taken for misspelt.
    Where they are None, all are accepted.

    Raises:
        ConditionProblems: the text is no condition that can be published.
    """
    return _checked(
        text,
        Scope(scope),
        currency.minor_per_major,
        None if attributes is None else frozenset(attributes),
        None if tiers is None else frozenset(tiers),
    )


@lru_cache(maxsize=_REMEMBERED_CONDITIONS)
def _checked(
    text: str,
    scope: Scope,
    minor_per_major: int,
    attributes: frozenset[str] | None,
    tiers: frozenset[str] | None,
) -> Condition:
    syntax = parse(text)
    context = Context(Place(text), scope, minor_per_major, attributes, tiers)
    node = check(context, syntax)
    tree = node and operators.boolean(context, 0, node)
    if tree is not None and not context.problems:
        _limit(context, tree)
    if tree is None or context.problems:
        raise ConditionProblems(context.problems)
    return Condition(text, names_read(tree), function_of(tree), texts_mentioned(tree), tree)


def _limit(context: Context, tree: Node) -> None:
    """Report a condition that is too large or could take too long."""
    if cost.node_count(tree) > cost.MOST_NODES:
        context.report(0, cost.TOO_LARGE)
    elif cost.steps(tree) > cost.MOST_STEPS:
        context.report(0, cost.TOO_COSTLY)
