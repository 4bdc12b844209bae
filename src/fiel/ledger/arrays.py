"""Columns of many rows as PostgreSQL array literals.

The driver writes a list element by element through its adapters, which costs more than all the
rest of a posting; these three functions write a column in one join.
"""

from __future__ import annotations

from collections.abc import Iterable


def plain_array(column: Iterable[object]) -> str:
    """Write numbers, ids or times, none of which needs quoting: `{1,2,3}`."""
    return "{" + ",".join(map(str, column)) + "}"


def text_array(column: Iterable[str]) -> str:
    """Write texts, quoted: `{"a","b"}`."""
    quoted = [value.replace("\\", "\\\\").replace('"', '\\"') for value in column]
    return '{"' + '","'.join(quoted) + '"}' if quoted else "{}"


def nullable_array(column: Iterable[str | None]) -> str:
    """Write texts of which some are absent: `{"a",NULL}`."""
    quoted = [
        "NULL" if value is None else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        for value in column
    ]
    return "{" + ",".join(quoted) + "}"
