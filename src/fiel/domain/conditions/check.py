"""From the syntax of a condition to its checked tree: names resolved, kinds made to agree.

Every function here answers a node, or None once a problem is reported: what contains a faulty
part is not judged, so that one mistake is one problem.
"""

from __future__ import annotations

from fiel.domain.conditions import functions, names, operators
from fiel.domain.conditions.context import Context
from fiel.domain.conditions.conversions import common_type, converted
from fiel.domain.conditions.syntax import (
    Call,
    Constant,
    ListLiteral,
    Macro,
    MacroKind,
    Name,
    Select,
    Syntax,
    Unsupported,
)
from fiel.domain.conditions.tree import (
    Choice,
    Comparison,
    Elements,
    Every,
    Item,
    Literal,
    Loop,
    Node,
    Not,
    Operation,
    Some,
)
from fiel.domain.conditions.vocabulary import (
    ANY,
    BOOLEAN,
    FIELDS,
    INTEGER,
    MAP,
    NULL,
    NUMBER,
    TEXT,
    Kind,
    Type,
    list_of,
)
from fiel.domain.language import N_


def check(context: Context, syntax: Syntax) -> Node | None:
    """Check a part of a condition."""
    match syntax:
        case Constant(value):
            return Literal(value, _type_of(value))
        case Name():
            return names.name(context, syntax)
        case Select(Name() as root) if context.variable(root.name) is None:
            return names.field(context, root, syntax)
        case Select():
            of = check(context, syntax.operand)
            return of and names.selected(context, syntax, of)
        case Call():
            return _call(context, syntax)
        case ListLiteral(elements, offset):
            return _elements(context, offset, _all_of(context, elements))
        case Macro():
            return _macro(context, syntax)
        case Unsupported(offset):
            return context.report(offset, N_("Conditions do not use this kind of value."))


def _type_of(value: object) -> Type:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, str):
        return TEXT
    return INTEGER if isinstance(value, int) else NUMBER


def _all_of(context: Context, parts: tuple[Syntax, ...]) -> list[Node] | None:
    nodes = [check(context, part) for part in parts]
    whole = [node for node in nodes if node is not None]
    return whole if len(whole) == len(nodes) else None


def _call(context: Context, call: Call) -> Node | None:
    name = call.function
    if name in _LOGIC:
        return _logic(context, call)
    is_operator = name in _OPERATORS
    if not is_operator and not functions.is_known(
        context, call.offset, name, is_method=call.target is not None
    ):
        return None
    parts = call.arguments if call.target is None else (call.target, *call.arguments)
    nodes = _all_of(context, parts)
    if nodes is None:
        return None
    if not is_operator:
        return functions.call(context, call.offset, name, nodes)
    if name == "-_":
        return operators.negative(context, call.offset, nodes[0])
    left, right = nodes
    names.check_tiers(context, call)
    places = operators.Places(call.offset, *map(_start, call.arguments))
    if name == "@in":
        return operators.within(context, places, left, right)
    if name == "_[_]":
        return _item(context, call.offset, left, right)
    sign = name.strip("_")
    if sign in _COMPARISONS:
        return operators.comparison(context, places, Comparison(sign), left, right)
    return operators.arithmetic(context, call.offset, Operation(sign), left, right)


_LOGIC = frozenset({"_&&_", "_||_", "!_", "_?_:_"})
_COMPARISONS = frozenset(comparison.value for comparison in Comparison)
_BINARY = (*Comparison, *Operation)
_OPERATORS = frozenset({"-_", "@in", "_[_]", *(f"_{operator.value}_" for operator in _BINARY)})


def _logic(context: Context, call: Call) -> Node | None:
    nodes = [check(context, part) for part in call.arguments]
    if call.function == "_?_:_":
        return _choice(context, call, *nodes)
    parts = [
        node and operators.boolean(context, _start(part), node)
        for node, part in zip(nodes, call.arguments, strict=True)
    ]
    whole = [part for part in parts if part is not None]
    if len(whole) < len(parts):
        return None
    if call.function == "!_":
        return Not(whole[0])
    kind = Every if call.function == "_&&_" else Some
    flat: list[Node] = []
    for part in whole:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return kind(tuple(flat))


