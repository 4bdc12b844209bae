"""Unmerge: a merge is undone, and what is left of what it moved goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.tiers import qualifying_total, rank_of, tier_for
from fiel.intake.carrying_milestones import part_milestones
from fiel.intake.desk import Desk, Request, at_desk
from fiel.intake.merging import CARRIED, MERGE, OF_TIER
from fiel.intake.recording import Lend
from fiel.ledger.books import Book, Counted
from fiel.ledger.carrying import (
    CountedOnce,
    activities_about,
    all_counted,
    count_anew,
    latest_of_kind,
    read_all_limits,
)
from fiel.ledger.handing import Side, hand_debts, hand_lots, points_by_unit
from fiel.ledger.posting import Record, Recorded
from fiel.ledger.recorded import activities
from fiel.members.merge import Kept, kept_member, lead_back
from fiel.members.refusals import NotMerged, no_such_member
from fiel.programs.versions import Versions

UNMERGE = "unmerge"


@dataclass(frozen=True, slots=True)
class Unmerged:
    """A merge that was undone, now or, when `repeated`, before."""

    member: UUID
    parted_from: UUID
    repeated: bool
    moved: dict[str, int]
    debt: dict[str, int]


async def unmerge_member(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    member_id: UUID,
    *,
    request_id: UUID,
    now: datetime,
) -> Unmerged:
    """Undo a merge: names, counts, tiers, and what is left of the lots that were moved.

    What the survivor spent stays spent; what it earned since is its own.

    Raises:
        NotFound: there is no such member.
        NotMerged: the member stands alone, or its survivor was merged on.
    """

    async def work(desk: Desk) -> Unmerged:
        kept = await kept_member(desk.connection, program_id, member_id)
        if kept is None or kept.member.status not in ("active", "merged"):
            raise no_such_member()
        if kept.member.status == "active" or kept.survivor is None:
            raise NotMerged(N_("The member was not merged into another one."))
        books = await desk.open_at([kept.place, kept.survivor])
        again = await kept_member(desk.connection, program_id, member_id)
        if again is None or again.survivor is None or again.survivor != kept.survivor:
            raise NotMerged(N_("The member was merged or parted at this very moment; look again."))
        if again.merged_into != again.survivor.member_id:
            raise NotMerged(
                N_("The member it was merged into was merged on; undo that merge first."),
                facts={"merged_into": str(again.merged_into)},
            )
        return await _unmerge(desk, again, *books)

    fingerprint = blake2b(f"unmerge|{member_id}".encode(), digest_size=16).digest()
    request = Request(UNMERGE, fingerprint, now, id=request_id)
    done = await at_desk(lend, versions, program_id, request, work)
    if done.result is not None:
        return done.result
    told = done.recorded.decision["unmerged"]
    return Unmerged(member_id, UUID(told["from"]), True, told["moved"], told["debt"])


async def _unmerge(desk: Desk, kept: Kept, back: Book, stays: Book) -> Unmerged:
    connection, program_id = desk.connection, desk.published.program_id
    own = await latest_of_kind(connection, desk.place(back), back.member_id, MERGE)
    assert own is not None, "whoever was merged was merged by something"
    merge_id = UUID(own.decision["merged"]["activity"])
    about = await activities_about(connection, desk.place(stays), stays.member_id, merge_id)
    ids = {merge_id, *(activity.id for activity in about)}

    told = desk.told(facts={"from": str(stays.member_id)})
    told_other = desk.told_besides(UNMERGE, facts={"parted": str(back.member_id)}, about=merge_id)
    giver = Side(desk.posting(stays), stays, told_other)
    taker = Side(desk.posting(back), back, told)
    lots = [
        lot for lots in stays.lots.values() for lot in lots if lot.left and lot.activity_id in ids
    ]
    moved = points_by_unit(hand_lots(giver, taker, lots, now=desk.now))
    debts = hand_debts(giver, taker, now=desk.now, most=_debts(own, about))
    place = desk.place(stays)
    [made] = await activities(connection, program_id, place.shard, [stays.member_id], [merge_id])
    limits = await _free_limits(desk, stays, [made, *about])
    counted = await _uncount(desk, stays, about)
    change = _lower(desk, stays, made, counted)
    back.standing.status = "active"
    desk.close(
        back, told, {"unmerged": {"from": str(stays.member_id), "moved": moved, "debt": debts}}
    )
    other: Record = {"unmerged": {"member": str(back.member_id), "moved": moved}, **change}
    if limits:
        other["l"] = limits
    if parted := await part_milestones(desk, stays, told_other, made.decision):
        other["m"] = parted
    desk.close(stays, told_other, other)
    survivor = await kept_member(connection, program_id, stays.member_id)
    assert survivor is not None, "whose book is open is there"
    await lead_back(connection, program_id, kept, survivor.member)
    return Unmerged(back.member_id, stays.member_id, False, moved, debts)


def _debts(own: Recorded, about: Sequence[Recorded]) -> dict[str, int]:
    """What the merged member owed when it was merged, and came to owe since."""
    owed: dict[str, int] = dict(own.decision["merged"]["debt"])
    for activity in about:
        for unit, points in activity.decision.get("forwarded", {}).get("debt", {}).items():
            owed[unit] = owed.get(unit, 0) + points
    return owed


async def _free_limits(desk: Desk, stays: Book, carried: Sequence[Recorded]) -> list[list[object]]:
    await read_all_limits(desk.connection, desk.place(stays), stays)
    totals: dict[tuple[str, date], int] = {}
    for activity in carried:
        for rule, day, times in activity.decision.get("l", []):
            key = (rule, date.fromisoformat(day))
            totals[key] = totals.get(key, 0) + times
    freed: list[list[object]] = []
    for key, times in totals.items():
        less = min(times, stays.limits.get(key, 0))
        if less:
            desk.posting(stays).use_limit(stays, key, -less)
            freed.append([key[0], key[1].isoformat(), -less])
    return freed


async def _uncount(desk: Desk, stays: Book, about: Sequence[Recorded]) -> list[CountedOnce]:
    """Let what was carried over count no more, each at its own time; all that counts still."""
    counts = await all_counted(desk.connection, desk.place(stays), stays.member_id)
    for activity in about:
        counted = activity.decision.get("c")
        if activity.kind != CARRIED or not counted:
            continue
        at = activity.counts_at or activity.occurred_at
        told = desk.told_besides(
            CARRIED, facts={"undone": str(activity.id)}, occurred_at=at, about=activity.id
        )
        spend, points, visits = (-part for part in counted)
        stays.standing.spend += spend
        stays.standing.visits += visits
        desk.posting(stays).keep(stays, told, {"c": [spend, points, visits]}, now=desk.now)
        counts.append(CountedOnce(told.id, Counted(at, spend, points, visits)))
    return counts


def _lower(desk: Desk, stays: Book, made: Recorded, counted: list[CountedOnce]) -> Record:
    """Give the survivor back the tier that it had, unless it holds another, or merits a higher."""
    program = desk.published.program
    total = count_anew(stays, program, counted, now=desk.now)
    change = made.decision.get("r")
    if program.tiers is None or change is None or stays.standing.tier != change[1]:
        return {}
    reached = qualifying_total(program.tiers, total)
    before, *moments = made.decision["merged"]["tier_before"]
    if rank_of(program.tiers, tier_for(program.tiers, reached).id) >= rank_of(
        program.tiers, change[1]
    ):
        return {}
    _hold_again(stays, before, moments)
    return {"r": [change[1], before], "tier": {"why": "unmerge", "total": reached}}


def _hold_again(stays: Book, tier: str | None, moments: Sequence[str | None]) -> None:
    standing = stays.standing
    standing.tier = tier
    for name, moment in zip(OF_TIER, moments, strict=True):
        setattr(standing, name, moment and datetime.fromisoformat(moment))
