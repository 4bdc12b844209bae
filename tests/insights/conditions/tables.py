"""Sales as a table of what conditions read, a line each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

import ibis
import pyarrow as pa
from ibis.backends import BaseBackend

from fiel.domain.activity import Line, Sale
from fiel.domain.conditions import CannotEvaluate, Condition
from fiel.domain.member import MemberFacts
from fiel.insights.conditions import compiled

type Row = tuple[Line, Sale, MemberFacts]

_EXACT = pa.decimal128(38, 9)
_SCHEMA = pa.schema(
    [
        *((f"line.{name}", pa.string()) for name in ("sku", "name", "category")),
        *((f"line.{name}", _EXACT) for name in ("quantity", "unit_price")),
        *((f"line.{name}", pa.int64()) for name in ("net", "gross", "margin")),
        *((f"sale.{name}", pa.int64()) for name in ("net", "gross")),
        *((f"sale.{name}", pa.string()) for name in ("store", "channel")),
        ("sale.items", _EXACT),
        ("member.tier", pa.string()),
        *((f"member.{name}", pa.int64()) for name in ("joined_days", "birthday_month")),
        *((f"member.{name}", pa.int64()) for name in ("spend", "visits")),
        ("member.segments", pa.list_(pa.string())),
        ("member.attributes", pa.string()),
    ]
)


def table_of(rows: Sequence[Row]) -> pa.Table:
    """Lines, their sales and members, by the names that conditions read."""
    return pa.Table.from_pylist([_told(*row) for row in rows], schema=_SCHEMA)


def _told(line: Line, sale: Sale, member: MemberFacts) -> dict[str, object]:
    roots = {"line": line, "sale": sale, "member": member}
    told: dict[str, object] = {}
    for name, kind in zip(_SCHEMA.names, _SCHEMA.types, strict=True):
        root, _, field = name.partition(".")
        value = getattr(roots[root], field)
        told[name] = Decimal(value) if kind == _EXACT else value
    told["member.segments"] = list(member.segments)
    told["member.attributes"] = json.dumps(member.attributes)
    return told


def answers(engine: BaseBackend, condition: Condition, rows: Sequence[Row]) -> list[bool]:
    """Which rows a condition matches, asked of all at once.

    Raises:
        CannotCompile: it cannot be asked of tables.
    """
    held = table_of(rows).append_column("row", pa.array(range(len(rows))))
    table = ibis.memtable(held)
    names = {name: table[name] for name in _SCHEMA.names}
    asked = table.select("row", answer=compiled(condition, names)).order_by("row")
    return [row["answer"] for row in engine.to_pyarrow(asked).to_pylist()]


def matched(condition: Condition, rows: Sequence[Row]) -> list[bool]:
    """Which rows a condition matches, asked one after the other as at the till."""
    found = []
    for line, sale, member in rows:
        try:
            found.append(condition.matches(line, sale, member, None) is True)
        except CannotEvaluate:
            found.append(False)
    return found
