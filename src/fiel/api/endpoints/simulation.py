"""The operation that tries a program on the merchant's own past."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Query

from fiel.api.answers import Answer, ok
from fiel.api.bodies.queries import Simulate
from fiel.api.call import Call
from fiel.api.endpoints.programs import DOCUMENT, MEDIA_TYPES, readable_document
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import reports as schemas
from fiel.insights.reporting.telling import report_content
from fiel.insights.simulating import Wanted, simulated
from fiel.staff.keys import Scope


async def simulate_program(call: Call, query: Annotated[Simulate, Query()]) -> Answer:
    """Try a document, or without one the draft, on what members bought; nothing is written.

    It stands beside the program in force, and beside variants of itself where `grid` says some.
    """
    _, document = await readable_document(call)
    wanted = Wanted(
        in_force=call.program,
        draft=document,
        today=call.now.astimezone(call.program.timezone).date(),
        since=query.from_,
        until=query.to,
        behaviour=query.behaviour,
        grid=tuple(axis for axis in query.grid.split(";") if axis.strip()),
    )
    async with call.house.open_columns(call.program_id) as columns:
        # What it computes must not keep the sales of this process waiting.
        report = await asyncio.to_thread(simulated, columns, wanted)
    return ok(report_content(report, call.program, call.language))


OFFERS = (
    Offer(
        "POST", "/program/simulate", simulate_program,
        Manner(Scope.READ, reads_source=True, media_types=MEDIA_TYPES),
        "Try a document on the past", schemas.Report,
        refusals=(404, 413, 415), request_body=DOCUMENT, tag="program",
    ),
)  # fmt: skip
