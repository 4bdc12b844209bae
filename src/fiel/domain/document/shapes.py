"""Shapes: one description of each part of a document.

The parser reads by a shape, the JSON Schema and the reference documentation are made from it,
and suggestions know its keys. A shape reads a value into its typed form and into its plain,
canonical form at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast, override

from fiel.domain.document.nodes import Block, Listing, Node, Scalar, ScalarKind
from fiel.domain.document.reading import Cursor, Named, Unreadable, text_at
from fiel.domain.language import N_

type Plain = str | int | bool | list["Plain"] | dict[str, "Plain"] | None
type JsonSchema = dict[str, Any]
type Read[T] = tuple[T, Plain]


class Shape[T](ABC):
    """How one kind of value is written and what it becomes."""

    @abstractmethod
    def read(self, cursor: Cursor) -> Read[T]:
        """The value and its canonical form.

        Raises:
            Unreadable: the value is not of this shape; the findings say why.
        """

    @abstractmethod
    def schema(self) -> JsonSchema:
        """The JSON Schema of what is accepted."""

    @abstractmethod
    def words(self) -> str:
        """What is accepted, for the reference documentation."""

    def parts(self) -> Sequence[Record[Any]]:
        """The records inside, which the reference documentation describes in turn."""
        return ()


@dataclass(frozen=True, slots=True)
class Key[T]:
    """A key of a record. `shown_default` is what leaving it out means, as a document says it."""

    name: str
    shape: Shape[Any]
    doc: str
    is_required: bool = False
    default: T | None = None
    shown_default: Plain = None


def required[T](name: str, shape: Shape[T], doc: str) -> Key[T]:
    """A key that a document must have."""
    return Key(name, shape, doc, is_required=True)


def optional[T](name: str, shape: Shape[T], doc: str) -> Key[T | None]:
    """A key that means nothing when it is left out."""
    return Key(name, shape, doc)


def defaulted[T](name: str, shape: Shape[T], default: T, shown: Plain, doc: str) -> Key[T]:
    """A key that means something when it is left out."""
    return Key(name, shape, doc, default=default, shown_default=shown)


class Fields:
    """What was read of a record, by key."""

    def __init__(
        self, cursor: Cursor, values: Mapping[str, object], places: Mapping[str, Cursor]
    ) -> None:
        self.cursor = cursor
        self._values = values
        self._places = places

    def __getitem__[T](self, key: Key[T]) -> T:
        return cast(T, self._values.get(key.name, key.default))

    def __contains__(self, key: Key[Any]) -> bool:
        return key.name in self._values

    def others(self, keys: Sequence[Key[Any]]) -> dict[str, Any]:
        """The values of keys that are names, in the order they were written."""
        known = {key.name for key in keys}
        return {name: value for name, value in self._values.items() if name not in known}

    def place(self, key: Key[Any] | str) -> Cursor:
        """Where the key's value stands, or the record itself where it was left out."""
        name = key if isinstance(key, str) else key.name
        return self._places.get(name, self.cursor)


