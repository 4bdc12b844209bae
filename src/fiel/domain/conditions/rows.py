"""Conditions as rows: an attribute, how it is compared, and with what; in groups of all or any.

This is the part of the language that can be shown as a form. What is read from a text says the same
when it is written again; a text that says more than rows can is no rows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from fiel.domain.conditions.parse import parse
from fiel.domain.conditions.problems import ConditionProblems
from fiel.domain.conditions.syntax import Call, Constant, ListLiteral, Name, Select, Syntax
from fiel.domain.conditions.vocabulary import Kind, Scope

DEEPEST_GROUPS = 3

type Value = str | int | Fraction | bool


class Joined(StrEnum):
    """Whether all parts of a group must hold, or any."""

    ALL = "all"
    ANY = "any"


class Operator(StrEnum):
    """How an attribute is compared with the values of its row."""

    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    LESS = "less"
    AT_MOST = "at_most"
    MORE = "more"
    AT_LEAST = "at_least"
    STARTS = "starts"
    ENDS = "ends"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    HAS = "has"  # a list has the value
    HAS_NOT = "has_not"
    KNOWN = "known"  # a map has the key
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """`line.category is "cafe"`; `key` names what of a map, as in `member.attributes.size`."""

    attribute: str
    operator: Operator
    values: tuple[Value, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows, and groups of rows, of which all or any must hold."""

    joined: Joined
    parts: tuple[Row | Group, ...]


class _NoRows(Exception):
    """The text says more than rows can."""


_COMPARED = {
    "_==_": Operator.IS, "_!=_": Operator.IS_NOT, "_<_": Operator.LESS, "_<=_": Operator.AT_MOST,
    "_>_": Operator.MORE, "_>=_": Operator.AT_LEAST,
}  # fmt: skip
_SIGNS = {operator: function.strip("_") for function, operator in _COMPARED.items()}
_TURNED = {
    Operator.LESS: Operator.MORE, Operator.AT_MOST: Operator.AT_LEAST,
    Operator.MORE: Operator.LESS, Operator.AT_LEAST: Operator.AT_MOST,
}  # fmt: skip
_METHODS = {
    "startsWith": Operator.STARTS, "endsWith": Operator.ENDS, "contains": Operator.CONTAINS,
}  # fmt: skip
_METHOD_NAMES = {operator: name for name, operator in _METHODS.items()}
_NEGATED = {
    Operator.ONE_OF: Operator.NONE_OF, Operator.CONTAINS: Operator.NOT_CONTAINS,
    Operator.HAS: Operator.HAS_NOT, Operator.KNOWN: Operator.UNKNOWN,
}  # fmt: skip
_JOINS = {"_&&_": Joined.ALL, "_||_": Joined.ANY}


def rows_of(text: str, scope: Scope) -> Group | None:
    """A condition as rows; None where it is no condition, or says more than rows can."""
    if not text.strip():
        return Group(Joined.ALL, ())
    try:
        found = _Reader(scope).part(parse(text))
    except (ConditionProblems, _NoRows):
        return None
    group = found if isinstance(found, Group) else Group(Joined.ALL, (found,))
    return group if _depth(group) <= DEEPEST_GROUPS else None


def text_of(group: Group) -> str:
    """The condition that rows say; empty where there are none."""
    sign = " && " if group.joined is Joined.ALL else " || "
    written = [_part(part) for part in group.parts if isinstance(part, Row) or text_of(part)]
    return sign.join(written)


def _part(part: Row | Group) -> str:
    if isinstance(part, Row):
        return _row(part)
    text = text_of(part)
    return f"({text})" if len(part.parts) > 1 else text


def _row(row: Row) -> str:
    name = _name(row)
    operator = row.operator
    if operator in (Operator.KNOWN, Operator.UNKNOWN):
        return _known(row)
    if operator in (Operator.ONE_OF, Operator.NONE_OF):
        said = f"{name} in [{', '.join(map(literal, row.values))}]"
        return said if operator is Operator.ONE_OF else f"!({said})"
    (value,) = row.values
    if operator in (Operator.HAS, Operator.HAS_NOT):
        said = f"{literal(value)} in {name}"
        return said if operator is Operator.HAS else f"!({said})"
    if operator is Operator.NOT_CONTAINS:
        return f"!{name}.contains({literal(value)})"
    if operator in _METHOD_NAMES:
        return f"{name}.{_METHOD_NAMES[operator]}({literal(value)})"
    return f"{name} {_SIGNS[operator]} {literal(value)}"


def _known(row: Row) -> str:
    assert row.key is not None, "only keys of maps can be unknown"
    if _is_plain(row.key):
        said = f"has({row.attribute}.{row.key})"
        return said if row.operator is Operator.KNOWN else f"!{said}"
    said = f"{literal(row.key)} in {row.attribute}"
    return said if row.operator is Operator.KNOWN else f"!({said})"


