"""Following a merge: what happens to a merged member's old sales and holds reaches the survivor.

A return of an old sale, or a hold that is released, works on the book of the member who had it.
`recall` brings back before what the work needs, `forward` lets follow after it what came free, and
what counts or is free for another time. For a member who was not merged both do nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from fiel.domain.program import Negative
from fiel.intake.desk import Desk
from fiel.ledger.books import Book, Counted, OpenLot
from fiel.ledger.carrying import latest_of_kind, read_all_limits
from fiel.ledger.earned import lapsed_here, lots_made_by
from fiel.ledger.handing import (
    Side,
    hand_debts,
    hand_lots,
    hand_points,
    open_lots,
    points_by_unit,
    unit_named,
)
from fiel.ledger.posting import Record
from fiel.members.merge import kept_member

CARRIED, MERGE = "carried", "merge"


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a return needs to know of an activity whose points were moved to a survivor.

    `earned_by` names what earned them, for `take_back`; `lapsed` what expired at the survivor.
    """

    earned_by: frozenset[UUID]
    lapsed: Mapping[str, int]


async def survivor_of(desk: Desk, book: Book) -> Book | None:
    """The book of whoever a merged member leads to; None for one who was not merged."""
    if book.standing.status != "merged":
        return None
    kept = await kept_member(desk.connection, desk.published.program_id, book.member_id)
    assert kept is not None, "whose book is open is there"
    assert kept.survivor is not None, "whoever was merged leads to somebody"
    (survivor,) = await desk.open_at([kept.survivor])
    return survivor


async def recall(desk: Desk, book: Book, activity_id: UUID, due: Mapping[str, int]) -> Recalled:
    """Bring back, from the survivor, the points that an old activity's return will take.

    What the activity itself earned comes first; where the unit takes more than that, other points
    that the survivor can use.
    """
    survivor = await survivor_of(desk, book)
    if survivor is None:
        return Recalled(frozenset({activity_id}), {})
    lots = await lots_made_by(desk.connection, desk.place(book), book.member_id, activity_id)
    giver, taker = await _sides(desk, survivor, book)
    handed: dict[str, int] = {}
    for unit_id, points in due.items():
        own = [lot for lot in survivor.lots.get(unit_id, ()) if lot.left and lot.origin in lots]
        own.sort(key=lambda lot: lot.activated)
        left = points
        for lot in own:
            if left > 0:
                left -= lot.left
                hand_lots(giver, taker, [lot], now=desk.now)
        unit = unit_named(desk.published.program, unit_id)
        if unit.negative is not Negative.PENDING_ONLY:
            more = min(max(0, left), _usable(survivor.lots.get(unit_id, ())))
            if more:
                hand_points(giver, taker, unit, more, now=desk.now)
        handed[unit_id] = points - left
    if any(handed.values()):
        _close(desk, giver, {"recalled": handed})
        _close(desk, taker, {"recalled": handed})
    lapsed = await lapsed_here(desk.connection, desk.place(survivor), survivor.member_id, lots)
    lapsed = desk.with_ended(survivor, lapsed, lambda lot: lot.origin in lots)
    return Recalled(frozenset({activity_id, *lots}), lapsed)


async def forward(desk: Desk, merged: Book, survivor: Book | None = None) -> dict[str, int]:
    """Let everything that is free on a merged member's book follow to the survivor.

    Points with their dates, debts, and what activities of this very request counted, or freed of
    limits. Called after the request's own work, before the desk writes; the answer is the points
    that followed, by unit.
    """
    if survivor is None:
        survivor = await survivor_of(desk, merged)
    if survivor is None:
        return {}
    giver, taker = await _sides(desk, merged, survivor)
    record, counts_at = await _counted_here(desk, merged, survivor)
    taker = replace(taker, told=replace(taker.told, counts_at=counts_at))
    handed = points_by_unit(hand_lots(giver, taker, open_lots(merged), now=desk.now))
    debts = hand_debts(giver, taker, now=desk.now)
    if not (handed or debts or record):
        return {}
    moved = {"forwarded": {"points": handed, "debt": debts}}
    _close(desk, giver, dict(moved))
    if handed or debts:
        desk.close(survivor, taker.told, moved | record, event="points.transferred")
    else:
        _close(desk, taker, record)
    return handed


async def _sides(desk: Desk, giver: Book, taker: Book) -> tuple[Side, Side]:
    """Both sides of what follows a merge; what is told of the survivor is about the merge."""
    sides = []
    for book in (giver, taker):
        about = await _merge_of(desk, giver if giver.standing.status == "merged" else taker, book)
        told = desk.told_besides(CARRIED, about=about)
        sides.append(Side(desk.posting(book), book, told))
    return sides[0], sides[1]


async def _merge_of(desk: Desk, merged: Book, book: Book) -> UUID | None:
    """The activity by which a member was merged, as it stands in the book of either side.

    Over a chain of merges the survivor's own is not the one that the member was merged by.
    """
    made = await latest_of_kind(desk.connection, desk.place(merged), merged.member_id, MERGE)
    assert made is not None, "whoever was merged was merged by something"
    if book is merged:
        return made.id
    told = made.decision.get("merged", {})
    return UUID(told["activity"]) if told.get("into") == str(book.member_id) else None


async def _counted_here(desk: Desk, merged: Book, survivor: Book) -> tuple[Record, datetime | None]:
    """Let count for the survivor what this request counted, or freed, for the merged member.

    The answer is how that is kept, and when it counts.
    """
    spend = points = visits = 0
    limits: list[tuple[str, str, int]] = []
    posting = desk.posting(survivor)
    counts_at = None
    for _, _, recorded in desk.posting(merged).rows.activities:
        if recorded.member_id != merged.member_id or recorded.kind == CARRIED:
            continue
        if recorded.id in desk.followed:
            continue
        desk.followed.add(recorded.id)
        counted = recorded.decision.get("c")
        if counted:
            spend, points, visits = (
                spend + counted[0], points + counted[1], visits + counted[2],
            )  # fmt: skip
            counts_at = recorded.counts_at or recorded.occurred_at
        limits += recorded.decision.get("l", [])
    record: Record = {}
    if spend or points or visits:
        told = Counted(counts_at or desk.now, spend, points, visits)
        posting.count_back(survivor, told)
        record["c"] = [spend, points, visits]
    if limits:
        await read_all_limits(desk.connection, desk.place(survivor), survivor)
        for rule, day, times in limits:
            posting.use_limit(survivor, (rule, date.fromisoformat(day)), times)
        record["l"] = limits
    return record, counts_at


def _usable(lots: Iterable[OpenLot]) -> int:
    return sum(lot.left for lot in lots if lot.activated)


def _close(desk: Desk, side: Side, record: Record) -> None:
    side.posting.keep(side.book, side.told, record, now=desk.now)
