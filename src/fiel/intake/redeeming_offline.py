"""What a till granted without a network: taken as far as a debt may go, else for a manager."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fiel.domain.language import N_
from fiel.domain.lots import InsufficientPoints
from fiel.domain.program import Program
from fiel.domain.redeeming import Status, limit_key, refuse_to_approve
from fiel.domain.refusal import FieldProblem, Invalid, NotFound, Refusal
from fiel.intake.contents.base import fingerprint_of
from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.desk import Desk, Done, Request, at_desk
from fiel.intake.offline import moment_of
from fiel.intake.pooling import pool_for
from fiel.intake.recording import Lend
from fiel.intake.redeeming import (
    REDEMPTION,
    Wanted,
    check_form,
    held_redemption,
    refuse_what_cannot_be_had,
    take_for,
    take_share,
    told_facts,
    wanted_of,
)
from fiel.intake.redeeming_changes import CAPTURE, Asking
from fiel.intake.redeeming_ends import open_without_overdue_holds
from fiel.intake.redeeming_opening import follow_survivor, open_redemption
from fiel.intake.redeeming_records import redemption_record
from fiel.ledger.accounts import Place
from fiel.ledger.books import Book
from fiel.ledger.ids import new_id
from fiel.ledger.moving import advance, take
from fiel.ledger.opening import read_limits
from fiel.ledger.posting import Record, Told
from fiel.programs.versions import Versions
from fiel.rewards.handing_over import captured
from fiel.rewards.redemptions import Redemption, change_redemption, keep_redemption
from fiel.staff.tills.limits import Allow


async def redeem_offline(
    lend: Lend,
    versions: Versions,
    asking: Asking,
    body: RedemptionBody,
    *,
    allow: Allow | None = None,
) -> Done[None]:
    """Keep what a till handed over without a network, whatever the member has.

    Points that were missing are owed, as far as the program lets tills go; what goes further, or
    what the member could not have, is queued for a manager and takes nothing yet; so is what
    `allow` says no to. Sent again, what is queued is tried again.

    Raises:
        NotFound: there is no such member, or no such reward.
        Invalid: it is no reward, or asks for points to be held.
    """
    body = _as_handed_over(body)
    same = body.model_copy(update={"offline": None})
    request = Request(
        REDEMPTION, fingerprint_of(same), asking.now, body.source, body.external_id,
        asking.request_id,
    )  # fmt: skip

    async def work(desk: Desk) -> None:
        await _redeem(desk, versions, body, asking.author, allow)

    members = [body.member]
    done = await at_desk(lend, versions, asking.program_id, request, work, members=members)
    if done.repeated and done.recorded.decision["redemption"]["status"] == Status.QUEUED:
        return await _tried_again(lend, versions, asking, done, allow)
    return done


async def approve_redemption(
    lend: Lend,
    versions: Versions,
    asking: Asking,
    *,
    within_limit: bool = False,
    allow: Allow | None = None,
) -> Done[None]:
    """Take what a queued redemption costs; what the member lacks is owed.

    `within_limit` lets no more be owed than a till may, `allow` no more be given than a cashier.

    Raises:
        NotFound: there is no such redemption, or its reward is no more.
        AlreadyCaptured, AlreadyCancelled: it does not wait for a manager.
        OutOfStock, InsufficientPoints: it cannot be had at all, or not within the limit.
    """

    async def work(desk: Desk) -> None:
        book, redemption = await open_redemption(desk, asking.redemption_id)
        refuse_to_approve(redemption.status)
        if allow is not None:
            await allow(desk.connection, redemption.spent)
        await _approve(desk, book, redemption, asking.author, within_limit=within_limit)
        await follow_survivor(desk, book)

    fingerprint = asking.redemption_id.bytes
    request = Request(CAPTURE, fingerprint, asking.now, id=asking.request_id)
    return await at_desk(lend, versions, asking.program_id, request, work)


async def _tried_again(
    lend: Lend, versions: Versions, asking: Asking, earlier: Done[None], allow: Allow | None
) -> Done[None]:
    """What a repeat comes to: points may have arrived since it was queued."""
    again = replace(asking, redemption_id=earlier.recorded.id, request_id=new_id())
    try:
        done = await approve_redemption(lend, versions, again, within_limit=True, allow=allow)
    except Refusal:
        return earlier
    return Done(done.recorded, repeated=True, published=done.published, result=None)


async def _redeem(
    desk: Desk, versions: Versions, body: RedemptionBody, author: str, allow: Allow | None
) -> None:
    program = desk.published.program
    moment = moment_of(body.occurred_at, body.offline, program, desk.now)
    wanted = wanted_of(body, program, moment.occurred_at)
    limits = [wanted.limit] if wanted.limit else ()
    book = await open_without_overdue_holds(desk, versions, body.member, limits=limits)
    for unit, points in wanted.price.items():
        await pool_for(desk, book, unit, points)
    told = desk.told(
        facts=told_facts(body, author), occurred_at=moment.occurred_at, store=body.store
    )
    mark: Record = {"offline": dict(moment.mark or {})}
    lacking = _lacking(book, wanted.price)
    try:
        _refuse_beyond(book, lacking, program)
        assert wanted.reward is not None, "what is handed over is a reward"
        if allow is not None:
            await allow(desk.connection, wanted.price)
        await refuse_what_cannot_be_had(desk, book, wanted.reward, wanted.quantity, lent=lacking)
        share = await take_share(desk, book, wanted.reward, wanted.quantity)
    except Refusal as refusal:
        _queue(desk, book, body, wanted, told, mark | {"queued": refusal.code})
        return
    mark |= _lend(desk, book, told, lacking)
    take_for(desk, book, body, wanted, share, author, told=told, extra=mark)


def _queue(
    desk: Desk, book: Book, body: RedemptionBody, wanted: Wanted, told: Told, mark: Record
) -> None:
    """Keep a redemption that waits for a manager; nothing is taken."""
    place = desk.place(book)
    redemption = replace(
        held_redemption(desk, book, told, body, wanted, {}),
        status=Status.QUEUED, hold_until=None, limit_start=None,
    )  # fmt: skip
    desk.after(lambda trip: keep_redemption(trip, place, redemption))
    record: Record = {"redemption": redemption_record(redemption)} | mark
    desk.close(book, told, record, event="redemption.queued")


async def _approve(
    desk: Desk, book: Book, redemption: Redemption, author: str, *, within_limit: bool
) -> None:
    program, place, now = desk.published.program, desk.place(book), desk.now
    reward = program.rewards.get(redemption.reward or "")
    if reward is None:
        raise NotFound(N_("There is no such reward in this program."))
    told = desk.told(
        facts={"redemption": str(redemption.id), "author": author},
        about=redemption.activity_id,
        store=redemption.store,
    )
    for unit, points in redemption.spent.items():
        await pool_for(desk, book, unit, points)
    lacking = _lacking(book, redemption.spent)
    if within_limit:
        _refuse_beyond(book, lacking, program)
        await refuse_what_cannot_be_had(desk, book, reward, redemption.quantity, lent=lacking)
    share = await take_share(desk, book, reward, redemption.quantity)
    lent = _lend(desk, book, told, lacking)
    transfers = {
        unit: take(
            desk.posting(book), book, told, unit, points, to=Place.REDEEMED, now=now
        ).transfer_id
        for unit, points in redemption.spent.items()
        if points
    }
    limit = limit_key(reward, now.astimezone(program.timezone).date())
    counted: Record = {}
    if limit is not None:
        await read_limits(desk.connection, place, book, [limit])
        desk.posting(book).use_limit(book, limit, redemption.quantity)
        counted["l"] = [[limit[0], limit[1].isoformat(), redemption.quantity]]
    approved = replace(
        redemption,
        limit_start=limit and limit[1], transfers=transfers, is_stocked=share is not None,
        cost=0 if share is None else share.cost, captured_at=now, version=desk.published.number,
    )  # fmt: skip
    approved, writes = captured(place, approved, reward, program, now=now)
    for write in writes:
        desk.after(write)
    desk.after(lambda trip: change_redemption(trip, place, approved))
    record: Record = {"redemption": redemption_record(approved)}
    desk.close(book, told, record | lent | counted, touches=True)


def _lacking(book: Book, price: Mapping[str, int]) -> dict[str, int]:
    """What a member lacks of a price, by unit."""
    return {
        unit: points - book.account(unit).available
        for unit, points in price.items()
        if points > book.account(unit).available
    }


def _refuse_beyond(book: Book, lacking: Mapping[str, int], program: Program) -> None:
    """Let nobody owe more than what tills may grant.

    Raises:
        InsufficientPoints: the debt would go further.
    """
    for unit, points in lacking.items():
        account = book.account(unit)
        if account.debt + points > program.offline.overdraw.get(unit, 0):
            raise InsufficientPoints(
                available=account.available, requested=account.available + points
            )


def _lend(desk: Desk, book: Book, told: Told, lacking: Mapping[str, int]) -> Record:
    """Write down as owed what the member lacks; the points are there to be taken then."""
    units = desk.published.program.units
    for unit, points in lacking.items():
        advance(desk.posting(book), book, told, units[unit], points, now=desk.now)
    return {"overspent": dict(lacking)} if lacking else {}


def _as_handed_over(body: RedemptionBody) -> RedemptionBody:
    """What was handed over is captured, and is a thing.

    Raises:
        Invalid: points are to be held for a payment.
    """
    if body.points_payment is not None:
        text = N_("Points cannot be held for a payment without a network.")
        raise Invalid(
            N_("Some fields are not valid."),
            problems=[FieldProblem("points_payment", "unexpected", text)],
        )
    check_form(body)
    return body.model_copy(update={"capture": True, "hold_minutes": None})
