"""The operation by which a person gives or takes points."""

from __future__ import annotations

import json

from fiel.api.answers import Answer, created, ok
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas.adjustments import Adjustment
from fiel.api.telling import told_after, told_time
from fiel.intake.adjusting import adjust_points
from fiel.intake.contents.adjustments import AdjustmentBody
from fiel.staff.keys import Scope


async def adjust(call: Call, body: AdjustmentBody) -> Answer:
    """Give or take points with a reason; a repeat is answered 200 with the same answer."""
    done = await adjust_points(
        call.house.posting,
        call.house.versions,
        call.program_id,
        body,
        request_id=call.id_to_make(),
        author=body.author or f"key {call.caller.key_id}",
        now=call.now,
    )
    recorded = done.recorded
    facts = json.loads(recorded.facts)
    told = {
        "id": recorded.id,
        "external_id": recorded.external_id,
        "source": recorded.source,
        "member": recorded.member_id,
        **facts,
        "recorded_at": told_time(recorded.recorded_at),
        "program_version": recorded.version,
        **told_after(recorded.decision["after"], await call.program_of(recorded.version)),
    }
    return ok(told) if done.repeated else created(told)


OFFERS = (
    Offer(
        "POST", "/adjustments", adjust, Manner(Scope.MANAGE, writes=True), "Give or take points",
        Adjustment, 201, also=(200,), refusals=(404,), tag="points",
    ),
)  # fmt: skip
