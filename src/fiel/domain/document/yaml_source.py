"""Reads YAML into nodes: only its plain part, nothing that could run or explode.

The nodes are built from the parser's events, not by its constructors: numbers keep their text,
every value keeps its place, and what an alias repeats is counted as often as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from fiel.domain.document.nodes import (
    DEEPEST_NESTING,
    MOST_NODES,
    Block,
    Listing,
    Mark,
    Node,
    Scalar,
    ScalarKind,
    Unparsable,
    usable,
)
from fiel.domain.language import N_

_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BOOLEANS = {"true", "True", "TRUE", "false", "False", "FALSE"}
_NULLS = {"", "~", "null", "Null", "NULL"}


# A page of the designer reads the same draft for its form, for its faults and for its rules.
_READ_AGAIN = 12
_LONGEST_KEPT = 64_000  # a document of a whole chain; longer ones are read each time


def parse_yaml(source: str) -> Node:
    """Read one YAML document.

    Raises:
        Unparsable: the text is not YAML, or uses what a program document does not.
    """
    return _kept(source) if len(source) <= _LONGEST_KEPT else _parsed(source)


@lru_cache(maxsize=_READ_AGAIN)
def _kept(source: str) -> Node:
    return _parsed(source)


def _parsed(source: str) -> Node:
    composer = _Composer()
    try:
        for event in _events(source):
            composer.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unparsable(
            _mark(mark) if mark else Mark(1, 1),
            "syntax",
            N_("This is not YAML: {reason}."),
            N_("Check the indentation, quotes and brackets before this place."),
            reason=str(error.problem or error.context or "unreadable"),
        ) from error
    if composer.root is None:
        raise Unparsable(
            Mark(1, 1),
            "empty",
            N_("The document is empty."),
            N_("Start from a model: fiel program new."),
        )
    return composer.root


def _events(source: str) -> Iterator[Event]:
    try:
        yield from YAML(typ="safe", pure=True).parse(source)
    except MarkedYAMLError:
        raise
    except (YAMLError, ValueError, OverflowError, IndexError, AttributeError) as error:
        # The parser lets some of its own mistakes through: escapes beyond Unicode, bad directives.
        raise MarkedYAMLError(problem=" ".join(str(error).split())[:200]) from error


@dataclass(slots=True)
class _Open:
    """A list or block whose end has not come yet."""

    mark: Mark
    anchor: str | None
    is_block: bool
    size_before: int
    nodes: list[Node] = field(default_factory=list)


class _Composer:
    """Puts nodes together from events."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.size = 0
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.documents = 0

    def take(self, event: Event) -> None:
        """Add what one event says."""
        match event:
            case ScalarEvent():
                self._refuse_tag(event)
                self._add(_scalar(event), event.anchor, 1)
            case AliasEvent():
                self._add(*self._repeated(event))
            case MappingStartEvent() | SequenceStartEvent():
                self._refuse_tag(event)
                self._enter(event)
            case MappingEndEvent() | SequenceEndEvent():
                self._leave()
            case DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise Unparsable(
                        _mark(event.start_mark),
                        "second_document",
                        N_("A second document starts here."),
                        N_("Keep one program in one file."),
                    )

    def _enter(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        mark = _mark(event.start_mark)
        if len(self.open) >= DEEPEST_NESTING:
            raise too_deep(mark)
        is_block = isinstance(event, MappingStartEvent)
        self.open.append(_Open(mark, event.anchor, is_block, self.size))

    def _leave(self) -> None:
        ended = self.open.pop()
        node: Node
        if ended.is_block:
            entries = zip(map(_key, ended.nodes[::2]), ended.nodes[1::2], strict=True)
            node = Block(ended.mark, tuple((key, _beside(key, value)) for key, value in entries))
        else:
            node = Listing(ended.mark, tuple(ended.nodes))
        self._add(node, ended.anchor, 1, inner=self.size - ended.size_before)

    def _repeated(self, event: AliasEvent) -> tuple[Node, None, int]:
        mark = _mark(event.start_mark)
        if event.anchor not in self.anchors:
            raise Unparsable(
                mark,
                "unknown_alias",
                N_("Nothing before this place is named &{name}."),
                N_("Write the value out."),
                name=event.anchor,
            )
        node, size = self.anchors[event.anchor]
        return node, None, size

    def _add(self, node: Node, anchor: str | None, size: int, inner: int = 0) -> None:
        self.size += size
        if self.size > MOST_NODES:
            raise too_large(node.mark)
        if anchor:
            self.anchors[anchor] = (node, size + inner)
        if self.open:
            self.open[-1].nodes.append(node)
        else:
            self.root = node

    def _refuse_tag(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        if event.tag is not None:
            raise Unparsable(
                _mark(event.start_mark),
                "tag",
                N_("YAML tags are not used here: {tag}."),
                N_("Remove the tag."),
                tag=str(event.tag),
            )


def too_deep(mark: Mark) -> Unparsable:
    """The refusal of a document that nests beyond what any program does."""
    return Unparsable(
        mark,
        "too_deep",
        N_("The document is nested too deeply."),
        N_("No part of a program needs more than a few levels."),
    )


def too_large(mark: Mark) -> Unparsable:
    """The refusal of a document with more values than any program has."""
    return Unparsable(
        mark,
        "too_large",
        N_("The document is too large."),
        N_("Split what it describes, or shorten lists inside conditions."),
    )


def _key(node: Node) -> Scalar:
    if isinstance(node, Scalar):
        return node
    raise Unparsable(
        node.mark,
        "key",
        N_("A key must be a plain word."),
        N_("Put quotes around it if it contains brackets or braces."),
    )


def _beside(key: Scalar, value: Node) -> Node:
    """The value, placed at its key where nothing is written: the parser places it further on."""
    if isinstance(value, Scalar) and value.kind is ScalarKind.NULL and not value.text:
        return replace(value, mark=key.mark)
    return value


def _scalar(event: ScalarEvent) -> Scalar:
    mark = _mark(event.start_mark)
    text = usable(mark, str(event.value))
    plain = event.style is None
    on_one_line = event.start_mark.line == event.end_mark.line
    width = event.end_mark.column - event.start_mark.column
    inset = 0 if plain else 1
    columns_known = on_one_line and width == len(text) + 2 * inset
    return Scalar(
        mark, _kind(text) if plain else ScalarKind.TEXT, text, inset if columns_known else None
    )


def _kind(text: str) -> ScalarKind:
    if text in _NULLS:
        return ScalarKind.NULL
    if text in _BOOLEANS:
        return ScalarKind.BOOLEAN
    if _NUMBER.fullmatch(text):
        return ScalarKind.NUMBER
    return ScalarKind.TEXT


def _mark(mark: object) -> Mark:
    line, column = getattr(mark, "line", 0), getattr(mark, "column", 0)
    return Mark(line + 1, column + 1)
