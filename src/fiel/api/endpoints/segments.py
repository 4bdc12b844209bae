"""Operations about segments."""

from __future__ import annotations

import asyncio
from datetime import date
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import Query

from fiel.api.answers import Answer, ok, page
from fiel.api.bodies.queries import Page
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import segments as schemas
from fiel.insights.reporting.telling import minor_units, said
from fiel.insights.segments.checking import checked_rule
from fiel.insights.segments.live import Wanted
from fiel.intake.contents.segments import PreviewBody
from fiel.staff.keys import Scope

if TYPE_CHECKING:
    from fractions import Fraction

    from fiel.insights.segments.sizing import Size

_NOBODY = str(UUID(int=0))
_PREVIEW = "preview"


async def list_segments(call: Call) -> Answer:
    """The segments of the program and all groups, with their sizes as of today."""
    asking = await _asking()
    async with call.house.open_columns(call.program_id) as columns:
        told, found = await asyncio.to_thread(
            asking.told_segments, columns, call.program, _today(call)
        )
        as_of = columns.as_of
    return ok(
        {
            "on": _today(call),
            "as_of": as_of,
            "data": [
                {
                    "id": each.id,
                    "name": said(asking.name_of(call.program, each.id), call.language),
                    "where": each.where,
                    "live": each.is_live,
                    **_told_size(call, each.size, found.share(each.id)),
                }
                for each in told
            ],
        }
    )


async def preview_segment(call: Call, body: PreviewBody) -> Answer:
    """How large a segment would be, what its members spend and what their points cost."""
    wanted = Wanted(_PREVIEW, checked_rule(call.program, body.where))
    sizing = await asyncio.to_thread(import_module, "fiel.insights.segments.sizing")
    async with call.house.open_columns(call.program_id) as columns:
        found = await asyncio.to_thread(sizing.sizes, columns, call.program, _today(call), [wanted])
        as_of = columns.as_of
    size = _told_size(call, found.segments[_PREVIEW], found.share(_PREVIEW))
    return ok({"where": body.where, "on": _today(call), "as_of": as_of, **size})


async def list_members_of_segment(
    call: Call, segment_id: str, query: Annotated[Page, Query()]
) -> Answer:
    """Who belongs in a segment as of today, whether or not it is live."""
    after, cursors = _NOBODY, call.house.cursors
    if query.cursor is not None:
        after = str(cursors.read("segment", query.cursor)[0])
    asking = await _asking()
    wanted = asking.segment_named(call.program, segment_id)
    async with call.house.open_columns(call.program_id) as columns:
        found = await asyncio.to_thread(
            asking.members_of, columns, _today(call), wanted, after=after, most=query.limit + 1
        )
    shown = found[: query.limit]
    cursor = cursors.write("segment", [shown[-1]]) if len(found) > len(shown) else None
    return page([{"member": UUID(member_id)} for member_id in shown], cursor)


def _told_size(call: Call, size: Size, share: Fraction | None) -> dict[str, object]:
    money, average = call.program.currency.decimal, size.average_spend
    return {
        "members": size.members,
        "share": None if share is None else round(float(share), 4),
        "sales": size.sales,
        "spend": money(size.spend),
        "average_spend": None if average is None else money(minor_units(average)),
        "points": dict.fromkeys(call.program.units, 0) | dict(size.issued),
        "points_cost": money(minor_units(size.cost)),
    }


def _today(call: Call) -> date:
    return call.now.astimezone(call.program.timezone).date()


async def _asking() -> ModuleType:
    # What it stands on takes a second to load: for who asks for it, and for nobody else.
    return await asyncio.to_thread(import_module, "fiel.insights.segments.asking")


_READ = Manner(Scope.READ)

OFFERS = (
    Offer(
        "GET", "/segments", list_segments, _READ, "List segments", schemas.SegmentList,
        tag="segments",
    ),
    Offer(
        "POST", "/segments/preview", preview_segment, _READ, "Preview a segment",
        schemas.Preview, refusals=(413, 415), tag="segments",
    ),
    Offer(
        "GET", "/segments/{segment_id}/members", list_members_of_segment, _READ,
        "List the members of a segment", schemas.InSegmentPage, refusals=(404,), tag="segments",
    ),
)  # fmt: skip
