"""Operations about milestones: how far a member is, and which badges are held."""

from __future__ import annotations

from uuid import UUID

from fiel.api.answers import Answer, ok
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import milestones as schemas
from fiel.intake.telling_milestones import told_badges, told_milestones
from fiel.ledger.opening import Place
from fiel.ledger.progress import progress_of_member
from fiel.ledger.queries import book_now
from fiel.members.queries import member as find_one
from fiel.members.refusals import no_such_member
from fiel.staff.keys import Scope


async def read_milestones(call: Call, member_id: UUID) -> Answer:
    """Every milestone of the program, how often the member reached it and what is missing."""
    async with call.reading() as connection:
        found = await find_one(connection, call.program_id, member_id)
        if found is None:
            raise no_such_member()
        place = Place(call.program_id, found.shard)
        book = await book_now(connection, place, found.id, call.now)
        kept = await progress_of_member(connection, place, found.id)
    assert book is not None, "a member has a standing from the first day"
    told = told_milestones(book, kept, call.program, call.now, call.language)
    return ok({"member": found.id, "data": told})


async def read_badges(call: Call, member_id: UUID) -> Answer:
    """The badges that a member holds, each with when it was earned."""
    async with call.reading() as connection:
        found = await find_one(connection, call.program_id, member_id)
        if found is None:
            raise no_such_member()
        place = Place(call.program_id, found.shard)
        kept = await progress_of_member(connection, place, found.id)
    return ok({"member": found.id, "data": told_badges(kept, call.program, call.language)})


_READ = Manner(Scope.READ)
OFFERS = (
    Offer(
        "GET", "/members/{member_id}/milestones", read_milestones, _READ, "Read milestones",
        schemas.MilestoneList, refusals=(404,), tag="members",
    ),
    Offer(
        "GET", "/members/{member_id}/badges", read_badges, _READ, "List badges",
        schemas.BadgeList, refusals=(404,), tag="members",
    ),
)  # fmt: skip
