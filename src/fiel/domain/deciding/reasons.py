"""Reasons: what led to an award, as plain data that is kept with it for ever.

What the program's version says (rate, rounding, factor) is not repeated: a reason holds what the
version does not know.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """How an award came about.

    PER  by value: `base` is the amount of the lines that counted, in minor units
    ITEM for each item: `items` is how many counted, a decimal text where they are no whole number
    FIXED once
    TIMES a promotion multiplied what the rule `of` gives
    TIER  the `tier` that was held multiplied what the rule `of` gives
    MILESTONE a milestone was reached so many `times`
    """

    PER = "per"
    ITEM = "item"
    FIXED = "fixed"
    TIMES = "times"
    TIER = "tier"
    MILESTONE = "milestone"


OPENING_AWARD = "opening"  # of an award that no rule makes: points brought in from elsewhere
REFERRAL_AWARD = "referral"  # what both sides of a referral get
COUPON_AWARD = "coupon"  # what a coupon gives
TIER_AWARD = "tier"  # the name of an award that no rule but a tier makes

# Beside the member's facts a decision pins which multipliers with a limit or a budget acted on
# which rules: not each of them leaves an award, since what it adds may round to nothing.
MULTIPLIED = "multiplied"
