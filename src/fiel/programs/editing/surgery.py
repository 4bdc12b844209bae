"""Cuts in a text: the smallest that make it say something else, all around them left as written.

Cuts are tried on the text as it stands; `written` reads what comes of them and trusts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fiel.programs.editing import rendering
from fiel.programs.editing.placed import Entry, Placed
from fiel.programs.editing.said import Said


@dataclass(frozen=True, slots=True)
class Cut:
    """What stands from `start` to `end` becomes `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text to cut in, its notation and how its lines end."""

    source: str
    as_json: bool

    @property
    def newline(self) -> str:
        """How lines end here."""
        return "\r\n" if "\r\n" in self.source else "\n"

    def cut(self, cuts: Iterable[Cut]) -> str:
        """The text after all cuts; none may lie inside another."""
        source = self.source
        for cut in sorted(cuts, key=lambda cut: (cut.start, cut.end), reverse=True):
            source = source[: cut.start] + cut.text + source[cut.end :]
        return source

    def column(self, index: int) -> int:
        """How far from the beginning of its line a place is."""
        return index - (self.source.rfind("\n", 0, index) + 1)

    def line_start(self, index: int) -> int:
        """The beginning of the line."""
        return self.source.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Where the line ends, with its remark, before the line break."""
        found = self.source.find("\n", index)
        end = len(self.source) if found < 0 else found
        return end - 1 if end and self.source[end - 1 : end] == "\r" and end > index else end

    def after_line(self, index: int) -> int:
        """The beginning of the next line, or the end of the text."""
        found = self.source.find("\n", index)
        return len(self.source) if found < 0 else found + 1

    def is_first_on_line(self, index: int) -> bool:
        """Whether only spaces stand before it."""
        return not self.source[self.line_start(index) : index].strip()

    def remarks_above(self, line_start: int, column: int, floor: int) -> int:
        """Where the remarks begin that stand directly above a line, as far in as it."""
        start = line_start
        while start > floor:
            before = self.line_start(start - 1)
            line = self.source[before : start - 1]
            if before < floor or not re.match(rf" {{{column}}}#", line):
                break
            start = before
        return start


def replaced(sheet: Sheet, node: Placed, was: Said, value: Said, order: Order) -> list[Cut]:
    """The cuts that make a value say something else."""
    if was == value and type(was) is type(value):
        return []
    match was, value:
        case dict(), dict() if node.is_block and was.keys() & value.keys():
            return _block_cuts(sheet, node, was, value, order)
        case list(), list() if node.is_list and len(was) == len(value) == len(node.items):
            each = zip(node.items, was, value, strict=True)
            return [cut for here, old, new in each for cut in replaced(sheet, here, old, new, ())]
        case _:
            return [_whole(sheet, node, was, value)]


type Order = Sequence[str]


def _block_cuts(
    sheet: Sheet, node: Placed, was: dict[str, Said], value: dict[str, Said], order: Order
) -> list[Cut]:
    cuts: list[Cut] = []
    for key, before in was.items():
        entry = node.entry(key)
        if entry is None:
            continue
        if key in value:
            cuts += replaced(sheet, entry.value, before, value[key], ())
        else:
            cuts.append(removed_entry(sheet, node, entry))
    stays = [entry for entry in node.entries if entry.key in value]
    added = [(key, each) for key, each in value.items() if key not in was]
    by_place: dict[int, list[tuple[str, Said]]] = {}
    for key, each in added:
        by_place.setdefault(_place_for(stays, key, order), []).append((key, each))
    for place, entries in by_place.items():
        cuts.append(_added_entries(sheet, node, stays[place], entries))
    return cuts


def _place_for(stays: Sequence[Entry], key: str, order: Order) -> int:
    """The place among the entries that stay after which a key is added."""
    if key not in order:
        return len(stays) - 1
    before = set(order[: list(order).index(key)])
    places = [place for place, entry in enumerate(stays) if entry.key in before]
    return places[-1] if places else len(stays) - 1


def _added_entries(
    sheet: Sheet, node: Placed, after: Entry, entries: Sequence[tuple[str, Said]]
) -> Cut:
    if node.is_flow or node.is_in_flow:
        between = _between(sheet, [(entry.start, entry.end) for entry in node.entries])
        text = "".join(
            between + rendering.inline({key: each}, as_json=sheet.as_json)[1:-1]
            for key, each in entries
        )
        return Cut(after.end, after.end, text)
    column = sheet.column(node.entries[0].start)
    written = [line for key, each in entries for line in rendering.entry_lines(key, each, column)]
    end = sheet.line_end(after.end)
    return Cut(end, end, "".join(sheet.newline + line for line in written))


def removed_entry(sheet: Sheet, node: Placed, entry: Entry) -> Cut:
    """The cut that takes a key away, with the remarks above it."""
    index = node.entries.index(entry)
    if node.is_flow or node.is_in_flow:
        spans = [(each.start, each.end) for each in node.entries]
        return _out_of_flow(spans, index)
    if not sheet.is_first_on_line(entry.start):  # the first key after a dash
        following = node.entries[index + 1 : index + 2]
        return Cut(entry.start, following[0].start if following else entry.end, "")
    floor = node.entries[index - 1].end if index else 0
    start = sheet.line_start(entry.start)
    if index or node.start > 0:
        start = sheet.remarks_above(start, sheet.column(entry.start), floor)
    return Cut(start, sheet.after_line(entry.end), "")


def _whole(sheet: Sheet, node: Placed, was: Said, value: Said) -> Cut:
    """The cut that writes a value anew."""
    space = " " if node.is_empty and sheet.source[node.start - 1 : node.start] == ":" else ""
    if isinstance(value, dict | list):
        if node.is_flow or node.is_in_flow or sheet.as_json or not rendering.wants_lines(value):
            return Cut(node.start, node.end, space + rendering.inline(value, as_json=sheet.as_json))
        return _on_lines(sheet, node, value)
    quote = node.style if node.style in ("'", '"') and isinstance(was, str) else ""
    text = rendering.scalar(value, as_json=sheet.as_json, quote=quote)
    return Cut(node.start, node.end, space + text)


def _on_lines(sheet: Sheet, node: Placed, value: Said) -> Cut:
    """Lines below the key in place of what stood beside or below it."""
    key_line = sheet.line_start(node.start)
    if node.is_block or node.is_list:
        column = sheet.column(node.start)
        text = sheet.newline.join(rendering.lines(value, column)).lstrip()
        return Cut(node.start, node.end, text)
    indent = len(sheet.source[key_line:]) - len(sheet.source[key_line:].lstrip(" "))
    text = "".join(sheet.newline + line for line in rendering.lines(value, indent + 2))
    start = node.start
    while start and sheet.source[start - 1] == " ":
        start -= 1
    return Cut(start, node.end, text)


def written_anew(sheet: Sheet, node: Placed, value: Said) -> Cut:
    """The cut that writes a value anew, whatever stood there."""
    return _whole(sheet, node, None, value)


@dataclass(frozen=True, slots=True)
class Slice:
    """The lines, or the part of a line, that an entry of a list takes, remarks above included."""

    start: int
    end: int


def item_slices(sheet: Sheet, node: Placed) -> list[Slice] | None:
    """What each entry of a list takes of the text; None where entries share lines unexpectedly."""
    if node.is_flow or node.is_in_flow:
        return [Slice(item.start, item.end) for item in node.items]
    slices = []
    floor = 0
    for item in node.items:
        dash = sheet.source.rfind("-", floor, item.start + (1 if item.is_empty else 0))
        if dash < 0 or not sheet.is_first_on_line(dash):
            return None
        start = sheet.remarks_above(sheet.line_start(dash), sheet.column(dash), floor)
        slices.append(Slice(start, sheet.line_end(item.end)))
        floor = slices[-1].end
    return slices


def added_item(sheet: Sheet, node: Placed, after: int, value: Said) -> list[Cut] | None:
    """The cuts that put an entry into a list, after one of those it has (-1: before all)."""
    slices = item_slices(sheet, node)
    if not slices:
        return None
    if node.is_flow or node.is_in_flow:
        between = _between(sheet, [(each.start, each.end) for each in slices])
        text = rendering.inline(value, as_json=sheet.as_json)
        if after < 0:
            return [Cut(slices[0].start, slices[0].start, text + between)]
        return [Cut(slices[after].end, slices[after].end, between + text)]
    dash = sheet.source.rfind("-", 0, node.items[0].start)
    written = sheet.newline.join(rendering.item_lines(value, sheet.column(dash)))
    if after < 0:
        return [Cut(slices[0].start, slices[0].start, written + sheet.newline)]
    return [Cut(slices[after].end, slices[after].end, sheet.newline + written)]


def removed_item(sheet: Sheet, node: Placed, index: int) -> list[Cut] | None:
    """The cuts that take an entry out of a list that keeps others."""
    slices = item_slices(sheet, node)
    if not slices or len(slices) < 2:
        return None
    if node.is_flow or node.is_in_flow:
        return [_out_of_flow([(each.start, each.end) for each in slices], index)]
    here = slices[index]
    end = sheet.after_line(here.end)
    if end >= len(sheet.source) and index:
        return [Cut(slices[index - 1].end, here.end, "")]
    return [Cut(here.start, end, "")]


def swapped_items(sheet: Sheet, node: Placed, first: int) -> list[Cut] | None:
    """The cuts that exchange an entry of a list with the next, remarks and all."""
    slices = item_slices(sheet, node)
    if not slices:
        return None
    one, two = slices[first], slices[first + 1]
    source = sheet.source
    return [
        Cut(one.start, one.end, source[two.start : two.end]),
        Cut(two.start, two.end, source[one.start : one.end]),
    ]


def _between(sheet: Sheet, spans: Sequence[tuple[int, int]]) -> str:
    """What stands between the entries of a list in brackets: a comma, and perhaps a new line."""
    if len(spans) > 1:
        found = sheet.source[spans[-2][1] : spans[-1][0]]
        if re.fullmatch(r"\s*,\s*", found):
            return found
    return ", "


def _out_of_flow(spans: Sequence[tuple[int, int]], index: int) -> Cut:
    if index + 1 < len(spans):
        return Cut(spans[index][0], spans[index + 1][0], "")
    if index:
        return Cut(spans[index - 1][1], spans[index][1], "")
    return Cut(*spans[index], "")
