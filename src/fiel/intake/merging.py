"""Merge: two members turn out to be one person, and everything of one goes on with the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.domain.tiers import qualifying_total, rank_of, tier_for
from fiel.domain.time import utc_text
from fiel.intake.carrying_milestones import carry_milestones
from fiel.intake.desk import Desk, Request, at_desk, foreseen_at_desk
from fiel.intake.groups import unknown_member
from fiel.intake.recording import Lend
from fiel.intake.referring_back import part_ways
from fiel.intake.resolving import MovedAway, whereabouts
from fiel.ledger.accounts import Balance
from fiel.ledger.books import Book
from fiel.ledger.carrying import (
    CountedOnce,
    all_counted,
    count_anew,
    limits_record,
    read_all_limits,
)
from fiel.ledger.handing import Side, hand_debts, hand_lots, open_lots, points_by_unit
from fiel.ledger.posting import Record
from fiel.ledger.tiers import hold
from fiel.members.households import follow_into_household
from fiel.members.merge import Kept, kept_member, lead_to_survivor
from fiel.members.queries import Whereabouts
from fiel.members.references import MemberRef
from fiel.members.refusals import AlreadyMerged, no_such_member
from fiel.programs.versions import Versions

MERGE, CARRIED = "merge", "carried"
# What a standing says of the tier, beside the tier.
OF_TIER = ("tier_since", "tier_until", "review_at", "review_from")


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that was made, now or, when `repeated`, before."""

    merged: UUID
    into: UUID
    repeated: bool
    moved: dict[str, int]
    debt: dict[str, int]


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a member stands: what there is of each unit, and what counts."""

    member_id: UUID
    balances: Mapping[str, Balance]
    tier: str | None
    spend: int
    visits: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a merge would come to: where both stand now, and where the survivor would."""

    gone: Stands
    stays: Stands
    after: Stands
    merged: Merged


class _MergedBefore(Exception):
    """The same merge was made before; nothing is to be done."""

    def __init__(self, survivor: UUID) -> None:
        super().__init__()
        self.survivor = survivor


async def merge_members(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    member_id: UUID,
    into: MemberRef,
    *,
    request_id: UUID,
    now: datetime,
) -> Merged:
    """Merge a member into another: lots with their dates, debts, counts, limits and names.

    The survivor is the one that `into` leads to. What is held stays with the merged member until
    it is captured or released, and then follows (`forward`).

    Raises:
        NotFound: one of them is not there.
        Invalid: both are the same member.
        AlreadyMerged: the member was merged into somebody else before.
    """

    async def work(desk: Desk) -> Merged:
        return await _merge(desk, *await _both(desk, member_id, into))

    request = Request(MERGE, _fingerprint(member_id, into), now, id=request_id)
    try:
        done = await at_desk(lend, versions, program_id, request, work)
    except _MergedBefore as before:
        return Merged(member_id, before.survivor, repeated=True, moved={}, debt={})
    if done.result is not None:
        return done.result
    told = done.recorded.decision["merged"]
    return Merged(member_id, UUID(told["into"]), True, told["moved"], told["debt"])


async def foresee_merge(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    member_id: UUID,
    into: MemberRef,
    *,
    now: datetime,
) -> Foreseen:
    """What merging a member into another would come to now; nothing of it is kept.

    Raises:
        NotFound: one of them is not there.
        Invalid: both are the same member.
        AlreadyMerged: the member was merged before.
    """

    async def work(desk: Desk) -> Foreseen:
        merged, survivor, gone, stays = await _both(desk, member_id, into)
        before = _stands(gone), _stands(stays)
        made = await _merge(desk, merged, survivor, gone, stays)
        return Foreseen(*before, _stands(stays), made)

    request = Request(MERGE, _fingerprint(member_id, into), now)
    try:
        return await foreseen_at_desk(lend, versions, program_id, request, work)
    except _MergedBefore as before:
        raise _merged_before(before.survivor) from None


def _fingerprint(member_id: UUID, into: MemberRef) -> bytes:
    return blake2b(f"{member_id}|{into!r}".encode(), digest_size=16).digest()


def _stands(book: Book) -> Stands:
    standing = book.standing
    balances = {unit: account.balance() for unit, account in book.accounts.items()}
    return Stands(book.member_id, balances, standing.tier, standing.spend, standing.visits)


async def _both(
    desk: Desk, member_id: UUID, into: MemberRef
) -> tuple[Kept, Whereabouts, Book, Book]:
    """Find and open who is merged and who survives."""
    merged = await _to_merge(desk, member_id)
    survivor = await _survivor(desk, into, merged)
    gone, stays = await desk.open(merged.member.id, survivor.member_id)
    if (gone.member_id, stays.member_id) != (merged.member.id, survivor.member_id):
        raise MovedAway  # one of them was merged between the look and the lock
    return merged, survivor, gone, stays


async def _to_merge(desk: Desk, member_id: UUID) -> Kept:
    kept = await kept_member(desk.connection, desk.published.program_id, member_id)
    if kept is None or kept.member.status not in ("active", "merged"):
        raise no_such_member()
    return kept


async def _survivor(desk: Desk, into: MemberRef, merged: Kept) -> Whereabouts:
    published = desk.published
    found = await whereabouts(desk.connection, published.program_id, published.program, [into])
    if into not in found:
        raise unknown_member("into")
    survivor = found[into]
    if merged.survivor is not None:
        if merged.survivor == survivor:
            raise _MergedBefore(survivor.member_id)
        raise _merged_before(merged.survivor.member_id)
    if survivor == merged.place:
        if into == merged.member.id:
            text = N_("A member cannot be merged into itself.")
            problem = FieldProblem("into", "same_member", text)
            raise Invalid(N_("Some fields are not valid."), problems=[problem])
        raise AlreadyMerged(
            N_("Both are the same member already."), facts={"survivor": str(survivor.member_id)}
        )
    return survivor


