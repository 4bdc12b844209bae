"""A document as somebody wrote it, and changes of it that leave the rest as it was written.

Every change is made by the smallest cut in the text and then read again: where the text does not
say exactly what was meant (an alias that other parts share, a notation that nobody expects), what
surrounds the place is written anew, in the worst case the whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from fiel.domain.document import DocumentRefused, Finding, Format, Severity
from fiel.domain.document.json_source import parse_json
from fiel.domain.document.nodes import Unparsable
from fiel.domain.document.yaml_source import parse_yaml
from fiel.programs.editing import rendering, surgery
from fiel.programs.editing.placed import Placed, place_of, placed
from fiel.programs.editing.said import (
    NoSuchPlace,
    Said,
    Way,
    at,
    found_at,
    said_by,
    with_put,
    without,
)
from fiel.programs.editing.surgery import Cut, Sheet


@dataclass(frozen=True)
class Written:
    """A document as somebody wrote it; changing it makes another."""

    source: str
    format: str = Format.YAML

    @cached_property
    def said(self) -> dict[str, Said]:
        """What it says, as plain data.

        Raises:
            DocumentRefused: the text is not in its notation, or no block of keys.
        """
        said = _said(self.source, self.format)
        if not isinstance(said, dict):
            return {}
        return said

    @property
    def is_readable(self) -> bool:
        """Whether the text is in its notation, so that forms can show it."""
        try:
            return bool(self.said)
        except DocumentRefused:
            return False

    def at(self, way: Way) -> Said:
        """What stands at the end of a way; None where nothing does."""
        return found_at(self.said, way)

    def put(self, way: Way, value: Said, *, order: Sequence[str] = ()) -> Written:
        """The document with a value at the end of a way.

        `order` is how the keys of the block are usually ordered, where the value is a block or the
        way ends in a key that is new.
        """
        if _is_alike(self.at(way), value) and _stands(self.said, way):
            return self
        meant = with_put(self.said, way, value)
        return self._changed(meant, lambda sheet, root: _put(sheet, root, self.said, way, value,
                                                             order), way)  # fmt: skip

    def drop(self, way: Way) -> Written:
        """The document without what stands at the end of a way; the same where nothing does.

        A list or block that would be left empty goes with it.
        """
        if not _stands(self.said, way):
            return self
        around = self.at(way[:-1])
        if len(way) > 1 and isinstance(around, dict | list) and len(around) == 1:
            return self.drop(way[:-1])
        meant = without(self.said, way)
        return self._changed(meant, lambda sheet, root: _drop(sheet, root, way), way)

    def add(self, way: Way, value: Said, *, after: int | None = None,
            order: Sequence[str] = ()) -> Written:  # fmt: skip
        """The document with an entry more in a list: after one of those it has, or at its end."""
        entries = self.at(way)
        if not isinstance(entries, list) or not entries:
            return self.put(way, [value], order=order)
        place = len(entries) - 1 if after is None else after
        meant = with_put(self.said, way, [*entries[: place + 1], value, *entries[place + 1 :]])

        def cuts(sheet: Sheet, root: Placed) -> list[Cut] | None:
            return surgery.added_item(sheet, place_of(root, way), place, value)

        return self._changed(meant, cuts, way)

    def swap(self, way: Way, first: int) -> Written:
        """The document with an entry of a list and the next one exchanged."""
        entries = self.at(way)
        if not isinstance(entries, list) or not 0 <= first < len(entries) - 1:
            return self
        exchanged = [*entries]
        exchanged[first], exchanged[first + 1] = entries[first + 1], entries[first]
        meant = with_put(self.said, way, exchanged)

        def cuts(sheet: Sheet, root: Placed) -> list[Cut] | None:
            return surgery.swapped_items(sheet, place_of(root, way), first)

        return self._changed(meant, cuts, way)

    def _changed(
        self, meant: Said, cuts: Callable[[Sheet, Placed], list[Cut] | None], way: Way
    ) -> Written:
        root = placed(self.source)
        if root is not None:
            sheet = Sheet(self.source, self.format == Format.JSON)
            made = _tried(sheet, root, cuts)
            if made is not None and self._says(made, meant):
                return Written(made, self.format)
            for length in reversed(range(1, len(way))):
                around = way[:length]
                if not _stands(self.said, around) or not _stands(meant, around):
                    continue
                made = _tried(sheet, root, _rewriting(around, at(meant, around)))
                if made is not None and self._says(made, meant):
                    return Written(made, self.format)
        return Written(_anew(meant, self.format), self.format)

    def _says(self, source: str, meant: Said) -> bool:
        try:
            return _is_alike(_said(source, self.format), meant)
        except DocumentRefused:
            return False


def _tried(
    sheet: Sheet, root: Placed, cuts: Callable[[Sheet, Placed], list[Cut] | None]
) -> str | None:
    try:
        found = cuts(sheet, root)
    except NoSuchPlace:
        return None
    return None if found is None else sheet.cut(found)


def _put(
    sheet: Sheet, root: Placed, said: Said, way: Way, value: Said, order: Sequence[str]
) -> list[Cut]:
    """Cuts at the deepest block on the way that stands already."""
    if _stands(said, way):
        return surgery.replaced(sheet, place_of(root, way), at(said, way), value, order)
    for length in reversed(range(len(way))):
        if _stands(said, way[:length]) and isinstance(was := at(said, way[:length]), dict) and was:
            meant = with_put(was, way[length:], value)
            node = place_of(root, way[:length])
            return surgery.replaced(sheet, node, was, meant, order)
    raise NoSuchPlace(way)


def _drop(sheet: Sheet, root: Placed, way: Way) -> list[Cut] | None:
    around, step = place_of(root, way[:-1]), way[-1]
    if isinstance(step, int):
        return surgery.removed_item(sheet, around, step)
    entry = around.entry(step)
    if entry is None or len(around.entries) < 2:
        return None
    return [surgery.removed_entry(sheet, around, entry)]


def _rewriting(way: Way, value: Said) -> Callable[[Sheet, Placed], list[Cut]]:
    return lambda sheet, root: [surgery.written_anew(sheet, place_of(root, way), value)]


def _anew(meant: Said, format: str) -> str:
    if format == Format.JSON:
        return json.dumps(json.loads(rendering.inline(meant, as_json=True)), indent=2,
                          ensure_ascii=False) + "\n"  # fmt: skip
    return "\n".join(rendering.lines(meant, 0)) + "\n"


def _stands(said: Said, way: Way) -> bool:
    try:
        at(said, way)
    except NoSuchPlace:
        return False
    return True


def _is_alike(one: Said, other: Said) -> bool:
    """Whether both say the same, in the same kinds: True is no number."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_alike(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_alike, one, other))
    return type(one) is type(other) and one == other


def _said(source: str, format: str) -> Said:
    try:
        return said_by(parse_json(source) if format == Format.JSON else parse_yaml(source))
    except Unparsable as stop:
        finding = Finding(
            Severity.ERROR, "", stop.mark.line, stop.mark.column, stop.code, stop.text,
            stop.remedy, stop.parameters,
        )  # fmt: skip
        raise DocumentRefused([finding]) from stop
