"""Deferred revenue as IFRS 15 (B39 to B43) and ASC 606 have it; every amount is exact.

Points that a sale gives are a promise of their own: a part of the price is theirs, and becomes
revenue as they are redeemed. What will never be redeemed (breakage) becomes revenue in step with
what is.
"""

from __future__ import annotations

from fractions import Fraction


def allocated_to_points(price: Fraction | int, *, goods: Fraction, points: Fraction) -> Fraction:
    """The part of a price that belongs to points, by stand-alone value of goods and points.

    `points` is what all of them would be worth by themselves times the share that is expected to
    be redeemed.
    """
    assert goods >= 0, "goods are worth something"
    assert points >= 0, "points are worth something"
    whole = goods + points
    return Fraction(price) * points / whole if whole else Fraction(0)


def recognised(allocated: Fraction, *, redeemed: int, expected: Fraction) -> Fraction:
    """What has become revenue, ever, once `redeemed` of the `expected` points are redeemed.

    `expected` counts what is redeemed already. A change of it takes effect at once, in the period
    in which it is made; the allocation stays.
    """
    if not expected:
        return allocated
    return allocated * min(Fraction(redeemed) / expected, Fraction(1))


def expected_in_all(share: Fraction, *, earned: int, redeemed: int, outstanding: int) -> Fraction:
    """How many points of those earned together will have been redeemed in the end.

    The share of what was earned that is expected to be; never less than what has been redeemed
    already, never more than what still can be.
    """
    least, most = Fraction(redeemed), Fraction(redeemed + outstanding)
    return max(least, min(share * earned, most))
