"""Redeem: a member's points for a reward, or points held until they pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.member import LimitKey
from fiel.domain.program import Program, Reward
from fiel.domain.redeeming import (
    HOLD,
    Asker,
    Left,
    OutOfStock,
    Status,
    assess,
    cost_of,
    limit_key,
    price_of,
    refuse_unless_eligible,
)
from fiel.domain.refusal import FieldProblem, Invalid, NotFound
from fiel.intake.contents.base import fingerprint_of
from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.desk import Desk, Done, Request, at_desk
from fiel.intake.paying import allowed_payment
from fiel.intake.pooling import pool_for
from fiel.intake.recording import Lend
from fiel.intake.redeeming_ends import open_without_overdue_holds
from fiel.intake.redeeming_facts import available_in, facts_for
from fiel.intake.redeeming_records import redemption_record
from fiel.intake.redeeming_words import Reasons
from fiel.ledger.accounts import Place
from fiel.ledger.books import Book
from fiel.ledger.moving import take
from fiel.ledger.posting import Record, Told
from fiel.programs.versions import Versions
from fiel.rewards.handing_over import captured
from fiel.rewards.redemptions import Redemption, keep_redemption
from fiel.rewards.stock import Share, is_shared, left_of_rewards, take_stock
from fiel.staff.tills.limits import Allow

REDEMPTION = "redemption"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, as the program in force knows it; `reward` None is a payment."""

    reward: Reward | None
    quantity: int
    price: Mapping[str, int]
    limit: LimitKey | None


async def redeem(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    body: RedemptionBody,
    *,
    request_id: UUID,
    author: str,
    now: datetime,
    allow: Allow | None = None,
) -> Done[None]:
    """Take a member's points for a reward or for a payment: held, or for good when captured.

    What was held too long is given back first. The last of a stock goes to one member. `allow`
    says no to more than whoever hands it over may.

    Raises:
        NotFound: there is no such member, or no such reward.
        NotEligible, LimitReached, OutOfStock, BudgetExhausted, InsufficientPoints: the member
            cannot have it now; nothing was changed.
        Invalid: it is neither a reward nor a payment that the program allows.
    """
    check_form(body)

    async def work(desk: Desk) -> None:
        wanted = wanted_of(body, desk.published.program, now)
        limits = [wanted.limit] if wanted.limit else ()
        book = await open_without_overdue_holds(desk, versions, body.member, limits=limits)
        for unit, points in wanted.price.items():
            await pool_for(desk, book, unit, points)
        share = None
        if allow is not None:
            await allow(desk.connection, wanted.price)
        if wanted.reward is not None:
            await refuse_what_cannot_be_had(desk, book, wanted.reward, wanted.quantity)
            share = await take_share(desk, book, wanted.reward, wanted.quantity)
        take_for(desk, book, body, wanted, share, author)

    request = Request(
        REDEMPTION, fingerprint_of(body), now, body.source, body.external_id, request_id
    )
    return await at_desk(lend, versions, program_id, request, work, members=[body.member])


def take_for(
    desk: Desk,
    book: Book,
    body: RedemptionBody,
    wanted: Wanted,
    share: Share | None,
    author: str,
    *,
    told: Told | None = None,
    extra: Record | None = None,
) -> None:
    """Take the points, keep the redemption and count it; `extra` is kept with its record."""
    posting, place, now = desk.posting(book), desk.place(book), desk.now
    told = told or desk.told(facts=told_facts(body, author), store=body.store)
    to = Place.REDEEMED if body.capture else Place.HELD
    transfers = {
        unit: take(posting, book, told, unit, points, to=to, now=now).transfer_id
        for unit, points in wanted.price.items()
        if points
    }
    redemption = held_redemption(desk, book, told, body, wanted, transfers)
    redemption = replace(
        redemption,
        is_stocked=share is not None,
        cost=0 if share is None else share.cost,
        author=author,
    )
    if body.capture:
        redemption = replace(redemption, hold_until=None, status=Status.CAPTURED, captured_at=now)
        if wanted.reward is not None:
            program = desk.published.program
            redemption, writes = captured(place, redemption, wanted.reward, program, now=now)
            for write in writes:
                desk.after(write)
    desk.after(lambda trip: keep_redemption(trip, place, redemption))
    record: Record = {"redemption": redemption_record(redemption)} | (extra or {})
    if wanted.limit is not None:
        posting.use_limit(book, wanted.limit, wanted.quantity)
        rule, start = wanted.limit
        record["l"] = [[rule, start.isoformat(), wanted.quantity]]
    desk.close(book, told, record, touches=True)


