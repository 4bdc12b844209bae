"""Do what a second person has approved: once, whatever happens on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fiel.domain.refusal import Refusal
from fiel.intake.adjusting import adjust_points
from fiel.intake.contents.adjustments import AdjustmentBody
from fiel.intake.recording import Lend
from fiel.ledger.scope import program_transaction
from fiel.programs.versions import Versions
from fiel.staff.approvals import Approval, ApprovalState, Asker, approve, finish


async def approve_adjustment(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    approval_id: UUID,
    *,
    by: Asker,
    now: datetime,
) -> Approval:
    """Agree to an adjustment and do it; a repeat, even after a crash, does it no second time.

    What the ledger refuses (points that are not there any more, a member who left) ends as failed,
    with the code that says why.

    Raises:
        NotFound: the program has no such approval.
        OwnApproval: it was asked for by the same person.
        AlreadyDecided: it was refused, or done.
    """
    async with lend() as connection, program_transaction(connection, program_id):
        approval = await approve(connection, program_id, approval_id, by=by, now=now)
    problem = await _adjust(lend, versions, program_id, approval, now=now)
    async with lend() as connection, program_transaction(connection, program_id):
        await finish(connection, program_id, approval_id, problem=problem)
    state = ApprovalState.FAILED if problem else ApprovalState.DONE
    return replace(approval, state=state, note=problem)


async def _adjust(
    lend: Lend, versions: Versions, program_id: UUID, approval: Approval, *, now: datetime
) -> str:
    """Move the points under the approval's own id; the code of what stands in the way, if any."""
    try:
        await adjust_points(
            lend,
            versions,
            program_id,
            AdjustmentBody.model_validate(approval.content),
            request_id=approval.id,
            author=approval.asked_by_name,
            now=now,
        )
    except Refusal as refusal:
        return refusal.code
    return ""
