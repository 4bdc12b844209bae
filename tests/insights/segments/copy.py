"""A small columnar copy: whoever is named joined, and bought and brought back what is said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa

from fiel.insights.columns.opening import Columns, columns_of_arrow
from fiel.insights.columns.tables import ACTIVITIES, MEMBERS, MOVEMENTS, RETURNS, SALES

ANA, BERTA, CARLA = 1, 2, 3
JOINED = date(2024, 1, 1)

_EMPTY: Mapping[pa.DataType, object] = {
    pa.string(): "",
    pa.int64(): 0,
    pa.bool_(): False,
    pa.decimal128(38, 9): Decimal(0),
}


@contextmanager
def copy_of(**told: Sequence[Mapping[str, object]]) -> Iterator[Columns]:
    """Open a copy with these rows; what a row does not say is empty."""
    with columns_of_arrow(tables_of(**told)) as columns:
        yield columns


def tables_of(
    *,
    members: Sequence[Mapping[str, object]],
    sales: Sequence[Mapping[str, object]] = (),
    returns: Sequence[Mapping[str, object]] = (),
    activities: Sequence[Mapping[str, object]] = (),
    movements: Sequence[Mapping[str, object]] = (),
) -> dict[str, pa.Table]:
    """The tables of a copy with these rows."""
    return {
        "members": _table(MEMBERS, members),
        "sales": _table(SALES, sales),
        "returns": _table(RETURNS, returns),
        "activities": _table(ACTIVITIES, activities),
        "movements": _table(MOVEMENTS, movements),
    }


def _table(schema: pa.Schema, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    return pa.Table.from_pylist([_whole(schema, row) for row in rows], schema=schema)


def _whole(schema: pa.Schema, row: Mapping[str, object]) -> dict[str, object]:
    day = row.get("day", JOINED)
    assert isinstance(day, date)
    noon = datetime.combine(day, time(12), tzinfo=UTC).replace(tzinfo=None)
    unknown = {name for name in row if name not in schema.names}
    assert not unknown, f"no column is called {unknown}"
    return {
        field.name: row[field.name] if field.name in row else _empty(field, day, noon)
        for field in schema
    }


def _empty(field: pa.Field, day: date, noon: datetime) -> object:
    if field.nullable:
        return None
    if field.type == pa.date32():
        return day
    return noon if field.type == pa.timestamp("us") else _EMPTY[field.type]


def member(number: int, **more: object) -> dict[str, object]:
    """A member who joined at the beginning of 2024."""
    attributes = json.dumps(more.pop("attributes", {}))
    return {
        "member": number,
        "member_id": f"00000000-0000-0000-0000-{number:012}",
        "status": "active",
        "joined_on": JOINED,
        "segments": "[]",
        "attributes": attributes,
        **more,
    }


def sale(number: int, of: int | None, day: date, net: int, **more: object) -> dict[str, object]:
    """A sale; `net` in minor units."""
    return {"sale": number, "sale_id": f"S-{number}", "member": of, "day": day, "net": net, **more}


def brought_back(of: int | None, sale: int | None, day: date, net: int) -> dict[str, object]:
    """What came back of a sale."""
    told = f"R-{sale}-{day}-{net}"
    return {"return_id": told, "sale": sale, "member": of, "day": day, "net": net, "content": "{}"}


def cancelled(of: int, sale: int, day: date, net: int) -> dict[str, object]:
    """A sale that was cancelled as a whole."""
    return {**brought_back(of, sale, day, net), "cancels": True}
