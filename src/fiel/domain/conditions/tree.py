"""A checked condition as a tree: every name resolved, every conversion spelt out.

Python is generated from it, and SQL can be: nothing in it refers to either. Numbers in literals
are exact, amounts in minor units. Both sides of a comparison and of `+ - %` have the same kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from fiel.domain.conditions.syntax import MacroKind
from fiel.domain.conditions.vocabulary import BOOLEAN, Kind, Type

type Node = (
    Literal
    | Field
    | Variable
    | Item
    | HasKey
    | Convert
    | Not
    | Every
    | Some
    | Compare
    | Arithmetic
    | Negative
    | Within
    | Choice
    | Call
    | Elements
    | Loop
)


class Comparison(StrEnum):
    """How two values are compared."""

    EQUAL = "=="
    DIFFERENT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


class Operation(StrEnum):
    """What is calculated of two values; `+` also joins texts and lists.

    Between integers `/` leaves the fraction out, as in CEL; all else is exact.
    """

    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    OVER = "/"
    REMAINDER = "%"


class Function(StrEnum):
    """A function of conditions. The texts to look for come second."""

    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    CONTAINS = "contains"
    MATCHES = "matches"  # the pattern is a literal, in RE2's syntax, and may match any part
    SIZE = "size"
    INTEGER = "int"
    NUMBER = "double"
    TEXT = "string"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that the text writes."""

    value: bool | str | int | Fraction | None
    type: Type


@dataclass(frozen=True, slots=True)
class Field:
    """`line.category`: a value that is always there."""

    root: str
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Variable:
    """The element that a loop is at; the number tells it from others of the same name."""

    name: str
    number: int
    type: Type


@dataclass(frozen=True, slots=True)
class Item:
    """A key of a map or an index of a list, which may be absent."""

    of: Node
    key: Node
    type: Type


@dataclass(frozen=True, slots=True)
class HasKey:
    """Whether a map has a key."""

    of: Node
    key: Node
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class Convert:
    """A value as another type, where the two meet.

    From integer or number to amount it is multiplied by `factor`, from amount to number or any
    divided by it. From any to another type it can only be evaluated when the value has that type.
    """

    value: Node
    type: Type
    factor: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is false."""

    part: Node
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class Every:
    """`a && b && …`: false as soon as one part is false, though another cannot be evaluated."""

    parts: tuple[Node, ...]
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class Some:
    """`a || b || …`: true as soon as one part is true, though another cannot be evaluated."""

    parts: tuple[Node, ...]
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values of the same kind compared; texts by their characters' numbers."""

    comparison: Comparison
    left: Node
    right: Node
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two values calculated into one."""

    operation: Operation
    left: Node
    right: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Negative:
    """A number with its sign turned."""

    part: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Within:
    """Whether a list has an element, or a map a key."""

    item: Node
    container: Node
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class Choice:
    """`test ? then : otherwise`."""

    test: Node
    then: Node
    otherwise: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments."""

    function: Function
    arguments: tuple[Node, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Elements:
    """A list that the text writes; all elements have the list's element type."""

    items: tuple[Node, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Loop:
    """What is made of the elements of a list or the keys of a map.

    `all` and `exists` absorb what cannot be evaluated as `&&` and `||` do. `result` is only of
    `map`; `test` may be missing there.
    """

    kind: MacroKind
    over: Node
    variable: Variable
    test: Node | None
    result: Node | None
    type: Type


def parts_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    match node:
        case Literal() | Field() | Variable():
            return ()
        case Item(of, key) | HasKey(of, key):
            return of, key
        case Convert(value):
            return (value,)
        case Not(part) | Negative(part):
            return (part,)
        case Every(parts) | Some(parts):
            return parts
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return left, right
        case Within(item, container):
            return item, container
        case Choice(test, then, otherwise):
            return test, then, otherwise
        case Call(_, arguments):
            return arguments
        case Elements(items):
            return items
        case Loop(_, over, _, test, result):
            return over, *(part for part in (test, result) if part is not None)


def nodes_of(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for part in parts_of(node):
        yield from nodes_of(part)


def names_read(root: Node) -> frozenset[str]:
    """What a condition reads, dotted; of a map the key where the text names it."""
    found: set[str] = set()
    keyed: set[int] = set()  # fields that are already named together with their key
    for node in nodes_of(root):
        match node:
            case Item(Field() as field, Literal(str() as key)) | HasKey(
                Field() as field, Literal(str() as key)
            ):
                found.add(f"{field.root}.{field.name}.{key}")
                keyed.add(id(field))
            case Within(Literal(str() as key), Field(type=Type(Kind.MAP)) as field):
                found.add(f"{field.root}.{field.name}.{key}")
                keyed.add(id(field))
            case Field() if id(node) not in keyed:
                found.add(f"{node.root}.{node.name}")
            case _:
                pass
    return frozenset(found)


def texts_mentioned(root: Node) -> frozenset[str]:
    """The literal texts of a condition, keys of maps aside."""
    found: set[str] = set()
    keys: set[int] = set()
    for node in nodes_of(root):
        match node:
            case Item(_, key) | HasKey(_, key):
                keys.add(id(key))
            case Literal(str() as text) if id(node) not in keys:
                found.add(text)
            case _:
                pass
    return frozenset(found)
