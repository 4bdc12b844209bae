"""What a reward costs, how long what was got can be used, and what shows that it was got."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from fiel.domain.member import LimitKey
from fiel.domain.program import Reward, RewardKind
from fiel.domain.time import end_of_day, period_start


class CodeKind(StrEnum):
    """What the code of a redemption leads to."""

    REDEMPTION = "redemption"  # shown at the till, where the thing is handed over
    COUPON = "coupon"
    GIFT_CARD = "gift_card"


# An access needs no code: it is looked up.
KINDS_OF_CODE: Mapping[RewardKind, CodeKind | None] = {
    RewardKind.PRODUCT: CodeKind.REDEMPTION,
    RewardKind.SERVICE: CodeKind.REDEMPTION,
    RewardKind.EVENT: CodeKind.REDEMPTION,
    RewardKind.DISCOUNT: CodeKind.COUPON,
    RewardKind.VOUCHER: CodeKind.COUPON,
    RewardKind.GIFT_CARD: CodeKind.GIFT_CARD,
    RewardKind.ACCESS: None,
}


def price_of(reward: Reward, quantity: int) -> dict[str, int]:
    """What so many cost, in each unit of the price."""
    return {unit: points * quantity for unit, points in reward.price.items()}


def cost_of(reward: Reward, quantity: int) -> int:
    """What so many cost the merchant, in minor units; nothing where nobody said."""
    return (reward.cost or 0) * quantity


def valid_until(reward: Reward, captured_at: datetime, zone: tzinfo) -> datetime | None:
    """Until when what was got can be used: the end of a day of the zone; None for ever."""
    if reward.valid is None:
        return None
    day = captured_at.astimezone(zone).date()
    return end_of_day(reward.valid.after(day), zone).astimezone(UTC)


def limit_rule(reward: str) -> str:
    """The name under which a reward's limit is counted, apart from those of rules."""
    return f"reward:{reward}"


def limit_key(reward: Reward, day: date) -> LimitKey | None:
    """What counts redemptions of a day against the limit of one member; None for no limit."""
    if reward.limit is None:
        return None
    return limit_rule(reward.id), period_start(reward.limit.every, day)
