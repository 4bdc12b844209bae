"""From the checked tree of a condition to a Python function.

Python's own syntax tree is built and compiled, one function per condition: no text is evaluated.
Numbers are ints or Fractions in what is generated, amounts in minor units; only where a field of
the sale meets a literal are they compared as they are kept.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from fiel.domain.conditions import runtime
from fiel.domain.conditions.failing import can_fail, holds_any, is_singular
from fiel.domain.conditions.patterns import matcher
from fiel.domain.conditions.problems import CannotEvaluate
from fiel.domain.conditions.scaling import same_scale
from fiel.domain.conditions.syntax import MacroKind
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
)
from fiel.domain.conditions.vocabulary import AMOUNT, ANY, INTEGER, MAP, NUMBER, TEXT, Kind

if TYPE_CHECKING:
    from fiel.domain.conditions import Test

_ARGUMENTS = ("line", "sale", "member", "activity")

_COMPARE: dict[Comparison, type[ast.cmpop]] = {
    Comparison.EQUAL: ast.Eq,
    Comparison.DIFFERENT: ast.NotEq,
    Comparison.LESS: ast.Lt,
    Comparison.AT_MOST: ast.LtE,
    Comparison.MORE: ast.Gt,
    Comparison.AT_LEAST: ast.GtE,
}
_CALCULATE: dict[Operation, type[ast.operator]] = {
    Operation.PLUS: ast.Add,
    Operation.MINUS: ast.Sub,
    Operation.TIMES: ast.Mult,
}
_CALCULATE_ANY: dict[Operation, Callable[..., object]] = {
    Operation.PLUS: runtime.plus,
    Operation.MINUS: runtime.minus,
    Operation.TIMES: runtime.times,
    Operation.OVER: runtime.divided,
    Operation.REMAINDER: runtime.remaining,
}
_FROM_ANY: dict[Kind, Callable[..., object]] = {
    Kind.BOOLEAN: runtime.boolean,
    Kind.TEXT: runtime.text,
    Kind.INTEGER: runtime.whole,
    Kind.NUMBER: runtime.number,
    Kind.AMOUNT: runtime.number,
}


def function_of(root: Node) -> Test:
    """Generate the function that evaluates a checked condition."""
    generator = _Generator()
    body: list[ast.stmt] = [ast.Return(generator.expression(root))]
    if generator.reads_keys:
        body = [_with_absent_keys(body)]
    definition = ast.FunctionDef(
        name="condition",
        args=_parameters(_ARGUMENTS),
        body=body,
        decorator_list=[],
        type_params=[],
    )
    module = ast.fix_missing_locations(ast.Module([definition], []))
    exec(compile(module, "<condition>", "exec"), generator.namespace)  # noqa: S102 - a tree that we built
    return cast("Test", generator.namespace["condition"])


def _with_absent_keys(body: list[ast.stmt]) -> ast.stmt:
    """`try: body; except KeyError as error: raise absent(error) from None`."""
    raised = ast.Call(ast.Name("absent", ast.Load()), [ast.Name("error", ast.Load())], [])
    handler = ast.ExceptHandler(
        ast.Name("KeyError", ast.Load()), "error", [ast.Raise(raised, ast.Constant(None))]
    )
    return ast.Try(body, [handler], [], [])


def _absent(error: KeyError) -> CannotEvaluate:
    return CannotEvaluate(runtime.ABSENT, name=error.args[0])


def _parameters(names: Sequence[str]) -> ast.arguments:
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])


class _Generator:
    """Turns nodes into Python expressions and collects the names that they use."""

    def __init__(self) -> None:
        self.namespace: dict[str, object] = {
            "__builtins__": {},
            "KeyError": KeyError,
            "absent": _absent,
        }
        self.reads_keys = False

    def expression(self, node: Node) -> ast.expr:  # noqa: C901 - one case for each kind of node
        match node:
            case Literal(value):
                return self._constant(value)
            case Field():
                return self._field(node)
            case Variable():
                return _variable(node)
            case Item(of, key):
                return self._item(of, key)
            case HasKey(of, key):
                if of.type == MAP:
                    return _compare(ast.In, self.expression(key), self.expression(of))
                return self._call(runtime.has_key, of, key)
            case Convert():
                return self._converted(node)
            case Not(part):
                return _not(self.expression(part))
            case Every(parts):
                return self._logic(parts, ast.And(), runtime.every)
            case Some(parts):
                return self._logic(parts, ast.Or(), runtime.some)
            case Compare():
                return self._comparison(node)
            case Arithmetic():
                return self._arithmetic(node)
            case Negative(part, type):
                if type == ANY:
                    return self._call(runtime.negative, part)
                turned = ast.UnaryOp(ast.USub(), self.expression(part))
                return self._made(runtime.integer, turned) if type == INTEGER else turned
            case Within(item, container):
                return self._within(item, container)
            case Choice(test, then, otherwise):
                return ast.IfExp(*map(self.expression, (test, then, otherwise)))
            case Call(function, arguments):
                return self._function(function, arguments)
            case Elements(items):
                return ast.Tuple([self.expression(item) for item in items], ast.Load())
            case Loop():
                return self._loop(node)

    # Values

    def _constant(self, value: object) -> ast.expr:
        if isinstance(value, Fraction):
            if value.denominator == 1:
                return ast.Constant(value.numerator)
            return self._name(value)
        assert isinstance(value, bool | str | int | None)
        return ast.Constant(value)

    def _name(self, value: object) -> ast.expr:
        """A global name for a value that Python has no literal for."""
        known = value.__name__ if callable(value) and hasattr(value, "__name__") else None
        name = known if known and known.isidentifier() else f"constant_{len(self.namespace)}"
        if self.namespace.setdefault(name, value) is not value:
            name = f"{name}_{len(self.namespace)}"
            self.namespace[name] = value
        return ast.Name(name, ast.Load())

    def _call(self, function: Callable[..., object], *arguments: Node) -> ast.expr:
        return self._made(function, *map(self.expression, arguments))

    def _made(self, function: Callable[..., object], *arguments: ast.expr) -> ast.expr:
        return ast.Call(self._name(function), list(arguments), [])

    def _field(self, node: Field) -> ast.expr:
        read = _attribute(node)
        if (node.root, node.name) == ("member", "tier"):
            return ast.BoolOp(ast.Or(), [read, ast.Constant("")])
        return self._made(runtime.exact, read) if node.type == NUMBER else read

    def _item(self, of: Node, key: Node) -> ast.expr:
        if of.type == MAP and isinstance(key, Literal):
            self.reads_keys = True
            return ast.Subscript(self.expression(of), self.expression(key), ast.Load())
        return self._call(runtime.item, of, key)

    def _converted(self, node: Convert) -> ast.expr:
        inner = self.expression(node.value)
        source = node.value.type
        if source == ANY and node.type != ANY:
            inner = self._made(_FROM_ANY[node.type.kind], inner)
        if node.type == AMOUNT:
            return ast.BinOp(inner, ast.Mult(), ast.Constant(node.factor))
        if source == AMOUNT:
            return self._made(Fraction, inner, ast.Constant(node.factor))
        return self._made(Fraction, inner) if (source, node.type) == (NUMBER, ANY) else inner

    # Logic

    def _logic(
        self, parts: Sequence[Node], word: ast.boolop, absorbing: Callable[..., bool]
    ) -> ast.expr:
        """Parts that cannot fail come first: the order does not change what CEL answers."""
        sure = [self.expression(part) for part in parts if not can_fail(part)]
        unsure = [self.expression(part) for part in parts if can_fail(part)]
        if len(unsure) > 1:
            unsure = [self._made(absorbing, *(_lambda([], part) for part in unsure))]
        whole = [*sure, *unsure]
        return ast.BoolOp(word, whole) if len(whole) > 1 else whole[0]

    def _comparison(self, node: Compare) -> ast.expr:
        left, right = node.left, node.right
        if holds_any(left.type):
            return self._comparison_of_any(node.comparison, left, right)
        operator = _COMPARE[node.comparison]
        if left.type == NUMBER and _is_kept(left) and _is_kept(right):
            return _compare(operator, self._kept(left), self._kept(right))
        is_exact = left.type in (AMOUNT, NUMBER)
        if is_exact and (whole := same_scale(left, right, self.expression)):
            return _compare(operator, *whole)
        return _compare(operator, self.expression(left), self.expression(right))

    def _comparison_of_any(self, comparison: Comparison, left: Node, right: Node) -> ast.expr:
        if comparison in (Comparison.EQUAL, Comparison.DIFFERENT):
            same = self._equal(left, right)
            return same if comparison is Comparison.EQUAL else _not(same)
        if comparison in (Comparison.MORE, Comparison.AT_LEAST):
            left, right = right, left
        is_strict = comparison in (Comparison.LESS, Comparison.MORE)
        return self._call(runtime.less if is_strict else runtime.at_most, left, right)

    def _equal(self, left: Node, right: Node) -> ast.expr:
        if is_singular(left):
            left, right = right, left
        if not is_singular(right):
            return self._call(runtime.equal, left, right)
        literal = self.expression(right)
        is_text = isinstance(literal, ast.Constant) and isinstance(literal.value, str)
        return _compare(ast.Eq if is_text else ast.Is, self.expression(left), literal)

    def _kept(self, node: Node) -> ast.expr:
        """A number as the sale keeps it: int or Decimal, which compare exactly."""
        if isinstance(node, Convert):
            node = node.value
        if isinstance(node, Field):
            return _attribute(node)
        assert isinstance(node, Literal)
        assert isinstance(node.value, int | Fraction)
        decimal = runtime.as_decimal(node.value)
        return ast.Constant(decimal) if isinstance(decimal, int) else self._name(decimal)

    # Calculation

    def _arithmetic(self, node: Arithmetic) -> ast.expr:
        operation, left, right = node.operation, node.left, node.right
        if holds_any(node.type):
            return self._call(_CALCULATE_ANY[operation], left, right)
        if operation is Operation.REMAINDER:
            return self._call(runtime.remainder, left, right)
        if operation is Operation.OVER:
            divide = runtime.whole_over if node.type == INTEGER else runtime.over
            return self._call(divide, left, right)
        made = ast.BinOp(self.expression(left), _CALCULATE[operation](), self.expression(right))
        return self._made(runtime.integer, made) if node.type == INTEGER else made

    # Lists, maps and functions

    def _within(self, item: Node, container: Node) -> ast.expr:
        if container.type != MAP and holds_any(container.type):
            return self._call(runtime.within, item, container)
        wanted = self.expression(item)
        if isinstance(container, Elements) and item.type == TEXT and container.items:
            texts = [self.expression(each) for each in container.items]
            return _compare(ast.In, wanted, ast.Set(texts))
        return _compare(ast.In, wanted, self.expression(container))

    def _function(self, function: Function, arguments: Sequence[Node]) -> ast.expr:
        of = arguments[0]
        match function:
            case Function.STARTS_WITH | Function.ENDS_WITH:
                method = ast.Attribute(self.expression(of), function.value.lower(), ast.Load())
                return ast.Call(method, [self.expression(arguments[1])], [])
            case Function.CONTAINS:
                return _compare(ast.In, self.expression(arguments[1]), self.expression(of))
            case Function.MATCHES:
                pattern = arguments[1]
                assert isinstance(pattern, Literal)
                assert isinstance(pattern.value, str)
                return self._made(matcher(pattern.value), self.expression(of))
            case Function.SIZE:
                return self._call(runtime.size if of.type == ANY else len, of)
            case Function.INTEGER:
                return self._call(runtime.to_integer, of)
            case Function.NUMBER:
                return self._call(runtime.to_number, of)
            case Function.TEXT:
                return self._call(runtime.to_text, of)

    def _loop(self, node: Loop) -> ast.expr:
        over = self.expression(node.over)
        if node.over.type in (ANY, MAP):
            over = self._made(runtime.elements, over)
        variable = _variable(node.variable)
        test = None if node.test is None else self.expression(node.test)
        if node.kind in (MacroKind.EXISTS, MacroKind.ALL):
            assert node.test is not None
            assert test is not None
            is_any = node.kind is MacroKind.EXISTS
            if can_fail(node.test):
                absorbing = runtime.any_holds if is_any else runtime.all_hold
                return self._made(absorbing, over, _lambda([variable.id], test))
            return self._made(any if is_any else all, _each(test, variable, over, None))
        if node.kind is MacroKind.EXISTS_ONE:
            ones = self._made(sum, _each(ast.Constant(1), variable, over, test))
            return _compare(ast.Eq, ones, ast.Constant(1))
        result = variable if node.result is None else self.expression(node.result)
        return self._made(tuple, _each(result, variable, over, test))


def _attribute(node: Field) -> ast.expr:
    return ast.Attribute(ast.Name(node.root, ast.Load()), node.name, ast.Load())


def _variable(node: Variable) -> ast.Name:
    return ast.Name(f"element_{node.number}", ast.Load())


def _is_kept(node: Node) -> bool:
    """Whether a number is a field or a literal, or an integer field that meets a number."""
    if isinstance(node, Convert):
        return isinstance(node.value, Field) and node.value.type == INTEGER
    return isinstance(node, Field | Literal)


def _compare(operator: type[ast.cmpop], left: ast.expr, right: ast.expr) -> ast.expr:
    return ast.Compare(left, [operator()], [right])


def _not(part: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), part)


def _lambda(names: Sequence[str], body: ast.expr) -> ast.expr:
    return ast.Lambda(_parameters(names), body)


def _each(result: ast.expr, variable: ast.Name, over: ast.expr, test: ast.expr | None) -> ast.expr:
    """`result for variable in over if test`."""
    target = ast.Name(variable.id, ast.Store())
    tests = [] if test is None else [test]
    return ast.GeneratorExp(result, [ast.comprehension(target, over, tests, 0)])