@dataclass(frozen=True)
class Record[T](Shape[T]):
    """A block with known keys. `one_of` are groups of keys of which exactly one must stand.

    `dynamic` is the shape of further values whose keys are names of the given kind. `check` looks
    at which keys stand together, whether or not their values can be read; `build` may rely on it.
    """

    title: str
    keys: tuple[Key[Any], ...]
    build: Callable[[Fields], T]
    one_of: tuple[tuple[str, ...], ...] = ()
    dynamic: Dynamic | None = None
    check: Callable[[Cursor, Mapping[str, Cursor]], None] | None = None
    doc: str = ""

    @override
    def read(self, cursor: Cursor) -> Read[T]:
        block = block_of(cursor)
        shapes = {key.name: key.shape for key in self.keys}
        places = self._places(cursor, block, shapes)
        errors_before = cursor.reading.errors
        self._check_presence(cursor, places)
        if self.check:
            self.check(cursor, places)
        # An unknown key keeps nothing from being read: what else is wrong is told at once.
        failed = cursor.reading.errors > errors_before
        values: dict[str, object] = {}
        plain: dict[str, Plain] = {}
        for name in (*(name for name in places if name not in shapes), *shapes):
            if name in places:
                shape = shapes.get(name) or self._shape_of_names()
                try:
                    values[name], plain[name] = shape.read(places[name])
                except Unreadable:
                    failed = True
        if failed:
            raise Unreadable
        return self.build(Fields(cursor, values, places)), plain

    def _shape_of_names(self) -> Shape[Any]:
        assert self.dynamic is not None, "keys that are not known were refused"
        return self.dynamic.shape

    def _places(self, cursor: Cursor, block: Block, known: Collection[str]) -> dict[str, Cursor]:
        """A cursor for each key that is known, at the first place where it stands."""
        places: dict[str, Cursor] = {}
        for name, node in unique_entries(cursor, block):
            at = cursor.child(name.text, node)
            if name.text in known or (self.dynamic and self.dynamic.knows(cursor, name.text)):
                places[name.text] = at
                continue
            choices = [*known, *(self.dynamic.names(cursor) if self.dynamic else ())]
            # Noted on the key, not on its value: the key is what has to change.
            Cursor(name, cursor.reading, at.path, cursor).unknown(
                "unknown_key", N_("Unknown key “{name}”."), name.text, choices
            )
        return places

    def _check_presence(self, cursor: Cursor, places: Mapping[str, Cursor]) -> None:
        for key in self.keys:
            if key.is_required and key.name not in places:
                cursor.refuse(
                    "missing_key",
                    N_("The key “{key}” is missing."),
                    N_("Add “{key}”."),
                    key=key.name,
                )
        if self.dynamic and self.dynamic.at_least_one and not self._has_name(cursor):
            cursor.refuse(
                "missing_name",
                N_("Nothing says how much of what."),
                N_("Add one of these with an amount: {known}."),
                known=", ".join(self.dynamic.names(cursor)),
            )
        for group in self.one_of:
            standing = [name for name in group if name in places]
            if len(standing) != 1:
                cursor.refuse(
                    "one_of",
                    N_("Exactly one of these keys must stand here: {keys}."),
                    N_("Keep one of them.") if standing else N_("Add one of them."),
                    keys=", ".join(group),
                )

    def _has_name(self, cursor: Cursor) -> bool:
        """Whether any key is a name, even one that nothing has: that is refused already."""
        known = {key.name for key in self.keys}
        return any(name.text not in known for name, _ in block_of(cursor).entries)

    @override
    def schema(self) -> JsonSchema:
        properties = {}
        for key in self.keys:
            schema = {**key.shape.schema(), "description": key.doc}
            if key.shown_default is not None:
                schema["default"] = key.shown_default
            properties[key.name] = schema
        result: JsonSchema = {"type": "object", "properties": properties}
        if self.dynamic:
            result["additionalProperties"] = self.dynamic.shape.schema()
            if self.dynamic.at_least_one:
                fixed = sum(key.is_required for key in self.keys)
                result["minProperties"] = fixed + 1
        else:
            result["additionalProperties"] = False
        if required_names := [key.name for key in self.keys if key.is_required]:
            result["required"] = required_names
        if self.one_of:
            result["allOf"] = [
                {"oneOf": [{"required": [name]} for name in group]} for group in self.one_of
            ]
        return result

    @override
    def words(self) -> str:
        return f"a block [{self.title}](#{self.title.replace(' ', '-')})"

    @override
    def parts(self) -> Sequence[Record[Any]]:
        inner = [part for key in self.keys for part in key.shape.parts()]
        if self.dynamic:
            inner.extend(self.dynamic.shape.parts())
        return [self, *inner]


@dataclass(frozen=True)
class Dynamic:
    """Keys of a record that are names: of units that exist, or new ones where `named` is None."""

    shape: Shape[Any]
    what: str
    named: Named | None = None
    at_least_one: bool = False

    def names(self, cursor: Cursor) -> tuple[str, ...]:
        """The names that may stand here; none where any may."""
        return cursor.reading.names.get(self.named, ()) if self.named else ()

    def knows(self, cursor: Cursor, name: str) -> bool:
        """Whether a key may stand here."""
        return self.named is None or name in self.names(cursor)


@dataclass(frozen=True)
class ListOf[T](Shape[tuple[T, ...]]):
    """Values in order; where they have ids, no two may have the same."""

    shape: Shape[T]
    most: int = 1_000
    least: int = 0

    @override
    def read(self, cursor: Cursor) -> Read[tuple[T, ...]]:
        if not isinstance(cursor.node, Listing):
            raise cursor.refuse(
                "type",
                N_("A list is expected here, not {found}."),
                N_("Write each entry on a line of its own that starts with “- ”."),
                found=kind_of(cursor.node),
            )
        if not self.least <= len(cursor.node.items) <= self.most:
            raise cursor.refuse(
                "list_length",
                N_("The list has {count} entries; it must have from {least} to {most}."),
                least=self.least,
                most=self.most,
                count=len(cursor.node.items),
            )
        self._refuse_repeated_ids(cursor, cursor.node)
        values: list[T] = []
        plains: list[Plain] = []
        for index, node in enumerate(cursor.node.items):
            with suppress(Unreadable):
                value, plain = self.shape.read(cursor.item(index, node))
                values.append(value)
                plains.append(plain)
        if len(values) < len(cursor.node.items):
            raise Unreadable
        return tuple(values), plains

    def _refuse_repeated_ids(self, cursor: Cursor, listing: Listing) -> None:
        seen: dict[str, int] = {}
        for index, node in enumerate(listing.items):
            if not isinstance(node, Block) or (name := text_at(node, "id")) is None:
                continue
            if name in seen:
                cursor.item(index, node).refuse(
                    "repeated",
                    N_("“{name}” stands here twice; the first is on line {first_line}."),
                    N_("Give one of them another id, or keep one."),
                    name=name,
                    first_line=seen[name],
                )
            seen.setdefault(name, node.mark.line)

    @override
    def schema(self) -> JsonSchema:
        result: JsonSchema = {"type": "array", "items": self.shape.schema(), "maxItems": self.most}
        if self.least:
            result["minItems"] = self.least
        return result

    @override
    def words(self) -> str:
        return f"a list; each entry is {self.shape.words()}"

    @override
    def parts(self) -> Sequence[Record[Any]]:
        return self.shape.parts()


