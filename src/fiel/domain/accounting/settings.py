"""What a program document says about its accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class Account(StrEnum):
    """The accounts that journal entries name; a program gives each the number of its own books."""

    SALES = "sales"
    DEFERRED = "deferred"
    REDEEMED = "redeemed"
    BREAKAGE = "breakage"
    GRANTED = "granted"
    BROUGHT_IN = "brought_in"
    CASH = "cash"
    GIFT_CARDS = "gift_cards"
    GIFT_CARD_SALES = "gift_card_sales"
    GIFT_CARD_REWARDS = "gift_card_rewards"
    GIFT_CARD_BREAKAGE = "gift_card_breakage"


class WithoutSale(StrEnum):
    """What points that no sale gave are to the books."""

    NONE = "none"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True)
class UnitAccounting:
    """What is stated about a unit: the share that is expected to be redeemed, what one is worth.

    `redeemed` is a share of 1, None where it is estimated; `value` is money (major units) that
    stands for what one is worth by itself, None where the unit's own value does.
    """

    redeemed: Fraction | None = None
    value: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Accounting:
    """How a program accounts for what it owes."""

    units: Mapping[str, UnitAccounting] = field(default_factory=dict)
    without_sale: WithoutSale = WithoutSale.NONE
    accounts: Mapping[Account, str] = field(default_factory=dict)

    def of(self, unit: str) -> UnitAccounting:
        """What is stated about a unit."""
        return self.units.get(unit, UnitAccounting())

    def number(self, account: Account) -> str:
        """What an account is called in the merchant's books; its own name where nothing is said."""
        return self.accounts.get(account, account.value)
