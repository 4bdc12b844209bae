"""Operations of a sandbox: its clock."""

from __future__ import annotations

from fiel.api.answers import Answer, ok
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas.sandbox import Clock
from fiel.api.telling import told_time
from fiel.intake.clock import move_clock, require_sandbox
from fiel.intake.contents.clock import ClockBody
from fiel.staff.keys import Scope


async def read_clock(call: Call) -> Answer:
    """The time by which the sandbox lives."""
    require_sandbox(call.published)
    return ok({"now": told_time(call.now), "is_set": call.published.clock_at is not None})


async def set_the_clock(call: Call, body: ClockBody) -> Answer:
    """Let time go on: everything that is due by then has happened when this answers."""
    house = call.house
    now = await move_clock(house.posting, house.versions, call.published, body.now, wall=call.wall)
    return ok({"now": told_time(now), "is_set": True})


OFFERS = (
    Offer(
        "GET", "/sandbox/clock", read_clock, Manner(Scope.READ), "Read the clock", Clock,
        refusals=(404,), tag="sandbox",
    ),
    Offer(
        "POST", "/sandbox/clock", set_the_clock, Manner(Scope.MANAGE, writes=True),
        "Set the clock", Clock, refusals=(404,), tag="sandbox",
    ),
)  # fmt: skip