def _choice(
    context: Context, call: Call, test: Node | None, then: Node | None, otherwise: Node | None
) -> Node | None:
    asked = test and operators.boolean(context, _start(call.arguments[0]), test)
    if asked is None or then is None or otherwise is None:
        return None
    both = operators.met(context, then, otherwise)
    if both is None:
        return context.report(call.offset, N_("Both outcomes of ? : must be of the same kind."))
    return Choice(asked, *both, both[0].type)


def _item(context: Context, offset: int, of: Node, key: Node) -> Node | None:
    if of.type == MAP and key.type in (TEXT, ANY):
        names.check_attribute(context, offset, of, key)
        return Item(of, converted(key, TEXT, context.factor) or key, ANY)
    if of.type == ANY and key.type in (TEXT, INTEGER, ANY):
        return Item(of, key, ANY)
    if of.type.kind is Kind.LIST and key.type in (INTEGER, ANY):
        return Item(of, converted(key, INTEGER, context.factor) or key, of.type.element or ANY)
    if of.type == MAP:
        return context.report(offset, N_("Keys of attributes and properties are text."))
    if of.type.kind is Kind.LIST:
        return context.report(offset, N_("The places of a list are whole numbers from 0."))
    return context.report(offset, N_("This value has no parts."))


def _elements(context: Context, offset: int, items: list[Node] | None) -> Node | None:
    if items is None:
        return None
    if not items:
        return Elements((), Type(Kind.LIST))
    element = common_type(item.type for item in items)
    if element is not None:
        same = [converted(item, element, context.factor) for item in items]
        whole = tuple(item for item in same if item is not None)
        if len(whole) == len(items):
            return Elements(whole, list_of(element))
    return context.report(offset, N_("The elements of a list must be of the same kind."))


def _macro(context: Context, macro: Macro) -> Node | None:
    over = check(context, macro.over)
    if over is None:
        return None
    element = _element_type(over.type)
    if element is None:
        return context.report(
            macro.offset, N_("{name} walks through a list."), name=macro.kind.value
        )
    if macro.variable in FIELDS:
        return context.report(
            macro.offset,
            N_('"{name}" is taken: give the element another name.'),
            suggestion=macro.variable[0],
            name=macro.variable,
        )
    with context.loop(macro.variable, element) as variable:
        test = None if macro.test is None else check(context, macro.test)
        result = None if macro.result is None else check(context, macro.result)
        if test is not None and macro.test is not None:
            test = operators.boolean(context, _start(macro.test), test)
    if (test is None) != (macro.test is None) or (result is None) != (macro.result is None):
        return None
    return Loop(macro.kind, over, variable, test, result, _loop_type(macro.kind, element, result))


def _element_type(type: Type) -> Type | None:
    if type.kind is Kind.LIST:
        return type.element or ANY
    return {MAP: TEXT, ANY: ANY}.get(type)


def _loop_type(kind: MacroKind, element: Type, result: Node | None) -> Type:
    if kind is MacroKind.FILTER:
        return list_of(element)
    if kind is MacroKind.MAP and result is not None:
        return list_of(result.type)
    return BOOLEAN


_INFIX = (_OPERATORS | _LOGIC) - {"-_", "!_"}


def _start(syntax: Syntax) -> int:
    """Where a part of the text starts."""
    match syntax:
        case Call(_, Name() | Select() | Call() as target):
            return _start(target)
        case Call(function, None, (first, *_)) if function in _INFIX:
            return _start(first)
        case Select(operand) if not syntax.asks_presence:
            return _start(operand)
        case Macro(_, over):
            return _start(over)
        case _:
            return syntax.offset
