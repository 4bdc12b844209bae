"""Operations that foretell."""

from __future__ import annotations

import asyncio
from importlib import import_module
from uuid import UUID

from fiel.api.answers import Answer, ok
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import predictions as schemas
from fiel.domain.redeeming import Why
from fiel.intake.redeeming_catalogue import catalogue
from fiel.members.queries import member as find_member
from fiel.members.refusals import no_such_member
from fiel.staff.keys import Scope


async def read_prediction(call: Call, member_id: UUID) -> Answer:
    """What a member is expected to buy and to be worth, and what to offer next, with the reason.

    The same forecast, tried on what is known already, stands beside it.
    """
    program = call.program
    async with call.reading() as connection:
        found = await find_member(connection, call.program_id, member_id)
        if found is None:
            raise no_such_member()
        _, offered = await catalogue(connection, call.program_id, program, found.id, now=call.now)
    # Points can still be earned; whatever else stands in the way makes it no offer.
    possible = [
        each.reward.id
        for each in offered
        if each.found is not None and set(each.found.whys) <= {Why.POINTS}
    ]
    # What it stands on takes a second to load: for who asks for it, and for nobody else.
    single = await asyncio.to_thread(import_module, "fiel.insights.prediction.single")
    async with call.house.open_columns(call.program_id) as columns:
        told = await asyncio.to_thread(
            single.prediction_of_member,
            columns,
            call.program_id,
            program,
            found.id,
            until=call.now.astimezone(program.timezone).date(),
            possible=possible,
            language=call.language,
        )
    return ok(told)


OFFERS = (
    Offer(
        "GET", "/members/{member_id}/prediction", read_prediction, Manner(Scope.READ),
        "Foretell what a member will do", schemas.Prediction, refusals=(404,), tag="members",
    ),
)  # fmt: skip
