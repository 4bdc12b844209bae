"""What a document says when what it leaves out is filled in, so that two can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from fiel.domain.document.program import PROGRAM
from fiel.domain.document.shapes import Either, ListOf, MappingOf, Plain, Record, Shape


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a document says: the way to it, and its canonical form.

    The way is made of keys and ids: ("earn", "base", "give"). `named` is how much of it leads to
    the rule, unit, tier or reward that it is part of; 0 where it is part of none.
    """

    way: tuple[str, ...]
    plain: Plain
    named: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether it is a thing with an id, which can come and go as a whole."""
        return len(self.way) == self.named


def parts(plain: Mapping[str, Plain]) -> dict[tuple[str, ...], Part]:
    """Everything a document says, by the way to it; empty for a document that says nothing."""
    return {part.way: part for part in _record_parts(PROGRAM, plain, ())} if plain else {}


def is_same(one: Plain, other: Plain) -> bool:
    """Whether two canonical forms say the same: "1.50" and "1.5" do."""
    if one == other:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, str | int) and isinstance(other, str | int):
        first, second = _number(one), _number(other)
        return first is not None and first == second
    return False


def _record_parts(
    shape: Record[Any], plain: Mapping[str, Plain], way: tuple[str, ...], named: int = 0
) -> Iterator[Part]:
    for key in shape.keys:
        if key.name == "id":
            continue
        value = plain.get(key.name, key.shown_default)
        yield from _parts(key.shape, value, (*way, key.name), named)


def _parts(shape: Shape[Any], plain: Plain, way: tuple[str, ...], named: int) -> Iterator[Part]:
    match shape:
        case ListOf(shape=Record() as record) if _has_ids(record):
            for item in plain if isinstance(plain, list) else []:
                assert isinstance(item, dict), "it was read as a record"
                yield from _named_parts(record, item, (*way, str(item["id"])))
        case MappingOf(shape=Record() as record):
            for name, item in plain.items() if isinstance(plain, dict) else ():
                assert isinstance(item, dict), "it was read as a record"
                yield from _named_parts(record, item, (*way, name))
        case Record() as record if len(way) == 1 and isinstance(plain, dict):
            yield from _record_parts(record, plain, way)
        case _:
            if plain not in (None, [], {}):
                yield Part(way, _filled(shape, plain), named)


def _named_parts(
    record: Record[Any], plain: Mapping[str, Plain], way: tuple[str, ...]
) -> Iterator[Part]:
    yield Part(way, dict(plain), len(way))
    yield from _record_parts(record, plain, way, len(way))


def _filled(shape: Shape[Any], plain: Plain) -> Plain:
    match shape:
        case Either(otherwise=otherwise):
            return _filled(otherwise, plain)
        case Record() as record if isinstance(plain, dict):
            defaults = {
                key.name: key.shown_default
                for key in record.keys
                if key.shown_default is not None and not record.one_of
            }
            return {**defaults, **plain}
        case _:
            return plain


def _has_ids(record: Record[Any]) -> bool:
    return any(key.name == "id" for key in record.keys)


def _number(value: str | int) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None
