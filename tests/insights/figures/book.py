"""A book of what happened in a shop, written by hand, opened as a columnar copy."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fiel.domain.document import read_program
from fiel.insights.columns.opening import Columns, columns_of_arrow
from fiel.insights.columns.tables import TABLES
from fiel.ledger.accounts import Place

CAFE_SOL = read_program(
    """
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, expiry: never, value: 0.05}
  stamps: {name: sellos, expiry: never}
tiers:
  by: spend
  window: 12 months
  levels: [{id: bronce, from: 0}, {id: plata, from: 300}]
"""
)
ANA, BERTA, CARLA, DORA, EVA = 1, 2, 3, 4, 5


def day(text: str) -> date:
    """A day of 2026, told as month and day."""
    return date.fromisoformat(f"2026-{text}" if len(text) == 5 else text)


class Book:
    """What happened, in the order in which it is told; amounts in cents."""

    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def joins(
        self,
        member: int,
        on: str,
        *,
        tier: str | None = None,
        segments: tuple[str, ...] = (),
        status: str = "active",
    ) -> None:
        """Somebody becomes a member."""
        self._write(
            "members",
            member=member,
            status=status,
            joined_on=day(on),
            tier=tier,
            segments=json.dumps(segments),
        )

    def sells(
        self,
        on: str,
        net: int,
        to: int | None = None,
        *,
        store: str = "centro",
        channel: str = "shop",
        margin: int | None = None,
    ) -> int:
        """A sale; its number."""
        number = len(self._rows["sales"]) + 1
        self._write(
            "sales",
            sale=number,
            member=to,
            day=day(on),
            net=net,
            store=store,
            channel=channel,
            margin=margin,
        )
        return number

    def takes_back(
        self,
        sale: int | None,
        net: int,
        on: str,
        *,
        margin: int | None = None,
        cancels: bool = False,
    ) -> None:
        """Goods come back."""
        self._write("returns", sale=sale, day=day(on), net=net, margin=margin, cancels=cancels)

    def moves(
        self,
        on: str,
        member: int,
        points: int,
        debit: Place,
        credit: Place,
        *,
        unit: str = "points",
        store: str = "centro",
        channel: str = "shop",
        returned: int | None = None,
    ) -> None:
        """Points move from one place to another, by a return of a sale if one is `returned`."""
        self._write(
            "movements",
            member=member,
            day=day(on),
            points=points,
            debit=int(debit),
            credit=int(credit),
            unit=unit,
            store="" if returned else store,
            channel="" if returned else channel,
            kind="return" if returned else "sale",
            sale=returned,
        )

    def gives(
        self,
        on: str,
        member: int,
        points: int,
        *,
        worth: str | None = "0.05",
        unit: str = "points",
        store: str = "centro",
    ) -> None:
        """Points are earned, kept in a lot."""
        self.moves(on, member, points, Place.ISSUED, Place.AVAILABLE, unit=unit, store=store)
        self._write("lots", member=member, day=day(on), points=points, unit=unit, worth=worth)

    def acts(self, on: str, member: int, kind: str = "activity") -> None:
        """Somebody does something that is no purchase."""
        self._write("activities", member=member, kind=kind, type="review", day=day(on))

    def redeems(self, on: str, member: int, *, milestone: str | None = None) -> None:
        """A reward is redeemed, or given for a milestone."""
        self._write("redemptions", member=member, day=day(on), reward="cafe", milestone=milestone)

    @contextmanager
    def opened(self) -> Iterator[Columns]:
        """The book as a columnar copy."""
        given = {
            name: pa.Table.from_pylist(rows, schema=TABLES[name])
            for name, rows in self._rows.items()
        }
        with columns_of_arrow(given) as columns:
            yield columns

    def _write(self, table: str, **told: object) -> None:
        self._rows[table].append(_blank(TABLES[table]) | told)


def _blank(schema: pa.Schema) -> Mapping[str, Any]:
    return {field.name: None if field.nullable else _nothing(field.type) for field in schema}


def _nothing(kind: pa.DataType) -> object:
    if pa.types.is_string(kind):
        return ""
    if pa.types.is_boolean(kind):
        return False
    if pa.types.is_date(kind):
        return date(2026, 1, 1)
    if pa.types.is_timestamp(kind):
        return datetime(2026, 1, 1)  # noqa: DTZ001 - the copy's moments bear no zone
    return Decimal(0) if pa.types.is_decimal(kind) else 0
