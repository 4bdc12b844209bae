"""Whether a part of a condition can fail when it is evaluated.

Most parts cannot, and are generated as plain Python; only among parts that can does it take more
to let the one that decides win over the one that fails.
"""

from __future__ import annotations

from fiel.domain.conditions.tree import (
    Arithmetic,
    Call,
    Compare,
    Comparison,
    Convert,
    Function,
    HasKey,
    Item,
    Literal,
    Loop,
    Negative,
    Node,
    Operation,
    Within,
    parts_of,
)
from fiel.domain.conditions.vocabulary import ANY, INTEGER, MAP, Type

_FAILING_FUNCTIONS = frozenset({Function.MATCHES, Function.INTEGER, Function.NUMBER, Function.TEXT})


def can_fail(node: Node) -> bool:
    """Whether evaluating a node may raise CannotEvaluate."""
    return fails_itself(node) or any(can_fail(part) for part in parts_of(node))


def fails_itself(node: Node) -> bool:
    """Whether a node may fail though all its parts can be evaluated."""
    match node:
        case Item():
            return True
        case HasKey(of):
            return of.type == ANY
        case Convert(value, type):
            return value.type == ANY and type != ANY
        case Compare(comparison, left, right):
            return holds_any(left.type) and not (
                comparison in (Comparison.EQUAL, Comparison.DIFFERENT)
                and (is_singular(left) or is_singular(right))
            )
        case Negative(_, type):
            return type in (ANY, INTEGER)
        case Arithmetic():
            return _calculation_fails(node)
        case Within(_, container):
            return container.type == ANY or holds_any(container.type)
        case Call(function, arguments):
            return function in _FAILING_FUNCTIONS or arguments[0].type == ANY
        case Loop(_, over):
            return over.type in (ANY, MAP)
        case _:
            return False


def _calculation_fails(node: Arithmetic) -> bool:
    if holds_any(node.type) or node.type == INTEGER:
        return True
    # A literal divisor was seen not to be zero when the condition was checked.
    return node.operation is Operation.OVER and not isinstance(node.right, Literal)


def holds_any(type: Type) -> bool:
    """Whether a type is or contains what is only known when it is evaluated."""
    return type in (ANY, MAP) or (type.element is not None and holds_any(type.element))


def is_singular(node: Node) -> bool:
    """Whether a node is a literal that Python itself tells from every value of JSON."""
    return (
        isinstance(node, Convert)
        and isinstance(node.value, Literal)
        and isinstance(node.value.value, str | bool | None)
    )
