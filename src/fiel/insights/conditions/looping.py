"""Lists of conditions: looking an element up, and walking through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

import ibis
from ibis.expr.types import ArrayValue, BooleanValue, StringValue, Value

from fiel.domain.conditions.failing import can_fail
from fiel.domain.conditions.syntax import MacroKind
from fiel.domain.conditions.tree import Comparison, Elements, Literal, Loop, Node
from fiel.domain.conditions.vocabulary import ANY, MAP, TEXT
from fiel.insights.conditions import exact, loose
from fiel.insights.conditions.exact import Exact
from fiel.insights.conditions.loose import Loose
from fiel.insights.conditions.problems import CannotCompile

if TYPE_CHECKING:
    from fiel.insights.conditions.compiling import Compiled, Compiler

_NOT_KNOWN = ibis.null("boolean")
_NO = ibis.literal(False)
_YES = ibis.literal(True)


def is_within(compiler: Compiler, item: Node, container: Node) -> BooleanValue:
    """Whether a list has an element, or a map a key."""
    if container.type == MAP:
        return loose.has_key(compiler.text(container), _written(item))
    wanted = compiler.value(item)
    if container.type == ANY:
        return _is_within_loose(wanted, compiler.loose(container))
    if isinstance(container, Elements):
        return _is_one_of(compiler, wanted, container.items)
    listed = array_of_texts(compiler.value(container))
    if not isinstance(wanted, StringValue):
        raise CannotCompile("an element is looked up that is no text")
    return ibis.cases((wanted.isnull(), _NOT_KNOWN), else_=listed.contains(wanted))


def _written(node: Node) -> str:
    if isinstance(node, Literal) and isinstance(node.value, str):
        return node.value
    raise CannotCompile("a key is looked up that is not written out")


def _is_within_loose(wanted: Compiled, container: Loose) -> BooleanValue:
    if container.json is None or not isinstance(wanted, Loose) or not wanted.is_known:
        raise CannotCompile("a list is asked for an element of unknown kind")
    elements = loose.elements(container.json)
    found = elements.filter(lambda each: loose.equal(Loose(each), wanted)).length() > 0
    if isinstance(wanted.known, StringValue):
        key = wanted.known.op()
        if not isinstance(key, ibis.expr.operations.Literal):
            raise CannotCompile("a key is looked up that is not written out")
        return ibis.coalesce(found, loose.has_key(container.json, key.value))
    return ibis.coalesce(found, ibis.cases((loose.is_map(container.json), _NO)))


def _is_one_of(compiler: Compiler, wanted: Compiled, items: Sequence[Node]) -> BooleanValue:
    """Whether a value is among those that the text lists; any that fails, fails it all."""
    found: list[BooleanValue] = []
    needed: list[BooleanValue] = []
    if not isinstance(wanted, tuple):
        needed.append(_is_there(wanted))
    for node in items:
        each = compiler.value(node)
        found.append(_same(wanted, each))
        if can_fail(node) and not isinstance(each, tuple):
            needed.append(_is_there(each))
    return ibis.cases((ibis.and_(*needed), ibis.or_(*found) if found else _NO))


def _is_there(value: Compiled) -> BooleanValue:
    match value:
        case Exact(whole, _, denominator):
            parts = [each.notnull() for each in (whole, denominator) if not isinstance(each, int)]
            return ibis.and_(*parts) if parts else _YES
        case Loose(json, known):
            if json is not None:
                return json.notnull()
            return _is_there(known) if known is not None else _YES
        case tuple():
            raise CannotCompile("a list is looked up in a list")
        case _:
            return value.notnull()


def _same(one: Compiled, other: Compiled) -> BooleanValue:
    if isinstance(one, Exact) and isinstance(other, Exact):
        return exact.compared("==", one, other)
    if isinstance(one, Loose) and isinstance(other, Loose):
        return loose.equal(one, other)
    if isinstance(one, Value) and isinstance(other, Value):
        return cast("BooleanValue", one == other)
    raise CannotCompile("a list is looked up in a list")


def array_of_texts(value: Compiled) -> ArrayValue:
    """A list of texts as an array."""
    if isinstance(value, tuple):
        if not all(isinstance(each, StringValue) for each in value):
            raise CannotCompile("a list holds other things than texts")
        if not value:
            return ibis.literal([], type="array<string>")
        whole = ibis.and_(*(_is_there(each) for each in value))
        return ibis.cases((whole, ibis.array(list(value))))
    if isinstance(value, ArrayValue) and value.type().value_type.is_string():
        return value
    raise CannotCompile("a list holds other things than texts")


def same_lists(comparison: Comparison, one: Compiled, other: Compiled) -> BooleanValue:
    """Whether two lists of texts hold the same in the same order."""
    left, right = array_of_texts(one), array_of_texts(other)
    same = cast("BooleanValue", left == right)
    return same if comparison is Comparison.EQUAL else ~same


def joined(one: Compiled, other: Compiled) -> Compiled:
    """Two lists, one behind the other."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return one + other
    left, right = array_of_texts(one), array_of_texts(other)
    return ibis.cases((left.notnull() & right.notnull(), left.concat(right)))


