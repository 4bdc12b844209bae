"""The check of comparisons, arithmetic and `in`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fiel.domain.conditions.context import Context
from fiel.domain.conditions.conversions import common_type, converted
from fiel.domain.conditions.tree import (
    Arithmetic,
    Compare,
    Comparison,
    Elements,
    Field,
    Literal,
    Negative,
    Node,
    Operation,
    Within,
)
from fiel.domain.conditions.vocabulary import (
    AMOUNT,
    ANY,
    BOOLEAN,
    INTEGER,
    MAP,
    NUMBER,
    TEXT,
    Kind,
    Type,
    list_of,
)
from fiel.domain.language import N_

_TEXT_AND_NUMBER = N_("Text cannot be compared with a number.")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]+)?")
_ORDERED = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.AMOUNT, Kind.TEXT, Kind.BOOLEAN, Kind.ANY})


@dataclass(frozen=True, slots=True)
class Places:
    """Where an operator stands, and where its two sides start."""

    operator: int
    left: int
    right: int


def comparison(
    context: Context, places: Places, kind: Comparison, left: Node, right: Node
) -> Node | None:
    """Compare two nodes, of whatever numeric kinds they are."""
    offset = places.operator
    both = met(context, left, right)
    if both is None:
        return _incomparable(context, places, left, right)
    is_ordering = kind not in (Comparison.EQUAL, Comparison.DIFFERENT)
    if is_ordering and not (left.type.kind in _ORDERED and right.type.kind in _ORDERED):
        return context.report(offset, N_("These values have no order: use == or !=."))
    if is_ordering and any(_is_tier(side) for side in both):
        return context.report(
            offset,
            N_("Tiers have no order here, only names: list them, as in {example}."),
            example='member.tier in ["plata", "oro"]',
        )
    return Compare(kind, *both)


def met(context: Context, left: Node, right: Node) -> tuple[Node, Node] | None:
    """Two nodes as one type; None if there is none."""
    target = common_type([left.type, right.type])
    if target is None:
        return None
    one = converted(left, target, context.factor)
    other = converted(right, target, context.factor)
    return None if one is None or other is None else (one, other)


def _is_tier(node: Node) -> bool:
    return isinstance(node, Field) and (node.root, node.name) == ("member", "tier")


def _incomparable(context: Context, places: Places, left: Node, right: Node) -> Node | None:
    offset = places.operator
    kinds = {left.type.kind, right.type.kind}
    numeric = kinds & {Kind.INTEGER, Kind.NUMBER, Kind.AMOUNT}
    if Kind.NULL in kinds:
        return context.report(
            offset, N_("This value is never null: a text that is not known is empty.")
        )
    if Kind.LIST in kinds and len(kinds) == 2:
        return context.report(
            offset, N_("A list is compared with one value by in."), suggestion="in"
        )
    if Kind.TEXT in kinds and numeric:
        for node, start in ((left, places.left), (right, places.right)):
            if other := _as_other(node):
                return context.report(start, _TEXT_AND_NUMBER, suggestion=other)
        return context.report(offset, _TEXT_AND_NUMBER)
    if Kind.TEXT in kinds and Kind.BOOLEAN in kinds:
        return context.report(offset, N_("Text cannot be compared with true or false."))
    if numeric and Kind.BOOLEAN in kinds:
        return context.report(offset, N_("A number cannot be compared with true or false."))
    return context.report(offset, N_("These values cannot be compared with each other."))


def _as_other(node: Node) -> str | None:
    """A literal number as text, or a literal text as the number that it writes."""
    if not isinstance(node, Literal):
        return None
    if isinstance(node.value, int):
        return f'"{node.value}"'
    is_number = isinstance(node.value, str) and _DECIMAL.fullmatch(node.value)
    return str(node.value) if is_number else None


def arithmetic(
    context: Context, offset: int, operation: Operation, left: Node, right: Node
) -> Node | None:
    """Calculate with two nodes; `+` joins texts and lists as well."""
    if operation is Operation.PLUS and not (left.type.is_numeric and right.type.is_numeric):
        return _joined(context, offset, left, right)
    if not (left.type.is_numeric and right.type.is_numeric):
        return context.report(
            offset, N_("{operator} calculates with numbers only."), operator=operation.value
        )
    if ANY in (left.type, right.type):
        both = met(context, left, right)
        return both and Arithmetic(operation, *both, ANY)
    if operation in (Operation.OVER, Operation.REMAINDER) and _is_zero(right):
        return context.report(offset, N_("Nothing can be divided by zero."))
    if operation is Operation.REMAINDER:
        if left.type == right.type == INTEGER:
            return Arithmetic(operation, left, right, INTEGER)
        return context.report(
            offset,
            N_("% works on whole numbers: take the whole part first, as in {example}."),
            example="int(line.quantity) % 2",
        )
    if operation in (Operation.TIMES, Operation.OVER):
        return _scaled(context, operation, left, right)
    both = met(context, left, right)
    return both and Arithmetic(operation, *both, both[0].type)


def _joined(context: Context, offset: int, left: Node, right: Node) -> Node | None:
    both = met(context, left, right)
    if both is None or both[0].type.kind not in (Kind.TEXT, Kind.LIST, Kind.ANY):
        return context.report(offset, N_("These values cannot be added to each other."))
    return Arithmetic(Operation.PLUS, *both, both[0].type)


def _scaled(context: Context, operation: Operation, left: Node, right: Node) -> Node | None:
    """A product or a quotient: an amount times or by a number stays an amount."""
    is_product = operation is Operation.TIMES
    if is_product and right.type == AMOUNT and left.type != AMOUNT:
        left, right = right, left
    if left.type == AMOUNT:
        if right.type == AMOUNT and not is_product:
            return Arithmetic(operation, left, right, NUMBER)
        return _with(context, operation, left, right, AMOUNT)
    if left.type == right.type == INTEGER:
        return Arithmetic(operation, left, right, INTEGER)
    number = converted(left, NUMBER, context.factor)
    return number and _with(context, operation, number, right, NUMBER)


def _with(
    context: Context, operation: Operation, left: Node, right: Node, type: Type
) -> Node | None:
    number = converted(right, NUMBER, context.factor)
    return number and Arithmetic(operation, left, number, type)


def _is_zero(node: Node) -> bool:
    return isinstance(node, Literal) and node.value == 0


def negative(context: Context, offset: int, part: Node) -> Node | None:
    """A number with its sign turned."""
    if not part.type.is_numeric:
        return context.report(offset, N_("{operator} calculates with numbers only."), operator="-")
    return Negative(part, part.type)


def within(context: Context, places: Places, item: Node, container: Node) -> Node | None:
    """Look an element up in a list, or a key in a map."""
    offset = places.operator
    if container.type == MAP:
        key = converted(item, TEXT, context.factor)
        if key is None:
            return context.report(offset, N_("Keys of attributes and properties are text."))
        return Within(key, container)
    if container.type == ANY:
        opened = converted(item, ANY, context.factor)
        return opened and Within(opened, container)
    if container.type.kind is not Kind.LIST:
        return context.report(
            offset, N_("in looks into a list, as in {example}."), example='line.sku in ["A", "B"]'
        )
    if container.type.element is None:
        return Within(item, container)
    wanted = Elements((item,), list_of(item.type))
    both = met(context, wanted, container)
    if both is not None and isinstance(both[0], Elements) and both[1].type == both[0].type:
        return Within(both[0].items[0], both[1])
    return _looked_up_as(context, places, item, container)


def _looked_up_as(context: Context, places: Places, item: Node, container: Node) -> Node | None:
    """An element in a list that is already made, so that only the element can be converted."""
    element = container.type.element or ANY
    is_number = item.type.is_numeric and element.is_numeric
    found = converted(item, element, context.factor) if is_number else None
    if found is None:
        return _incomparable(context, places, item, Literal(None, element))
    return Within(found, container)


def boolean(context: Context, offset: int, node: Node) -> Node | None:
    """A node that must be true or false."""
    if node.type == BOOLEAN:
        return node
    if node.type == ANY:
        return converted(node, BOOLEAN, context.factor)
    return context.report(
        offset, N_("True or false is needed here: compare the value with something.")
    )
