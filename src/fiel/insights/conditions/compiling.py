"""From the checked tree of a condition to an Ibis expression.

Null stands for what cannot be evaluated, and the logic of SQL with nulls is that of conditions: a
part that decides wins over one that cannot be evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import ibis
from ibis.expr.types import ArrayValue, BooleanValue, StringValue

from fiel.domain.conditions import Condition
from fiel.domain.conditions.tree import (
    Arithmetic,
    Call,
    Choice,
    Compare,
    Comparison,
    Convert,
    Elements,
    Every,
    Field,
    Function,
    HasKey,
    Item,
    Literal,
    Loop,
    Negative,
    Node,
    Not,
    Operation,
    Some,
    Variable,
    Within,
    nodes_of,
)
from fiel.domain.conditions.vocabulary import AMOUNT, ANY, BOOLEAN, INTEGER, MAP, TEXT, Kind
from fiel.insights.conditions import calling, exact, looping, loose
from fiel.insights.conditions.exact import Exact
from fiel.insights.conditions.loose import Loose
from fiel.insights.conditions.problems import CannotCompile

type Names = Mapping[str, ibis.Value]
# What a node becomes: a map is the text of its JSON, a list that is written out its elements.
type Compiled = BooleanValue | StringValue | ArrayValue | Exact | Loose | tuple["Compiled", ...]

_MOST_OF_AMOUNTS = 10**15
_MOST_OF_COUNTS = 2**31
_MOST_OF_QUANTITIES = 10**9
_EMPTY_WHERE_UNKNOWN = frozenset({"member.tier"})


def compiled(condition: Condition, names: Names) -> BooleanValue:
    """Whether a condition matches, of columns by the names that conditions read.

    Amounts are columns of minor units, quantities and prices decimals, `member.segments` an array
    of texts, `member.attributes` and `activity.properties` the text of a JSON object. Only what is
    true is True; what cannot be evaluated is False, as at the till.

    Raises:
        CannotCompile: an engine of tables would not answer as the till does.
    """
    assert condition.tree is not None, "a checked condition has its tree"
    try:
        answer = Compiler(names).boolean(condition.tree)
    except (ibis.common.exceptions.IbisError, NotImplementedError) as error:
        raise CannotCompile(str(error)) from error
    return ibis.coalesce(answer, ibis.literal(False))


def is_of_every_engine(condition: Condition) -> bool:
    """Whether engines beside DuckDB answer what is compiled the same.

    How JSON is read, and what a regular expression means, is each engine's own.
    """
    assert condition.tree is not None, "a checked condition has its tree"
    return not any(
        node.type.kind in (Kind.MAP, Kind.ANY)
        or (isinstance(node, Call) and node.function is Function.MATCHES)
        for node in nodes_of(condition.tree)
    )


class Compiler:
    """Turns the nodes of one condition into expressions over the columns that it reads."""

    def __init__(self, names: Names, bound: Mapping[int, Compiled] | None = None) -> None:
        self._names = names
        self._bound = bound or {}

    def within(self, variable: Variable, value: Compiled) -> Compiler:
        """A compiler inside a loop, where `variable` is `value`."""
        return Compiler(self._names, {**self._bound, variable.number: value})

    # What a node is known to be

    def boolean(self, node: Node) -> BooleanValue:
        """A node that is true or false."""
        made = self.value(node)
        assert isinstance(made, BooleanValue), "the tree is typed"
        return made

    def text(self, node: Node) -> StringValue:
        """A node that is text."""
        made = self.value(node)
        assert isinstance(made, StringValue), "the tree is typed"
        return made

    def number(self, node: Node) -> Exact:
        """A node that is an integer, a number or an amount."""
        made = self.value(node)
        assert isinstance(made, Exact), "the tree is typed"
        return made

    def loose(self, node: Node) -> Loose:
        """A node whose kind each row tells."""
        made = self.value(node)
        if not isinstance(made, Loose):
            raise CannotCompile("a list is compared with what may be one")
        return made

    # Each kind of node

    def value(self, node: Node) -> Compiled:  # noqa: C901 - one case for each kind of node
        """What a node becomes."""
        match node:
            case Literal(value, type):
                return _literal(value, type.kind)
            case Field():
                return self._field(node)
            case Variable(_, number):
                return self._bound[number]
            case Item(of, key):
                return self._item(of, key)
            case HasKey(of, key):
                return loose.has_key(self._map(of), str(_key(key)))
            case Convert():
                return self._converted(node)
            case Not(part):
                return ~self.boolean(part)
            case Every(parts):
                return ibis.and_(*map(self.boolean, parts))
            case Some(parts):
                return ibis.or_(*map(self.boolean, parts))
            case Compare(comparison, left, right):
                return self.compared(comparison, left, right)
            case Arithmetic():
                return self._arithmetic(node)
            case Negative(part, type):
                turned = exact.negative(self._counted(part))
                return exact.integer(turned) if type == INTEGER else turned
            case Within(item, container):
                return looping.is_within(self, item, container)
            case Choice(test, then, otherwise):
                return self._chosen(self.boolean(test), then, otherwise)
            case Call(function, arguments):
                return calling.called(self, function, arguments)
            case Elements(items):
                return tuple(map(self.value, items))
            case Loop():
                return looping.loop(self, node)

    def _counted(self, node: Node) -> Exact:
        if node.type == ANY:
            raise CannotCompile("a value of unknown kind is calculated with")
        return self.number(node)

    def _field(self, node: Field) -> Compiled:
        name = f"{node.root}.{node.name}"
        column = self._names.get(name)
        if column is None:
            raise CannotCompile(f"no column says {name}")
        match node.type.kind:
            case Kind.AMOUNT:
                return exact.column(column, most=_MOST_OF_AMOUNTS, most_major=_MOST_OF_AMOUNTS)
            case Kind.INTEGER:
                return exact.column(column, most=_MOST_OF_COUNTS, most_major=_MOST_OF_COUNTS)
            case Kind.NUMBER:
                most = _MOST_OF_QUANTITIES if node.name != "unit_price" else 10**13
                return exact.column(column, most=most, most_major=most)
            case _ if name in _EMPTY_WHERE_UNKNOWN:
                return ibis.coalesce(column, ibis.literal(""))
            case _:
                return cast("Compiled", column)

    def _map(self, node: Node) -> StringValue:
        if node.type == MAP:
            return self.text(node)
        return _of_rows(self.loose(node))

    def _item(self, of: Node, key: Node) -> Compiled:
        if of.type.kind is Kind.LIST:
            if of.type.element != TEXT:
                raise CannotCompile("an element of a list is read that is no text")
            place = _key(key)
            found = self.value(of)
            if isinstance(found, tuple) or not isinstance(place, int) or place < 0:
                raise CannotCompile("a place is read that is not written out")
            listed = cast("ArrayValue", found)
            return ibis.cases((listed.length() > place, listed[place]))
        return loose.item(self._map(of), _key(key))

    def _converted(self, node: Convert) -> Compiled:
        source, target = node.value.type, node.type
        made = self.value(node.value)
        if isinstance(made, Exact):
            if target == AMOUNT:
                return exact.times(made, exact.constant(node.factor))
            if source == AMOUNT:
                made = exact.over(made, exact.constant(node.factor))
            return Loose(known=made) if target == ANY else made
        if target == ANY:
            return _opened(made, node.value)
        if source != ANY:
            return made
        assert isinstance(made, Loose), "the tree is typed"
        match target.kind:
            case Kind.TEXT:
                return loose.text(made)
            case Kind.BOOLEAN:
                return loose.boolean(made)
            case _:
                raise CannotCompile(f"a value of unknown kind is taken for {target.kind}")

    # Comparing and calculating

    def compared(self, comparison: Comparison, left: Node, right: Node) -> BooleanValue:
        """Two nodes of one kind, compared."""
        one, other = self.value(left), self.value(right)
        if left.type == ANY:
            return _compared_loosely(comparison, self.loose(left), self.loose(right))
        if isinstance(one, Exact) and isinstance(other, Exact):
            return exact.compared(comparison.value, one, other)
        if left.type.kind is Kind.LIST:
            return looping.same_lists(comparison, one, other)
        if left.type.kind not in (Kind.TEXT, Kind.BOOLEAN):
            raise CannotCompile(f"values of kind {left.type.kind} are compared")
        return _SIGNS[comparison](one, other)

    def _arithmetic(self, node: Arithmetic) -> Compiled:
        if node.type == TEXT:
            return self.text(node.left) + self.text(node.right)
        if node.type.kind is Kind.LIST:
            return looping.joined(self.value(node.left), self.value(node.right))
        if node.type == ANY:
            raise CannotCompile("a value of unknown kind is calculated with")
        one, other = self.number(node.left), self.number(node.right)
        is_integer = node.type == INTEGER
        match node.operation:
            case Operation.PLUS:
                made = exact.plus(one, other)
            case Operation.MINUS:
                made = exact.plus(one, other, sign=-1)
            case Operation.TIMES:
                made = exact.times(one, other)
            case Operation.OVER:
                return exact.whole_over(one, other) if is_integer else exact.over(one, other)
            case Operation.REMAINDER:
                return exact.remainder(one, other)
        return exact.integer(made) if is_integer else made

    def _chosen(self, test: BooleanValue, then: Node, otherwise: Node) -> Compiled:
        one, other = self.value(then), self.value(otherwise)
        if isinstance(one, Exact) and isinstance(other, Exact):
            return exact.chosen(test, one, other)
        if then.type not in (TEXT, BOOLEAN):
            raise CannotCompile(f"one of two is chosen that are {then.type.kind}")
        return cast("Compiled", ibis.cases((test, one), (~test, other)))


def _literal(value: object, kind: Kind) -> Compiled:
    match value:
        case None:
            return Loose()
        case bool():
            return ibis.literal(value)
        case str():
            return calling.literal_text(value)
        case _:
            assert kind in (Kind.INTEGER, Kind.NUMBER, Kind.AMOUNT), "numbers are left"
            return exact.constant(cast("int", value))


def _key(node: Node) -> str | int:
    if isinstance(node, Convert):
        node = node.value
    if isinstance(node, Literal) and type(node.value) in (str, int):
        return cast("str | int", node.value)
    raise CannotCompile("a key is read that is not written out")


def _of_rows(of: Loose) -> StringValue:
    if of.json is None:
        raise CannotCompile("a part is read of what has none")
    return of.json


def _opened(made: Compiled, source: Node) -> Compiled:
    """A value whose kind is known, as one whose kind is not."""
    if isinstance(made, Loose):
        return made
    if isinstance(made, tuple):
        return made
    if source.type in (TEXT, BOOLEAN):
        return Loose(known=cast("StringValue", made))
    if source.type == MAP:
        return Loose(cast("StringValue", made))
    raise CannotCompile(f"a value of kind {source.type.kind} meets one of unknown kind")


def _compared_loosely(comparison: Comparison, one: Loose, other: Loose) -> BooleanValue:
    match comparison:
        case Comparison.EQUAL:
            return loose.equal(one, other)
        case Comparison.DIFFERENT:
            return ~loose.equal(one, other)
        case _:
            return loose.ordered(comparison.value, one, other)


_SIGNS: Mapping[Comparison, Callable[..., BooleanValue]] = {
    Comparison.EQUAL: lambda one, other: one == other,
    Comparison.DIFFERENT: lambda one, other: one != other,
    Comparison.LESS: lambda one, other: one < other,
    Comparison.AT_MOST: lambda one, other: one <= other,
    Comparison.MORE: lambda one, other: one > other,
    Comparison.AT_LEAST: lambda one, other: one >= other,
}
