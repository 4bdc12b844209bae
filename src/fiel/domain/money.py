"""Currencies and exact amounts: decimals outside, integer minor units inside."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property, lru_cache

from babel.numbers import UnknownCurrencyError, get_currency_precision, is_currency

# What fits a PostgreSQL bigint with room for sums over a program's life.
LARGEST_AMOUNT_MINOR = 10**15


@dataclass(frozen=True)
class Currency:
    """An ISO 4217 currency and its number of decimals (EUR 2, CLP 0, KWD 3)."""

    code: str
    decimals: int

    @cached_property
    def minor_per_major(self) -> int:
        """How many minor units make one major unit."""
        return int(10**self.decimals)

    def minor(self, amount: Decimal | int | Fraction) -> int:
        """Round an amount in major units, half away from zero, to minor units."""
        if isinstance(amount, int):
            return amount * self.minor_per_major
        if isinstance(amount, Fraction):
            scaled = abs(amount) * self.minor_per_major
            rounded = int(scaled + Fraction(1, 2))
            return rounded if amount >= 0 else -rounded
        return int((amount * self.minor_per_major).to_integral_value(rounding=ROUND_HALF_UP))

    def decimal(self, minor: int) -> str:
        """Write minor units as a decimal string in major units: 620 → "6.20"."""
        if not self.decimals:
            return str(minor)
        sign = "-" if minor < 0 else ""
        whole, part = divmod(abs(minor), self.minor_per_major)
        return f"{sign}{whole}.{part:0{self.decimals}d}"


@dataclass(frozen=True, slots=True)
class Amount:
    """So much money, as a sentence tells it: each language writes it in its own way."""

    minor: int
    currency: Currency


class UnknownCurrency(ValueError):
    """The code is no ISO 4217 currency."""


@lru_cache(maxsize=512)
def currency(code: str) -> Currency:
    """Look an ISO 4217 currency up by its code.

    Raises:
        UnknownCurrency: there is no such currency.
    """
    try:
        known = is_currency(code)
    except UnknownCurrencyError:
        known = False
    if not known:
        raise UnknownCurrency(code)
    return Currency(code, get_currency_precision(code))
