"""A document as it was written: values with the place where each of them stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from fiel.domain.language import N_


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text; lines and columns count from 1."""

    line: int
    column: int


class ScalarKind(StrEnum):
    """What a single value is, whichever notation it was written in."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. Numbers keep their text, so that they are read exactly.

    `inset` is how many columns after its mark the text starts, None where it runs over lines or
    is escaped and columns inside it cannot be told.
    """

    mark: Mark
    kind: ScalarKind
    text: str
    inset: int | None = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """Values in order."""

    mark: Mark
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Keys with their values, in the order they were written; a key may stand twice."""

    mark: Mark
    entries: tuple[tuple[Scalar, Node], ...]


type Node = Scalar | Listing | Block


class Unparsable(Exception):
    """The text is not in its notation at all; `mark` is where reading stopped."""

    def __init__(
        self, mark: Mark, code: str, text: str, remedy: str = "", **parameters: object
    ) -> None:
        super().__init__(text)
        self.mark = mark
        self.code = code
        self.text = text
        self.remedy = remedy
        self.parameters = parameters


# Nothing that a person types; the database could not keep some of them.
_UNUSABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\ud800-\\udfff\\ufffe\\uffff]")


def usable(mark: Mark, text: str) -> str:
    """The text itself, where it holds nothing but what can be typed and kept.

    Raises:
        Unparsable: it holds a control character or half of one beyond the first plane.
    """
    if _UNUSABLE.search(text):
        raise Unparsable(
            mark,
            "character",
            N_("The text here holds an invisible control character."),
            N_("Type it again."),
        )
    return text


# A document that a person keeps in git stays far below these; what passes them is no program.
LARGEST_SOURCE_BYTES = 256 * 1024
MOST_NODES = 25_000
DEEPEST_NESTING = 24
