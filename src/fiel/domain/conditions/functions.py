"""The check of calls of functions and methods."""

from __future__ import annotations

from collections.abc import Callable

from fiel.domain.conditions.context import Context
from fiel.domain.conditions.conversions import converted
from fiel.domain.conditions.patterns import pattern_fault
from fiel.domain.conditions.tree import Call, Convert, Function, Literal, Node
from fiel.domain.conditions.vocabulary import (
    AMOUNT,
    ANY,
    BOOLEAN,
    FUNCTIONS,
    INTEGER,
    MACROS,
    METHODS,
    NUMBER,
    TEXT,
    Kind,
    closest,
)
from fiel.domain.language import N_

_EXAMPLES = {
    "startsWith": 'line.sku.startsWith("CAP-")',
    "endsWith": 'line.sku.endsWith("-XL")',
    "contains": 'line.name.contains("latte")',
    "matches": 'line.sku.matches("^CAP-[0-9]+$")',
    "size": "size(member.segments)",
    "int": "int(line.quantity)",
    "double": "double(member.visits)",
    "string": "string(member.visits)",
    "all": 'member.segments.all(s, s != "vip")',
    "exists": 'member.segments.exists(s, s.startsWith("vip"))',
    "exists_one": 'member.segments.exists_one(s, s.startsWith("vip"))',
    "map": "member.segments.map(s, size(s))",
    "filter": 'member.segments.filter(s, s != "vip")',
    "has": "has(member.attributes.size)",
}


def is_known(context: Context, offset: int, name: str, *, is_method: bool) -> bool:
    """Whether a function can be called by this name; else it is reported."""
    known = (*METHODS, *MACROS) if is_method else FUNCTIONS
    if name in known:
        if name in MACROS or name == "has":
            _report_use(context, offset, name)
            return False
        return True
    example = _EXAMPLES.get(name)
    suggestion = example or closest(name, known)
    context.report(
        offset,
        N_('There is no function "{name}" in conditions.'),
        suggestion=suggestion,
        name=name,
    )
    return False


def _report_use(context: Context, offset: int, name: str) -> Node | None:
    return context.report(
        offset,
        N_("{name} is used as in {example}."),
        name=name,
        example=_EXAMPLES[name],
    )


def call(context: Context, offset: int, name: str, arguments: list[Node]) -> Node | None:
    """Call a function; the target of a method is its first argument."""
    function = Function(name)
    expected = 2 if name in METHODS and function is not Function.SIZE else 1
    if len(arguments) != expected:
        return _report_use(context, offset, name)
    if expected == 2:
        return _on_text(context, offset, function, arguments)
    made = _MAKERS[function](context, arguments[0])
    return made or _report_use(context, offset, name)


def _on_text(
    context: Context, offset: int, function: Function, arguments: list[Node]
) -> Node | None:
    if any(argument.type not in (TEXT, ANY) for argument in arguments):
        return context.report(
            offset,
            N_("{name} works on text, as in {example}."),
            name=function.value,
            example=_EXAMPLES[function.value],
        )
    target, wanted = (_text(context, argument) for argument in arguments)
    if function is Function.MATCHES:
        if not isinstance(wanted, Literal) or not isinstance(wanted.value, str):
            return context.report(offset, N_("The pattern of matches must be written out."))
        if fault := pattern_fault(wanted.value):
            return context.report(
                offset,
                N_('The pattern "{pattern}" cannot be read: {fault}'),
                pattern=wanted.value,
                fault=fault,
            )
    return Call(function, (target, wanted), BOOLEAN)


def _text(context: Context, node: Node) -> Node:
    return converted(node, TEXT, context.factor) or node


def _size(_: Context, of: Node) -> Node | None:
    if of.type.kind in (Kind.TEXT, Kind.LIST, Kind.MAP, Kind.ANY):
        return Call(Function.SIZE, (of,), INTEGER)
    return None


def _integer(context: Context, of: Node) -> Node | None:
    if of.type == INTEGER:
        return of
    if of.type == AMOUNT:
        of = converted(of, NUMBER, context.factor) or of
    if of.type in (NUMBER, TEXT, ANY):
        return Call(Function.INTEGER, (of,), INTEGER)
    return None


def _number(context: Context, of: Node) -> Node | None:
    if of.type in (NUMBER, AMOUNT):
        return of
    if of.type == INTEGER:
        return converted(of, NUMBER, context.factor)
    if of.type in (TEXT, ANY):
        return Call(Function.NUMBER, (of,), NUMBER)
    return None


def _string(_: Context, of: Node) -> Node | None:
    if of.type == TEXT:
        return of
    if of.type in (INTEGER, BOOLEAN):
        return Call(Function.TEXT, (Convert(of, ANY),), TEXT)
    return Call(Function.TEXT, (of,), TEXT) if of.type == ANY else None


_MAKERS: dict[Function, Callable[[Context, Node], Node | None]] = {
    Function.SIZE: _size,
    Function.INTEGER: _integer,
    Function.NUMBER: _number,
    Function.TEXT: _string,
}
