"""Values of JSON whose kind each row tells: attributes of members, properties of activities.

A value is a column of JSON text, or a value whose kind is known from the condition. Null is a value
that is not there; JSON's own null is the text `null`.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
from ibis.expr.types import ArrayValue, BooleanValue, StringValue

from fiel.insights.conditions import exact
from fiel.insights.conditions.exact import Exact
from fiel.insights.conditions.problems import CannotCompile

_TEXT, _BOOLEAN, _NULL, _LIST, _MAP = "VARCHAR", "BOOLEAN", "NULL", "ARRAY", "OBJECT"
_INTEGERS = ("BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT")
_NUMBERS = (*_INTEGERS, "DOUBLE")
_HARD_TO_NAME = frozenset('"\\*?[]$#\0')


# By its full name the writer of SQL does not turn a function into an operator, which binds less.
_WHERE = {"database": "main", "catalog": "system"}


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def json_type(value: str) -> str:  # type: ignore[empty-body]
    """DuckDB's name for the kind of a value."""


@ibis.udf.scalar.builtin(name="json_extract", **_WHERE)  # type: ignore[untyped-decorator]
def json_extract(value: str, path: str) -> str:  # type: ignore[empty-body]
    """The JSON at a path."""


@ibis.udf.scalar.builtin(name="json_extract", **_WHERE)  # type: ignore[untyped-decorator]
def json_elements(value: str, path: str) -> list[str]:  # type: ignore[empty-body]
    """The JSON at each place that a path stands for."""


@ibis.udf.scalar.builtin(name="json_extract_string", **_WHERE)  # type: ignore[untyped-decorator]
def json_extract_string(value: str, path: str) -> str:  # type: ignore[empty-body]
    """The text at a path."""


@dataclass(frozen=True, slots=True)
class Loose:
    """A value of JSON; `known` is the value itself where the condition says of what kind it is."""

    json: StringValue = None
    known: StringValue | BooleanValue | Exact | None = None

    @property
    def is_known(self) -> bool:
        """Whether its kind is known before any row; a null that is written is known, too."""
        return self.json is None


def item(of: StringValue, key: str | int) -> Loose:
    """What a map has at a key or a list at a place; null where it is not there."""
    return Loose(json_extract(of, _path(key)))


def has_key(of: StringValue, key: str) -> BooleanValue:
    """Whether a map has a key; null for what is no map."""
    is_there = json_extract(of, _path(key)).notnull()
    return ibis.cases((json_type(of) == _MAP, is_there))


def is_map(of: StringValue) -> BooleanValue:
    """Whether a value is a map."""
    return json_type(of) == _MAP


def _path(key: str | int) -> str:
    if isinstance(key, int):
        if key < 0:
            raise CannotCompile("a place of a list lies before its beginning")
        return f"$[{key}]"
    if not key or _HARD_TO_NAME & set(key):
        raise CannotCompile("a key has characters that paths are written with")
    return f'$."{key}"'


def elements(of: StringValue) -> ArrayValue:
    """The elements of a list, each as JSON; null for what is no list.

    A map has keys to walk through, which is not asked of tables: it is null as well.
    """
    return ibis.cases((json_type(of) == _LIST, json_elements(of, "$[*]")))


def text(of: Loose) -> StringValue:
    """A value that must be text."""
    if of.is_known:
        if isinstance(of.known, StringValue):
            return of.known
        return ibis.null("string")
    return ibis.cases((json_type(of.json) == _TEXT, json_extract_string(of.json, "$")))


def boolean(of: Loose) -> BooleanValue:
    """A value that must be true or false."""
    if of.is_known:
        if isinstance(of.known, BooleanValue):
            return of.known
        return ibis.null("boolean")
    return ibis.cases((json_type(of.json) == _BOOLEAN, of.json == "true"))


def whole(of: Loose) -> Exact:
    """A value that must be an integer."""
    if of.is_known:
        raise CannotCompile("a literal stands where a value of a row belongs")
    is_whole = json_type(of.json).isin(_INTEGERS)
    return Exact(ibis.cases((is_whole, of.json.try_cast("int64"))), exact.LARGEST_INTEGER + 1)


def equal(one: Loose, other: Loose) -> BooleanValue:
    """Whether two values are the same; values of different kinds are not."""
    if one.is_known and not other.is_known:
        one, other = other, one
    if one.is_known:
        return _equal_known(one.known, other.known)
    if not other.is_known:
        raise CannotCompile("two values are compared whose kinds are both unknown")
    kind, known = json_type(one.json), other.known
    missing = one.json.isnull()
    if known is None:
        return ibis.cases((missing, ibis.null("boolean")), else_=kind == _NULL)
    if isinstance(known, Exact):
        number = exact.as_decimal(known)
        same = ibis.cases((kind.isin(_NUMBERS), _number(one.json) == number), else_=False)
        return ibis.cases((missing | number.isnull(), ibis.null("boolean")), else_=same)
    own = text(one) if isinstance(known, StringValue) else boolean(one)
    kind_of_known = _TEXT if isinstance(known, StringValue) else _BOOLEAN
    same = ibis.cases((kind == kind_of_known, own == known), else_=False)
    return ibis.cases((missing | known.isnull(), ibis.null("boolean")), else_=same)


def _equal_known(one: object, other: object) -> BooleanValue:
    if isinstance(one, Exact) and isinstance(other, Exact):
        return exact.compared("==", one, other)
    for kind in (StringValue, BooleanValue):
        if isinstance(one, kind) and isinstance(other, kind):
            return one == other
    return ibis.literal(one is None and other is None)


def ordered(sign: str, one: Loose, other: Loose) -> BooleanValue:
    """Whether `one sign other`; null for values of different kinds."""
    if one.is_known and not other.is_known:
        return ordered(_TURNED[sign], other, one)
    if one.is_known or not other.is_known:
        raise CannotCompile("two values are ordered whose kinds are both unknown, or known")
    known = other.known
    if known is None:
        return ibis.null("boolean")
    if isinstance(known, Exact):
        number = exact.as_decimal(known)
        is_number = json_type(one.json).isin(_NUMBERS)
        return ibis.cases((is_number, _ordered(sign, _number(one.json), number)))
    if isinstance(known, StringValue):
        return _ordered(sign, text(one), known)
    raise CannotCompile("true and false are ordered")


def _ordered(sign: str, one: ibis.Value, other: ibis.Value) -> BooleanValue:
    match sign:
        case "<":
            return one < other
        case "<=":
            return one <= other
        case ">":
            return one > other
        case _:
            return one >= other


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _number(json: StringValue) -> ibis.expr.types.DecimalValue:
    """A number as it is written; null where it has more than 21 digits before the point."""
    return json.try_cast("decimal(38,17)")
