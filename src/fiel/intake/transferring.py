"""Transfer: a member gives points to another, and they keep the dates of their lots."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.domain.time import utc_text
from fiel.intake.adjusting import named_unit
from fiel.intake.contents.base import fingerprint_of
from fiel.intake.contents.people import TransferBody
from fiel.intake.desk import Desk, Done, Request, at_desk
from fiel.intake.recording import Lend
from fiel.ledger.handing import Side, hand_points
from fiel.ledger.posting import stood_after
from fiel.programs.versions import Versions

TRANSFER = "transfer"


async def transfer_points(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    body: TransferBody,
    *,
    request_id: UUID,
    author: str,
    now: datetime,
) -> Done[None]:
    """Give points of one member to another: those that end soonest, with their dates.

    What the receiver owes is paid first. Neither side counts as being active by it.

    Raises:
        NotFound: one of the members is not there.
        Invalid: both are the same member, or the program has no such unit.
        InsufficientPoints: the giver has less.
    """

    async def work(desk: Desk) -> None:
        program = desk.published.program
        unit = named_unit(body.unit, program)
        giver_book, taker_book = await desk.open(body.from_, body.to)
        if giver_book is taker_book:
            problem = FieldProblem("to", "same_member", N_("Both are the same member."))
            raise Invalid(N_("Some fields are not valid."), problems=[problem])
        facts = {"unit": unit.id, "points": body.points, "reason": body.reason, "author": author}
        told = desk.told(facts=facts)
        told_other = desk.told_besides(TRANSFER, facts=facts, about=told.id)
        giver = Side(desk.posting(giver_book), giver_book, told)
        taker = Side(desk.posting(taker_book), taker_book, told_other)
        handed = hand_points(giver, taker, unit, body.points, now=now)
        record = {
            "unit": unit.id,
            "points": body.points,
            "from": str(giver_book.member_id),
            "to": str(taker_book.member_id),
            "lots": [
                [str(lot.lot_id), lot.points, lot.ends_at and utc_text(lot.ends_at)]
                for lot in handed
            ],
        }
        desk.close(taker_book, told_other, {"transfer": record})
        received = stood_after(taker_book, program)
        desk.close(giver_book, told, {"transfer": record, "received": received})

    request = Request(
        TRANSFER, fingerprint_of(body), now, body.source, body.external_id, request_id
    )
    return await at_desk(lend, versions, program_id, request, work)
