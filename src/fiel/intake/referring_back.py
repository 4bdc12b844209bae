"""Taking back what a referral gave, where its purchase came back or both sides are one person."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from fiel.intake.desk import Desk
from fiel.intake.following import forward, recall
from fiel.intake.referring import referral_facts, void_referral
from fiel.ledger.books import Book
from fiel.ledger.earned import points_earned_by
from fiel.ledger.handing import unit_named
from fiel.ledger.moving import take_back
from fiel.ledger.opening import Place
from fiel.ledger.posting import Record
from fiel.members.merge import kept_member, leads_to, merged_into
from fiel.members.queries import Whereabouts
from fiel.members.referrals import Referral, change_referral, referral_of

REVERSAL = "referral_reversal"


async def referral_after_return(desk: Desk, owner: Whereabouts, sale_id: UUID) -> bool:
    """Take back what both sides of a referral got, once nothing is left of its purchase.

    `owner` is the member who made the purchase; the answer is whether anything was taken back. A
    referral that waits still is left to the calendar, which sees what came back.
    """
    program_id = desk.published.program_id
    for place in (owner, *await merged_into(desk.connection, program_id, owner.member_id)):
        referral = await referral_of(desk.connection, program_id, place)
        if referral is None or referral.status != "rewarded" or referral.sale_id != sale_id:
            continue
        await reverse_referral(desk, place, "returned")
        return True
    return False


async def part_ways(desk: Desk, one: Book, other: Book) -> None:
    """Void or reverse a referral between two members who turn out to be one person."""
    program_id = desk.published.program_id
    for friend, referrer in ((one, other), (other, one)):
        place = desk.whereabouts(friend)
        referral = await referral_of(desk.connection, program_id, place, lock=True)
        if referral is None or referral.referrer.member_id != referrer.member_id:
            continue
        if referral.status == "waiting":
            await void_referral(desk, referral, "same_person")
        elif referral.status == "rewarded":
            await reverse_referral(desk, place, "same_person")


async def reverse_referral(desk: Desk, friend: Whereabouts, reason: str) -> None:
    """Take back what both sides of a rewarded referral got, each out of its own points."""
    connection, program_id = desk.connection, desk.published.program_id
    seen = await referral_of(connection, program_id, friend)
    assert seen is not None, "whoever reverses it saw it"
    sides: list[tuple[Whereabouts, UUID]] = []
    for place, activity_id in (
        (seen.friend, seen.friend_activity),
        (seen.referrer, seen.referrer_activity),
    ):
        holder = await _holder(desk, place, activity_id)
        if activity_id is not None and holder is not None:
            sides.append((holder, activity_id))
    books = await desk.open_at([place for place, _ in sides])
    referral = await referral_of(connection, program_id, friend, lock=True)
    if referral is None or referral.status != "rewarded":
        return
    for book, (_, activity_id) in zip(books, sides, strict=True):
        await _take_back(desk, book, activity_id, referral)
    changed = replace(referral, status="reversed", reason=reason, ended_at=desk.now)
    await change_referral(connection, program_id, changed)


async def _holder(desk: Desk, place: Whereabouts, activity_id: UUID | None) -> Whereabouts | None:
    """In whose book a referral was rewarded: the member's own, or that of a survivor.

    Nobody's, where there was no reward, or where whoever has it was erased and owes nothing.
    """
    program_id = desk.published.program_id
    at: UUID | None = place.member_id
    while activity_id is not None and at is not None:
        kept = await kept_member(desk.connection, program_id, at)
        if kept is None or await leads_to(desk.connection, program_id, kept.place) is None:
            return None
        here = Place(program_id, kept.place.shard)
        if await points_earned_by(desk.connection, here, at, activity_id):
            return kept.place
        at = kept.merged_into
    return None


async def _take_back(desk: Desk, book: Book, activity_id: UUID, referral: Referral) -> None:
    """Take back what one activity gave, also where its points followed a merge."""
    told = desk.told_besides(REVERSAL, facts=referral_facts(referral), about=activity_id)
    given = await points_earned_by(desk.connection, desk.place(book), book.member_id, activity_id)
    recalled = await recall(desk, book, activity_id, given)
    lapsed = await desk.lapsed(book, activity_id)
    record: Record = {"reversed": {}, "uncollected": {}, "lapsed": {}}
    for unit_id, points in given.items():
        gone = lapsed.get(unit_id, 0) + recalled.lapsed.get(unit_id, 0)
        back = take_back(
            desk.posting(book), book, told, unit_named(desk.published.program, unit_id), points,
            earned_by=recalled.earned_by, lapsed=gone, now=desk.now,
        )  # fmt: skip
        record["reversed"][unit_id] = back.points + back.owed
        record["uncollected"][unit_id] = back.uncollected
        record["lapsed"][unit_id] = back.lapsed
    desk.close(book, told, record)
    await forward(desk, book)
