"""Return: goods come back, and with them what their sale earned, used and took."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

from fiel.domain.deciding import decision_from_record, of_rules
from fiel.domain.language import N_
from fiel.domain.money import Currency
from fiel.domain.redeeming import AlreadyCancelled
from fiel.domain.refusal import FieldProblem, Invalid, NotFound
from fiel.domain.returning.keeping import AllBack, AmountBack, Back, Kept, LineBack, Sold, without
from fiel.domain.returning.paying import earning_share
from fiel.domain.returning.shrinking import shrunk
from fiel.domain.returning.standing import (
    SaleStanding,
    standing_of_state,
    standing_state,
    untouched,
)
from fiel.domain.returning.undoing import uncounted
from fiel.domain.time import utc_text
from fiel.intake.contents.base import fingerprint_of
from fiel.intake.contents.errors import invalid
from fiel.intake.contents.returns import ReturnBody
from fiel.intake.desk import Desk, Done, Request, at_desk
from fiel.intake.losing_milestones import CameBack, joined, lose_milestones
from fiel.intake.recording import Lend
from fiel.intake.returning_points import Undoing
from fiel.intake.sold import paid_with_points, sold_as_told
from fiel.ledger.returned import KeptSale, keep_returned, returned_of_sale, sale_by_id
from fiel.members.queries import Whereabouts
from fiel.programs.versions import Published, Versions

RETURN = "return"

# So many returns are kept with their sale; nobody has that many pieces.
MOST_RETURNS = 1000

LATEST_AHEAD = timedelta(days=1)  # clocks of tills go wrong, but not by more

_CANCEL = b"cancel"


async def return_goods(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    sale_id: UUID,
    body: ReturnBody | None,
    *,
    request_id: UUID,
    now: datetime,
    told_at: datetime | None = None,
) -> Done[None]:
    """Take back what a sale earned by the goods that come back; without a body it is called off.

    Everything happens in one transaction, by the version and the facts that decided the sale.
    `told_at` is when a return was told that had to wait for its sale.

    Raises:
        NotFound: there is no such sale.
        OverReturned: more comes back than is left of the sale.
        AlreadyCancelled: a sale is called off that was called off before.
        Invalid: the sale has no such line, or the amount is finer than its currency.
    """

    async def work(desk: Desk) -> None:
        sale = await sale_by_id(desk.connection, program_id, sale_id)
        if sale is None:
            raise unknown_sale()
        published = desk.published
        pinned = await versions.numbered(
            desk.connection, program_id, sale.recorded.version,
            published.shards, published.sandbox,
        )  # fmt: skip
        await _return(desk, pinned, sale, body, told_at or now)

    request = Request(
        RETURN,
        return_fingerprint(sale_id, body),
        now,
        body.source if body else "",
        body.external_id if body else None,
        request_id,
    )
    return await at_desk(lend, versions, program_id, request, work)


def return_fingerprint(sale_id: UUID, body: ReturnBody | None) -> bytes:
    """What tells a repeat of a return, by whichever name its sale was told."""
    told = _CANCEL if body is None else fingerprint_of(_plain(body))
    return blake2b(sale_id.bytes + told, digest_size=16).digest()


def unknown_sale() -> NotFound:
    """The refusal of what is about a sale that is not there."""
    return NotFound(N_("There is no such sale in this program."))


def _plain(body: ReturnBody) -> ReturnBody:
    return ReturnBody.model_construct(
        **{name: getattr(body, name) for name in ReturnBody.model_fields}
    )


async def _return(
    desk: Desk, pinned: Published, sale: KeptSale, body: ReturnBody | None, told_at: datetime
) -> None:
    recorded = sale.recorded
    decision = of_rules(decision_from_record(recorded.decision), pinned.rulebook.tier_unit)
    sold = sold_as_told(recorded, pinned.program)
    place = Whereabouts(sale.place.shard, recorded.member_id)
    (book,) = await desk.open_at([place], limits=decision.limits)
    state = await returned_of_sale(desk.connection, sale)
    before = untouched(sold, decision) if state is None else standing_of_state(state, sold)
    kept = _kept(sold, before, body, desk.now)
    net, gross = _worth_of_what_came_back(sold, before.kept, kept)
    facts = _facts(recorded.id, body, sold.currency)
    occurred_at = (body.occurred_at if body else None) or told_at
    told = desk.told(facts=facts, occurred_at=occurred_at, about=recorded.id)
    undoing = Undoing(
        desk, book, told, sale, sold, pinned.rulebook, decision, paid_with_points(recorded), before
    )
    told = replace(told, net=net, gross=gross, counts_at=undoing.counts_at)
    standing, record = await undoing.leave(kept)
    back = _came_back(undoing, standing)
    lost = await lose_milestones(desk, pinned, book, told, decision, back)
    record = joined(record, lost)
    line = {
        "id": str(told.id),
        "external_id": told.external_id,
        "occurred_at": utc_text(occurred_at),
        "gross": gross,
    }
    standing = replace(
        standing, cancelled=before.cancelled or body is None, returns=(*before.returns, line)
    )
    desk.after(lambda trip: keep_returned(trip, sale, standing_state(standing)))
    record |= {
        "version": pinned.number,
        "status": standing.status,
        "sale_external_id": recorded.external_id,
    }
    if book.standing.status == "nameless":
        record["nameless"] = True
    desk.close(book, told, record)


def _came_back(undoing: Undoing, after: SaleStanding) -> CameBack:
    """The sale before and after, as it earns: what points paid of it does not."""
    sale, before = undoing.sold.sale, undoing.before
    earning = earning_share(sale, undoing.paid.worth if undoing.paid else 0)
    return CameBack(
        undoing.sale.recorded.id,
        shrunk(sale, before.kept.lines, shipping=before.kept.shipping, earning=earning),
        shrunk(sale, after.kept.lines, shipping=after.kept.shipping, earning=earning),
        before.holding.points(),
        after.holding.points(),
        uncounted(before.holding, after.holding),
        after.lapsed,
    )


def _kept(sold: Sold, before: SaleStanding, body: ReturnBody | None, now: datetime) -> Kept:
    """What is left of the sale after this return."""
    if body is None and before.cancelled:
        raise AlreadyCancelled(N_("The sale was cancelled before."))
    if body and body.occurred_at and body.occurred_at > now + LATEST_AHEAD:
        text = N_("It lies more than a day in the future.")
        raise invalid([FieldProblem("occurred_at", "too_late", text)])
    if len(before.returns) >= MOST_RETURNS:
        raise Invalid(
            N_("A sale can have at most {limit} returns; cancel it instead."), limit=MOST_RETURNS
        )
    return without(sold, before.kept, _back(body, sold.currency))


def _back(body: ReturnBody | None, currency: Currency) -> Back:
    if body is None or body.full:
        return AllBack()
    if body.lines is not None:
        return tuple(LineBack(line.line, line.quantity) for line in body.lines)
    assert body.amount is not None, "a return is told in one of three ways"
    minor = body.amount * currency.minor_per_major
    if minor != int(minor):
        text = N_("{currency} amounts have at most {places} decimals.")
        told = {"currency": currency.code, "places": currency.decimals}
        raise invalid([FieldProblem("amount", "too_precise", text, told)])
    return AmountBack(int(minor))


def _worth_of_what_came_back(sold: Sold, before: Kept, after: Kept) -> tuple[int, int]:
    """Net and gross of goods, in the program's currency."""
    left_before = shrunk(sold.sale, before.lines, shipping=before.shipping)
    left_after = shrunk(sold.sale, after.lines, shipping=after.shipping)
    return left_before.net - left_after.net, left_before.gross - left_after.gross


def _facts(sale_id: UUID, body: ReturnBody | None, currency: Currency) -> dict[str, Any]:
    """What was told, for the ledger to keep."""
    facts: dict[str, Any] = {"sale": str(sale_id)}
    if body is None:
        return facts | {"cancelled": True}
    if body.lines is not None:
        facts["lines"] = [
            {"line": line.line, "quantity": format(line.quantity.normalize(), "f")}
            for line in body.lines
        ]
    if body.amount is not None:
        facts["amount"] = currency.decimal(int(body.amount * currency.minor_per_major))
    if body.full:
        facts["full"] = True
    if body.reason:
        facts["reason"] = body.reason
    return facts
