"""Adjust: a person gives or takes points, and says why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fiel.domain.decision import Term
from fiel.domain.language import N_
from fiel.domain.lots import term_of
from fiel.domain.program import Program, Unit
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.intake.contents.adjustments import AdjustmentBody
from fiel.intake.contents.base import fingerprint_of
from fiel.intake.desk import Desk, Done, Request, at_desk
from fiel.intake.recording import Lend
from fiel.ledger.accounts import Place
from fiel.ledger.moving import credit, take
from fiel.programs.versions import Versions

ADJUSTMENT = "adjustment"


async def adjust_points(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    body: AdjustmentBody,
    *,
    request_id: UUID,
    author: str,
    now: datetime,
) -> Done[None]:
    """Give a member points, or take some, by a person's decision.

    Points that are given last as if they were earned now, unless told otherwise; they do not
    count as the member's being active.

    Raises:
        NotFound: there is no such member.
        Invalid: the program has no such unit, or the points end before they begin.
        InsufficientPoints: fewer can be taken than is asked.
    """

    async def work(desk: Desk) -> None:
        program = desk.published.program
        unit = named_unit(body.unit, program)
        (book,) = await desk.open(body.member)
        facts = {"unit": unit.id, "points": body.points, "reason": body.reason, "author": author}
        told = desk.told(facts=facts)
        posting = desk.posting(book)
        if body.points > 0:
            term = _term(body, unit, program, now)
            credit(posting, book, told, unit, body.points, term, source=Place.ADJUSTED, now=now)
        else:
            take(posting, book, told, unit.id, -body.points, to=Place.ADJUSTED, now=now)
        desk.close(book, told, {"adjusted": {unit.id: body.points}, "reason": body.reason})

    request = Request(
        ADJUSTMENT,
        fingerprint_of(body),
        now,
        body.source,
        body.external_id,
        request_id,
    )
    return await at_desk(lend, versions, program_id, request, work, members=[body.member])


def named_unit(unit: str | None, program: Program) -> Unit:
    """The unit that is meant: left out, it is `points` or the only one, as in the document.

    Raises:
        Invalid: the program has no such unit, or none was named and no other is meant.
    """
    if unit is None:
        unit = next(iter(program.units)) if len(program.units) == 1 else "points"
    if unit in program.units:
        return program.units[unit]
    raise Invalid(
        N_("Some fields are not valid."),
        problems=[
            FieldProblem(
                "unit", "unknown", N_("Say which unit; the program has: {units}."),
                {"units": ", ".join(program.units)},
            )
        ],
    )  # fmt: skip


def _term(body: AdjustmentBody, unit: Unit, program: Program, now: datetime) -> Term:
    if body.expires_at is None:
        return Term(now, term_of(unit, now, program.timezone).ends_at)
    if body.expires_at <= now:
        text = N_("It must lie in the future.")
        raise Invalid(
            N_("Some fields are not valid."),
            problems=[FieldProblem("expires_at", "too_early", text)],
        )
    return Term(now, body.expires_at)
