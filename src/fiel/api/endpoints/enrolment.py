"""The operation by which a person becomes a member."""

from __future__ import annotations

from uuid import UUID

from fiel.api.answers import Answer, created, ok
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas.members import Member
from fiel.api.telling import told_member
from fiel.api.writing import canonical_bytes
from fiel.intake.contents.members import MemberBody, person_of
from fiel.intake.enrolling import Enrolment, enrol_member
from fiel.ledger.opening import Place
from fiel.ledger.posting import stood_after
from fiel.ledger.queries import book_now
from fiel.members.identity import region_of_zone
from fiel.members.queries import member
from fiel.staff.keys import Scope


async def enrol(call: Call, body: MemberBody) -> Answer:
    """Enrol a person; a repeat with the same external id and content is answered 200."""
    program = call.program
    if call.new_id is not None and (again := await _made_before(call, call.new_id)):
        return again
    enrolment = Enrolment(
        id=call.id_to_make(),
        person=person_of(body, region=region_of_zone(program.timezone.key), now=call.now),
        told=canonical_bytes(body.model_dump()),
        now=call.now,
        source=body.source,
        referred_by=body.referred_by,
    )
    enrolled = await enrol_member(
        call.house.posting, call.house.versions, call.program_id, enrolment
    )
    outcome = enrolled.outcome
    decided_by = await call.program_of(outcome.recorded.version)
    told = told_member(enrolled.member, outcome.recorded.decision["after"], decided_by)
    answer = ok(told) if outcome.repeated else created(told)
    return answer.telling(enrolled.member.id)


async def _made_before(call: Call, member_id: UUID) -> Answer | None:
    """The answer to a request that was cut off after the member had been made."""
    async with call.reading() as connection:
        found = await member(connection, call.program_id, member_id)
        if found is None:
            return None
        place = Place(call.program_id, found.shard)
        book = await book_now(connection, place, member_id, call.now, call.program)
    assert book is not None, "a member has a standing from the first day"
    told = told_member(found, stood_after(book, call.program), call.program)
    return created(told).telling(found.id)


OFFERS = (
    Offer(
        "POST", "/members", enrol, Manner(Scope.TILL, writes=True), "Enrol a member", Member, 201,
        also=(200,), refusals=(404,), tag="members",
    ),
)  # fmt: skip
