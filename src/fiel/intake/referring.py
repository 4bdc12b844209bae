"""Referrals: both sides are rewarded once the friend really bought, and not if it came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from fiel.domain.deciding.reasons import REFERRAL_AWARD, Kind
from fiel.domain.decision import Award, Decision, Skipped
from fiel.domain.holdout import HELD_OUT, WHOLE_PROGRAM, is_held_out_of_all
from fiel.domain.lots import term_of
from fiel.domain.program import Program
from fiel.domain.program import Referral as Promise
from fiel.domain.time import end_of_day, period_start
from fiel.intake.desk import Desk, Request, at_desk
from fiel.intake.recording import Lend
from fiel.ledger.books import Book
from fiel.ledger.earned import first_purchase, kept_of_purchase
from fiel.ledger.ids import new_id
from fiel.ledger.opening import Place
from fiel.ledger.posting import Told
from fiel.ledger.scope import Connection, program_transaction
from fiel.members.merge import leads_to, merged_into
from fiel.members.queries import Whereabouts
from fiel.members.referrals import (
    Referral,
    change_referral,
    referral_of,
    times_rewarded,
    waiting_referrals,
)
from fiel.programs.versions import Versions

REFERRAL = "referral"
_AT_ONCE = 500
_FIRST = UUID(int=0)
_A_MOMENT = timedelta(microseconds=1)  # what was bought with no wait counts at once
_EVER = datetime(1, 1, 2, tzinfo=UTC)


class _NothingToDo(Exception):
    """Somebody else was here first."""


async def due_referrals(lend: Lend, versions: Versions, program_id: UUID, *, now: datetime) -> int:
    """Look at every referral that waits: start its wait, reward it, or let it come to nothing.

    It may run late, or twice: what was done is not done again. The answer is how many changed.
    """
    async with lend() as connection, program_transaction(connection, program_id):
        published = await versions.in_force(connection, program_id)
    promise = published.program.referral
    if promise is None:
        return 0
    changed = 0
    for shard in range(published.shards):
        after = _FIRST
        while True:
            async with lend() as connection, program_transaction(connection, program_id):
                waiting = await waiting_referrals(
                    connection, program_id, shard,
                    after=after, least=promise.min_spend, now=now, limit=_AT_ONCE,
                )  # fmt: skip
            for referral in waiting:
                changed += await _look_at(lend, versions, program_id, referral, now)
            if len(waiting) < _AT_ONCE:
                break
            after = waiting[-1].friend.member_id
    return changed


async def _look_at(
    lend: Lend, versions: Versions, program_id: UUID, seen: Referral, now: datetime
) -> bool:
    """Do what is due about one referral."""
    async with lend() as connection, program_transaction(connection, program_id):
        published = await versions.in_force(connection, program_id)
        promise = published.program.referral
        referral = await referral_of(connection, program_id, seen.friend, lock=True)
        if promise is None or referral is None or referral.status != "waiting":
            return False
        started = await _started(connection, program_id, referral, promise, published.program, now)
        if started != referral:
            await change_referral(connection, program_id, started)
    if started.status != "waiting" or started.due_at is None or started.due_at > now:
        return started != referral

    async def work(desk: Desk) -> None:
        await _reward(desk, seen.friend)

    try:
        await at_desk(lend, versions, program_id, Request(REFERRAL, b"", now, id=new_id()), work)
    except _NothingToDo:
        return started != referral
    return True


async def _started(
    connection: Connection,
    program_id: UUID,
    referral: Referral,
    promise: Promise,
    program: Program,
    now: datetime,
) -> Referral:
    """A referral with the purchase that its wait begins with, where there is one by now.

    A side that is gone, or two that turned out to be one person, make it void.
    """
    friend = await leads_to(connection, program_id, referral.friend)
    referrer = await leads_to(connection, program_id, referral.referrer)
    if friend is None or referrer is None:
        return replace(referral, status="void", reason="erased", ended_at=now)
    if friend == referrer:
        return replace(referral, status="void", reason="same_person", ended_at=now)
    if referral.due_at is not None:
        return referral
    for place in dict.fromkeys((referral.friend, friend)):
        found = await first_purchase(
            connection, Place(program_id, place.shard), place.member_id,
            least=promise.min_spend,
            since=_EVER if place == referral.friend else referral.made_at,
        )  # fmt: skip
        if found is not None:
            sale_id, at = found
            return replace(referral, sale_id=sale_id, due_at=wait_over(promise, at, program))
    return referral


def wait_over(promise: Promise, at: datetime, program: Program) -> datetime:
    """When the wait that a purchase began is over: with the end of a day, where there is one."""
    if not promise.after.count:
        return at
    day = promise.after.after(at.astimezone(program.timezone).date())
    return end_of_day(day, program.timezone).astimezone(UTC)


async def _reward(desk: Desk, friend_place: Whereabouts) -> None:
    """Reward both sides, or find that the purchase came back; under the locks of both."""
    program_id, program = desk.published.program_id, desk.published.program
    promise = program.referral
    seen = await referral_of(desk.connection, program_id, friend_place)
    if promise is None or seen is None:
        raise _NothingToDo
    friend, referrer = await desk.open(seen.friend.member_id, seen.referrer.member_id)
    referral = await referral_of(desk.connection, program_id, friend_place, lock=True)
    if (
        referral is None
        or referral.status != "waiting"
        or referral.due_at is None
        or friend is referrer
    ):
        raise _NothingToDo
    told = desk.told(facts=referral_facts(referral), about=referral.sale_id)
    at_due, by_now = await _kept(desk, referral, friend)
    if at_due < max(promise.min_spend, 1) or by_now <= 0:
        await void_referral(desk, referral, "returned")
        posting = desk.posting(friend)
        desk.keep(posting.keep(friend, told, {"void": "returned"}, now=desk.now))
        return
    start = _limit_start(promise, desk.now, program)
    is_limited = await _is_limited(desk, referrer, promise, start)
    _give(desk, friend, told, promise.friend)
    told_other = desk.told_besides(REFERRAL, facts=referral_facts(referral), about=told.id)
    if not is_limited:
        _give(desk, referrer, told_other, promise.referrer)
    rewarded = replace(
        referral,
        status="rewarded",
        reason="limit_reached" if is_limited else "",
        rewarded_at=desk.now,
        limit_start=start,
        friend_activity=told.id,
        referrer_activity=None if is_limited else told_other.id,
    )
    await change_referral(desk.connection, program_id, rewarded)


async def _kept(desk: Desk, referral: Referral, friend: Book) -> tuple[int, int]:
    """What is left of the purchase: when the wait was over, and now."""
    assert referral.sale_id is not None, "a wait began with a purchase"
    assert referral.due_at is not None, "and it has an end"
    program_id = desk.published.program_id
    at_due = by_now = 0
    for place in dict.fromkeys((referral.friend, desk.whereabouts(friend))):
        then, now = await kept_of_purchase(
            desk.connection, Place(program_id, place.shard), place.member_id, referral.sale_id,
            until=referral.due_at + _A_MOMENT,
        )  # fmt: skip
        at_due, by_now = at_due + then, by_now + now
    return at_due, by_now


async def _is_limited(desk: Desk, referrer: Book, promise: Promise, start: date | None) -> bool:
    """Whether the referrer was rewarded as often as the program allows in a period."""
    if promise.limit is None or start is None:
        return False
    program_id = desk.published.program_id
    merged = await merged_into(desk.connection, program_id, referrer.member_id)
    everybody = [referrer.member_id, *(place.member_id for place in merged)]
    used = await times_rewarded(desk.connection, program_id, everybody, start)
    return used >= promise.limit.per_member


def _limit_start(promise: Promise, now: datetime, program: Program) -> date | None:
    if promise.limit is None:
        return None
    return period_start(promise.limit.every, now.astimezone(program.timezone).date())


def _give(desk: Desk, book: Book, told: Told, amounts: Mapping[str, int]) -> None:
    published = desk.published
    if is_held_out_of_all(published.rulebook.holdouts.of_member(book.member_id)):
        decision = Decision(
            skipped=(Skipped(WHOLE_PROGRAM, HELD_OUT),), pinned={HELD_OUT: [WHOLE_PROGRAM]}
        )
    else:
        decision = _reward_decision(published.program, amounts, desk.now)
    desk.keep(desk.posting(book).post(book, told, decision, now=desk.now))


def _reward_decision(program: Program, amounts: Mapping[str, int], now: datetime) -> Decision:
    return Decision(
        awards=tuple(
            Award(REFERRAL_AWARD, unit, points, {"kind": Kind.FIXED})
            for unit, points in amounts.items()
        ),
        terms={unit: term_of(program.units[unit], now, program.timezone) for unit in amounts},
    )


async def void_referral(desk: Desk, referral: Referral, reason: str) -> None:
    """Let a referral come to nothing."""
    changed = replace(referral, status="void", reason=reason, ended_at=desk.now)
    await change_referral(desk.connection, desk.published.program_id, changed)


def referral_facts(referral: Referral) -> dict[str, object]:
    """What an activity about a referral tells: by ids, so that nobody's name is in it."""
    return {
        "friend": str(referral.friend.member_id),
        "referrer": str(referral.referrer.member_id),
        "sale": referral.sale_id and str(referral.sale_id),
    }
