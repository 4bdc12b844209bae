"""How much of what is earned will be redeemed: as stated, or as the past says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from fiel.domain.accounting.cohorts import Points

# Fewer points than that say little about those to come.
LEAST_POINTS = 1_000


class Method(StrEnum):
    """How an expectation came about."""

    STATED = "stated"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Share:
    """The share of points that is expected to be redeemed, and how that is known.

    `months` and `points` are what an estimate rests on. Where nothing is known the share is 1:
    nothing is counted as revenue before it is.
    """

    unit: str
    share: Fraction
    method: Method
    months: int = 0
    points: int = 0
    redeemed: int = 0


def expected_share(unit: str, stated: Fraction | None, points: Iterable[Points]) -> Share:
    """The share of a unit's points that is expected to be redeemed.

    What is stated stands. Else the months decide of which everything is over because it was
    redeemed or expired, and some did expire: what was redeemed of all that was earned in them.
    """
    if stated is not None:
        return Share(unit, stated, Method.STATED)
    by_month: dict[object, list[Points]] = {}
    for each in points:
        if each.unit == unit:
            by_month.setdefault(each.month, []).append(each)
    over = [
        together
        for together in by_month.values()
        if not sum(each.outstanding for each in together)
        and sum(each.expired for each in together) > 0
    ]
    kept = sum(each.kept for together in over for each in together)
    used = sum(each.used for together in over for each in together)
    if kept < LEAST_POINTS:
        return Share(unit, Fraction(1), Method.UNKNOWN, len(over), max(kept, 0), used)
    share = min(max(Fraction(used, kept), Fraction(0)), Fraction(1))
    return Share(unit, share, Method.ESTIMATED, len(over), kept, used)
