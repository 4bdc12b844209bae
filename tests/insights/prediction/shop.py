"""A columnar copy in memory, from the few things about members that prediction reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa

from fiel.insights.columns.opening import Columns, columns_of_arrow
from fiel.insights.columns.tables import TABLES

_EMPTY: Mapping[pa.DataType, object] = {
    pa.int64(): 0,
    pa.string(): "",
    pa.bool_(): False,
    pa.decimal128(38, 9): Decimal(1),
    pa.timestamp("us"): datetime(2026, 1, 1),  # noqa: DTZ001 - the copy's moments bear no zone
    pa.date32(): date(2026, 1, 1),
}


@dataclass
class Books:
    """What is written down of a shop, row by row."""

    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def has_members(self, *members: int, status: str = "active") -> None:
        for member in members:
            self.adds("members", member=member, member_id=f"id-{member}", status=status)

    def sells(
        self, member: int | None, day: date, net: int, *, sale: int | None = None, **more: object
    ) -> int:
        number = sale if sale is not None else len(self.rows.get("sales", ())) + 1
        moment = datetime.combine(day, time(12))
        self.adds(
            "sales", sale=number, sale_id=f"sale-{number}", member=member, day=day, net=net,
            gross=net, occurred_at=moment, recorded_at=moment, counts_at=moment, **more,
        )  # fmt: skip
        return number

    def takes_back(self, sale: int | None, day: date, net: int, **more: object) -> None:
        self.adds("returns", sale=sale, day=day, net=net, gross=net, **more)

    def adds(self, table: str, **row: object) -> None:
        self.rows.setdefault(table, []).append(row)

    @contextmanager
    def opened(self) -> Iterator[Columns]:
        with columns_of_arrow({name: _table(name, rows) for name, rows in self.rows.items()}) as it:
            yield it


def shop_of(
    purchases: Iterable[Sequence[tuple[date, int]]],
) -> Books:
    """A shop whose members, numbered from 1, bought on these days for so much."""
    books = Books()
    for member, bought in enumerate(purchases, start=1):
        books.has_members(member)
        for day, net in bought:
            books.sells(member, day, net)
    return books


def _table(name: str, rows: list[dict[str, object]]) -> pa.Table:
    filled = [
        {
            column.name: row.get(column.name, None if column.nullable else _EMPTY[column.type])
            for column in TABLES[name]
        }
        for row in rows
    ]
    unknown = {key for row in rows for key in row} - set(TABLES[name].names)
    assert not unknown, f"{name} has no {unknown}"
    return pa.Table.from_pylist(filled, schema=TABLES[name])


def now() -> datetime:
    return datetime(2026, 7, 1, 12, tzinfo=UTC)
