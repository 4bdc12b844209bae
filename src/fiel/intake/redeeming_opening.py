"""Open a redemption: its member's book first, then the redemption itself, read under the lock."""

from __future__ import annotations

from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import NotFound
from fiel.intake.desk import Desk
from fiel.intake.following import forward, survivor_of
from fiel.ledger.books import Book
from fiel.ledger.opening import Place
from fiel.ledger.posting import stood_after
from fiel.ledger.trips import Trip
from fiel.members.queries import Whereabouts
from fiel.programs.versions import Versions
from fiel.rewards.redemptions import (
    AskedRedemptions,
    Redemption,
    ask_redemptions,
    redemption_by_id,
)


async def open_redemption(desk: Desk, redemption_id: UUID) -> tuple[Book, Redemption]:
    """The book of whoever redeemed, and the redemption as it stands under its lock.

    Raises:
        NotFound: there is no such redemption in the program.
    """
    found = await redemption_by_id(desk.connection, desk.published.program_id, redemption_id)
    if found is None:
        raise no_such_redemption()
    asked: dict[UUID, AskedRedemptions] = {}

    def ask_more(trip: Trip, place: Place, member_id: UUID) -> None:
        asked[member_id] = ask_redemptions(trip, place, member_id, [redemption_id])

    here = Whereabouts(found.shard, found.member_id)
    (book,) = await desk.open_at([here], ask_more=ask_more)
    (redemption,) = asked[book.member_id].read()
    return book, redemption


async def follow_survivor(desk: Desk, book: Book) -> None:
    """Let what came free on a merged member's book go to the survivor, whose account is told."""
    survivor = await survivor_of(desk, book)
    if survivor is None:
        return
    await forward(desk, book, survivor)
    assert desk.recorded is not None, "the activity was closed before anything follows it"
    desk.recorded.decision["survivor"] = {
        "id": str(survivor.member_id),
        "after": stood_after(survivor, desk.published.program),
    }


async def promised_by(desk: Desk, versions: Versions, redemption: Redemption) -> Program:
    """The program as it was when the redemption was made: what it promised is kept."""
    published = desk.published
    if published.number == redemption.version:
        return published.program
    version = await versions.numbered(
        desk.connection,
        published.program_id,
        redemption.version,
        published.shards,
        published.sandbox,
    )
    return version.program


def no_such_redemption() -> NotFound:
    """The refusal where the program has no redemption of this id or code."""
    return NotFound(N_("There is no such redemption in this program."))
