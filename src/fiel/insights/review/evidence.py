"""What a review knows of the merchant's own trade, and of what the draft would have given.

Money is in minor units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class UnitEvidence:
    """What the draft would have done with one unit on the merchant's past.

    `to_one_time` of what was issued went to members with a single purchase; `on_loss` was earned on
    lines that brought no margin. `most_issued` is what the member with the most was given,
    `median_issued` the median of those who were given any.
    """

    issued: int = 0
    redeemed: int = 0
    expired: int = 0
    outstanding: int = 0
    to_one_time: int = 0
    on_loss: int = 0
    members: int = 0
    most_issued: int = 0
    median_issued: int = 0


@dataclass(frozen=True, slots=True)
class RewardEvidence:
    """Who could have had a reward: members whose points of a lifetime reach its price."""

    members_who_could: int = 0
    redemptions: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """The merchant's past in `days`, and the draft's outcome on it.

    `margin` is known for sales of `net_with_margin`; `list_value` is what goods would have cost
    without their discounts of `discounts`. `tier_reached` counts members who ever reached a level.
    """

    days: int
    sales: int
    members: int
    one_time_members: int
    net: int
    margin: int | None = None
    net_with_margin: int = 0
    list_value: int = 0
    discounts: int = 0
    prices: Mapping[str, Fraction] = field(default_factory=dict)  # what goods sold for, by sku
    costs: Mapping[str, Fraction] = field(default_factory=dict)
    sold: Mapping[str, Fraction] = field(default_factory=dict)  # how many of a sku
    units: Mapping[str, UnitEvidence] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)  # how often a rule gave
    tier_reached: Mapping[str, int] = field(default_factory=dict)
    rewards: Mapping[str, RewardEvidence] = field(default_factory=dict)

    @property
    def average_sale(self) -> Fraction | None:
        """Net of the average sale."""
        return Fraction(self.net, self.sales) if self.sales else None

    @property
    def margin_rate(self) -> Fraction | None:
        """Margin as a share of net, of the sales whose cost is known."""
        if self.margin is None or self.net_with_margin <= 0:
            return None
        return Fraction(self.margin, self.net_with_margin)

    @property
    def public_discount_rate(self) -> Fraction | None:
        """The share of the list value that everybody is let off."""
        return Fraction(self.discounts, self.list_value) if self.list_value > 0 else None
