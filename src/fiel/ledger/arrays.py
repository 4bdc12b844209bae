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
    texts = list(column)
    if not texts:
        return "{}"
    joined = '","'.join(texts)
    # Most columns have nothing to escape, which is quicker seen in the whole than in each.
    if "\\" in joined or joined.count('"') != 2 * (len(texts) - 1):
        joined = '","'.join(_escaped(text) for text in texts)
    return f'{{"{joined}"}}'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def nullable_array(column: Iterable[str | None]) -> str:
    """Write texts of which some are absent: `{"a",NULL}`."""
    quoted = ["NULL" if value is None else f'"{_escaped(value)}"' for value in column]
    return "{" + ",".join(quoted) + "}"
