"""Points that were earned together, as the books have them, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from fiel.domain.accounting.revenue import allocated_to_points, expected_in_all, recognised
from fiel.domain.accounting.settings import WithoutSale


class Source(StrEnum):
    """What points came from."""

    SALE = "sale"
    GRANTED = "granted"
    BROUGHT_IN = "brought_in"


@dataclass(frozen=True, slots=True)
class Points:
    """Points that were earned in one month by one version of the program, at one worth each.

    `worth` is exact minor units of money, None where a point is worth nothing by itself.
    `reversed` was taken back with what had earned it, `redeemed` less what was given back,
    `settled` paid debts, `expired` less what came back, `removed` left in other ways.
    `outstanding` counts what is open, waits or is held.
    """

    unit: str
    month: date
    source: Source
    version: int
    worth: Fraction | None
    earned: int = 0
    reversed: int = 0
    redeemed: int = 0
    settled: int = 0
    expired: int = 0
    removed: int = 0
    outstanding: int = 0

    @property
    def kept(self) -> int:
        """What was earned and not taken back."""
        return self.earned - self.reversed

    @property
    def used(self) -> int:
        """What was redeemed, before it was earned (and owed since) or after."""
        return self.redeemed + self.settled


@dataclass(frozen=True, slots=True)
class Price:
    """What was paid for the sales of a month that earned points, by one version; minor units."""

    month: date
    version: int
    paid: int


@dataclass(frozen=True, slots=True)
class Position:
    """Where the books stand with the points of one unit, month and source.

    `value` is what is outstanding, at what a point is worth by itself, and `expected_value` the
    part of it that is expected to be redeemed. `allocated` was deferred, `deferred` still is; both
    are whole minor units, so that whatever is added up ties. `share` is what of all the points is
    expected to be redeemed in the end, None where there are none.
    """

    unit: str
    month: date
    source: Source
    earned: int
    reversed: int
    redeemed: int
    settled: int
    expired: int
    removed: int
    outstanding: int
    share: Fraction | None
    value: Fraction
    expected_value: Fraction
    allocated: int
    deferred: int
    from_redeemed: int

    @property
    def recognised(self) -> int:
        """What has become revenue, ever."""
        return self.allocated - self.deferred

    @property
    def from_breakage(self) -> int:
        """What of that belongs to points that will not be redeemed."""
        return self.recognised - self.from_redeemed


@dataclass(frozen=True, slots=True)
class Expectation:
    """The share of points that is expected to be redeemed.

    `first` tells it for what was earned in a month by a version, as it was expected when the price
    was allocated; `now` by unit, as it is expected today.
    """

    first: Mapping[tuple[str, date, int], Fraction]
    now: Mapping[str, Fraction]


def positions(
    points: Iterable[Points],
    prices: Iterable[Price],
    expectation: Expectation,
    *,
    without_sale: WithoutSale,
) -> list[Position]:
    """Where the books stand with every month's points, by unit, month and source.

    A price is shared out over all the sales of a month together: they are many and alike
    (IFRS 15.4).
    """
    ordered = sorted(points, key=_place)
    allocated = _allocated(ordered, prices, expectation, without_sale)
    found = []
    for (unit, month, source), group in groupby(ordered, key=_place):
        together = list(group)
        amount = sum((allocated[each] for each in together), Fraction(0))
        found.append(_position(unit, month, source, together, amount, expectation.now[unit]))
    return found


def _place(points: Points) -> tuple[str, date, Source]:
    return points.unit, points.month, points.source


def _allocated(
    points: Sequence[Points],
    prices: Iterable[Price],
    expectation: Expectation,
    without_sale: WithoutSale,
) -> dict[Points, Fraction]:
    """What is deferred for each."""
    worth = {
        each: (each.worth or 0)
        * max(each.kept, 0)
        * expectation.first[each.unit, each.month, each.version]
        for each in points
    }
    paid = {(price.month, price.version): price.paid for price in prices}
    sold: dict[tuple[date, int], Fraction] = {}
    for each in points:
        if each.source is Source.SALE:
            sale = each.month, each.version
            sold[sale] = sold.get(sale, Fraction(0)) + worth[each]
    shares = {}
    for each in points:
        amount = Fraction(worth[each])
        if each.source is Source.SALE:
            price = max(paid.get((each.month, each.version), 0), 0)
            whole = sold[each.month, each.version]
            part = allocated_to_points(price, goods=Fraction(price), points=whole)
            amount = part * amount / whole if whole else Fraction(0)
        elif each.source is Source.GRANTED and without_sale is WithoutSale.NONE:
            amount = Fraction(0)
        shares[each] = amount
    return shares


def _position(
    unit: str,
    month: date,
    source: Source,
    together: Sequence[Points],
    allocated: Fraction,
    share: Fraction,
) -> Position:
    kept = sum(each.kept for each in together)
    used = sum(each.used for each in together)
    outstanding = sum(each.outstanding for each in together)
    expected = expected_in_all(
        share, earned=kept, redeemed=max(used, 0), outstanding=max(outstanding, 0)
    )
    revenue = recognised(allocated, redeemed=max(used, 0), expected=expected)
    by_use = min(revenue, allocated * Fraction(max(used, 0), kept)) if kept > 0 else revenue
    value = sum(((each.worth or Fraction(0)) * each.outstanding for each in together), Fraction(0))
    still = (expected - max(used, 0)) / outstanding if outstanding > 0 else Fraction(0)
    whole, deferred = nearest(allocated), nearest(allocated - revenue)
    return Position(
        unit=unit,
        month=month,
        source=source,
        earned=sum(each.earned for each in together),
        reversed=sum(each.reversed for each in together),
        redeemed=sum(each.redeemed for each in together),
        settled=sum(each.settled for each in together),
        expired=sum(each.expired for each in together),
        removed=sum(each.removed for each in together),
        outstanding=outstanding,
        share=expected / kept if kept > 0 else None,
        value=value,
        expected_value=value * still,
        allocated=whole,
        deferred=deferred,
        from_redeemed=min(nearest(by_use), whole - deferred),
    )


def at_share(position: Position, share: Fraction) -> tuple[Fraction, int]:
    """What would be expected to be redeemed, and still be deferred, at another share.

    The allocation stays: it was made when the points were earned.
    """
    kept, used = position.earned - position.reversed, position.redeemed + position.settled
    expected = expected_in_all(
        share, earned=kept, redeemed=max(used, 0), outstanding=max(position.outstanding, 0)
    )
    allocated = Fraction(position.allocated)
    revenue = recognised(allocated, redeemed=max(used, 0), expected=expected)
    still = expected - max(used, 0)
    value = position.value * still / position.outstanding if position.outstanding > 0 else still * 0
    return value, nearest(allocated - revenue)


def nearest(amount: Fraction) -> int:
    """Whole minor units, half away from zero."""
    rounded = int(abs(amount) + Fraction(1, 2))
    return rounded if amount >= 0 else -rounded
