"""Erase a person: everything that was known goes, the ledger's sums stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from fiel.intake.desk import Desk, Request, at_desk
from fiel.intake.recording import Lend
from fiel.intake.resolving import MovedAway
from fiel.ledger.arrays import plain_array
from fiel.ledger.statements import prepared
from fiel.ledger.trips import Trip
from fiel.members.erase import erase_people, forget_told
from fiel.members.households import household_of, leave_household
from fiel.members.merge import kept_member, merged_into
from fiel.members.queries import Whereabouts
from fiel.members.refusals import no_such_member
from fiel.programs.versions import Versions
from fiel.rewards.forgetting import forget_uses
from fiel.staff.approvals import forget_reasons

ERASURE = "erasure"


@dataclass(frozen=True, slots=True)
class Erased:
    """A person who was erased, now or, when `repeated`, before."""

    member: UUID
    repeated: bool


class _ErasedBefore(Exception):
    """The person was erased before; nothing is to be done."""


async def erase_member(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    member_id: UUID,
    *,
    request_id: UUID,
    now: datetime,
) -> Erased:
    """Erase the person behind a member, and behind everybody who was merged into it.

    Points stay where they are and can be used by nobody.

    Raises:
        NotFound: there is no such member.
    """

    async def work(desk: Desk) -> None:
        kept = await kept_member(desk.connection, program_id, member_id)
        if kept is None or kept.member.status not in ("active", "merged", "erased"):
            raise no_such_member()
        if kept.member.status == "erased":
            raise _ErasedBefore
        await _erase(desk, kept.survivor or kept.place)

    fingerprint = blake2b(f"erase|{member_id}".encode(), digest_size=16).digest()
    request = Request(ERASURE, fingerprint, now, id=request_id)
    try:
        done = await at_desk(lend, versions, program_id, request, work)
    except _ErasedBefore:
        return Erased(member_id, repeated=True)
    return Erased(member_id, done.repeated)


async def _erase(desk: Desk, survivor: Whereabouts) -> None:
    program_id = desk.published.program_id
    everybody = [survivor, *await merged_into(desk.connection, program_id, survivor.member_id)]
    book, *others = await desk.open_at(everybody)
    again = [survivor, *await merged_into(desk.connection, program_id, survivor.member_id)]
    if book.standing.status != "active" or set(again) != set(everybody):
        raise MovedAway
    household_id = await household_of(desk.connection, program_id, survivor)
    if household_id is not None:
        await leave_household(desk.connection, program_id, household_id, survivor, now=desk.now)
    told = desk.told()
    book.standing.status, book.standing.segments = "erased", ()
    desk.close(book, told, {"erased": len(everybody)})
    for other in others:
        other.standing.status, other.standing.segments = "erased", ()
        told_other = desk.told_besides(ERASURE, about=told.id)
        desk.posting(other).keep(other, told_other, {"erased": 1}, now=desk.now)
    await erase_people(desk.connection, program_id, everybody)
    ids = [member.member_id for member in everybody]
    await forget_uses(desk.connection, program_id, ids)
    await forget_reasons(desk.connection, program_id, ids)

    def forget(trip: Trip) -> None:
        parked = {"program": str(program_id), "members": plain_array(ids)}
        trip.ask(prepared("forget_reasons_of_parked"), parked)
        for member in everybody:
            forget_told(trip, program_id, member)

    desk.after(forget)
