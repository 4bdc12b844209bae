"""Do what a second person has approved: once, whatever happens on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fiel.domain.refusal import Refusal
from fiel.intake.adjusting import adjust_points
from fiel.intake.contents.adjustments import AdjustmentBody
from fiel.intake.contents.gift_cards import ChargeBody, GiftCardBody
from fiel.intake.gift_cards import charge_card, issue_card
from fiel.intake.recording import Lend
from fiel.ledger.scope import program_transaction
from fiel.programs.versions import Versions
from fiel.rewards.gift_cards import gift_card_of
from fiel.staff.approvals import Approval, ApprovalKind, ApprovalState, Asker, approve, finish


async def approve_and_do(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    approval_id: UUID,
    *,
    by: Asker,
    now: datetime,
) -> Approval:
    """Agree to what was asked for and do it; a repeat, even after a crash, does it no second time.

    What is refused then (points or money that are not there any more, a member who left) ends as
    failed, with the code that says why.

    Raises:
        NotFound: the program has no such approval.
        OwnApproval: it was asked for by the same person.
        AlreadyDecided: it was refused, or done.
    """
    async with lend() as connection, program_transaction(connection, program_id):
        approval = await approve(connection, program_id, approval_id, by=by, now=now)
    try:
        await _do(lend, versions, program_id, approval, now)
    except Refusal as refusal:
        problem = refusal.code
    else:
        problem = ""
    async with lend() as connection, program_transaction(connection, program_id):
        await finish(connection, program_id, approval_id, problem=problem)
    state = ApprovalState.FAILED if problem else ApprovalState.DONE
    return replace(approval, state=state, note=problem)


async def _do(
    lend: Lend, versions: Versions, program_id: UUID, approval: Approval, now: datetime
) -> None:
    """Do it under the approval's own id."""
    match approval.kind:
        case ApprovalKind.ADJUSTMENT:
            await adjust_points(
                lend, versions, program_id, AdjustmentBody.model_validate(approval.content),
                request_id=approval.id, author=approval.asked_by_name, now=now,
            )  # fmt: skip
        case ApprovalKind.CARD_ISSUE:
            async with lend() as connection, program_transaction(connection, program_id):
                published = await versions.in_force(connection, program_id)
            card = GiftCardBody.model_validate(approval.content)
            await issue_card(lend, published, card, id=approval.id, now=now)
        case ApprovalKind.CARD_CHARGE:
            card_id = UUID(approval.about.partition(":")[2])
            async with lend() as connection, program_transaction(connection, program_id):
                code = (await gift_card_of(connection, program_id, card_id)).code
            payment = ChargeBody.model_validate(approval.content)
            await charge_card(lend, program_id, code, payment, id=approval.id, now=now)
