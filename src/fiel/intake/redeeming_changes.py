"""What may follow a redemption: it is captured, used, or cancelled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.redeeming import (
    CodeKind,
    RedemptionExpired,
    Status,
    refuse_to_cancel,
    refuse_to_capture,
    refuse_to_use,
    status_at,
)
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.intake.desk import Desk, Done, Request, at_desk
from fiel.intake.recording import Lend
from fiel.intake.redeeming_ends import expire_redemption, put_back
from fiel.intake.redeeming_opening import follow_survivor, open_redemption, promised_by
from fiel.intake.redeeming_records import redemption_record
from fiel.ledger.books import Book
from fiel.ledger.moving import capture
from fiel.ledger.posting import Told
from fiel.programs.versions import Versions
from fiel.rewards.handing_over import captured, withdraw_code
from fiel.rewards.redemptions import Redemption, change_redemption

CAPTURE, USE, CANCEL = "capture", "use", "redemption_cancel"

type Change = Callable[[Desk, Book, Redemption], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a change of which redemption, and when."""

    program_id: UUID
    redemption_id: UUID
    request_id: UUID
    author: str
    now: datetime


async def capture_redemption(lend: Lend, versions: Versions, asking: Asking) -> Done[None]:
    """Take what was held for good, and hand out what shows it.

    Raises:
        NotFound: there is no such redemption.
        AlreadyCaptured, AlreadyCancelled, RedemptionExpired: it is not held.
    """

    async def change(desk: Desk, book: Book, redemption: Redemption) -> None:
        refuse_to_capture(status_at(redemption.status, redemption.due_at, desk.now))
        told = _told(desk, redemption, asking)
        paid = await _captured(desk, versions, book, told, redemption)
        _close(desk, book, told, paid)

    return await _change(lend, versions, asking, CAPTURE, change)


async def use_redemption(lend: Lend, versions: Versions, asking: Asking) -> Done[None]:
    """Hand over what was redeemed, once; what is only held is captured by it.

    Raises:
        NotFound: there is no such redemption.
        AlreadyUsed, AlreadyCancelled, RedemptionExpired: it can be used no more.
        Invalid: its code is a coupon or a gift card, which are used with a sale.
    """

    async def change(desk: Desk, book: Book, redemption: Redemption) -> None:
        refuse_to_use(status_at(redemption.status, redemption.due_at, desk.now))
        _refuse_what_is_used_elsewhere(redemption)
        told = _told(desk, redemption, asking)
        if redemption.status is Status.HELD:
            redemption = await _captured(desk, versions, book, told, redemption)
            _refuse_what_is_used_elsewhere(redemption)
        _close(desk, book, told, replace(redemption, status=Status.USED, used_at=desk.now))

    return await _change(lend, versions, asking, USE, change)


async def cancel_redemption(
    lend: Lend, versions: Versions, asking: Asking, *, may_cancel_used: bool
) -> Done[None]:
    """Undo a redemption: points, stock, limit, budget and code come back together, or none does.

    Raises:
        NotFound: there is no such redemption.
        AlreadyCancelled, RedemptionExpired: it has ended.
        AlreadyCaptured: it paid a sale, with which it comes back.
        NeedsManager: it was used, and whoever asks may not undo that.
    """

    async def change(desk: Desk, book: Book, redemption: Redemption) -> None:
        refuse_to_cancel(
            status_at(redemption.status, redemption.due_at, desk.now),
            may_cancel_used=may_cancel_used,
            paid_a_sale=redemption.sale_id is not None,
        )
        await withdraw_code(
            desk.connection,
            desk.place(book),
            redemption,
            now=desk.now,
            even_used=may_cancel_used,
        )
        told = _told(desk, redemption, asking)
        record = await put_back(
            desk, versions, book, told, redemption, status=Status.CANCELLED, at=desk.now
        )
        desk.close(book, told, record)

    return await _change(lend, versions, asking, CANCEL, change)


async def _change(
    lend: Lend, versions: Versions, asking: Asking, kind: str, change: Change
) -> Done[None]:
    async def work(desk: Desk) -> None:
        book, redemption = await open_redemption(desk, asking.redemption_id)
        await change(desk, book, redemption)
        await follow_survivor(desk, book)

    fingerprint = blake2b(asking.redemption_id.bytes, digest_size=16).digest()
    request = Request(kind, fingerprint, asking.now, id=asking.request_id)
    try:
        return await at_desk(lend, versions, asking.program_id, request, work)
    except RedemptionExpired:
        # Whoever asked too late has found it out: it is booked now, not only by the calendar.
        await expire_redemption(
            lend, versions, asking.program_id, asking.redemption_id, now=asking.now
        )
        raise


async def _captured(
    desk: Desk, versions: Versions, book: Book, told: Told, redemption: Redemption
) -> Redemption:
    """The redemption once its points are taken for good, with its code."""
    posting = desk.posting(book)
    for unit, points in redemption.spent.items():
        if points:
            capture(posting, book, told, unit, points, now=desk.now)
    if redemption.reward is None:
        return replace(redemption, status=Status.CAPTURED, captured_at=desk.now)
    promised = await promised_by(desk, versions, redemption)
    reward = promised.rewards[redemption.reward]
    paid, writes = captured(desk.place(book), redemption, reward, promised, now=desk.now)
    for write in writes:
        desk.after(write)
    return paid


def _close(desk: Desk, book: Book, told: Told, redemption: Redemption) -> None:
    place = desk.place(book)
    desk.after(lambda trip: change_redemption(trip, place, redemption))
    desk.close(book, told, {"redemption": redemption_record(redemption)})


def _told(desk: Desk, redemption: Redemption, asking: Asking) -> Told:
    facts = {"redemption": str(redemption.id), "author": asking.author}
    return desk.told(facts=facts, about=redemption.activity_id, store=redemption.store)


def _refuse_what_is_used_elsewhere(redemption: Redemption) -> None:
    if redemption.code_kind in (CodeKind.COUPON, CodeKind.GIFT_CARD):
        text = N_("Its code is used with a sale, and cannot be used here.")
        raise Invalid(
            N_("Some fields are not valid."),
            problems=[FieldProblem("redemption", "unexpected", text)],
        )
