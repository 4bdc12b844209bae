"""Handing over: what a member gets for a captured redemption, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial

from fiel.domain.program import Reward
from fiel.domain.redeeming import KINDS_OF_CODE, CodeKind, Status, valid_until
from fiel.ledger.opening import Place
from fiel.ledger.trips import Trip
from fiel.rewards.codes import REDEMPTION_LENGTH, new_code
from fiel.rewards.pick_up import claim_pick_up_code
from fiel.rewards.redemptions import Redemption

type Write = Callable[[Trip], None]


def captured(
    place: Place, redemption: Redemption, reward: Reward, *, now: datetime, zone: tzinfo
) -> tuple[Redemption, list[Write]]:
    """The redemption once it is paid, with what shows it, and the rows that say so."""
    expires_at = valid_until(reward, now, zone)
    kind = KINDS_OF_CODE[reward.kind]
    paid = replace(redemption, status=Status.CAPTURED, captured_at=now, expires_at=expires_at)
    if kind is None:
        return paid, []
    code = new_code(REDEMPTION_LENGTH)
    claim = partial(
        claim_pick_up_code,
        place=place,
        code=code,
        member_id=redemption.member_id,
        redemption_id=redemption.id,
    )
    return replace(paid, code=code, code_kind=CodeKind.REDEMPTION), [claim]
