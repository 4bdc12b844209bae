"""How large a segment is, what its members spend, and what points it is given cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import ibis

from fiel.domain.program import Program
from fiel.insights.segments.buying import WINDOW_DAYS
from fiel.insights.segments.live import Wanted
from fiel.insights.segments.matching import with_segments
from fiel.ledger.accounts import Place

if TYPE_CHECKING:
    from ibis import Table

    from fiel.insights.columns.opening import Columns


@dataclass(frozen=True, slots=True)
class Size:
    """A segment in numbers; amounts in minor units, of the 365 days up to the day.

    `issued` are points by unit, less what was taken back; `cost` what those are worth that pay.
    """

    members: int = 0
    sales: int = 0
    spend: int = 0
    issued: Mapping[str, int] = field(default_factory=dict)
    cost: Fraction = Fraction(0)

    @property
    def average_spend(self) -> Fraction | None:
        """The mean of its sales; None without any."""
        return Fraction(self.spend, self.sales) if self.sales else None


@dataclass(frozen=True, slots=True)
class Sizes:
    """Segments in numbers, by id, beside all members."""

    everybody: Size
    segments: Mapping[str, Size]

    def share(self, segment: str) -> Fraction | None:
        """How many of a hundred members are in it; None without members."""
        if not self.everybody.members:
            return None
        return Fraction(100 * self.segments[segment].members, self.everybody.members)


def sizes(columns: Columns, program: Program, on: date, wanted: Sequence[Wanted]) -> Sizes:
    """How large segments are at the end of a day, whether or not anybody has entered them yet."""
    told, names = with_segments(columns, on, wanted, facts=("frequency", "spend_365"))
    # Looked at twice: what took all sales to find out is kept meanwhile.
    found = columns.backend.to_pyarrow(told.select("member", "frequency", "spend_365", *names))
    members = ibis.memtable(found)
    issued = _issued(columns, on)
    everything = [None, *names]
    counted = [_counted(members, name) for name in everything]
    sums = members.aggregate(
        **{
            f"{what}_{place}": value
            for place, each in enumerate(counted)
            for what, value in each.items()
        }
    )
    row = columns.backend.to_pyarrow(sums).to_pylist()[0]
    points = _points_by_segment(columns, members, issued, names)
    made = [
        _size(
            program,
            members=row[f"members_{place}"] or 0,
            sales=row[f"sales_{place}"] or 0,
            spend=row[f"spend_{place}"] or 0,
            issued=points[name],
        )
        for place, name in enumerate(everything)
    ]
    by_id = {each.id: size for each, size in zip(wanted, made[1:], strict=True)}
    return Sizes(made[0], by_id)


def _counted(members: Table, name: str | None) -> dict[str, object]:
    inside = None if name is None else members[name]
    return {
        "members": members.count(where=inside),
        "sales": members.frequency.sum(where=inside).cast("int64"),
        "spend": members.spend_365.sum(where=inside).cast("int64"),
    }


def _issued(columns: Columns, on: date) -> Table:
    """Points that were given to each member within the window, less what was taken back."""
    movements = columns["movements"]
    since = on - timedelta(days=WINDOW_DAYS - 1)
    recent = movements.filter(movements.day >= since, movements.day <= on)
    given = (recent.debit == Place.ISSUED.value).cast("int64")
    taken = (recent.credit == Place.ISSUED.value).cast("int64")
    moved = recent.mutate(change=recent.points * (given - taken))
    return moved.group_by("member", "unit").agg(issued=moved.change.sum().cast("int64"))


def _points_by_segment(
    columns: Columns, members: Table, issued: Table, names: Sequence[str]
) -> dict[str | None, dict[str, int]]:
    joined = members.inner_join(issued, "member")
    flags: list[str | None] = [None, *names]
    summed = joined.group_by("unit").agg(
        **{
            f"issued_{place}": joined.issued.sum(where=None if name is None else joined[name]).cast(
                "int64"
            )
            for place, name in enumerate(flags)
        }
    )
    rows = columns.backend.to_pyarrow(summed).to_pylist()
    return {
        name: {row["unit"]: row[f"issued_{place}"] or 0 for row in rows}
        for place, name in enumerate(flags)
    }


def _size(
    program: Program, *, members: int, sales: int, spend: int, issued: Mapping[str, int]
) -> Size:
    cost = Fraction(0)
    for unit_id, points in issued.items():
        unit = program.units.get(unit_id)
        if unit is not None and unit.value is not None:
            cost += points * unit.value * program.currency.minor_per_major
    return Size(members, sales, spend, dict(issued), cost)
