"""Operations about redemptions: redeem, capture, use, cancel, and look."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from fiel.api.answers import Answer, created, ok, page
from fiel.api.bodies.queries import OfMember
from fiel.api.call import Call
from fiel.api.endpoints.rewards import reward_name
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import redemptions as schemas
from fiel.api.telling import Told, told_after, told_time
from fiel.api.tills import allow_redeeming, forget_deed, stamped
from fiel.domain.program import Program
from fiel.domain.redeeming import Status, status_at
from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.desk import Done
from fiel.intake.redeeming import redeem
from fiel.intake.redeeming_changes import (
    Asking,
    cancel_redemption,
    capture_redemption,
    use_redemption,
)
from fiel.intake.redeeming_ends import expire_redemption
from fiel.intake.redeeming_offline import approve_redemption, redeem_offline
from fiel.intake.redeeming_opening import no_such_redemption
from fiel.intake.redeeming_records import redemption_record
from fiel.ledger.opening import Place
from fiel.ledger.posting import stood_after
from fiel.ledger.queries import book_now
from fiel.members.queries import member as find_member
from fiel.members.refusals import no_such_member
from fiel.rewards.handing_over import used_elsewhere
from fiel.rewards.pick_up import redemption_of_code
from fiel.rewards.redemptions import Redemption, redemption_by_id, redemptions_of
from fiel.staff.keys import Scope
from fiel.staff.tills.limits import Kind


async def make_redemption(call: Call, body: RedemptionBody) -> Answer:
    """Redeem a reward, or hold points that are to pay; a repeat is answered 200 and the same.

    What a till granted without a network is queued for a manager where it goes too far.
    """
    body = stamped(call, body)
    request_id = call.id_to_make()
    allow = allow_redeeming(call, body, request_id)
    if body.offline is not None:
        house = call.house
        asking = _asking(call, request_id)
        done = await redeem_offline(house.posting, house.versions, asking, body, allow=allow)
        told = await _told_done(call, done)
        return ok(told) if done.repeated else created(told)
    done = await redeem(
        call.house.posting,
        call.house.versions,
        call.program_id,
        body,
        request_id=request_id,
        author=_author(call),
        now=call.now,
        allow=allow,
    )
    told = await _told_done(call, done)
    return ok(told) if done.repeated else created(told)


async def capture(call: Call, redemption_id: UUID) -> Answer:
    """Take what is held for good; the code comes back."""
    house = call.house
    done = await capture_redemption(house.posting, house.versions, _asking(call, redemption_id))
    return ok(await _told_done(call, done))


async def approve(call: Call, redemption_id: UUID) -> Answer:
    """Grant what a till had granted and a manager was asked about; what is missing is owed."""
    house = call.house
    done = await approve_redemption(house.posting, house.versions, _asking(call, redemption_id))
    return ok(await _told_done(call, done))


async def use(call: Call, redemption_id: UUID) -> Answer:
    """Hand over what was redeemed, once."""
    house = call.house
    done = await use_redemption(house.posting, house.versions, _asking(call, redemption_id))
    return ok(await _told_done(call, done))


async def use_code(call: Call, code: str) -> Answer:
    """Hand over what a code stands for, once."""
    async with call.reading() as connection:
        redemption_id = await redemption_of_code(connection, call.program_id, code)
    if redemption_id is None:
        raise no_such_redemption()
    return await use(call, redemption_id)


async def cancel(call: Call, redemption_id: UUID) -> Answer:
    """Undo a redemption; what was used is undone only by who may manage the program."""
    house = call.house
    done = await cancel_redemption(
        house.posting,
        house.versions,
        _asking(call, redemption_id),
        may_cancel_used=Scope.MANAGE in call.caller.scopes,
    )
    told = await _told_done(call, done)
    await forget_deed(call, Kind.REDEEMED, str(told["external_id"] or redemption_id))
    return ok(told)


async def read_redemption(call: Call, redemption_id: UUID) -> Answer:
    """A redemption as it stands now, with what stands in the member's account."""
    found, told = await _read(call, redemption_id)
    if found.due_at is not None and found.due_at <= call.now:
        # Its time is over: that is booked before it is told.
        house = call.house
        await expire_redemption(
            house.posting, house.versions, call.program_id, redemption_id, now=call.now
        )
        _, told = await _read(call, redemption_id)
    return ok(told)


async def _read(call: Call, redemption_id: UUID) -> tuple[Redemption, Told]:
    """A redemption, and what is told of it and of the member's account at the same moment."""
    async with call.reading() as connection:
        found = await redemption_by_id(connection, call.program_id, redemption_id)
        if found is None:
            raise no_such_redemption()
        # Whoever was merged leads to the survivor; who was erased stands there without a name.
        holder = await find_member(connection, call.program_id, found.member_id)
        shard, member_id = (
            (found.shard, found.member_id) if holder is None else (holder.shard, holder.id)
        )
        place = Place(call.program_id, shard)
        book = await book_now(connection, place, member_id, call.now, call.program)
        used = await used_elsewhere(connection, call.program_id, [found])
    assert book is not None, "whoever redeemed has a standing"
    told = await _told_row(call, found, used) | {"member": member_id}
    return found, told | told_after(stood_after(book, call.program), call.program)


