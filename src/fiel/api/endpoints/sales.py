"""Operations about sales and activities."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import ValidationError

from fiel.api.answers import Answer, created, ok, page
from fiel.api.bodies.queries import FindSale
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.problems import problem_content
from fiel.api.schemas import sales as schemas
from fiel.api.telling import Teller, Told
from fiel.api.telling_returns import told_returns
from fiel.api.tills import paying_within_limit, stamped
from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import NotFound, Refusal
from fiel.intake.asking import Ask, Outcome
from fiel.intake.claiming_sales import claimed_sale
from fiel.intake.contents.errors import invalid_fields
from fiel.intake.contents.nulls import read_content
from fiel.intake.contents.sales import ActivityBody, BatchBody, SaleBody
from fiel.intake.offline import moment_of
from fiel.intake.redeeming_payment import fill_held_payments
from fiel.intake.sales import Understood, understood_action, understood_sale
from fiel.ledger.ids import new_id
from fiel.ledger.posting import Recorded
from fiel.ledger.recorded import ActivityName, activities_named
from fiel.ledger.returned import KeptSale, sale_by_id
from fiel.staff.keys import Scope

SALE, ACTIVITY = "sale", "activity"
MOST_BATCH_BYTES = 16 * 1024 * 1024


async def record_sale(call: Call, body: SaleBody) -> Answer:
    """Record a sale; what it earns, why, and what stands after come back.

    A repeat of the same sale is answered 200 with the same answer.
    """
    body = stamped(call, body)
    sale_id = call.id_to_make()

    async def record() -> Outcome:
        ask = _sale_ask(await _with_held_points(call, body), call.now, sale_id)
        return await call.house.recorder.record(call.program_id, ask)

    outcome = await paying_within_limit(call, body, sale_id, record)
    told = await _told_sale(call, outcome.recorded, nameless=body.member is None, known=outcome)
    return ok(told) if outcome.repeated else created(told)


async def record_sales(call: Call, body: BatchBody) -> Answer:
    """Record up to a thousand sales; each has its own result and harms no other."""
    bodies = await _filled(call, [_read_sale(told) for told in body.sales])
    ids = call.ids_to_make(len(bodies))
    asks = [
        _sale_ask(sale, call.now, sale_id)
        for sale, sale_id in zip(bodies, ids, strict=True)
        if isinstance(sale, SaleBody)
    ]
    outcomes = iter(await call.house.recorder.record_all(call.program_id, asks) if asks else [])
    results: list[Told] = []
    for sale in bodies:
        result = next(outcomes) if isinstance(sale, SaleBody) else sale
        if isinstance(result, Outcome) and isinstance(sale, SaleBody):
            told = await _told_sale(
                call, result.recorded, nameless=sale.member is None, known=result
            )
            results.append({"status": 200 if result.repeated else 201, "sale": told})
        elif isinstance(result, Refusal):
            problem = problem_content(result, call.language, call.request_id)
            results.append({"status": problem["status"], "problem": problem})
        else:
            assert isinstance(result, Exception), "an outcome or why there is none"
            raise result
    return ok({"results": results})


async def quote_sale(call: Call, body: SaleBody) -> Answer:
    """What a sale would earn if it were recorded now; nothing is written."""
    body = await _with_held_points(call, stamped(call, body))
    ask = _sale_ask(body, call.now, new_id())
    outcome = await call.house.recorder.foresee(call.program_id, ask)
    told = await _told_sale(call, outcome.recorded, nameless=body.member is None, known=outcome)
    if not outcome.repeated:
        told["id"], told["status"] = None, "quoted"
    return ok(told)


async def read_sale(call: Call, sale_id: UUID) -> Answer:
    """A sale, as it was answered when it was recorded, and how it stands after its returns."""
    async with call.reading() as connection:
        found = await sale_by_id(connection, call.program_id, sale_id)
        if found is not None:
            found = await claimed_sale(connection, found)
    if found is None:
        raise NotFound(N_("There is no such sale in this program."))
    return ok(await _told_kept_sale(call, found))


async def find_sales(call: Call, query: Annotated[FindSale, Query()]) -> Answer:
    """The sale of that name, in a list of none or one."""
    name = ActivityName(SALE, query.source, query.external_id)
    found = None
    async with call.reading() as connection:
        named = await activities_named(connection, call.program_id, [name])
        if name in named:
            found = await sale_by_id(connection, call.program_id, named[name].id)
    return page([] if found is None else [await _told_kept_sale(call, found)])


async def record_activity(call: Call, body: ActivityBody) -> Answer:
    """Record something a member did that is no sale."""
    ask = Ask(
        kind=ACTIVITY,
        member=body.member,
        understand=partial(_understand_action, body),
        now=call.now,
        source=body.source,
        external_id=body.external_id,
        id=call.id_to_make(),
    )
    outcome = await call.house.recorder.record(call.program_id, ask)
    program = await call.program_of(outcome.recorded.version)
    told = _teller(call, outcome.recorded, program).action(outcome.recorded, type_=body.type)
    return ok(told) if outcome.repeated else created(told)


async def _with_held_points(call: Call, body: SaleBody) -> SaleBody:
    """A sale with the points that the redemption it names holds.

    Raises:
        NotFound, Invalid: there is no such redemption, or it holds something else.
    """
    (filled,) = await _filled(call, [body])
    if isinstance(filled, Refusal):
        raise filled
    return filled


async def _filled(call: Call, bodies: list[SaleBody | Refusal]) -> list[SaleBody | Refusal]:
    sales = [body for body in bodies if isinstance(body, SaleBody)]
    if not any(sale.points_payment and sale.points_payment.redemption for sale in sales):
        return bodies
    async with call.reading() as connection:
        filled = iter(await fill_held_payments(connection, call.program_id, sales))
    return [next(filled) if isinstance(body, SaleBody) else body for body in bodies]


def _sale_ask(body: SaleBody, now: datetime, sale_id: UUID) -> Ask:
    return Ask(
        kind=SALE,
        member=body.member,
        understand=partial(understood_sale, body),
        now=now,
        source=body.source,
        external_id=body.external_id,
        id=sale_id,
    )


def _understand_action(body: ActivityBody, program: Program, now: datetime) -> Understood:
    moment_of(body.occurred_at, None, program, now)
    return understood_action(body, now)


def _read_sale(told: object) -> SaleBody | Refusal:
    try:
        sale: SaleBody = read_content(SaleBody.__pydantic_validator__, told)
    except ValidationError as error:
        return invalid_fields(error)
    return sale


async def _told_kept_sale(call: Call, sale: KeptSale) -> Told:
    program = await call.program_of(sale.recorded.version)
    told = _teller(call, sale.recorded, program).sale(sale.recorded, nameless=sale.is_nameless)
    if sale.state is not None:
        told["status"] = sale.state["status"]
    if returns := told_returns(sale.state, program):
        told["returns"] = returns
    return told


async def _told_sale(
    call: Call, recorded: Recorded, *, nameless: bool, known: Outcome | None
) -> Told:
    published = known.published if known else None
    if published is not None and published.number == recorded.version:
        program = published.program
    else:
        program = await call.program_of(recorded.version)
    return _teller(call, recorded, program).sale(recorded, nameless=nameless)


def _teller(call: Call, recorded: Recorded, program: Program) -> Teller:
    return Teller(call.program_id, recorded.version, program, call.language)


_TILL = Manner(Scope.TILL, writes=True)
_BATCH = Manner(Scope.TILL, writes=True, most_bytes=MOST_BATCH_BYTES)
_LOOK = Manner(Scope.READ)
OFFERS = (
    Offer(
        "POST", "/sales", record_sale, _TILL, "Record a sale", schemas.Sale, 201, also=(200,),
        refusals=(404,), tag="sales",
    ),
    Offer(
        "POST", "/sales/batch", record_sales, _BATCH, "Record many sales", schemas.Batch,
        refusals=(404,), tag="sales",
    ),
    Offer(
        "POST", "/quotes", quote_sale, Manner(Scope.READ), "Quote a sale", schemas.Sale,
        refusals=(404, 409, 413, 415), tag="sales",
    ),
    Offer(
        "GET", "/sales", find_sales, _LOOK, "Find a sale by its name", schemas.SaleList,
        refusals=(404,), tag="sales",
    ),
    Offer(
        "GET", "/sales/{sale_id}", read_sale, _LOOK, "Read a sale", schemas.KeptSale,
        refusals=(404,), tag="sales",
    ),
    Offer(
        "POST", "/activities", record_activity, _TILL, "Record an activity", schemas.Activity, 201,
        also=(200,), refusals=(404,), tag="activities",
    ),
)  # fmt: skip
