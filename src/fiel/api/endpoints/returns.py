"""Operations about goods that come back."""

from __future__ import annotations

from uuid import UUID

from fiel.api.answers import Answer, created, ok
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas.returns import Return
from fiel.api.telling import Told
from fiel.api.telling_returns import told_parked, told_return
from fiel.api.tills import allow_returning, stamped_return
from fiel.intake.contents.returns import NamedReturnBody, ReturnBody
from fiel.intake.desk import Done
from fiel.intake.parking import Waiting, return_named
from fiel.intake.returning import return_goods, unknown_sale
from fiel.ledger.recorded import ActivityName, activities_named
from fiel.staff.keys import Scope


async def return_of_sale(call: Call, sale_id: UUID, body: ReturnBody) -> Answer:
    """Take goods of a sale back; a repeat of the same return is answered 200 and the same."""
    return await _answer(call, await _returned(call, sale_id, body))


async def cancel_sale(call: Call, sale_id: UUID) -> Answer:
    """Call a sale off: everything that is left of it comes back."""
    return await _answer(call, await _returned(call, sale_id, None))


async def return_by_name(call: Call, body: NamedReturnBody) -> Answer:
    """Take goods back of a sale that is named; before its sale, the return waits for it.

    A till sends in order: a sale that it names and that is not there was refused before.
    """
    house = call.house
    if call.till is not None:
        return await _answer(call, await _returned(call, await _sale_named(call, body), body))
    done = await return_named(
        house.posting,
        house.versions,
        call.program_id,
        body,
        request_id=call.id_to_make(),
        now=call.now,
    )
    if isinstance(done, Waiting):
        told = told_parked(done.parked, call.program)
        return ok(told) if done.repeated else created(told)
    return await _answer(call, done)


async def _returned(call: Call, sale_id: UUID, body: ReturnBody | None) -> Done[None]:
    house, request_id = call.house, call.id_to_make()
    if body is not None:
        body = stamped_return(call, body)
    return await return_goods(
        house.posting,
        house.versions,
        call.program_id,
        sale_id,
        body,
        request_id=request_id,
        now=call.now,
        allow=allow_returning(call, body, request_id),
    )


async def _sale_named(call: Call, body: NamedReturnBody) -> UUID:
    name = ActivityName("sale", body.source, body.sale_external_id)
    async with call.reading() as connection:
        found = await activities_named(connection, call.program_id, [name])
    if name not in found:
        raise unknown_sale()
    return found[name].id


async def _answer(call: Call, done: Done[None]) -> Answer:
    recorded = done.recorded
    told: Told = told_return(
        recorded,
        program=await call.program_of(recorded.version),
        sold_by=await call.program_of(recorded.decision["version"]),
        language=call.language,
    )
    answer = ok(told) if done.repeated else created(told)
    return answer.telling(recorded.member_id) if told["reason"] else answer


_TILL = Manner(Scope.TILL, writes=True)
OFFERS = (
    Offer(
        "POST", "/sales/{sale_id}/returns", return_of_sale, _TILL, "Return goods of a sale",
        Return, 201, also=(200,), refusals=(404,), tag="sales",
    ),
    Offer(
        "POST", "/returns", return_by_name, _TILL, "Return goods of a sale that is named",
        Return, 201, also=(200,), refusals=(404,), tag="sales",
    ),
    Offer(
        "POST", "/sales/{sale_id}/cancel", cancel_sale, _TILL, "Cancel a sale", Return, 201,
        also=(200,), refusals=(404, 409), tag="sales",
    ),
)  # fmt: skip