async def list_redemptions(call: Call, query: Annotated[OfMember, Query()]) -> Answer:
    """A member's redemptions, newest first."""
    before = _place_in_list(call, query.cursor)
    async with call.reading() as connection:
        found = await find_member(connection, call.program_id, query.member)
        if found is None:
            raise no_such_member()
        rows = await redemptions_of(
            connection,
            Place(call.program_id, found.shard),
            found.id,
            before=before,
            limit=query.limit + 1,
        )
        used = await used_elsewhere(connection, call.program_id, rows)
    shown = rows[: query.limit]
    cursor = None
    if len(rows) > query.limit:
        last = shown[-1]
        cursor = call.house.cursors.write("redemptions", [last.made_at.isoformat(), str(last.id)])
    return page([await _told_row(call, row, used) for row in shown], cursor)


async def _told_done(call: Call, done: Done[None]) -> Told:
    recorded = done.recorded
    record = recorded.decision
    redemption = record["redemption"]
    made_by = await call.program_of(redemption["version"])
    survivor = record.get("survivor")
    after = survivor["after"] if survivor else record["after"]
    told = told_redemption(redemption, made_by, call.language, came_back=record)
    if survivor:
        told["member"] = survivor["id"]
    for key in ("offline", "queued", "overspent"):
        if key in record:
            told[key] = record[key]
    return told | told_after(after, await call.program_of(recorded.version))


async def _told_row(call: Call, row: Redemption, used: Collection[UUID]) -> Told:
    """A redemption as it is now; a coupon or gift card of it may have been used meanwhile."""
    record = redemption_record(row)
    if row.id in used and row.status is Status.CAPTURED:
        record["status"] = str(Status.USED)
    elif status_at(row.status, row.due_at, call.now) is not row.status:
        record |= {"status": str(Status.EXPIRED), "ended_at": row.due_at}
    return told_redemption(record, await call.program_of(row.version), call.language, came_back={})


def told_redemption(
    record: Mapping[str, Any], program: Program, language: str, *, came_back: Mapping[str, Any]
) -> Told:
    """A redemption as its answers tell it, from its record."""
    reward = record["reward"]
    name = None
    if reward is not None:
        name = reward_name(program.rewards.get(reward), reward, program, language)
    told: Told = {key: record[key] for key in _AS_RECORDED}
    told |= {key: told_time(record[key]) for key in _TIMES}
    told |= {
        "name": name,
        "restored": came_back.get("restored", dict.fromkeys(record["spent"], 0)),
        "expired": came_back.get("expired", {}),
        "program_version": record["version"],
    }
    return told


_AS_RECORDED = (
    "id", "external_id", "source", "member", "status", "reward", "kind", "quantity", "spent",
    "code", "code_kind", "milestone", "sale", "store",
)  # fmt: skip
_TIMES = ("made_at", "hold_until", "captured_at", "expires_at", "used_at", "ended_at")


def _asking(call: Call, redemption_id: UUID) -> Asking:
    return Asking(call.program_id, redemption_id, call.id_to_make(), _author(call), call.now)


def _author(call: Call) -> str:
    """Who is kept as having done it: whoever stands at the till that calls, else the key."""
    return f"key {call.caller.key_id}" if call.till is None else call.till.shift.name


def _place_in_list(call: Call, cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    made_at, redemption_id = call.house.cursors.read("redemptions", cursor)
    return datetime.fromisoformat(str(made_at)), UUID(str(redemption_id))


_READ, _WRITE = Manner(Scope.READ), Manner(Scope.TILL, writes=True)
OFFERS = (
    Offer(
        "POST", "/redemptions", make_redemption, _WRITE, "Redeem", schemas.RedemptionAnswer, 201,
        also=(200,), refusals=(404,), tag="redemptions",
    ),
    Offer(
        "GET", "/redemptions", list_redemptions, _READ, "List redemptions",
        schemas.RedemptionList, refusals=(404,), tag="redemptions",
    ),
    Offer(
        "GET", "/redemptions/{redemption_id}", read_redemption, _READ, "Read a redemption",
        schemas.RedemptionAnswer, refusals=(404,), tag="redemptions",
    ),
    Offer(
        "POST", "/redemptions/{redemption_id}/capture", capture, _WRITE, "Capture a redemption",
        schemas.RedemptionAnswer, refusals=(404,), tag="redemptions",
    ),
    Offer(
        "POST", "/redemptions/{redemption_id}/approve", approve,
        Manner(Scope.MANAGE, writes=True), "Approve a redemption",
        schemas.RedemptionAnswer, refusals=(404,), tag="redemptions",
    ),
    Offer(
        "POST", "/redemptions/{redemption_id}/use", use, _WRITE, "Use a redemption",
        schemas.RedemptionAnswer, refusals=(404,), tag="redemptions",
    ),
    Offer(
        "POST", "/redemption-codes/{code}/use", use_code, _WRITE, "Use a code",
        schemas.RedemptionAnswer, refusals=(404,), tag="redemptions",
    ),
    Offer(
        "POST", "/redemptions/{redemption_id}/cancel", cancel, _WRITE, "Cancel a redemption",
        schemas.RedemptionAnswer, refusals=(404,), tag="redemptions",
    ),
)  # fmt: skip
