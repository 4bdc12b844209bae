"""Transfer: a member gives points to another, and they keep the dates of their lots."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.member import LimitKey
from fiel.domain.program import Program, Transfers
from fiel.domain.redeeming import LimitReached, NotEligible
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.domain.time import period_start, utc_text
from fiel.intake.adjusting import named_unit
from fiel.intake.contents.base import fingerprint_of
from fiel.intake.contents.people import TransferBody
from fiel.intake.desk import Desk, Done, Request, at_desk
from fiel.intake.recording import Lend
from fiel.ledger.handing import Side, hand_points
from fiel.ledger.posting import Record, stood_after
from fiel.programs.versions import Versions

TRANSFER = "transfer"
LIMITED = "transfers:"  # the name under which the limit is counted; no rule can have it


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
        NotEligible, LimitReached: the program allows no transfers, or no more for now.
        InsufficientPoints: the giver has less.
    """

    async def work(desk: Desk) -> None:
        program = desk.published.program
        unit = named_unit(body.unit, program)
        rules = _allowed(program, body.points)
        limit = _limit_key(rules, program, now)
        giver_book, taker_book = await desk.open(
            body.from_, body.to, limits=[limit] if limit else ()
        )
        if giver_book is taker_book:
            problem = FieldProblem("to", "same_member", N_("Both are the same member."))
            raise Invalid(N_("Some fields are not valid."), problems=[problem])
        if limit and rules.limit and giver_book.limits.get(limit, 0) >= rules.limit.per_member:
            raise LimitReached(
                N_("The member has given points away as often as the program allows for now.")
            )
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
        told_giver: Record = {"transfer": record, "received": received}
        if limit:
            desk.posting(giver_book).use_limit(giver_book, limit, 1)
            told_giver["l"] = [[limit[0], limit[1].isoformat(), 1]]
        desk.close(giver_book, told, told_giver)

    request = Request(
        TRANSFER, fingerprint_of(body), now, body.source, body.external_id, request_id
    )
    members = [body.from_, body.to]
    return await at_desk(lend, versions, program_id, request, work, members=members)


def _allowed(program: Program, points: int) -> Transfers:
    """What the program says of transfers, where it allows this one.

    Raises:
        NotEligible: it allows none.
        Invalid: not so few points, or not so many.
    """
    rules = program.transfers
    if rules is None:
        text = N_("Members of this program cannot give each other points.")
        raise NotEligible(text, facts={"reasons": []})
    problem = None
    if points < rules.least:
        text = N_("It must be at least {limit}.")
        problem = FieldProblem("points", "too_small", text, {"limit": rules.least})
    elif rules.most is not None and points > rules.most:
        text = N_("It can be at most {limit}.")
        problem = FieldProblem("points", "too_large", text, {"limit": rules.most})
    if problem is not None:
        raise Invalid(N_("Some fields are not valid."), problems=[problem])
    return rules


def _limit_key(rules: Transfers, program: Program, now: datetime) -> LimitKey | None:
    if rules.limit is None:
        return None
    return LIMITED, period_start(rules.limit.every, now.astimezone(program.timezone).date())
