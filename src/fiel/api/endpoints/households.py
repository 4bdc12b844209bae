"""Operations about households, and about sales that somebody claims."""

from __future__ import annotations

from uuid import UUID

from fiel.api.answers import Answer, created, ok
from fiel.api.call import Call
from fiel.api.endpoints.sales import read_sale
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import people as schemas
from fiel.api.schemas import sales as sale_schemas
from fiel.api.telling import Told, told_time
from fiel.intake.claiming_sales import claim_sale
from fiel.intake.contents.base import fingerprint_of
from fiel.intake.contents.people import ClaimBody, HouseholdBody
from fiel.intake.pooling import Households, Pooled
from fiel.staff.keys import Scope


async def make_a_household(call: Call, body: HouseholdBody) -> Answer:
    """Make a household of members who are in none."""
    pooled, repeated = await _households(call).make(
        body.name,
        body.members,
        household_id=call.id_to_make(),
        fingerprint=fingerprint_of(body),
    )
    told = _told(call, pooled)
    answer = ok(told) if repeated else created(told)
    return answer.telling(pooled.household.id)


async def read_household(call: Call, household_id: UUID) -> Answer:
    """A household, with what each of its members has and what that is together."""
    return ok(_told(call, await _households(call).read(household_id)))


async def join(call: Call, household_id: UUID, member_id: UUID) -> Answer:
    """Let a member join a household; one who is in it stays."""
    joined = await _households(call).join(household_id, member_id)
    return ok(_told(call, joined)).telling(household_id)


async def leave(call: Call, household_id: UUID, member_id: UUID) -> Answer:
    """Let a member leave a household, with the points that are its own."""
    left = await _households(call).leave(household_id, member_id)
    return ok({"household": household_id, "member": member_id, "left": left})


async def claim(call: Call, sale_id: UUID, body: ClaimBody) -> Answer:
    """Claim a sale that named nobody; it earns as it would have when it was made."""
    await claim_sale(
        call.house.posting,
        call.house.versions,
        call.program_id,
        sale_id,
        body.member,
        request_id=call.id_to_make(),
        now=call.now,
    )
    return await read_sale(call, sale_id)


def _households(call: Call) -> Households:
    return Households(call.house.connect, call.house.versions, call.program_id, call.now)


def _told(call: Call, pooled: Pooled) -> Told:
    units = dict.fromkeys(call.program.units, 0)
    return {
        "id": pooled.household.id,
        "name": pooled.household.name,
        "made_at": told_time(pooled.household.made_at),
        "members": [
            {"id": member_id, "available": units | available}
            for member_id, available in pooled.available.items()
        ],
        "pooled": units | pooled.total(),
    }


_READ = Manner(Scope.READ)
_TILL = Manner(Scope.TILL, writes=True)
_MANAGE = Manner(Scope.MANAGE, writes=True)
OFFERS = (
    Offer(
        "POST", "/households", make_a_household, _MANAGE, "Make a household",
        schemas.Household, 201, also=(200,), refusals=(404,), tag="members",
    ),
    Offer(
        "GET", "/households/{household_id}", read_household, _READ, "Read a household",
        schemas.Household, refusals=(404,), tag="members",
    ),
    Offer(
        "PUT", "/households/{household_id}/members/{member_id}", join, _MANAGE,
        "Let a member join", schemas.Household, refusals=(404,), tag="members",
    ),
    Offer(
        "DELETE", "/households/{household_id}/members/{member_id}", leave, _MANAGE,
        "Let a member leave", schemas.LeftHousehold, refusals=(404,), tag="members",
    ),
    Offer(
        "POST", "/sales/{sale_id}/claim", claim, _TILL, "Claim a sale", sale_schemas.Sale,
        refusals=(404,), tag="sales",
    ),
)  # fmt: skip
