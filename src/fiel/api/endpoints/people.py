"""Operations about people who turn out to be one, and people who are gone."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from fiel.api.answers import Answer, created, ok
from fiel.api.bodies.queries import Page
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import people as schemas
from fiel.api.telling import Told, told_after, told_member, told_time
from fiel.intake.contents.people import MergeBody, TransferBody
from fiel.intake.erasing import erase_member
from fiel.intake.merging import merge_members
from fiel.intake.transferring import transfer_points
from fiel.intake.unmerging import unmerge_member
from fiel.ledger.opening import Place
from fiel.ledger.posting import stood_after
from fiel.ledger.queries import book_now
from fiel.members.merge import merged_into
from fiel.members.queries import member as find_one
from fiel.members.records import Member
from fiel.members.referrals import referrals_by
from fiel.members.refusals import no_such_member
from fiel.staff.keys import Scope


async def transfer(call: Call, body: TransferBody) -> Answer:
    """Give points of one member to another; a repeat is answered 200 with the same answer."""
    done = await transfer_points(
        call.house.posting,
        call.house.versions,
        call.program_id,
        body,
        request_id=call.id_to_make(),
        author=f"key {call.caller.key_id}",
        now=call.now,
    )
    recorded = done.recorded
    program = await call.program_of(recorded.version)
    record, facts = recorded.decision["transfer"], json.loads(recorded.facts)
    told: Told = {
        "id": recorded.id,
        "external_id": recorded.external_id,
        "source": recorded.source,
        "unit": record["unit"],
        "points": record["points"],
        "reason": facts.get("reason", ""),
        "author": facts.get("author", ""),
        "lots": [
            {"lot": lot, "points": points, "ends_at": told_time(ends_at)}
            for lot, points, ends_at in record["lots"]
        ],
        "from": {
            "member": record["from"],
            "balances": told_after(recorded.decision["after"], program)["balances"],
        },
        "to": {
            "member": record["to"],
            "balances": told_after(recorded.decision["received"], program)["balances"],
        },
        "recorded_at": told_time(recorded.recorded_at),
        "program_version": recorded.version,
    }
    return ok(told) if done.repeated else created(told)


async def merge(call: Call, member_id: UUID, body: MergeBody) -> Answer:
    """Merge a member into another, who survives; the same merge again changes nothing."""
    merged = await merge_members(
        call.house.posting,
        call.house.versions,
        call.program_id,
        member_id,
        body.into,
        request_id=call.id_to_make(),
        now=call.now,
    )
    told = {
        "merged": merged.merged,
        "into": merged.into,
        "moved": merged.moved,
        "debt": merged.debt,
        "member": await _member(call, merged.into),
    }
    return ok(told).telling(merged.into)


async def unmerge(call: Call, member_id: UUID) -> Answer:
    """Undo a merge: the member stands alone again, with what is left of its own."""
    unmerged = await unmerge_member(
        call.house.posting,
        call.house.versions,
        call.program_id,
        member_id,
        request_id=call.id_to_make(),
        now=call.now,
    )
    told = {
        "parted_from": unmerged.parted_from,
        "moved": unmerged.moved,
        "debt": unmerged.debt,
        "member": await _member(call, unmerged.member),
    }
    return ok(told).telling(unmerged.member)


async def erase(call: Call, member_id: UUID) -> Answer:
    """Erase the person behind a member; the ledger's sums stay as they are."""
    erased = await erase_member(
        call.house.posting,
        call.house.versions,
        call.program_id,
        member_id,
        request_id=call.id_to_make(),
        now=call.now,
    )
    return ok({"id": erased.member, "status": "erased"})


async def list_referrals(call: Call, member_id: UUID, query: Annotated[Page, Query()]) -> Answer:
    """A member's referral code, and whom it brought."""
    after: tuple[datetime, UUID] | None = None
    if query.cursor is not None:
        at, friend = call.house.cursors.read("referrals", query.cursor)
        after = datetime.fromisoformat(str(at)), UUID(str(friend))
    async with call.reading() as connection:
        found = await find_one(connection, call.program_id, member_id)
        if found is None:
            raise no_such_member()
        led = await merged_into(connection, call.program_id, found.id)
        referrals = await referrals_by(
            connection,
            call.program_id,
            [found.id, *(place.member_id for place in led)],
            after=after,
            limit=query.limit + 1,
        )
    shown = referrals[: query.limit]
    cursor = None
    if len(referrals) > query.limit:
        last = shown[-1]
        cursor = call.house.cursors.write(
            "referrals", [last.made_at.isoformat(), str(last.friend.member_id)]
        )
    told: list[Told] = [
        {
            "friend": each.friend.member_id,
            "status": each.status,
            "reason": each.reason,
            "made_at": told_time(each.made_at),
            "sale": each.sale_id,
            "due_at": told_time(each.due_at),
            "rewarded_at": told_time(each.rewarded_at),
            "ended_at": told_time(each.ended_at),
        }
        for each in shown
    ]
    return ok(
        {"code": found.referral_code, "url": _url(call, found), "data": told, "next_cursor": cursor}
    )


def _url(call: Call, found: Member) -> str | None:
    promise = call.program.referral
    if promise is None or promise.link is None or found.referral_code is None:
        return None
    return promise.link.replace("{code}", found.referral_code)


async def _member(call: Call, member_id: UUID) -> Told:
    """A member as it stands now."""
    async with call.reading() as connection:
        found = await find_one(connection, call.program_id, member_id)
        if found is None:
            raise no_such_member()
        place = Place(call.program_id, found.shard)
        book = await book_now(connection, place, found.id, call.now, call.program)
    assert book is not None, "a member has a standing from the first day"
    return told_member(found, stood_after(book, call.program), call.program)


_MANAGE = Manner(Scope.MANAGE, writes=True)
OFFERS = (
    Offer(
        "POST", "/transfers", transfer, _MANAGE, "Transfer points", schemas.Transfer, 201,
        also=(200,), refusals=(404,), tag="points",
    ),
    Offer(
        "POST", "/members/{member_id}/merge", merge, _MANAGE, "Merge a member into another",
        schemas.Merge, refusals=(404,), tag="members",
    ),
    Offer(
        "POST", "/members/{member_id}/unmerge", unmerge, _MANAGE, "Undo a merge",
        schemas.Unmerge, refusals=(404,), tag="members",
    ),
    Offer(
        "DELETE", "/members/{member_id}", erase, _MANAGE, "Erase a person", schemas.Erasure,
        refusals=(404,), tag="members",
    ),
    Offer(
        "GET", "/members/{member_id}/referrals", list_referrals, Manner(Scope.READ),
        "List referrals", schemas.Referrals, refusals=(404,), tag="members",
    ),
)  # fmt: skip