def held_redemption(
    desk: Desk,
    book: Book,
    told: Told,
    body: RedemptionBody,
    wanted: Wanted,
    transfers: Mapping[str, UUID],
) -> Redemption:
    """A redemption that is held, with the transfers that took its points."""
    hold = HOLD if body.hold_minutes is None else timedelta(minutes=body.hold_minutes)
    return Redemption(
        shard=desk.place(book).shard,
        member_id=book.member_id,
        id=told.id,
        activity_id=told.id,
        source=body.source,
        external_id=body.external_id,
        reward=body.reward,
        kind=None if wanted.reward is None else str(wanted.reward.kind),
        quantity=wanted.quantity,
        status=Status.HELD,
        spent=wanted.price,
        transfers=transfers,
        code=None,
        code_kind=None,
        made_at=desk.now,
        hold_until=desk.now + hold,
        limit_start=wanted.limit and wanted.limit[1],
        version=desk.published.number,
        store=body.store,
    )


async def refuse_what_cannot_be_had(
    desk: Desk,
    book: Book,
    reward: Reward,
    quantity: int,
    *,
    lent: Mapping[str, int] | None = None,
) -> None:
    """Refuse what the member cannot have, for all to see; stock is looked at without a lock.

    `lent` are points that the member may have besides.
    """
    program, program_id = desk.published.program, desk.published.program_id
    left = Left()
    if is_shared(reward):
        found = await left_of_rewards(desk.connection, program_id, {reward.id: reward})
        left = found[reward.id]
    facts = await facts_for(desk.connection, desk.place(book), book, program, [reward], desk.now)
    available = available_in(book)
    for unit, points in (lent or {}).items():
        available[unit] = available.get(unit, 0) + points
    asker = Asker(facts, available, book.limits)
    found_out = assess(
        reward, asker, quantity=quantity, left=left, now=desk.now, zone=program.timezone
    )
    refuse_unless_eligible(
        reward,
        found_out,
        quantity=quantity,
        available=asker.available,
        reasons=Reasons(program, reward, found_out),
    )


async def take_share(desk: Desk, book: Book, reward: Reward, quantity: int) -> Share | None:
    """Take so many from what all members share, the last thing before all is written.

    Raises:
        OutOfStock, BudgetExhausted: somebody was faster.
    """
    if not is_shared(reward):
        return None
    share = Share(reward.id, quantity, cost_of(reward, quantity))
    if not await take_stock(desk.connection, desk.published.program_id, reward, share):
        await refuse_what_cannot_be_had(desk, book, reward, quantity)
        # What was missing a moment ago has come back since; whoever asks again may have it.
        raise OutOfStock(
            N_("There are not so many of “{reward}” left."),
            facts={"reward": reward.id},
            reward=reward.id,
        )
    return share


def wanted_of(body: RedemptionBody, program: Program, now: datetime) -> Wanted:
    """What is asked for, as a program knows it.

    Raises:
        NotFound: there is no such reward.
        Invalid: the program does not allow such a payment, or not so many at once.
    """
    if body.points_payment is not None:
        unit = allowed_payment(body.points_payment, program).unit
        assert body.points_payment.points is not None, "allowed"
        return Wanted(None, 1, {unit: body.points_payment.points}, None)
    reward = program.rewards.get(body.reward or "")
    if reward is None:
        raise NotFound(
            N_("There is no such reward in this program."),
            problems=[FieldProblem("reward", "not_found", N_("There is no such reward."))],
        )
    if reward.percent is not None and body.quantity > 1:
        text = N_("A percentage is redeemed one at a time.")
        raise Invalid(
            N_("Some fields are not valid."),
            problems=[FieldProblem("quantity", "too_large", text)],
        )
    day = now.astimezone(program.timezone).date()
    price = price_of(reward, body.quantity)
    return Wanted(reward, body.quantity, price, limit_key(reward, day))


def check_form(body: RedemptionBody) -> None:
    """Refuse what no program can understand.

    Raises:
        Invalid: always one of several, or what does not go together.
    """
    problems = []
    if (body.reward is None) == (body.points_payment is None):
        text = N_("Say either which reward, or which points are to pay.")
        problems.append(FieldProblem("reward", "one_of", text))
    if body.points_payment is not None and body.quantity != 1:
        text = N_("Points that pay have no quantity.")
        problems.append(FieldProblem("quantity", "unexpected", text))
    if body.points_payment is not None and body.points_payment.redemption is not None:
        text = N_("Points that are held already pay a sale.")
        problems.append(FieldProblem("points_payment.redemption", "unexpected", text))
    if body.capture and body.hold_minutes is not None:
        text = N_("What is captured at once is not held.")
        problems.append(FieldProblem("hold_minutes", "unexpected", text))
    if problems:
        raise Invalid(N_("Some fields are not valid."), problems=problems)


def told_facts(body: RedemptionBody, author: str) -> dict[str, object]:
    """What was told, for the ledger to keep."""
    told = body.model_dump(
        exclude={"external_id", "source", "member", "occurred_at", "offline"},
        exclude_none=True,
        exclude_defaults=True,
    )
    return told | {"author": author}
