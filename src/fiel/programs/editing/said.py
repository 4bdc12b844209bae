"""What a document says, as plain data that can be compared and changed."""

from __future__ import annotations

from dataclasses import dataclass

from fiel.domain.document.nodes import Block, Listing, Node, Scalar, ScalarKind


@dataclass(frozen=True, slots=True)
class Number:
    """A number, by its digits: `1.50` and `1.5` are written differently."""

    text: str


type Said = str | Number | bool | list["Said"] | dict[str, "Said"] | None
type Way = tuple[str | int, ...]  # keys of blocks and places in lists


class NoSuchPlace(LookupError):
    """A way leads to nothing in the document."""


def said_by(node: Node) -> Said:
    """What a value says; of a key that stands twice, the first counts."""
    match node:
        case Block(entries=entries):
            block: dict[str, Said] = {}
            for name, value in entries:
                if name.text not in block:
                    block[name.text] = said_by(value)
            return block
        case Listing(items=items):
            return [said_by(item) for item in items]
        case Scalar(kind=ScalarKind.NUMBER):
            return Number(node.text)
        case Scalar(kind=ScalarKind.BOOLEAN):
            return node.text.lower() == "true"
        case Scalar(kind=ScalarKind.NULL):
            return None
        case Scalar():
            return node.text


def at(said: Said, way: Way) -> Said:
    """What stands at the end of a way.

    Raises:
        NoSuchPlace: nothing does.
    """
    for step in way:
        if isinstance(step, str):
            if not isinstance(said, dict) or step not in said:
                raise NoSuchPlace(way)
            said = said[step]
        else:
            if not isinstance(said, list) or not 0 <= step < len(said):
                raise NoSuchPlace(way)
            said = said[step]
    return said


def found_at(said: Said, way: Way) -> Said:
    """What stands at the end of a way; None where nothing does."""
    try:
        return at(said, way)
    except NoSuchPlace:
        return None


def with_put(said: Said, way: Way, value: Said) -> Said:
    """The same with a value at the end of a way; the blocks on the way are made.

    Raises:
        NoSuchPlace: the way leads through a place that a list does not have.
    """
    if not way:
        return value
    step, rest = way[0], way[1:]
    if isinstance(step, str):
        block = said if isinstance(said, dict) else {}
        return {**block, step: with_put(block.get(step), rest, value)}
    if not isinstance(said, list) or not 0 <= step < len(said):
        raise NoSuchPlace(way)
    return [with_put(item, rest, value) if i == step else item for i, item in enumerate(said)]


def without(said: Said, way: Way) -> Said:
    """The same without what stands at the end of a way.

    Raises:
        NoSuchPlace: nothing stands there.
    """
    at(said, way)
    step, rest = way[0], way[1:]
    if isinstance(said, dict):
        if not rest:
            return {key: value for key, value in said.items() if key != step}
        return {key: without(value, rest) if key == step else value for key, value in said.items()}
    assert isinstance(said, list), "something stands there"
    if not rest:
        return [item for place, item in enumerate(said) if place != step]
    return [without(item, rest) if place == step else item for place, item in enumerate(said)]
