"""Segments in numbers as pages show them: read in one go, kept as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from fiel.domain.program import Program
from fiel.insights.segments.live import Wanted

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns
    from fiel.insights.segments.moving import Moves
    from fiel.insights.segments.sizing import Size

_SHOWN_MEMBERS = 20


@dataclass(frozen=True, slots=True)
class Numbers:
    """A segment: its members and what they bought and were given in 365 days; minor units.

    `share` is of all members, `of_sales` of what all members spent, in hundredths.
    """

    members: int
    share: Fraction | None
    sales: int
    spend: int
    of_sales: Fraction | None
    average: int | None
    points: Mapping[str, int] = field(default_factory=dict)
    points_cost: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """One segment's page: its numbers, who moved, which others its members are in, some of them."""

    numbers: Numbers
    moves: Moves
    overlaps: tuple[tuple[str, int], ...]
    members: tuple[UUID, ...]


def all_numbers(columns: Columns, program: Program, on: date) -> dict[str, Numbers]:
    """All segments and groups in numbers, by id."""
    # What it stands on takes a second to load: for who asks for it, and for nobody else.
    from fiel.insights.segments.asking import all_segments  # noqa: PLC0415

    return _numbers(columns, program, on, all_segments(program))


def numbers_of(columns: Columns, program: Program, on: date, wanted: Wanted) -> Numbers:
    """One segment in numbers, be it only thought of."""
    return _numbers(columns, program, on, [wanted])[wanted.id]


def segment_told(columns: Columns, program: Program, on: date, wanted: Wanted) -> Told:
    """All that the page of a segment shows."""
    from fiel.insights.segments.asking import all_segments, members_of  # noqa: PLC0415
    from fiel.insights.segments.moving import moves_of, overlaps  # noqa: PLC0415

    others = [each for each in all_segments(program) if each.id != wanted.id]
    if wanted.where is None:  # nobody is in two of the groups
        others = [each for each in others if each.where is not None]
    found = members_of(columns, on, wanted, after=str(UUID(int=0)), most=_SHOWN_MEMBERS)
    return Told(
        numbers_of(columns, program, on, wanted),
        moves_of(columns, on, wanted.id),
        tuple(overlaps(columns, on, wanted, others)),
        tuple(UUID(member_id) for member_id in found),
    )


def _numbers(
    columns: Columns, program: Program, on: date, wanted: list[Wanted]
) -> dict[str, Numbers]:
    from fiel.insights.reporting.telling import minor_units  # noqa: PLC0415
    from fiel.insights.segments.sizing import sizes  # noqa: PLC0415

    found = sizes(columns, program, on, wanted)
    everybody = found.everybody.spend

    def told(id_: str, size: Size) -> Numbers:
        average = size.average_spend
        return Numbers(
            size.members, found.share(id_), size.sales, size.spend,
            Fraction(100 * size.spend, everybody) if everybody > 0 else None,
            None if average is None else minor_units(average),
            dict(size.issued), minor_units(size.cost),
        )  # fmt: skip

    return {id_: told(id_, size) for id_, size in found.segments.items()}
