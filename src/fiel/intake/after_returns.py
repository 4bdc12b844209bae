"""What follows a return: each is one call, in the return's own transaction."""

from __future__ import annotations

from fiel.domain.decision import Decision
from fiel.intake.desk import Desk
from fiel.intake.following import forward, survivor_of
from fiel.intake.freeing_coupons import free_coupons_of_sale
from fiel.intake.losing_milestones import CameBack, joined, lose_milestones
from fiel.intake.past import PastOfDesk
from fiel.intake.referring_back import referral_after_return
from fiel.ledger.books import Book
from fiel.ledger.posting import Record, Recorded, Told, stood_after
from fiel.programs.versions import Published


async def lose_what_followed(
    desk: Desk,
    pinned: Published,
    book: Book,
    told: Told,
    decision: Decision,
    back: CameBack,
    record: Record,
) -> Record:
    """Take back what the sale led to besides what it earned; the record of the return with it."""
    lost = await lose_milestones(PastOfDesk(desk), pinned.rulebook, book, told, decision, back)
    record = joined(record, lost)
    if not back.after.lines:
        record = joined(record, await free_coupons_of_sale(desk, book, told, back.sale_id))
    return record


async def let_follow(desk: Desk, book: Book, recorded: Recorded, back: CameBack) -> None:
    """Let the return reach others, once it is kept: who was referred, and a survivor."""
    if not back.after.lines:
        await referral_after_return(desk, desk.whereabouts(book), back.sale_id)
    await forward(desk, book)
    survivor = await survivor_of(desk, book)
    if survivor is not None:
        recorded.decision["survivor"] = {
            "id": str(survivor.member_id),
            "after": stood_after(survivor, desk.published.program),
        }
