"""Where purchases were made, by number: of so many, a number is grouped far faster than a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """The stores and channels of a program: `names` tells those of each number."""

    names: Mapping[By, Sequence[str]]
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
    """Number the stores and channels of all sales."""
    sales = columns["sales"]
    found = rows(sales.select("store", "channel").distinct())
    names = {by: sorted({row[by.value] for row in found}) for by in _PLACES}
    number = {by: {name: at for at, name in enumerate(told)} for by, told in names.items()}
    numbers = ibis.memtable(
        [{**row, **{f"{by}_number": number[by][row[by.value]] for by in _PLACES}} for row in found],
        schema=ibis.schema(
            {
                "store": "string",
                "channel": "string",
                "store_number": "int32",
                "channel_number": "int32",
            }
        ),
    )
    return Places(names, numbers)
