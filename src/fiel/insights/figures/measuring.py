"""Measuring: from the columnar copy to the figures of periods, and of stores, tiers and such."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction

from ibis import Table, literal

from fiel.domain.program import Program
from fiel.insights.columns.opening import Columns
from fiel.insights.figures.customers import (
    CUSTOMER_DAYS,
    Customers,
    customers,
    customers_of,
    in_turns,
    lasts,
)
from fiel.insights.figures.enrolled import Enrolled, enrolled
from fiel.insights.figures.figures import Figures
from fiel.insights.figures.flows import (
    Flows,
    flows,
    mean_worths,
    moved_by_day,
    moved_by_holding,
)
from fiel.insights.figures.narrowing import By, Holdings, Narrowed, holdings, key_of
from fiel.insights.figures.periods import Period
from fiel.insights.figures.places import Places, places
from fiel.insights.figures.purchases import purchases
from fiel.insights.figures.sold import SoldTo, sold, sold_by_day, sold_by_holding


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the figures are put together from, each by key and period."""

    sold: Mapping[tuple[str, Period], SoldTo]
    customers: Mapping[tuple[str, Period], Customers]
    flows: Mapping[tuple[str, Period], Flows]
    enrolled: Mapping[tuple[str, Period], Enrolled] | None

    @property
    def keys(self) -> list[str]:
        """All that anything is known of."""
        every = (*self.sold, *self.customers, *self.flows, *(self.enrolled or ()))
        return sorted({key for key, _ in every})


@dataclass(frozen=True, slots=True)
class Measured:
    """What figures are measured from: purchases and movements, each read once and kept.

    Figures can be asked of any of the periods that it was made for.
    """

    columns: Columns
    narrowed: Narrowed
    customer_days: int
    minor_per_major: int
    places: Places
    bought: Table
    lasts: Sequence[tuple[Sequence[Period], Table]]
    by_day: Table
    moved: Table
    worths: Mapping[tuple[str, Period], Fraction | None]

    def of(self, told: Sequence[Period]) -> list[Figures]:
        """The figures of each period."""
        parts = _Parts(
            sold(self.by_day, told),
            self._customers(told),
            flows(self.moved, told, self.worths),
            self._enrolled(told),
        )
        return self._figures(parts, "", told)

    def by(self, by: By, told: Sequence[Period]) -> dict[str, list[Figures]]:
        """The figures of each period by store, channel, segment or tier, under its id."""
        if by.is_of_members:
            return self.by_holding(told)[by]
        parts = _Parts(
            self.places.named(by, sold(self.by_day, told, by)),
            self.places.named(by, customers(self.bought, told, self.customer_days, by)),
            flows(self.moved, told, self.worths, by),
            None,
        )
        return {key: self._figures(parts, key, told) for key in parts.keys}

    def by_holding(self, told: Sequence[Period]) -> dict[By, dict[str, list[Figures]]]:
        """The figures of each period by segment and by tier, read at once."""
        held = holdings(self.columns)
        bought = sold_by_holding(self.bought, held, told)
        moved = moved_by_holding(self.columns, self.narrowed, held, told)
        parts = _Parts(
            sold(bought, told),
            self._customers(told, held),
            flows(moved, told, self.worths),
            self._enrolled(told, held),
        )
        return {
            by: {
                key.removeprefix(key_of(by, "")): self._figures(parts, key, told)
                for key in parts.keys
                if key.startswith(key_of(by, ""))
            }
            for by in By
            if by.is_of_members
        }

    def _customers(
        self, told: Sequence[Period], held: Holdings | None = None
    ) -> Mapping[tuple[str, Period], Customers]:
        counted: dict[tuple[str, Period], Customers] = {}
        for some, per_member in self.lasts:
            wanted = [period for period in some if period in told]
            if wanted:
                counted |= customers_of(per_member, wanted, self.customer_days, held)
        return counted

    def _enrolled(
        self, told: Sequence[Period], held: Holdings | None = None
    ) -> Mapping[tuple[str, Period], Enrolled] | None:
        """Members belong to no store and no channel: nothing is counted where one is named."""
        if self.narrowed.names_places:
            return None
        return enrolled(self.columns, self.narrowed, told, held)

    def _figures(self, parts: _Parts, key: str, told: Sequence[Period]) -> list[Figures]:
        return [
            Figures(
                period,
                self.customer_days,
                self.minor_per_major,
                parts.sold.get((key, period), SoldTo()),
                parts.customers.get((key, period), Customers()),
                None if parts.enrolled is None else parts.enrolled.get((key, period), Enrolled()),
                parts.flows.get((key, period), {}),
            )
            for period in told
        ]


@contextmanager
def measured(
    columns: Columns,
    program: Program,
    told: Sequence[Period],
    *,
    narrowed: Narrowed | None = None,
    customer_days: int = CUSTOMER_DAYS,
) -> Iterator[Measured]:
    """Read what the figures of some periods are measured from, and keep it meanwhile."""
    narrowed = narrowed or Narrowed()
    until = max(period.until for period in told)
    where = places(columns)
    with (
        where.numbered(purchases(columns, narrowed, until)).cache() as bought,
        sold_by_day(bought).cache() as by_day,
        moved_by_day(columns, narrowed, told).cache() as moved,
        ExitStack() as stack,
    ):
        kept = [
            (some, stack.enter_context(lasts(bought, some).mutate(key=literal("")).cache()))
            for some in in_turns(told)
        ]
        yield Measured(
            columns,
            narrowed,
            customer_days,
            program.currency.minor_per_major,
            where,
            bought,
            kept,
            by_day,
            moved,
            mean_worths(columns, told, {unit: kept.value for unit, kept in program.units.items()}),
        )
