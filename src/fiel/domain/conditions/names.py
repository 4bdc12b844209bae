"""The check of names: what there is to read, what may be read here, what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fiel.domain.conditions.context import Context
from fiel.domain.conditions.syntax import Call, Constant, ListLiteral, Name, Select, Syntax
from fiel.domain.conditions.tree import Field, HasKey, Item, Literal, Node
from fiel.domain.conditions.vocabulary import (
    ANY,
    FIELDS,
    MAP,
    METHODS,
    TEXT,
    closest,
)
from fiel.domain.language import N_


def name(context: Context, name: Name) -> Node | None:
    """A name that stands alone: the variable of a loop, or a mistake."""
    if variable := context.variable(name.name):
        return variable
    if name.name in FIELDS:
        if _may_read(context, name):
            fields = context.scope.fields(name.name)
            context.report(
                name.offset,
                N_('"{name}" is no value: say what of it, as in {example}.'),
                name=name.name,
                example=f"{name.name}.{next(iter(fields))}",
            )
        return None
    return _unknown(context, name)


def _unknown(context: Context, name: Name) -> Node | None:
    meant = _dotted(context, name.name) or closest(
        name.name, [*context.variable_names, *context.scope.roots, *_field_names(context)]
    )
    if meant is not None:
        meant = _dotted(context, meant) or meant
    return context.report(
        name.offset, N_('"{name}" is not known here.'), suggestion=meant, name=name.name
    )


def _field_names(context: Context) -> Iterator[str]:
    for root in context.scope.roots:
        yield from context.scope.fields(root)


def _dotted(context: Context, field: str) -> str | None:
    """`category` → `line.category`."""
    roots = (root for root in context.scope.roots if field in context.scope.fields(root))
    return next((f"{root}.{field}" for root in roots), None)


def _may_read(context: Context, root: Name) -> bool:
    if root.name in context.scope.roots:
        return True
    context.report(
        root.offset,
        N_('"{name}" cannot be read here, only {allowed}.'),
        name=root.name,
        allowed=", ".join(context.scope.roots),
    )
    return False


def field(context: Context, root: Name, select: Select) -> Node | None:
    """`line.category`, or `has(line.category)`."""
    if root.name not in FIELDS:
        meant = closest(root.name, context.scope.roots)
        suggestion = meant and _closest_field(context, meant, select.field)
        return context.report(
            root.offset,
            N_('"{name}" is not known here.'),
            suggestion=suggestion,
            name=f"{root.name}.{select.field}",
        )
    if not _may_read(context, root):
        return None
    known = context.scope.fields(root.name).get(select.field)
    if known is None:
        return context.report(
            root.offset,
            N_('"{name}" is not known here.'),
            suggestion=_closest_field(context, root.name, select.field),
            name=f"{root.name}.{select.field}",
        )
    if select.asks_presence:
        return context.report(
            root.offset,
            N_(
                "has() asks for a key of attributes or properties; {name} is always there, "
                "and empty or zero when it is not known."
            ),
            name=f"{root.name}.{select.field}",
        )
    return Field(root.name, select.field, known)


def _closest_field(context: Context, root: str, field: str) -> str | None:
    found = closest(field, context.scope.fields(root))
    return found and f"{root}.{found}"


def selected(context: Context, select: Select, of: Node) -> Node | None:
    """`of.field` where `of` is a map, or any value that might be one."""
    if of.type not in (MAP, ANY):
        suggestion = f"{select.field}()" if select.field in METHODS else None
        return context.report(
            select.offset,
            N_('This value has no "{name}".'),
            suggestion=suggestion,
            name=select.field,
        )
    key = Literal(select.field, TEXT)
    check_attribute(context, select.offset, of, key)
    return HasKey(of, key) if select.asks_presence else Item(of, key, ANY)


def check_attribute(context: Context, offset: int, of: Node, key: Node) -> None:
    """Report a member's attribute that the program does not declare, if it declares any."""
    if context.attributes is None or not isinstance(of, Field):
        return
    if (of.root, of.name) != ("member", "attributes"):
        return
    if not isinstance(key, Literal) or not isinstance(key.value, str):
        return
    if key.value not in context.attributes:
        context.report(
            offset,
            N_('Members have no attribute "{name}".'),
            suggestion=closest(key.value, context.attributes),
            name=key.value,
        )


def check_tiers(context: Context, call: Call) -> None:
    """Report texts that `member.tier` is compared with and that the program has no tier for."""
    if context.tiers is None or call.function not in ("_==_", "_!=_", "@in"):
        return
    if not any(_is_tier(argument) for argument in call.arguments):
        return
    for text, offset in _texts(call.arguments):
        if text and text not in context.tiers:
            context.report(
                offset,
                N_('There is no tier "{name}".'),
                suggestion=closest(text, context.tiers),
                name=text,
            )


def _is_tier(syntax: Syntax) -> bool:
    match syntax:
        case Select(Name("member"), "tier"):
            return True
        case _:
            return False


def _texts(arguments: Iterable[Syntax]) -> Iterator[tuple[str, int]]:
    """The literal texts among arguments and the elements of listed ones, and where they stand."""
    for argument in arguments:
        match argument:
            case Constant(str() as text, offset):
                yield text, offset
            case ListLiteral(elements):
                yield from _texts(elements)
            case _:
                pass