def loop(compiler: Compiler, node: Loop) -> Compiled:
    """What is made of the elements of a list."""
    if node.over.type == MAP:
        raise CannotCompile("the keys of a map are walked through")
    is_loose = node.over.type == ANY
    made = compiler.value(node.over)
    if is_loose:
        if not isinstance(made, Loose) or made.json is None:
            raise CannotCompile("a list is walked through that no row has")
        over = loose.elements(made.json)
    else:
        over = array_of_texts(made)

    def bound(each: Value) -> Compiler:
        text = cast("StringValue", each)
        return compiler.within(node.variable, Loose(text) if is_loose else text)

    if node.kind is MacroKind.MAP:
        return _mapped(node, over, bound)
    if node.kind is MacroKind.FILTER and is_loose:
        raise CannotCompile("a list is made of values of unknown kind")
    return _tested(node, over, bound)


def _tested(node: Loop, over: ArrayValue, bound: Callable[[Value], Compiler]) -> Compiled:
    test = node.test
    assert test is not None, "only map can do without a test"
    held = over.filter(lambda each: bound(each).boolean(test))
    failed = _NO
    if can_fail(test):
        failed = over.filter(lambda each: bound(each).boolean(test).isnull()).length() > 0
    unknown = over.isnull()
    match node.kind:
        case MacroKind.EXISTS:
            decided, answer = held.length() > 0, _YES
            otherwise: Value = _NO
        case MacroKind.ALL:
            decided = over.filter(lambda each: ~bound(each).boolean(test)).length() > 0
            answer, otherwise = _NO, _YES
        case _:
            decided, answer = failed, _NOT_KNOWN
            is_filter = node.kind is MacroKind.FILTER
            otherwise = held if is_filter else held.length() == 1
            if is_filter:
                return ibis.cases((~(unknown | failed), held))
    return ibis.cases(
        (unknown, _NOT_KNOWN), (decided, answer), (failed, _NOT_KNOWN), else_=otherwise
    )


def _mapped(node: Loop, over: ArrayValue, bound: Callable[[Value], Compiler]) -> Compiled:
    result, test = node.result, node.test
    if node.over.type == ANY or result is None or result.type != TEXT:
        raise CannotCompile("a list is made that holds other things than texts")
    failed = _NO
    if test is not None and can_fail(test):
        failed = over.filter(lambda each: bound(each).boolean(test).isnull()).length() > 0
    kept = over if test is None else over.filter(lambda each: bound(each).boolean(test))
    made = kept.map(lambda each: bound(each).text(result))
    if can_fail(result):
        failed = failed | (made.filter(lambda each: each.isnull()).length() > 0)
    return ibis.cases((~(over.isnull() | failed), made))
