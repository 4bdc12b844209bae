"""The operation that reads what happened, to follow it or to catch up."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from fiel.api.answers import Answer, page
from fiel.api.bodies.queries import Events
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas.events import EventList
from fiel.connect.announcing import told_event
from fiel.ledger.queries import events_after
from fiel.staff.keys import Scope

FIRST = 0


async def list_events(call: Call, query: Annotated[Events, Query()]) -> Answer:
    """What happened, oldest first; `next_cursor` is where to go on, now or later."""
    published, cursors = call.published, call.house.cursors
    after = FIRST
    if query.after is not None:
        after = cursors.event(query.after)
    elif query.cursor is not None:
        after = int(cursors.read("events", query.cursor)[0])
    async with call.reading() as connection:
        events = await events_after(
            connection, call.program_id, published.shards, after=after, limit=query.limit
        )
    items = [told_event(event, published.program) for event in events]
    reached = events[-1].sequence if events else after
    return page(items, cursors.write("events", [reached]))


OFFERS = (
    Offer(
        "GET", "/events", list_events, Manner(Scope.READ), "List events", EventList,
        refusals=(404,), tag="events",
    ),
)  # fmt: skip
