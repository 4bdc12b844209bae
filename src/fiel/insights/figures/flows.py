"""What became of points in each period, and what those that were given are worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import ibis
from ibis import Table

from fiel.insights.columns.opening import Columns
from fiel.insights.figures.narrowing import By, Holdings, Narrowed, chosen, rows, slot_of
from fiel.insights.figures.periods import Period
from fiel.insights.figures.sold import cuts_of, slots_of
from fiel.ledger.accounts import Place


@dataclass(frozen=True, slots=True)
class Flow:
    """What moved of one unit within a period; what a return moved, on the day of its sale.

    `worth` is money (major units) of one point that was given, the mean over the lots of the
    period's points; None: the unit pays nothing.
    """

    given: int = 0
    taken_back: int = 0
    spent: int = 0
    restored: int = 0
    expired: int = 0
    worth: Fraction | None = None

    @property
    def issued(self) -> int:
        """Given, less what was taken back."""
        return self.given - self.taken_back

    @property
    def redeemed(self) -> int:
        """Spent, less what came back because it was cancelled or returned."""
        return self.spent - self.restored

    @property
    def cost(self) -> Fraction | None:
        """What the points issued are worth, in major units."""
        return None if self.worth is None else self.issued * self.worth


type Flows = Mapping[str, Flow]

_RETURN = "return"  # the kind of what moves points because goods came back
_SUMS = {
    "given": ("debit", Place.ISSUED),
    "taken_back": ("credit", Place.ISSUED),
    "spent": ("credit", Place.REDEEMED),
    "restored": ("debit", Place.REDEEMED),
    "expired": ("credit", Place.EXPIRED),
}


def moved_by_day(columns: Columns, narrowed: Narrowed, told: Sequence[Period]) -> Table:
    """Sums over movements by day, unit, store and channel."""
    movements = _moved(columns, narrowed, told)
    return movements.group_by("day", "unit", "store", "channel").aggregate(**_asked(movements))


def moved_by_holding(
    columns: Columns, narrowed: Narrowed, holdings: Holdings, told: Sequence[Period]
) -> Table:
    """Sums over movements by key of what members have, unit, and slot between days that matter."""
    named = _moved(columns, narrowed, told).inner_join(holdings.people, "member")
    named = named.mutate(slot=slot_of(named.day, cuts_of(told)))
    sums = named.group_by("holding", "unit", "slot").aggregate(**_asked(named))
    return sums.inner_join(holdings.keys, "holding")


def flows(
    moved: Table,
    told: Sequence[Period],
    worths: Mapping[tuple[str, Period], Fraction | None],
    by: By | None = None,
) -> Mapping[tuple[str, Period], Flows]:
    """What became of points in each period, by store or channel.

    `moved` are sums by day, or by slot and already by key.
    """
    cuts = cuts_of(told)
    named = moved
    if "key" not in moved.columns:
        key = moved[by.value] if by else ibis.literal("")
        named = moved.mutate(key=key, slot=slot_of(moved.day, cuts))
    sums = named.group_by("key", "unit", "slot").aggregate(
        **{name: named[name].sum() for name in _SUMS}
    )
    slots: dict[str, dict[str, dict[int, Any]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows(sums):
        slots[row["key"]][row["unit"]][row["slot"]] = row
    return {
        (key, period): {
            unit: _flow(found, slots_of(period, cuts), worths.get((unit, period)))
            for unit, found in units.items()
        }
        for key, units in slots.items()
        for period in told
    }


def mean_worths(
    columns: Columns, told: Sequence[Period], now: Mapping[str, Fraction | None]
) -> Mapping[tuple[str, Period], Fraction | None]:
    """What a point of each unit was worth that was earned in each period.

    Where none was, `now` says what one is worth today.
    """
    lots = columns["lots"]
    cuts = cuts_of(told)
    by_day = lots.group_by("day", "unit", "worth").aggregate(points=lots.points.sum())
    named = by_day.mutate(slot=slot_of(by_day.day, cuts))
    sums = named.group_by("unit", "worth", "slot").aggregate(points=named.points.sum())
    found: dict[tuple[str, int], list[tuple[Fraction | None, int]]] = defaultdict(list)
    for row in rows(sums):
        worth = None if row["worth"] is None else Fraction(row["worth"])
        found[row["unit"], row["slot"]].append((worth, row["points"]))
    units = {unit for unit, _ in found} | set(now)
    return {
        (unit, period): _mean(
            [each for slot in slots_of(period, cuts) for each in found.get((unit, slot), [])],
            now.get(unit),
        )
        for unit in units
        for period in told
    }


def _mean(lots: Sequence[tuple[Fraction | None, int]], now: Fraction | None) -> Fraction | None:
    if not lots:
        return now
    paying = [(worth, points) for worth, points in lots if worth is not None and points]
    if not paying:
        return None
    return sum((worth * points for worth, points in paying), Fraction()) / sum(
        points for _, points in paying
    )


def _flow(slots: Mapping[int, Any], which: range, worth: Fraction | None) -> Flow:
    within = [slots[slot] for slot in which if slot in slots]
    return Flow(**{name: sum(row[name] for row in within) for name in _SUMS}, worth=worth)


def _moved(columns: Columns, narrowed: Narrowed, told: Sequence[Period]) -> Table:
    """The movements between the days that matter; what a return moves is placed where its sale is.

    So points that are taken back are told beside the net sales that are.
    """
    cuts = cuts_of(told)
    movements, sales = columns["movements"], columns["sales"]
    of_sales = (movements.kind == _RETURN) & movements.sale.notnull()
    returned = movements.filter(of_sales).drop("day", "store", "channel")
    placed = returned.inner_join(sales.select("sale", "day", "store", "channel"), "sale")
    every = _alike(movements.filter(~of_sales)).union(_alike(placed))
    within = (every.day > ibis.literal(cuts[0])) & (every.day <= ibis.literal(cuts[-1]))
    return chosen(columns, every.filter(within), narrowed)


def _alike(movements: Table) -> Table:
    """What is read of movements; whether a column may be null differs by how it was come by."""
    names = ("member", "unit", "debit", "credit", "points", "day", "store", "channel")
    told = {name: movements[name] for name in names}
    return movements.select(
        **{name: cell.cast(cell.type().copy(nullable=True)) for name, cell in told.items()}
    )


def _asked(movements: Table) -> dict[str, Any]:
    return {
        name: ibis.ifelse(movements[side] == int(place), movements.points, 0).sum()
        for name, (side, place) in _SUMS.items()
    }
