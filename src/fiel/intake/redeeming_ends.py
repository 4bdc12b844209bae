"""The ends of redemptions: everything comes back together, or the time to use it is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from fiel.domain.member import LimitKey
from fiel.domain.program import Unit
from fiel.domain.redeeming import Status, limit_rule
from fiel.intake.desk import Desk, Request, at_desk
from fiel.intake.recording import Lend
from fiel.intake.redeeming_opening import follow_survivor, open_redemption, promised_by
from fiel.intake.redeeming_records import redemption_record
from fiel.ledger.accounts import Place as Where
from fiel.ledger.books import Book
from fiel.ledger.moving import give_back
from fiel.ledger.opening import Place, read_limits
from fiel.ledger.posting import Record, Told
from fiel.ledger.scope import program_transaction
from fiel.ledger.trips import Trip
from fiel.members.references import MemberRef
from fiel.programs.versions import Versions
from fiel.rewards.handing_over import used_elsewhere
from fiel.rewards.redemptions import (
    AskedRedemptions,
    Redemption,
    ask_overdue_holds,
    change_redemption,
    due_redemptions,
)
from fiel.rewards.stock import Share, give_back_stock

EXPIRY = "redemption_expiry"
EXPIRED_EVENT = "redemption.expired"


class NothingDue(Exception):
    """What seemed to be due was captured, used or ended meanwhile."""


@dataclass(frozen=True, slots=True)
class _Back:
    """Points that came back, by unit, and of them those that ended at once."""

    restored: dict[str, int]
    expired: dict[str, int]


async def put_back(
    desk: Desk,
    versions: Versions,
    book: Book,
    told: Told,
    redemption: Redemption,
    *,
    status: Status,
    at: datetime,
) -> Record:
    """End a redemption and give everything back: points, limit, stock and budget.

    The record says what came back. Points return to the lots that they came from.
    """
    back = await _points_back(desk, versions, book, told, redemption)
    record: Record = {"restored": back.restored}
    if back.expired:
        record["expired"] = back.expired
    limit = limit_of(redemption)
    if limit is not None:
        await read_limits(desk.connection, desk.place(book), book, [limit])
        desk.posting(book).use_limit(book, limit, -redemption.quantity)
        record["l"] = [[limit[0], limit[1].isoformat(), -redemption.quantity]]
    return _ended(desk, book, redemption, status, at) | record


def run_out(desk: Desk, book: Book, redemption: Redemption, *, at: datetime) -> Record:
    """End a redemption that was paid and not used in time: only its stock comes back."""
    return _ended(desk, book, redemption, Status.EXPIRED, at)


def _used(desk: Desk, book: Book, redemption: Redemption, *, at: datetime) -> Record:
    place = desk.place(book)
    used = replace(redemption, status=Status.USED, used_at=at)
    desk.after(lambda trip: change_redemption(trip, place, used))
    return {"redemption": redemption_record(used)}


def _ended(desk: Desk, book: Book, redemption: Redemption, status: Status, at: datetime) -> Record:
    place = desk.place(book)
    ended = replace(redemption, status=status, ended_at=at)
    desk.after(lambda trip: change_redemption(trip, place, ended))
    if redemption.is_stocked and redemption.reward is not None:
        share = Share(redemption.reward, redemption.quantity, redemption.cost)
        desk.after(lambda trip: give_back_stock(trip, place.program_id, share))
    return {"redemption": redemption_record(ended)}


async def _points_back(
    desk: Desk, versions: Versions, book: Book, told: Told, redemption: Redemption
) -> _Back:
    source = Where.HELD if redemption.status is Status.HELD else Where.REDEEMED
    restored = dict.fromkeys(redemption.spent, 0)
    expired: dict[str, int] = {}
    for unit_id, points in redemption.spent.items():
        if not points or unit_id not in redemption.transfers:
            continue  # it was free, or only waited for a manager
        drawn = await desk.drawn(book, redemption.transfers[unit_id])
        unit = await _unit(desk, versions, redemption, unit_id)
        back = give_back(
            desk.posting(book), book, told, unit, drawn, points, source=source, now=desk.now
        )
        restored[unit_id] = back.points
        if back.expired:
            expired[unit_id] = back.expired
    return _Back(restored, expired)


async def _unit(desk: Desk, versions: Versions, redemption: Redemption, unit_id: str) -> Unit:
    """A unit as the program in force knows it, else as the version that took the points did."""
    unit = desk.published.program.units.get(unit_id)
    if unit is not None:
        return unit
    return (await promised_by(desk, versions, redemption)).units[unit_id]


def limit_of(redemption: Redemption) -> LimitKey | None:
    """The use of a limit that a redemption counts for."""
    if redemption.limit_start is None or redemption.reward is None:
        return None
    return limit_rule(redemption.reward), redemption.limit_start


async def open_without_overdue_holds(
    desk: Desk, versions: Versions, ref: MemberRef, *, limits: Iterable[LimitKey] = ()
) -> Book:
    """Open a member's book and give back what has been held too long, before anything else.

    Raises:
        NotFound: there is no such member.
    """
    asked: dict[UUID, AskedRedemptions] = {}

    def ask_more(trip: Trip, place: Place, member_id: UUID) -> None:
        asked[member_id] = ask_overdue_holds(trip, place, member_id, desk.now)

    (book,) = await desk.open(ref, limits=limits, ask_more=ask_more)
    for redemption in asked[book.member_id].read():
        told = desk.told_besides(EXPIRY, about=redemption.activity_id)
        await _expire(desk, versions, book, told, redemption)
    return book


async def _expire(
    desk: Desk, versions: Versions, book: Book, told: Told, redemption: Redemption
) -> None:
    due = redemption.due_at
    assert due is not None, "only what has an end is ended"
    if redemption.status is Status.HELD:
        record = await put_back(
            desk, versions, book, told, redemption, status=Status.EXPIRED, at=due
        )
    elif await used_elsewhere(desk.connection, desk.published.program_id, [redemption]):
        # A coupon or a gift card that was used in time did not run out.
        record = _used(desk, book, redemption, at=due)
        desk.close(book, told, record, event="redemption.used")
        return
    else:
        record = run_out(desk, book, redemption, at=due)
    desk.close(book, told, record, event=EXPIRED_EVENT)


async def expire_redemption(
    lend: Lend, versions: Versions, program_id: UUID, redemption_id: UUID, *, now: datetime
) -> bool:
    """End a redemption whose time is over; whether there was anything to end."""

    async def work(desk: Desk) -> None:
        book, redemption = await open_redemption(desk, redemption_id)
        if redemption.due_at is None or redemption.due_at > now:
            raise NothingDue
        told = desk.told(about=redemption.activity_id, store=redemption.store)
        await _expire(desk, versions, book, told, redemption)
        await follow_survivor(desk, book)

    fingerprint = blake2b(redemption_id.bytes, digest_size=16).digest()
    try:
        await at_desk(lend, versions, program_id, Request(EXPIRY, fingerprint, now), work)
    except NothingDue:
        return False
    return True


async def expire_redemptions(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    shard: int,
    *,
    now: datetime,
    most: int = 200,
) -> int:
    """End what is due on a shard, longest due first, at most so much; how much was ended.

    It may be called late, again, or by two at once: each redemption ends once. Whoever calls goes
    on until nothing is left.
    """
    async with lend() as connection, program_transaction(connection, program_id):
        due = await due_redemptions(connection, Place(program_id, shard), now=now, most=most)
    ended = [
        await expire_redemption(lend, versions, program_id, redemption_id, now=now)
        for _, redemption_id in due
    ]
    return sum(ended)
