"""Paying with points: what they pay earns nothing, and comes back as what they paid for does."""

from __future__ import annotations

from fractions import Fraction

from fiel.domain.activity import Sale
from fiel.domain.returning.shrinking import shrunk


def total_to_pay(sale: Sale) -> int:
    """What is to pay for a sale, with tax: all its lines, gift cards too, and shipping."""
    return sum(line.gross for line in sale.lines) + sale.shipping


def earning_share(sale: Sale, paid: int) -> Fraction:
    """The share of a sale that can earn where points paid so many minor units of it."""
    total = total_to_pay(sale)
    assert 0 <= paid <= total, "points pay no more than there is to pay"
    return Fraction(total - paid, total) if total else Fraction(1)


def less_what_points_paid(sale: Sale, paid: int) -> Sale:
    """The sale as it earns when points pay `paid` minor units of it, spread by value.

    Goods stay whole: what is given by item is given for each of them.
    """
    if not paid:
        return sale
    whole = [Fraction(1)] * len(sale.lines)
    return shrunk(sale, whole, earning=earning_share(sale, paid))
