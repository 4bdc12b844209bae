"""The catalogue: what there is to redeem, and what a member can have of it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.domain.program import Program, Reward, RewardKind
from fiel.domain.redeeming import Asker, Eligibility, Left, assess, is_had_freely, limit_key
from fiel.domain.tiers import rank_of
from fiel.intake.redeeming_facts import available_in, facts_for
from fiel.ledger.books import Book
from fiel.ledger.opening import Place, read_limits
from fiel.ledger.queries import book_now
from fiel.ledger.scope import Connection
from fiel.members.queries import member as find_member
from fiel.members.references import MemberRef
from fiel.members.refusals import no_such_member
from fiel.rewards.redemptions import Redemption, accesses_held
from fiel.rewards.stock import left_of_rewards


@dataclass(frozen=True, slots=True)
class Offered:
    """A reward with what is left of it and, for a member, whether it can be had now.

    `limit_left` is how many more the member may have in this period; None where there is no limit
    or nobody asks.
    """

    reward: Reward
    left: Left
    found: Eligibility | None = None
    limit_left: int | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """Something a member has entry to: by a redemption, or because it is free for who may."""

    reward: Reward | None
    reward_id: str
    redemption: Redemption | None


@dataclass(frozen=True, slots=True)
class Accesses:
    """What a member has entry to, with the perks of the tier."""

    member_id: UUID
    tier: str | None
    perks: tuple[str, ...]
    accesses: list[Access]


async def catalogue(
    connection: Connection,
    program_id: UUID,
    program: Program,
    ref: MemberRef | None,
    *,
    now: datetime,
) -> tuple[UUID | None, list[Offered]]:
    """All rewards in the order of the document; for a member, with what stands in the way.

    Raises:
        NotFound: there is no such member.
    """
    left = await left_of_rewards(connection, program_id, program.rewards)
    rewards = list(program.rewards.values())
    if ref is None:
        return None, [Offered(reward, left[reward.id]) for reward in rewards]
    place, book = await _book(connection, program_id, program, ref, now)
    asker = await _asker(connection, place, book, program, rewards, now)
    day = now.astimezone(program.timezone).date()
    offered = []
    for reward in rewards:
        found = assess(reward, asker, left=left[reward.id], now=now, zone=program.timezone)
        key = limit_key(reward, day)
        limit_left = None
        if key is not None and reward.limit is not None:
            limit_left = max(0, reward.limit.per_member - book.limits.get(key, 0))
        offered.append(Offered(reward, left[reward.id], found, limit_left))
    return book.member_id, offered


async def accesses_of(
    connection: Connection, program_id: UUID, program: Program, member_id: UUID, *, now: datetime
) -> Accesses:
    """The perks of a member's tier, and what the member has entry to.

    Raises:
        NotFound: there is no such member.
    """
    place, book = await _book(connection, program_id, program, member_id, now)
    held = await accesses_held(connection, place, book.member_id, now)
    accesses = [
        Access(program.rewards.get(each.reward or ""), each.reward or "", each) for each in held
    ]
    named = {access.reward_id for access in accesses}
    free = [
        reward
        for reward in program.rewards.values()
        if reward.kind is RewardKind.ACCESS and is_had_freely(reward) and reward.id not in named
    ]
    if free:
        asker = await _asker(connection, place, book, program, free, now)
        accesses += [
            Access(reward, reward.id, None)
            for reward in free
            if assess(reward, asker, left=Left(), now=now, zone=program.timezone).is_eligible
        ]
    tier = book.standing.tier
    rank = rank_of(program.tiers, tier) if program.tiers else -1
    perks = program.tiers.levels[rank].perks if program.tiers and rank >= 0 else ()
    return Accesses(book.member_id, tier, perks, accesses)


async def _book(
    connection: Connection, program_id: UUID, program: Program, ref: MemberRef, now: datetime
) -> tuple[Place, Book]:
    found = await find_member(connection, program_id, ref)
    if found is None:
        raise no_such_member()
    place = Place(program_id, found.shard)
    book = await book_now(connection, place, found.id, now, program)
    assert book is not None, "a member has a standing from the first day"
    return place, book


async def _asker(
    connection: Connection,
    place: Place,
    book: Book,
    program: Program,
    rewards: Sequence[Reward],
    now: datetime,
) -> Asker:
    day = now.astimezone(program.timezone).date()
    keys = [key for reward in rewards if (key := limit_key(reward, day)) is not None]
    await read_limits(connection, place, book, keys)
    facts = await facts_for(connection, place, book, program, rewards, now)
    return Asker(facts, available_in(book), book.limits)
