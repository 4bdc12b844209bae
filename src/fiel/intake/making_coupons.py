"""Make the codes of a coupon, as many as are asked for, once."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.program import Coupon
from fiel.domain.refusal import FieldProblem
from fiel.domain.time import end_of_day
from fiel.intake.contents.coupons import BatchOfCouponsBody
from fiel.intake.contents.errors import invalid
from fiel.intake.gift_cards import once_more
from fiel.intake.recording import Lend
from fiel.ledger.scope import Connection
from fiel.programs.versions import Published, Versions
from fiel.rewards.making import Batch, make_batch


async def make_coupons(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    body: BatchOfCouponsBody,
    *,
    id: UUID,
    now: datetime,
    last_day: date | None = None,
) -> tuple[Batch, bool]:
    """Make a batch of codes that keep the terms of the version in force; whether it was there.

    They can be used until `last_day`, where the coupon does not say an earlier one.

    Raises:
        Invalid: the program has no such coupon, everybody shares its code, or the last day is past.
        BatchReused: the name belongs to another batch.
    """

    async def make(connection: Connection) -> tuple[Batch, bool]:
        published = await versions.in_force(connection, program_id)
        coupon = _coupon(published, body.coupon)
        zone = published.program.timezone
        today = now.astimezone(zone).date()
        if last_day is not None and last_day < today:
            text = N_("It must lie in the future.")
            raise invalid([FieldProblem("last_day", "too_early", text)])
        days = [coupon.valid.after(today)] if coupon.valid is not None else []
        days += [last_day] if last_day is not None else []
        ends_at = end_of_day(min(days), zone) if days else None
        batch = Batch(id, body.batch, coupon.id, published.number, body.count, now)
        return await make_batch(connection, program_id, batch, most=coupon.uses, ends_at=ends_at)

    return await once_more(lend, program_id, make)


def _coupon(published: Published, named: str) -> Coupon:
    coupon = published.program.coupons.get(named)
    if coupon is None:
        text = N_("The program has no such coupon.")
        raise invalid([FieldProblem("coupon", "unknown", text)])
    if coupon.code is not None:
        text = N_("Everybody shares the code of this coupon: there is none to make.")
        raise invalid([FieldProblem("coupon", "unexpected", text)])
    return coupon