def _merged_before(survivor: UUID) -> AlreadyMerged:
    return AlreadyMerged(
        N_("The member was merged into another one before; undo that first."),
        facts={"survivor": str(survivor)},
    )


async def _merge(
    desk: Desk, merged: Kept, survivor: Whereabouts, gone: Book, stays: Book
) -> Merged:
    program_id = desk.published.program_id
    await part_ways(desk, gone, stays)
    told = desk.told(facts={"into": str(survivor.member_id)})
    told_other = desk.told_besides(MERGE, facts={"merged": str(gone.member_id)}, about=told.id)
    giver = Side(desk.posting(gone), gone, told)
    taker = Side(desk.posting(stays), stays, told_other)
    handed = hand_lots(giver, taker, open_lots(gone), now=desk.now)
    debts = hand_debts(giver, taker, now=desk.now)
    _live_as_long(gone, stays)
    moved = points_by_unit(handed)

    record: Record = {"moved": moved, "debt": debts, "tier_before": _tier_of(stays)}
    limits = await _add_limits(desk, gone, stays)
    counted = await carry_counts(desk, gone, stays, about=told_other.id)
    carried = await carry_milestones(desk, gone, stays, told_other)
    change = _lift(desk, gone, stays, counted)
    gone.standing.status, gone.standing.segments = "merged", ()
    _remember_activity(gone, stays)
    into = {"into": str(survivor.member_id), "activity": str(told_other.id)}
    desk.close(gone, told, {"merged": {**into, "moved": moved, "debt": debts}})
    other: Record = {"merged": {"member": str(gone.member_id), **record}, **change}
    if limits:
        other["l"] = limits
    if carried:
        other["m"] = carried
    desk.close(stays, told_other, other)
    if "r" in change:
        desk.posting(stays).announce(stays, "tier.changed", told_other, desk.now)

    await lead_to_survivor(desk.connection, program_id, merged.place, survivor)
    await follow_into_household(desk.connection, program_id, merged.place, survivor, now=desk.now)
    return Merged(gone.member_id, survivor.member_id, False, moved, debts)


async def carry_counts(desk: Desk, gone: Book, stays: Book, *, about: UUID) -> list[CountedOnce]:
    """Let everything that counted for one member count for another, each at its own time.

    The answer is all that counts for the other from now on.
    """
    own = await all_counted(desk.connection, desk.place(stays), stays.member_id)
    for one in await all_counted(desk.connection, desk.place(gone), gone.member_id):
        own.append(_carry(desk, stays, one, about))
    return own


def _carry(desk: Desk, stays: Book, one: CountedOnce, about: UUID) -> CountedOnce:
    counted = one.counted
    told = desk.told_besides(
        CARRIED, facts={"of": str(one.activity_id)}, occurred_at=counted.at, about=about
    )
    stays.standing.spend += counted.spend
    stays.standing.visits += counted.visits
    record: Record = {"c": [counted.spend, counted.points, counted.visits]}
    desk.posting(stays).keep(stays, told, record, now=desk.now)
    return CountedOnce(told.id, counted)


async def _add_limits(desk: Desk, gone: Book, stays: Book) -> list[list[object]]:
    for book in (gone, stays):
        await read_all_limits(desk.connection, desk.place(book), book)
    used = [(key, times) for key, times in gone.limits.items() if times]
    for key, times in used:
        desk.posting(stays).use_limit(stays, key, times)
    return limits_record(used)


def _lift(desk: Desk, gone: Book, stays: Book, counted: list[CountedOnce]) -> Record:
    """Give the survivor the highest of both tiers and of what both together reach."""
    program = desk.published.program
    total = count_anew(stays, program, counted, now=desk.now)
    if program.tiers is None:
        return {}
    before, reached = stays.standing.tier, qualifying_total(program.tiers, total)
    merits = tier_for(program.tiers, reached).id
    held = gone.standing.tier
    best = max((before, held, merits), key=lambda tier: rank_of(program.tiers, tier))  # type: ignore[arg-type]
    if rank_of(program.tiers, best) <= rank_of(program.tiers, before):
        return {}
    hold(stays.standing, program, best, since=desk.now)
    if best == held and gone.standing.tier_until is not None:
        copy_tier(gone, stays)
    return {"r": [before, best], "tier": {"why": "merge", "total": reached}}


def copy_tier(of: Book, to: Book) -> None:
    """Let a member hold another's tier as the other held it."""
    for name in ("tier", *OF_TIER):
        setattr(to.standing, name, getattr(of.standing, name))


def _tier_of(book: Book) -> list[str | None]:
    standing = book.standing
    told: list[str | None] = [standing.tier]
    for name in OF_TIER:
        moment: datetime | None = getattr(standing, name)
        told.append(None if moment is None else utc_text(moment))
    return told


def _live_as_long(gone: Book, stays: Book) -> None:
    """Let points that end when nothing happens live as long as the longer of both had."""
    for unit, account in gone.accounts.items():
        if account.inactive_at is not None:
            other = stays.account(unit)
            if other.inactive_at is None or other.inactive_at < account.inactive_at:
                other.inactive_at = account.inactive_at
            account.inactive_at = None


def _remember_activity(gone: Book, stays: Book) -> None:
    first, last = gone.standing.first_activity_at, gone.standing.last_activity_at
    standing = stays.standing
    if first is not None:
        standing.first_activity_at = min(first, standing.first_activity_at or first)
    if last is not None:
        standing.last_activity_at = max(last, standing.last_activity_at or last)
