"""Redemptions as activities keep them: what a repeat is answered from, and told by later."""

from __future__ import annotations

from datetime import datetime

from fiel.domain.time import utc_text
from fiel.ledger.posting import Record
from fiel.rewards.redemptions import Redemption


def redemption_record(redemption: Redemption) -> Record:
    """What the answer about a redemption tells, as plain data."""
    return {
        "id": str(redemption.id),
        "external_id": redemption.external_id,
        "source": redemption.source,
        "member": str(redemption.member_id),
        "status": str(redemption.status),
        "reward": redemption.reward,
        "kind": redemption.kind,
        "quantity": redemption.quantity,
        "spent": dict(redemption.spent),
        "code": redemption.code,
        "code_kind": redemption.code_kind and str(redemption.code_kind),
        "made_at": utc_text(redemption.made_at),
        "hold_until": _written(redemption.hold_until),
        "captured_at": _written(redemption.captured_at),
        "expires_at": _written(redemption.expires_at),
        "used_at": _written(redemption.used_at),
        "ended_at": _written(redemption.ended_at),
        "milestone": redemption.milestone,
        "sale": redemption.sale_id and str(redemption.sale_id),
        "store": redemption.store,
        "version": redemption.version,
    }


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else utc_text(moment)