def _name(row: Row) -> str:
    if row.key is None:
        return row.attribute
    if _is_plain(row.key):
        return f"{row.attribute}.{row.key}"
    return f"{row.attribute}[{literal(row.key)}]"


def _is_plain(key: str) -> bool:
    """Whether a key can be written after a point."""
    return key.isascii() and key.isidentifier() and key not in _RESERVED


# fmt: off
_RESERVED = frozenset({
    "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in",
    "let", "loop", "null", "package", "namespace", "return", "true", "var", "void", "while",
})
# fmt: on


def literal(value: Value) -> str:
    """A value as conditions write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(value)
    return _decimal(value)


def _decimal(number: Fraction) -> str:
    """A number with a point, exactly; literals have an end."""
    sign = "-" if number < 0 else ""
    whole, rest = divmod(abs(number), 1)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, 1)
        digits += str(digit)
    return f"{sign}{whole}.{digits or '0'}"


def _depth(group: Group) -> int:
    return 1 + max((_depth(part) for part in group.parts if isinstance(part, Group)), default=0)


class _Reader:
    """Reads the syntax of a condition as rows."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def part(self, syntax: Syntax) -> Row | Group:
        match syntax:
            case Call("_&&_" | "_||_" as function, None, arguments):
                return self._group(_JOINS[function], arguments)
            case Call("!_", None, (inner,)):
                return self._negated(inner)
            case Call("@in", None, (item, container)):
                return self._within(item, container)
            case Call(function, None, (left, right)) if function in _COMPARED:
                return self._compared(_COMPARED[function], left, right)
            case Call(method, Select() as target, (Constant(str() as text),)) if method in _METHODS:
                attribute, key = self._attribute(target, Kind.TEXT, Kind.MAP)
                return Row(attribute, _METHODS[method], (text,), key)
            case Select(operand, field, asks_presence=True, offset=offset):
                asked = Select(operand, field, asks_presence=False, offset=offset)
                attribute, key = self._attribute(asked, Kind.MAP)
                return Row(attribute, Operator.KNOWN, (), key)
            case _:
                raise _NoRows

    def _group(self, joined: Joined, arguments: Sequence[Syntax]) -> Group:
        parts: list[Row | Group] = []
        for argument in arguments:
            part = self.part(argument)
            if isinstance(part, Group) and part.joined is joined:
                parts += part.parts
            else:
                parts.append(part)
        return Group(joined, tuple(parts))

    def _negated(self, syntax: Syntax) -> Row:
        part = self.part(syntax)
        if not isinstance(part, Row) or part.operator not in _NEGATED:
            raise _NoRows
        return Row(part.attribute, _NEGATED[part.operator], part.values, part.key)

    def _within(self, item: Syntax, container: Syntax) -> Row:
        match item, container:
            case Constant(str() as text), Select(Name(root), name, asks_presence=False):
                attribute = f"{root}.{name}"
                kind = self._kind(attribute)
                if kind is Kind.LIST:
                    return Row(attribute, Operator.HAS, (text,))
                if kind is Kind.MAP:
                    return Row(attribute, Operator.KNOWN, (), text)
                raise _NoRows
            case Select() | Call(), ListLiteral(elements) if elements:
                attribute, key = self._attribute(item)
                return Row(attribute, Operator.ONE_OF, tuple(map(_value, elements)), key)
            case _:
                raise _NoRows

    def _compared(self, operator: Operator, left: Syntax, right: Syntax) -> Row:
        if isinstance(left, Constant):
            left, right, operator = right, left, _TURNED.get(operator, operator)
        attribute, key = self._attribute(left)
        return Row(attribute, operator, (_value(right),), key)

    def _attribute(self, syntax: Syntax, *kinds: Kind) -> tuple[str, str | None]:
        """The attribute, and of a map the key."""
        match syntax:
            case Select(Name(root), name, asks_presence=False):
                key = None
            case Select(Select(Name(root), name), str() as key):
                pass
            case Call("_[_]", None, (Select(Name(root), name), Constant(str() as key))):
                pass
            case _:
                raise _NoRows
        attribute = f"{root}.{name}"
        kind = self._kind(attribute)
        if kind in (None, Kind.LIST) or (kind is Kind.MAP) != (key is not None):
            raise _NoRows
        if kinds and kind not in kinds:
            raise _NoRows
        return attribute, key

    def _kind(self, attribute: str) -> Kind | None:
        root, _, name = attribute.partition(".")
        if root not in self.scope.roots:
            return None
        found = self.scope.fields(root).get(name)
        return found.kind if found else None


def _value(syntax: Syntax) -> Value:
    if isinstance(syntax, Constant) and syntax.value is not None:
        return syntax.value
    raise _NoRows
