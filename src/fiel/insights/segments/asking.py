"""What is told of segments: all of them, one that is only thought of, and who is in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import ibis

from fiel.domain.language import N_, pick
from fiel.domain.program import Program
from fiel.domain.refusal import NotFound
from fiel.insights.reporting.report import Say
from fiel.insights.segments.groups import GROUPS
from fiel.insights.segments.live import Wanted, live_segments
from fiel.insights.segments.matching import with_segments
from fiel.insights.segments.sizing import Size, Sizes, sizes

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns


class NoSuchSegment(NotFound):
    """The program has no segment of this id, and there is no such group."""


@dataclass(frozen=True, slots=True)
class Told:
    """A segment as it is told: `live` members enter and leave it."""

    id: str
    where: str | None
    is_live: bool
    size: Size


def all_segments(program: Program) -> list[Wanted]:
    """The program's own segments, then all groups by recency, frequency and value."""
    own = [Wanted(segment.id, segment.where) for segment in program.segments.values()]
    return [*own, *(Wanted(group) for group in GROUPS)]


def told_segments(columns: Columns, program: Program, on: date) -> tuple[list[Told], Sizes]:
    """All segments with their sizes, whether or not anybody has entered them yet."""
    wanted = all_segments(program)
    live = {each.id for each in live_segments(program)}
    found = sizes(columns, program, on, wanted)
    told = [
        Told(
            each.id,
            each.where.text if each.where else None,
            each.id in live,
            found.segments[each.id],
        )
        for each in wanted
    ]
    return told, found


def segment_named(program: Program, segment: str) -> Wanted:
    """A segment by its id.

    Raises:
        NoSuchSegment: there is none.
    """
    for each in all_segments(program):
        if each.id == segment:
            return each
    raise NoSuchSegment(N_("There is no segment “{name}”."), name=segment[:100])


def members_of(
    columns: Columns, on: date, wanted: Wanted, *, after: str, most: int
) -> Sequence[str]:
    """The ids of the next members who belong in a segment, in their order."""
    told, [name] = with_segments(columns, on, [wanted])
    inside = told.filter(told[name], told.member_id > ibis.literal(after))
    page = inside.select("member_id").order_by("member_id").limit(most)
    found: list[str] = columns.backend.to_pyarrow(page)["member_id"].to_pylist()
    return found


def name_of(program: Program, segment: str) -> Say:
    """What people call a segment: as the program says in its own language, or as groups are."""
    if segment in GROUPS:
        return Say(GROUPS[segment][0])
    own = program.segments[segment]
    return Say(pick(own.name, program.locale, program.locale) or segment)
