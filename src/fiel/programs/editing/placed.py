"""Where everything in a document stands: each value with its place in the text.

The places come from the parser's own marks, tightened to what was written: the parser ends a block
where the next thing begins, comments and empty lines before it included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from fiel.programs.editing.said import NoSuchPlace, Way


@dataclass(slots=True)
class Placed:
    """A value and its place in the text, from `start` to `end`.

    `is_flow` is of what stands in brackets or braces, `is_in_flow` of all inside of such. An alias
    has no parts, whatever it repeats.
    """

    start: int
    end: int
    style: str | None = None  # of a single value: its quote, or | or >
    is_block: bool = False
    is_list: bool = False
    is_flow: bool = False
    is_in_flow: bool = False
    is_empty: bool = False  # nothing at all is written: "key:"
    entries: list[Entry] = field(default_factory=list)
    items: list[Placed] = field(default_factory=list)

    def entry(self, key: str) -> Entry | None:
        """The first entry of a key."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(slots=True)
class Entry:
    """A key of a block with its value."""

    key: str
    start: int
    key_end: int
    value: Placed

    @property
    def end(self) -> int:
        """Where the value ends, or the colon where nothing is written."""
        return self.value.end


def placed(source: str) -> Placed | None:
    """Where everything stands; None where the text is no YAML."""
    try:
        events = list(YAML(typ="safe", pure=True).parse(source))
    except (YAMLError, ValueError, OverflowError, IndexError, AttributeError):
        return None
    reader = _Reader(source, iter(events))
    for event in reader.events:
        if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent | AliasEvent):
            return reader.value(event, in_flow=False)
    return None


def place_of(root: Placed, way: Way) -> Placed:
    """The value at the end of a way.

    Raises:
        NoSuchPlace: nothing is written there.
    """
    here = root
    for step in way:
        if isinstance(step, str):
            entry = here.entry(step)
            if entry is None:
                raise NoSuchPlace(way)
            here = entry.value
        else:
            if not 0 <= step < len(here.items):
                raise NoSuchPlace(way)
            here = here.items[step]
    return here


class _Reader:
    """Puts places together from events."""

    def __init__(self, source: str, events: Iterator[Event]) -> None:
        self.source = source
        self.events = events

    def value(self, event: Event, *, in_flow: bool) -> Placed:
        """The value that begins with an event."""
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, ScalarEvent):
            if event.style in ("|", ">"):
                end = start + len(self.source[start:end].rstrip())
            return Placed(start, end, event.style, is_in_flow=in_flow, is_empty=start == end)
        if isinstance(event, MappingStartEvent):
            return self._block(event, in_flow=in_flow)
        if isinstance(event, SequenceStartEvent):
            return self._list(event, in_flow=in_flow)
        return Placed(start, end, is_in_flow=in_flow)  # an alias

    def _block(self, event: MappingStartEvent, *, in_flow: bool) -> Placed:
        flow = bool(event.flow_style)
        here = Placed(event.start_mark.index, 0, is_block=True, is_flow=flow, is_in_flow=in_flow)
        for key in self.events:
            if isinstance(key, MappingEndEvent):
                here.end = key.end_mark.index if flow else self._last(here)
                return here
            found = self.value(key, in_flow=in_flow or flow)
            value = self.value(next(self.events), in_flow=in_flow or flow)
            if value.is_empty:  # the parser places nothing where the next thing begins
                colon = self.source.find(":", found.end)
                value.start = value.end = found.end if colon < 0 else colon + 1
            text = str(key.value) if isinstance(key, ScalarEvent) else ""
            here.entries.append(Entry(text, found.start, found.end, value))
        raise AssertionError("a block ends")

    def _list(self, event: SequenceStartEvent, *, in_flow: bool) -> Placed:
        flow = bool(event.flow_style)
        here = Placed(event.start_mark.index, 0, is_list=True, is_flow=flow, is_in_flow=in_flow)
        for item in self.events:
            if isinstance(item, SequenceEndEvent):
                here.end = item.end_mark.index if flow else self._last(here)
                return here
            here.items.append(self.value(item, in_flow=in_flow or flow))
        raise AssertionError("a list ends")

    def _last(self, here: Placed) -> int:
        if here.entries:
            return here.entries[-1].end
        return here.items[-1].end if here.items else here.start
