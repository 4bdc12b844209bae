"""Operations about members: find, read, change, and what they have."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from fiel.api.answers import Answer, ok, page
from fiel.api.bodies.queries import FindMember
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import members as schemas
from fiel.api.telling import Told, told_member
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem
from fiel.intake.contents.base import NAMED_BY
from fiel.intake.contents.errors import invalid
from fiel.intake.contents.members import MemberPatch, changes_of
from fiel.intake.resolving import normal
from fiel.ledger.opening import Place
from fiel.ledger.posting import stood_after
from fiel.ledger.queries import book_now
from fiel.ledger.scope import Connection
from fiel.members.change import change_member
from fiel.members.identity import region_of_zone, sought_key
from fiel.members.queries import member as find_one
from fiel.members.records import Member
from fiel.members.references import KeyKind, MemberRef
from fiel.members.refusals import no_such_member
from fiel.staff.keys import Scope


async def find_members(call: Call, query: Annotated[FindMember, Query()]) -> Answer:
    """Look a member up; the list has none or one."""
    ref = normal(_sought(query), region_of_zone(call.program.timezone.key))
    if ref is None:
        return page([])
    async with call.reading() as connection:
        found = await find_one(connection, call.program_id, ref)
        return page([await _told(call, connection, found)] if found else [])


async def read_member(call: Call, member_id: UUID) -> Answer:
    """A member, with tier and balances as they stand now."""
    async with call.reading() as connection:
        return ok(await _told(call, connection, await _member(call, connection, member_id)))


async def change_a_member(call: Call, member_id: UUID, body: MemberPatch) -> Answer:
    """Change what is known about a member; what is left out stays."""
    region = region_of_zone(call.program.timezone.key)
    changes = changes_of(body, region=region, now=call.now)
    async with call.writing() as connection:
        changed = await change_member(
            connection, program_id=call.program_id, member_id=member_id, changes=changes
        )
        return ok(await _told(call, connection, changed)).telling(changed.id)


def _sought(query: FindMember) -> MemberRef:
    told = {kind: getattr(query, kind) for kind in NAMED_BY}
    named = {kind: value for kind, value in told.items() if value is not None}
    if len(named) != 1:
        text = N_("Name the member by exactly one of external_id, phone, email and card.")
        raise invalid([FieldProblem("query", "one_of", text)])
    [(kind, value)] = named.items()
    return sought_key(KeyKind(kind), value)


async def _member(call: Call, connection: Connection, member_id: UUID) -> Member:
    found = await find_one(connection, call.program_id, member_id)
    if found is None:
        raise no_such_member()
    return found


async def _told(call: Call, connection: Connection, found: Member) -> Told:
    place = Place(call.program_id, found.shard)
    book = await book_now(connection, place, found.id, call.now, call.program)
    assert book is not None, "a member has a standing from the first day"
    return told_member(found, stood_after(book, call.program), call.program)


_READ = Manner(Scope.READ)
_WRITE = Manner(Scope.TILL, writes=True)
OFFERS = (
    Offer(
        "GET", "/members", find_members, _READ, "Find a member", schemas.MemberList,
        tag="members",
    ),
    Offer(
        "GET", "/members/{member_id}", read_member, _READ, "Read a member", schemas.Member,
        refusals=(404,), tag="members",
    ),
    Offer(
        "PATCH", "/members/{member_id}", change_a_member, _WRITE, "Change a member",
        schemas.Member, refusals=(404,), tag="members",
    ),
)  # fmt: skip
