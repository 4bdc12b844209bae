"""Where purchases were made, by number: of so many, a number is grouped far faster than a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
from ibis import Table

from fiel.insights.columns.opening import Columns
from fiel.insights.figures.narrowing import By, rows
from fiel.insights.figures.periods import Period

_PLACES = (By.STORE, By.CHANNEL)


@dataclass(frozen=True, slots=True)
class Places:
    """The stores and channels of a program: `names` tells those of each number, from 0.

    `numbers` is an expression over sales: memory tables would be gone where engines keep tables.
    """

    names: Mapping[By, Mapping[int, str]]
    numbers: Table

    def numbered(self, purchases: Table) -> Table:
        """Purchases whose `store` and `channel` are numbers."""
        both = purchases.inner_join(self.numbers, ["store", "channel"])
        return both.select(
            *(name for name in purchases.columns if name not in _PLACES),
            store=both.store_number,
            channel=both.channel_number,
        )

    def named[T](
        self, by: By, counted: Mapping[tuple[Any, Period], T]
    ) -> dict[tuple[str, Period], T]:
        """What was counted of numbered purchases, whose keys are numbers, by name."""
        names = self.names[by]
        return {(names[number], period): each for (number, period), each in counted.items()}


def places(columns: Columns) -> Places:
    """Number the stores and channels of all sales, in the order of their names."""
    found = columns["sales"].select("store", "channel").distinct()
    numbers = found.mutate(
        **{
            f"{by}_number": ibis.dense_rank().over(order_by=found[by.value]).cast("int32")
            for by in _PLACES
        }
    )
    told = rows(numbers)
    names = {by: {row[f"{by}_number"]: row[by.value] for row in told} for by in _PLACES}
    return Places(names, numbers)
