"""How much work a condition can be, known before it is published."""

from __future__ import annotations

from fiel.domain.conditions.failing import fails_itself
from fiel.domain.conditions.syntax import MacroKind
from fiel.domain.conditions.tree import (
    Arithmetic,
    Call,
    Choice,
    Compare,
    Convert,
    Elements,
    Field,
    Function,
    Literal,
    Loop,
    Node,
    Within,
    nodes_of,
    parts_of,
)
from fiel.domain.conditions.vocabulary import ANY, LARGEST_LIST, Kind
from fiel.domain.language import N_

MOST_NODES = 400
MOST_STEPS = 50_000  # a few hundredths of a second, when every list is as long as it may be

TOO_LARGE = N_("The condition has too many parts.")
TOO_COSTLY = N_("The condition could take too long: walk through fewer lists inside each other.")

_MANY_SEGMENTS = 100  # members are in few; nothing but time is lost where one is in more
# Measured, against a comparison of two texts.
_STEPS_OF_A_PATTERN = 100
_STEPS_OF_A_NUMBER = 10  # to compare one whose kind is not known, to calculate with an exact one


def node_count(root: Node) -> int:
    """How large the tree is."""
    return sum(1 for _ in nodes_of(root))


def steps(node: Node) -> int:
    """The most steps that evaluating a node can take, a step being one node evaluated once."""
    match node:
        case Loop(_, over, _, test, result):
            once = sum(steps(part) for part in (test, result) if part is not None)
            return steps(over) + elements(over) * (1 + once)
        case Within(item, container):
            return 1 + steps(item) + steps(container) + elements(container)
        case _:
            below = sum(steps(part) for part in parts_of(node))
            return below + _own_steps(node)


def _own_steps(node: Node) -> int:
    match node:
        case Call(Function.MATCHES):
            return _STEPS_OF_A_PATTERN
        case Arithmetic(type=type) if type.kind is Kind.LIST:
            return elements(node)
        case Arithmetic(type=type) if type.kind in (Kind.ANY, Kind.NUMBER):
            return _STEPS_OF_A_NUMBER
        case Compare(_, left) if left.type == ANY and fails_itself(node):
            return _STEPS_OF_A_NUMBER
        case _:
            return 1


def elements(node: Node) -> int:
    """The most elements that a list can have: longer ones from attributes are not evaluated."""
    match node:
        case Literal():
            return 1
        case Elements(items):
            return len(items)
        case Convert(value):
            return elements(value)
        case Loop(MacroKind.MAP | MacroKind.FILTER, over):
            return elements(over)
        case Arithmetic(_, left, right):
            return elements(left) + elements(right)
        case Choice(_, then, otherwise):
            return max(elements(then), elements(otherwise))
        case Field(type=type) if type.kind is Kind.LIST:
            return _MANY_SEGMENTS
        case _ if node.type.kind in (Kind.LIST, Kind.MAP, Kind.ANY):
            return LARGEST_LIST
        case _:
            return 1
