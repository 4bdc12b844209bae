"""Operations about members: find, read, change, and what they have."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from fiel.api.answers import Answer, ok, page
from fiel.api.bodies.queries import AtTime, FindMember, Page
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import members as schemas
from fiel.api.telling import Told, told_balances, told_member, told_time
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem
from fiel.intake.contents.base import NAMED_BY
from fiel.intake.contents.errors import invalid
from fiel.intake.contents.members import MemberPatch, changes_of
from fiel.intake.resolving import normal
from fiel.ledger.opening import Place
from fiel.ledger.posting import stood_after
from fiel.ledger.queries import balances_at, book_now, entries_of_member, lots_of_member
from fiel.ledger.scope import Connection, program_transaction
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
    async with call.house.connect() as connection, program_transaction(connection, call.program_id):
        found = await find_one(connection, call.program_id, ref)
        return page([await _told(call, connection, found)] if found else [])


async def read_member(call: Call, member_id: UUID) -> Answer:
    """A member, with tier and balances as they stand now."""
    async with call.house.connect() as connection, program_transaction(connection, call.program_id):
        return ok(await _told(call, connection, await _member(call, connection, member_id)))


async def change_a_member(call: Call, member_id: UUID, body: MemberPatch) -> Answer:
    """Change what is known about a member; what is left out stays."""
    region = region_of_zone(call.program.timezone.key)
    changes = changes_of(body, region=region, now=call.now)
    async with call.house.connect() as connection, program_transaction(connection, call.program_id):
        changed = await change_member(
            connection, program_id=call.program_id, member_id=member_id, changes=changes
        )
        return ok(await _told(call, connection, changed))


async def read_balances(call: Call, member_id: UUID, query: Annotated[AtTime, Query()]) -> Answer:
    """What a member has of each unit, now or at any other moment."""
    async with call.house.connect() as connection, program_transaction(connection, call.program_id):
        found = await _member(call, connection, member_id)
        place = Place(call.program_id, found.shard)
        if query.at is None:
            book = await book_now(connection, place, found.id, call.now)
            accounts = book.accounts if book else {}
            balances = {unit: account.balance() for unit, account in accounts.items()}
        else:
            balances = await balances_at(connection, place, found.id, query.at)
    told = told_balances(balances, call.program)
    return ok({"member": found.id, "at": told_time(query.at or call.now), "balances": told})


async def list_lots(call: Call, member_id: UUID, query: Annotated[Page, Query()]) -> Answer:
    """The lots that hold a member's points, in the order in which they are spent."""
    after = _lot_place(call, query.cursor)
    async with call.house.connect() as connection, program_transaction(connection, call.program_id):
        found = await _member(call, connection, member_id)
        lots = await lots_of_member(
            connection,
            Place(call.program_id, found.shard),
            found.id,
            now=call.now,
            after=after,
            limit=query.limit + 1,
        )
    shown = lots[: query.limit]
    cursor = None
    if len(lots) > query.limit:
        last = shown[-1]
        ends = last.ends_at.isoformat() if last.ends_at else ""
        cursor = call.house.cursors.write("lots", [ends, str(last.id)])
    items: list[Told] = [
        {
            "id": lot.id,
            "unit": lot.unit,
            "status": "pending" if lot.starts_at > call.now else "available",
            "points": lot.points,
            "left": lot.left,
            "earned_by": lot.activity_id,
            "worth": lot.worth,
            "starts_at": told_time(lot.starts_at),
            "ends_at": told_time(lot.ends_at),
        }
        for lot in shown
    ]
    return page(items, cursor)


async def list_ledger(call: Call, member_id: UUID, query: Annotated[Page, Query()]) -> Answer:
    """A member's transfers, newest first, each with what caused it."""
    before = None
    if query.cursor is not None:
        before = UUID(str(call.house.cursors.read("ledger", query.cursor)[0]))
    async with call.house.connect() as connection, program_transaction(connection, call.program_id):
        found = await _member(call, connection, member_id)
        entries = await entries_of_member(
            connection,
            Place(call.program_id, found.shard),
            found.id,
            before=before,
            limit=query.limit + 1,
        )
    shown = entries[: query.limit]
    more = len(entries) > query.limit
    cursor = call.house.cursors.write("ledger", [str(shown[-1].id)]) if more else None
    items: list[Told] = [
        {
            "id": entry.id,
            "unit": entry.unit,
            "points": entry.points,
            "from": entry.debit.name.lower(),
            "to": entry.credit.name.lower(),
            "occurred_at": told_time(entry.occurred_at),
            "recorded_at": told_time(entry.recorded_at),
            "activity": entry.activity_id,
            "kind": entry.kind,
            "external_id": entry.external_id,
            "program_version": entry.version,
            "lots": [{"id": lot_id, "points": points} for lot_id, points in entry.draws],
        }
        for entry in shown
    ]
    return page(items, cursor)


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
    book = await book_now(connection, place, found.id, call.now)
    assert book is not None, "a member has a standing from the first day"
    return told_member(found, stood_after(book, call.program), call.program)


def _lot_place(call: Call, cursor: str | None) -> tuple[datetime | None, UUID] | None:
    if cursor is None:
        return None
    ends, lot_id = call.house.cursors.read("lots", cursor)
    return (datetime.fromisoformat(str(ends)) if ends else None), UUID(str(lot_id))


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
    Offer(
        "GET", "/members/{member_id}/balances", read_balances, _READ, "Read balances",
        schemas.Balances, refusals=(404,), tag="members",
    ),
    Offer(
        "GET", "/members/{member_id}/lots", list_lots, _READ, "List lots", schemas.LotList,
        refusals=(404,), tag="members",
    ),
    Offer(
        "GET", "/members/{member_id}/ledger", list_ledger, _READ, "List transfers",
        schemas.LedgerPage, refusals=(404,), tag="members",
    ),
)  # fmt: skip