@dataclass(frozen=True)
class MappingOf[T](Shape[Mapping[str, T]]):
    """A block whose keys are ids that it gives to its values."""

    shape: Shape[T]
    identifier: Shape[str]
    most: int = 50

    @override
    def read(self, cursor: Cursor) -> Read[Mapping[str, T]]:
        block = block_of(cursor)
        if not 1 <= len(block.entries) <= self.most:
            raise cursor.refuse(
                "list_length",
                N_("The list has {count} entries; it must have from {least} to {most}."),
                least=1,
                most=self.most,
                count=len(block.entries),
            )
        values: dict[str, T] = {}
        plains: dict[str, Plain] = {}
        entries = unique_entries(cursor, block)
        for name, node in entries:
            at = cursor.child(name.text, node)
            word = Scalar(name.mark, ScalarKind.TEXT, name.text)
            with suppress(Unreadable):
                self.identifier.read(Cursor(word, cursor.reading, at.path, cursor))
                values[name.text], plains[name.text] = self.shape.read(at)
        if len(values) < len(entries):
            raise Unreadable
        return values, plains

    @override
    def schema(self) -> JsonSchema:
        return {
            "type": "object",
            "propertyNames": self.identifier.schema(),
            "additionalProperties": self.shape.schema(),
            "minProperties": 1,
            "maxProperties": self.most,
        }

    @override
    def words(self) -> str:
        return f"ids, each with {self.shape.words()}"

    @override
    def parts(self) -> Sequence[Record[Any]]:
        return self.shape.parts()


@dataclass(frozen=True)
class Either[T](Shape[T]):
    """A word with a meaning of its own, or else a value of another shape."""

    word: str
    meaning: T
    otherwise: Shape[T]

    @override
    def read(self, cursor: Cursor) -> Read[T]:
        node = cursor.node
        if isinstance(node, Scalar) and node.kind is ScalarKind.TEXT and node.text == self.word:
            return self.meaning, self.word
        if isinstance(self.otherwise, Record) and not isinstance(node, Block):
            raise cursor.refuse(
                "type",
                N_("“{word}” or a block is expected here, not {found}."),
                N_("Write {word}, or a block with: {keys}."),
                word=self.word,
                found=kind_of(node),
                keys=", ".join(key.name for key in self.otherwise.keys),
            )
        return self.otherwise.read(cursor)

    @override
    def schema(self) -> JsonSchema:
        return {"anyOf": [{"const": self.word}, self.otherwise.schema()]}

    @override
    def words(self) -> str:
        return f"`{self.word}`, or {self.otherwise.words()}"

    @override
    def parts(self) -> Sequence[Record[Any]]:
        return self.otherwise.parts()


def block_of(cursor: Cursor) -> Block:
    """The block that is expected here.

    Raises:
        Unreadable: something else stands here.
    """
    if isinstance(cursor.node, Block):
        return cursor.node
    raise cursor.refuse(
        "type",
        N_("A block of keys is expected here, not {found}."),
        N_("Write “key: value” lines, indented below the key."),
        found=kind_of(cursor.node),
    )


def unique_entries(cursor: Cursor, block: Block) -> list[tuple[Scalar, Node]]:
    """The entries of a block, the first of each key; a key that stands again is refused."""
    first: dict[str, tuple[Scalar, Node]] = {}
    for name, node in block.entries:
        if name.text in first:
            Cursor(name, cursor.reading, cursor.child(name.text, node).path, cursor).refuse(
                "duplicate_key",
                N_("The key “{key}” stands here twice; the first is on line {first_line}."),
                N_("Keep one of them."),
                key=name.text,
                first_line=first[name.text][0].mark.line,
            )
            continue
        first[name.text] = (name, node)
    return list(first.values())


def kind_of(node: Node) -> str:
    """What stands somewhere, in a word for a finding."""
    match node:
        case Block():
            return "{…}"
        case Listing():
            return "[…]"
        case Scalar(kind=ScalarKind.NULL):
            return "null"
        case Scalar():
            return f"“{node.text[:60]}”"
