"""Reports as records that can be kept and read again: exact, and of no language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import orjson

from fiel.insights.reporting.report import (
    Column,
    Definition,
    Kind,
    Report,
    Say,
    Statement,
    Table,
)


def report_record(report: Report) -> bytes:
    """A report as JSON."""
    return orjson.dumps(
        {
            "name": report.name,
            "title": report.title,
            "since": _kept(report.since),
            "until": _kept(report.until),
            "as_of": _kept(report.as_of),
            "tables": [
                {
                    "id": table.id,
                    "title": table.title,
                    "columns": [[column.id, column.label, column.kind] for column in table.columns],
                    "rows": [[_kept(cell) for cell in row] for row in table.rows],
                }
                for table in report.tables
            ],
            "statements": [[each.code, _kept(each.text)] for each in report.statements],
            "definitions": [[each.id, each.name, each.text] for each in report.definitions],
        }
    )


def report_of_record(record: bytes | str) -> Report:
    """The report that was kept."""
    kept = orjson.loads(record)
    return Report(
        name=kept["name"],
        title=kept["title"],
        since=_read(kept["since"]),
        until=_read(kept["until"]),
        as_of=_read(kept["as_of"]),
        tables=tuple(
            Table(
                table["id"],
                table["title"],
                tuple(Column(id_, label, Kind(kind)) for id_, label, kind in table["columns"]),
                tuple(tuple(_read(cell) for cell in row) for row in table["rows"]),
            )
            for table in kept["tables"]
        ),
        statements=tuple(Statement(code, _read(text)) for code, text in kept["statements"]),
        definitions=tuple(Definition(*each) for each in kept["definitions"]),
    )


def _kept(value: object) -> object:
    """A value as JSON has it; what JSON does not have is named beside it."""
    match value:
        case Say(msgid, parameters):
            return {"say": msgid, "with": {name: _kept(each) for name, each in parameters.items()}}
        case Fraction():
            return {"ratio": f"{value.numerator}/{value.denominator}"}
        case Decimal():
            return {"decimal": str(value)}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case float():
            return float(value)  # whatever library it comes from
        case None | str() | int():
            return value
        case _:
            return str(value)


def _read(value: Any) -> Any:  # noqa: ANN401 - JSON has no kinds
    """The value that was kept."""
    if not isinstance(value, Mapping):
        return value
    match value:
        case {"say": msgid, "with": parameters}:
            return Say(msgid, {name: _read(each) for name, each in parameters.items()})
        case {"ratio": text}:
            return Fraction(text)
        case {"decimal": text}:
            return Decimal(text)
        case {"moment": text}:
            return datetime.fromisoformat(text)
        case {"day": text}:
            return date.fromisoformat(text)
    raise AssertionError(f"no value is kept like {value!r}")
