"""Return: goods come back, and with them what their sale earned, used and took."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from fiel.domain.deciding import decision_from_record, of_rules
from fiel.domain.language import N_
from fiel.domain.refusal import NotFound
from fiel.domain.returning.keeping import Kept, Sold
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
from fiel.intake.after_returns import let_follow, lose_what_followed
from fiel.intake.claiming_sales import claimed_sale
from fiel.intake.contents.base import fingerprint_of
from fiel.intake.contents.returns import ReturnBody
from fiel.intake.desk import Desk, Done, Request, at_desk
from fiel.intake.losing_milestones import CameBack
from fiel.intake.past import PastOfDesk
from fiel.intake.recording import Lend
from fiel.intake.resolving import MovedAway
from fiel.intake.returning_points import Undoing
from fiel.intake.returning_told import left_of_sale, return_facts, returned_at
from fiel.intake.sold import paid_with_points, sold_as_told
from fiel.ledger.posting import Told
from fiel.ledger.returned import KeptSale, keep_returned, returned_of_sale, sale_by_id
from fiel.members.queries import Whereabouts
from fiel.programs.versions import Published, Versions
from fiel.staff.tills.limits import Allow

RETURN = "return"

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
    allow: Allow | None = None,
) -> Done[None]:
    """Take back what a sale earned by the goods that come back; without a body it is called off.

    Everything happens in one transaction, by the version and the facts that decided the sale.
    `told_at` is when a return was told that had to wait for its sale; `allow` says no to more than
    whoever takes the goods back may.

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
        stands = await claimed_sale(desk.connection, sale)
        published = desk.published
        pinned = await versions.numbered(
            desk.connection, program_id, stands.recorded.version,
            published.shards, published.sandbox,
        )  # fmt: skip
        await _return(desk, pinned, sale, stands, body, told_at or now, allow)

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
    told = {name: getattr(body, name) for name in ReturnBody.model_fields}
    return ReturnBody.model_construct(**(told | {"offline": None}))


async def _return(
    desk: Desk,
    pinned: Published,
    sale: KeptSale,
    stands: KeptSale,
    body: ReturnBody | None,
    told_at: datetime,
    allow: Allow | None,
) -> None:
    """Return goods of a sale as it `stands`: in the book of whoever bought or claimed it."""
    recorded = stands.recorded
    decision = of_rules(decision_from_record(recorded.decision), pinned.rulebook.tier_unit)
    sold = sold_as_told(recorded, pinned.program)
    place = Whereabouts(stands.place.shard, recorded.member_id)
    (book,) = await desk.open_at([place], limits=decision.limits)
    if book.standing.status == "claimed":
        raise MovedAway  # claimed while the book was being opened
    state = await returned_of_sale(desk.connection, sale)
    before = untouched(sold, decision) if state is None else standing_of_state(state, sold)
    kept = left_of_sale(sold, before, body)
    told = desk.told(
        facts=return_facts(recorded.id, body, sold.currency),
        occurred_at=returned_at(body, desk.published.program, told_at=told_at, now=desk.now),
        about=recorded.id,
        counts_at=recorded.counts_at or recorded.occurred_at,
    )
    net, gross = _worth_of_what_came_back(sold, before.kept, kept)
    if allow is not None:
        await allow(desk.connection, {desk.published.program.currency.code: gross})
    told = replace(told, net=net, gross=gross)
    undoing = Undoing(
        PastOfDesk(desk),
        book,
        told,
        recorded.about or recorded.id,
        sold,
        pinned.rulebook,
        decision,
        paid_with_points(recorded),
        before,
    )
    standing, record = await undoing.leave(kept)
    back = came_back(undoing, recorded.id, standing)
    record = await lose_what_followed(desk, pinned, book, told, decision, back, record)
    standing = replace(
        standing,
        cancelled=before.cancelled or body is None,
        returns=(*before.returns, _told_of_sale(told, gross)),
    )
    desk.after(lambda trip: keep_returned(trip, sale, standing_state(standing)))
    record |= {
        "version": pinned.number,
        "status": standing.status,
        "sale_external_id": recorded.external_id,
    }
    if book.standing.status == "nameless":
        record["nameless"] = True
    await let_follow(desk, book, desk.close(book, told, record), back)


def came_back(undoing: Undoing, sale_id: UUID, after: SaleStanding) -> CameBack:
    """The sale before and after, as it earns: what points paid of it does not."""
    sale, before = undoing.sold.sale, undoing.before
    earning = earning_share(sale, undoing.paid.worth if undoing.paid else 0)
    return CameBack(
        sale_id,
        shrunk(sale, before.kept.lines, shipping=before.kept.shipping, earning=earning),
        shrunk(sale, after.kept.lines, shipping=after.kept.shipping, earning=earning),
        before.holding.points(),
        after.holding.points(),
        uncounted(before.holding, after.holding),
        after.lapsed,
    )


def _worth_of_what_came_back(sold: Sold, before: Kept, after: Kept) -> tuple[int, int]:
    """Net and gross of goods, in the program's currency."""
    left_before = shrunk(sold.sale, before.lines, shipping=before.shipping)
    left_after = shrunk(sold.sale, after.lines, shipping=after.shipping)
    return left_before.net - left_after.net, left_before.gross - left_after.gross


def _told_of_sale(told: Told, gross: int) -> dict[str, object]:
    """What a sale tells of one of its returns."""
    return {
        "id": str(told.id),
        "external_id": told.external_id,
        "occurred_at": utc_text(told.occurred_at),
        "gross": gross,
    }
