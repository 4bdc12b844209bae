"""Free the coupons of a sale that came back whole: they can be used again."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from fiel.domain.deciding.reasons import COUPON_AWARD
from fiel.intake.desk import Desk
from fiel.intake.sale_coupons import COUPON
from fiel.ledger.books import Book
from fiel.ledger.carrying import activities_about
from fiel.ledger.moving import take_back
from fiel.ledger.posting import Record, Told
from fiel.rewards.freeing import coupons_of_sale, free_coupons


async def free_coupons_of_sale(desk: Desk, book: Book, told: Told, sale_id: UUID) -> Record:
    """Free the coupons that a sale used and take back the points they gave; the record of it.

    Done again, it frees nothing again.
    """
    program_id = desk.published.program_id
    used = await coupons_of_sale(desk.connection, program_id, sale_id)
    if not used:
        return {}
    record: Record = {"reversed": {}, "uncollected": {}, "rules": []}
    if any(one.given.get("points") for one in used):
        await _take_points(desk, book, told, sale_id, record)
    desk.after(partial(free_coupons, program_id=program_id, used=used))
    record["freed"] = [{"id": str(one.id), "code": one.code} for one in used]
    return record


async def _take_points(desk: Desk, book: Book, told: Told, sale_id: UUID, record: Record) -> None:
    """Take back what coupons gave with a sale: what is left of it first."""
    program, posting = desk.published.program, desk.posting(book)
    for given in await activities_about(desk.connection, desk.place(book), book.member_id, sale_id):
        if given.kind != COUPON:
            continue
        lapsed = await desk.lapsed(book, given.id)
        for _, unit_id, points, *_ in given.decision.get("a", ()):
            unit = program.units.get(unit_id)
            if unit is None:  # the program dropped it since
                continue
            taken = take_back(
                posting, book, told, unit, points,
                earned_by={given.id}, lapsed=lapsed.get(unit_id, 0), now=desk.now,
            )  # fmt: skip
            _add(record["reversed"], unit_id, taken.points + taken.owed)
            _add(record["uncollected"], unit_id, taken.uncollected)
            record["rules"].append([COUPON_AWARD, unit_id, points])


def _add(sums: dict[str, int], unit_id: str, points: int) -> None:
    if points:
        sums[unit_id] = sums.get(unit_id, 0) + points
