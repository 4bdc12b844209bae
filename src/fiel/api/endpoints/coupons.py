"""Operations about coupons."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Annotated
from uuid import UUID

from fastapi import Query

from fiel.api.answers import Answer, created, ok, page
from fiel.api.bodies.queries import CodesOfBatch
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import coupons as schemas
from fiel.api.telling import Told, told_time
from fiel.api.telling_coupons import told_checked, told_coupon, told_made, told_redeemed
from fiel.domain.language import N_
from fiel.domain.refusal import NotFound
from fiel.intake.contents.coupons import BatchOfCouponsBody, CouponBody
from fiel.intake.contents.fields import read_uuid
from fiel.intake.coupons import (
    Till,
    look_at_coupon,
    redeem_coupon,
    release_coupon,
    reserve_coupon,
)
from fiel.intake.making_coupons import make_coupons
from fiel.ledger.scope import program_snapshot
from fiel.rewards.coupons import times_used
from fiel.rewards.making import Batch, coupons_of_batch, find_batch
from fiel.staff.keys import Scope

FIRST = UUID(int=0)
_CSV = b"text/csv; charset=utf-8"


async def make_codes(call: Call, body: BatchOfCouponsBody) -> Answer:
    """Make codes for a coupon; a batch of the same name and content is answered 200."""
    batch, was_there = await make_coupons(
        call.house.posting,
        call.house.versions,
        call.program_id,
        body,
        id=call.id_to_make(),
        now=call.now,
    )
    told = _told_batch(batch)
    return ok(told) if was_there else created(told)


async def list_codes(call: Call, query: Annotated[CodesOfBatch, Query()]) -> Answer:
    """The codes of a batch, as JSON or, where `Accept` asks for `text/csv`, as a table."""
    cursors, program_id = call.house.cursors, call.program_id
    after = FIRST
    if query.cursor is not None:
        after = UUID(str(cursors.read("codes", query.cursor)[0]))
    async with call.house.posting() as connection, program_snapshot(connection, program_id):
        named = read_uuid(query.batch) or query.batch
        batch = await find_batch(connection, program_id, named)
        if batch is None:
            raise NotFound(N_("There is no such batch in this program."))
        rows = await coupons_of_batch(
            connection, program_id, batch.id, after=after, limit=query.limit + 1
        )
    items = [told_made(row, call.now) for row in rows[: query.limit]]
    more = len(rows) > query.limit
    cursor = cursors.write("codes", [str(items[-1]["id"])]) if more else None
    if b"text/csv" in call.told.get(b"accept", b""):
        return _table(items, cursor)
    return page(items, cursor)


async def read_coupon(call: Call, code: str) -> Answer:
    """A coupon as it stands now."""
    looked = await look_at_coupon(_till(call), code, CouponBody())
    program_id, used = call.program_id, looked.tally.used
    if looked.tally.most is None:
        async with call.house.posting() as connection, program_snapshot(connection, program_id):
            used = await times_used(connection, program_id, looked.tally.coupon)
    return ok({**told_coupon(looked, call.program, call.now), "used": used})


async def check_coupon(call: Call, code: str, body: CouponBody) -> Answer:
    """What a coupon would give a cart, or why it would not; nothing is written."""
    looked = await look_at_coupon(_till(call), code, body)
    return ok(told_checked(looked, call.program, call.now, call.language))


async def reserve_a_coupon(call: Call, code: str, body: CouponBody) -> Answer:
    """Let a cart hold a coupon for some minutes; asked again, they count anew."""
    looked = await reserve_coupon(_till(call), code, body)
    return ok(told_coupon(looked, call.program, call.now))


async def redeem_a_coupon(call: Call, code: str, body: CouponBody) -> Answer:
    """Let a cart use a coupon; the same cart again is answered the same."""
    tally, use = await redeem_coupon(_till(call), code, body, id=call.id_to_make())
    return ok(told_redeemed(tally, use))


async def release_a_coupon(call: Call, code: str, body: CouponBody) -> Answer:
    """Let a coupon go that a cart holds."""
    looked = await release_coupon(_till(call), code, body)
    return ok(told_coupon(looked, call.program, call.now))


def _till(call: Call) -> Till:
    return Till(call.house.posting, call.house.versions, call.published, call.now)


def _told_batch(batch: Batch) -> Told:
    return {
        "id": batch.id,
        "batch": batch.name,
        "coupon": batch.coupon,
        "count": batch.count,
        "program_version": batch.version,
        "made_at": told_time(batch.made_at),
    }


def _table(items: list[Told], cursor: str | None) -> Answer:
    """Codes as CSV; where the table goes on stands in a header."""
    out = StringIO()
    names = tuple(schemas.MadeCoupon.model_fields)
    rows = csv.writer(out)
    rows.writerow(names)
    rows.writerows([item[name] for name in names] for item in items)
    headers = ((b"x-next-cursor", cursor.encode()),) if cursor else ()
    return Answer(200, out.getvalue().encode(), _CSV, headers)


_TILL = Manner(Scope.TILL, writes=True, body_optional=True)
_LOOK = Manner(Scope.READ)
_CHECK = Manner(Scope.READ, body_optional=True)
OFFERS = (
    Offer(
        "POST", "/coupons", make_codes, Manner(Scope.MANAGE, writes=True),
        "Make codes for a coupon", schemas.CouponBatch, 201, also=(200,), tag="coupons",
    ),
    Offer(
        "GET", "/coupons", list_codes, _LOOK, "List the codes of a batch", schemas.CouponPage,
        refusals=(404,), tag="coupons",
    ),
    Offer(
        "GET", "/coupons/{code}", read_coupon, _LOOK, "Read a coupon", schemas.Coupon,
        refusals=(404,), tag="coupons",
    ),
    Offer(
        "POST", "/coupons/{code}/check", check_coupon, _CHECK, "Check a coupon",
        schemas.CheckedCoupon, refusals=(404, 409, 413, 415), tag="coupons",
    ),
    Offer(
        "POST", "/coupons/{code}/reserve", reserve_a_coupon, _TILL, "Reserve a coupon",
        schemas.Coupon, refusals=(404,), tag="coupons",
    ),
    Offer(
        "POST", "/coupons/{code}/redeem", redeem_a_coupon, _TILL, "Redeem a coupon",
        schemas.RedeemedCoupon, refusals=(404,), tag="coupons",
    ),
    Offer(
        "POST", "/coupons/{code}/release", release_a_coupon, _TILL, "Release a coupon",
        schemas.Coupon, refusals=(404,), tag="coupons",
    ),
)  # fmt: skip
