"""What two values that meet become: numbers and amounts mix exactly, all else is strict."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from fiel.domain.conditions.tree import Convert, Elements, Literal, Node
from fiel.domain.conditions.vocabulary import AMOUNT, ANY, INTEGER, NUMBER, Kind, Type, list_of

type Factor = int  # minor units in one major unit


def common_type(types: Iterable[Type]) -> Type | None:
    """The type that values of all these types can be converted to; None if there is none."""
    found: Type | None = None
    for each in types:
        found = each if found is None else _common_of_two(found, each)
        if found is None:
            return None
    return found


def _common_of_two(one: Type, other: Type) -> Type | None:
    if one == other:
        return one
    if ANY in (one, other):
        return ANY
    if one.is_numeric and other.is_numeric:
        return AMOUNT if AMOUNT in (one, other) else NUMBER
    if one.kind is Kind.LIST and other.kind is Kind.LIST:
        if one.element is None or other.element is None:  # an empty list goes with any list
            return one if other.element is None else other
        element = _common_of_two(one.element, other.element)
        return None if element is None else list_of(element)
    return None


def converted(node: Node, target: Type, factor: Factor) -> Node | None:
    """A node as another type; None where that cannot be done."""
    if node.type == target:
        return node
    if isinstance(node, Elements) and target.element is not None:
        items = [converted(item, target.element, factor) for item in node.items]
        whole = tuple(item for item in items if item is not None)
        return Elements(whole, target) if len(whole) == len(items) else None
    if target in (AMOUNT, NUMBER) and node.type.is_numeric:
        return _converted_number(node, target, factor)
    if target == ANY:
        return _opened(node, factor)
    if node.type == ANY or _is_wider(node.type, target):
        return Convert(node, target)
    return None


def _converted_number(node: Node, target: Type, factor: Factor) -> Node:
    if node.type == target:
        return node
    factor = factor if AMOUNT in (node.type, target) else 1
    if isinstance(node, Literal) and isinstance(node.value, int | Fraction):
        of = Fraction(node.value)
        return Literal(_plain(of * factor if target == AMOUNT else of / factor), target)
    return Convert(node, target, factor)


def _plain(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value


def _opened(node: Node, factor: Factor) -> Node | None:
    """A node whose type is known, as one whose type is not."""
    if node.type == AMOUNT:
        return Convert(_converted_number(node, NUMBER, factor), ANY)
    if isinstance(node, Elements):
        return Convert(converted(node, list_of(ANY), factor) or node, ANY)
    if node.type.kind is Kind.LIST and not _is_wider(node.type, list_of(ANY)):
        return None
    return Convert(node, ANY)


def _is_wider(source: Type, target: Type) -> bool:
    """Whether values of `source` are values of `target` as they are."""
    if source == target or (source, target) == (INTEGER, NUMBER):
        return True
    if source.kind is Kind.LIST and target.kind is Kind.LIST:
        if source.element is None:
            return True
        return target.element is not None and _is_wider(source.element, target.element)
    return target == ANY and source != AMOUNT and source != NUMBER
