"""The syntax of a condition, before anything is known about its names and kinds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

type Syntax = Name | Constant | Select | Call | ListLiteral | Macro | Unsupported


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier: a root such as `line`, or the variable of a macro."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal. A number with a decimal point is a Fraction, exactly as it is written."""

    value: bool | str | int | Fraction | None
    offset: int


@dataclass(frozen=True, slots=True)
class Select:
    """`operand.field`, or `has(operand.field)` when `asks_presence`."""

    operand: Syntax
    field: str
    asks_presence: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Call:
    """An operator, a function, or with a target a method."""

    function: str
    target: Syntax | None
    arguments: tuple[Syntax, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """`[a, b, c]`."""

    elements: tuple[Syntax, ...]
    offset: int


class MacroKind(StrEnum):
    """What a macro makes of the elements of a list."""

    ALL = "all"
    EXISTS = "exists"
    EXISTS_ONE = "exists_one"
    MAP = "map"
    FILTER = "filter"


@dataclass(frozen=True, slots=True)
class Macro:
    """`over.exists(variable, test)` and its like; `map` may have a result, a test, or both."""

    kind: MacroKind
    over: Syntax
    variable: str
    test: Syntax | None
    result: Syntax | None
    offset: int


@dataclass(frozen=True, slots=True)
class Unsupported:
    """CEL that conditions do not use: maps, messages, bytes, unsigned numbers."""

    offset: int
