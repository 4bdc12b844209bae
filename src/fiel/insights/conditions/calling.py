"""The functions of conditions, over columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import ibis
from ibis.expr.types import ArrayValue, BooleanValue, StringValue

from fiel.domain.conditions.tree import Convert, Function, Literal, Node
from fiel.domain.conditions.vocabulary import ANY, BOOLEAN, LONGEST_MATCHED_TEXT, TEXT, Kind
from fiel.insights.conditions import exact
from fiel.insights.conditions.exact import Exact
from fiel.insights.conditions.problems import CannotCompile

if TYPE_CHECKING:
    from fiel.insights.conditions.compiling import Compiled, Compiler

_LONGEST_TEXT = 2**31


def called(compiler: Compiler, function: Function, arguments: Sequence[Node]) -> Compiled:
    """A function of its arguments."""
    of = arguments[0]
    match function:
        case Function.STARTS_WITH:
            return compiler.text(of).startswith(compiler.text(arguments[1]))
        case Function.ENDS_WITH:
            return compiler.text(of).endswith(compiler.text(arguments[1]))
        case Function.CONTAINS:
            return compiler.text(of).contains(compiler.text(arguments[1]))
        case Function.MATCHES:
            return _matches(compiler.text(of), arguments[1])
        case Function.SIZE:
            return _size(compiler, of)
        case Function.INTEGER | Function.NUMBER:
            return _number(compiler, of, function)
        case Function.TEXT:
            return _text(compiler, of)


def literal_text(value: str) -> StringValue:
    """A text that the condition writes."""
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise CannotCompile("a text has characters that no column holds")
    return ibis.literal(value)


def _matches(text: StringValue, pattern: Node) -> BooleanValue:
    assert isinstance(pattern, Literal)
    assert isinstance(pattern.value, str)
    found = text.re_search(literal_text(pattern.value))
    return ibis.cases((text.length() <= LONGEST_MATCHED_TEXT, found))


def _size(compiler: Compiler, of: Node) -> Exact:
    made = compiler.value(of)
    if isinstance(made, tuple):
        return exact.constant(len(made))
    if of.type == TEXT or (of.type.kind is Kind.LIST and isinstance(made, ArrayValue)):
        return Exact(cast("StringValue", made).length().cast("int64"), _LONGEST_TEXT)
    raise CannotCompile(f"the size of a value of kind {of.type.kind} is asked")


def _number(compiler: Compiler, of: Node, function: Function) -> Exact:
    if of.type == TEXT or of.type == ANY:
        raise CannotCompile("a number is read from a text")
    made = compiler.number(of)
    return exact.truncated(made) if function is Function.INTEGER else made


def _text(compiler: Compiler, of: Node) -> StringValue:
    if not isinstance(of, Convert):
        raise CannotCompile("a value of unknown kind is written as text")
    made = compiler.value(of.value)
    if isinstance(made, Exact):
        if (known := made.constant) is not None:
            return ibis.literal(str(known))
        return cast("ibis.expr.types.NumericValue", made.whole).cast("string")
    if of.value.type == BOOLEAN:
        test = cast("BooleanValue", made)
        return ibis.cases((test, "true"), (~test, "false"))
    raise CannotCompile("a value is written as text that is no number")
