"""Taking back what a referral gave, where its purchase came back or both sides are one person."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from fiel.intake.desk import Desk
from fiel.intake.referring import referral_facts, void_referral
from fiel.ledger.books import Book
from fiel.ledger.earned import lapsed_here, lots_made_by, points_earned_by
from fiel.ledger.handing import unit_named
from fiel.ledger.moving import take_back
from fiel.ledger.opening import Place
from fiel.ledger.posting import Record
from fiel.members.merge import leads_to, merged_into
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
    program_id = desk.published.program_id
    seen = await referral_of(desk.connection, program_id, friend)
    assert seen is not None, "whoever reverses it saw it"
    sides: list[tuple[Whereabouts, Whereabouts, UUID]] = []
    for place, activity_id in (
        (seen.friend, seen.friend_activity),
        (seen.referrer, seen.referrer_activity),
    ):
        led = await leads_to(desk.connection, program_id, place)
        if activity_id is not None and led is not None:  # whoever was erased owes nothing
            sides.append((led, place, activity_id))
    books = await desk.open_at([led for led, _, _ in sides])
    referral = await referral_of(desk.connection, program_id, friend, lock=True)
    if referral is None or referral.status != "rewarded":
        return
    for book, (_, place, activity_id) in zip(books, sides, strict=True):
        await _take_back(desk, book, place, activity_id, referral)
    changed = replace(referral, status="reversed", reason=reason, ended_at=desk.now)
    await change_referral(desk.connection, program_id, changed)


async def _take_back(
    desk: Desk, book: Book, place: Whereabouts, activity_id: UUID, referral: Referral
) -> None:
    """Take back what one activity gave, also where its lots followed a merge."""
    connection, here = desk.connection, Place(desk.published.program_id, place.shard)
    told = desk.told_besides(REVERSAL, facts=referral_facts(referral), about=activity_id)
    lots = await lots_made_by(connection, here, place.member_id, activity_id)
    lapsed = dict(await desk.lapsed(book, activity_id))
    if place.member_id != book.member_id:
        lapsed = await lapsed_here(connection, desk.place(book), book.member_id, lots)
        lapsed = desk.with_ended(book, lapsed, lambda lot: lot.origin in lots)
    record: Record = {"reversed": {}, "uncollected": {}, "lapsed": {}}
    given = await points_earned_by(connection, here, place.member_id, activity_id)
    for unit_id, points in given.items():
        back = take_back(
            desk.posting(book), book, told, unit_named(desk.published.program, unit_id), points,
            earned_by={activity_id, *lots}, lapsed=lapsed.get(unit_id, 0), now=desk.now,
        )  # fmt: skip
        record["reversed"][unit_id] = back.points + back.owed
        record["uncollected"][unit_id] = back.uncollected
        record["lapsed"][unit_id] = back.lapsed
    desk.close(book, told, record)
