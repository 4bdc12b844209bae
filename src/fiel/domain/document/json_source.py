"""Reads JSON into nodes, by the letter of RFC 8259, with the place of every value."""

from __future__ import annotations

import re
from bisect import bisect_right
from json import JSONDecodeError, JSONDecoder
from typing import Never

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
from fiel.domain.document.yaml_source import too_deep, too_large
from fiel.domain.language import N_

_DECODER = JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS = {
    "true": ScalarKind.BOOLEAN,
    "false": ScalarKind.BOOLEAN,
    "null": ScalarKind.NULL,
}


def parse_json(source: str) -> Node:
    """Read one JSON document.

    Raises:
        Unparsable: the text is not JSON.
    """
    reader = _Reader(source)
    node = reader.value(0)
    reader.skip_space()
    if reader.at < len(source):
        reader.fail()
    return node


class _Reader:
    """Walks over a text once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.nodes = 0
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", source))]

    def mark(self, position: int) -> Mark:
        """The line and column of a position."""
        line = bisect_right(self.line_starts, position)
        return Mark(line, position - self.line_starts[line - 1] + 1)

    def fail(self) -> Never:
        """Refuse the text at the present position."""
        raise Unparsable(
            self.mark(self.at),
            "syntax",
            N_("This is not JSON."),
            N_("Check the quotes, commas and brackets before this place."),
        )

    def skip_space(self) -> None:
        """Move over white space."""
        match = _SPACE.match(self.source, self.at)
        assert match is not None, "an empty match is a match"
        self.at = match.end()

    def value(self, depth: int) -> Node:
        """Read any value."""
        self.skip_space()
        mark = self.mark(self.at)
        if depth > DEEPEST_NESTING:
            raise too_deep(mark)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise too_large(mark)
        match self.source[self.at : self.at + 1]:
            case "{":
                return self._block(mark, depth)
            case "[":
                return self._listing(mark, depth)
            case '"':
                return self._text(mark)
            case _:
                return self._bare(mark)

    def _block(self, mark: Mark, depth: int) -> Block:
        entries: list[tuple[Scalar, Node]] = []
        self.at += 1
        if self._is_next("}"):
            return Block(mark, ())
        while True:
            self.skip_space()
            if self.source[self.at : self.at + 1] != '"':
                self.fail()
            key = self._text(self.mark(self.at))
            if not self._is_next(":"):
                self.fail()
            entries.append((key, self.value(depth + 1)))
            if self._is_next("}"):
                return Block(mark, tuple(entries))
            if not self._is_next(","):
                self.fail()

    def _listing(self, mark: Mark, depth: int) -> Listing:
        items: list[Node] = []
        self.at += 1
        if self._is_next("]"):
            return Listing(mark, ())
        while True:
            items.append(self.value(depth + 1))
            if self._is_next("]"):
                return Listing(mark, tuple(items))
            if not self._is_next(","):
                self.fail()

    def _text(self, mark: Mark) -> Scalar:
        start = self.at
        try:
            text, self.at = _DECODER.raw_decode(self.source, start)
        except JSONDecodeError as error:
            self.at = error.pos
            self.fail()
        escaped = self.at - start != len(text) + 2
        return Scalar(mark, ScalarKind.TEXT, usable(mark, text), None if escaped else 1)

    def _bare(self, mark: Mark) -> Scalar:
        if match := _NUMBER.match(self.source, self.at):
            self.at = match.end()
            return Scalar(mark, ScalarKind.NUMBER, match.group())
        for word, kind in _WORDS.items():
            if self.source.startswith(word, self.at):
                self.at += len(word)
                return Scalar(mark, kind, word)
        return self.fail()

    def _is_next(self, sign: str) -> bool:
        """Step over a sign if it comes next."""
        self.skip_space()
        if self.source[self.at : self.at + 1] != sign:
            return False
        self.at += 1
        return True
