"""What a version decided: read from the columnar copy, when somebody asks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from fiel.insights.naming import unit_name
from fiel.staff.roles import Right
from fiel.web.ui.visit import Visit, console_page


@dataclass(frozen=True, slots=True)
class Decided:
    """Sales that a version decided and what it gave; money in minor units."""

    sales: int
    net: int
    members: int
    redemptions: int
    points: tuple[tuple[str, int], ...]


@console_page(Right.SEE_PROGRAM)
async def decided(visit: Visit, number: int) -> HttpResponse:
    """What a version decided: a part of its page."""
    async with visit.open_columns(visit.program_id) as columns:
        found = await asyncio.to_thread(_decided, columns, number)
    units = [
        (unit_name(visit.program, unit, visit.language), points) for unit, points in found.points
    ]
    return visit.page("console/versions/decided.html", {"decided": found, "units": units})


def _decided(columns: Any, number: int) -> Decided:  # noqa: ANN401 - loaded only by who opens them
    sales, awards = columns["sales"], columns["awards"]
    mine = sales.filter(sales.version == number)
    told = mine.aggregate(sales=mine.count(), net=mine.net.sum(), members=mine.member.nunique())
    (row,) = told.to_pyarrow().to_pylist()
    given = awards.filter(awards.version == number)
    points = given.group_by("unit").aggregate(points=given.points.sum()).order_by("unit")
    redemptions = columns["redemptions"]
    had = redemptions.filter(redemptions.version == number).redemption_id.nunique()
    return Decided(
        row["sales"] or 0,
        row["net"] or 0,
        row["members"] or 0,
        int(had.to_pyarrow().as_py() or 0),
        tuple((each["unit"], int(each["points"])) for each in points.to_pyarrow().to_pylist()),
    )
