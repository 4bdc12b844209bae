"""The reference of program documents as Markdown, made from what the parser reads by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fiel.domain.conditions.vocabulary import FIELDS, FIELDS_OF_SEGMENTS, Kind
from fiel.domain.document.program import PROGRAM
from fiel.domain.document.shapes import Key, Record

_KINDS = {
    Kind.TEXT: "a text",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.AMOUNT: "an amount of money",
    Kind.LIST: "a list of texts",
    Kind.MAP: "values by name",
}


def keys_reference() -> str:
    """Every block of a document with its keys: what they take, their defaults and meaning."""
    return "\n\n".join(_record(record) for record in records()) + "\n"


def conditions_reference() -> str:
    """Everything a condition may read."""
    rows = [
        f"| `{root}.{name}` | {_KINDS[kind.kind]} |"
        for root, fields in FIELDS.items()
        for name, kind in fields.items()
    ]
    rows += [
        f"| `member.{name}` | {_KINDS[kind.kind]}; only in segments |"
        for name, kind in FIELDS_OF_SEGMENTS.items()
        if name not in FIELDS["member"]
    ]
    return "\n".join(["| name | is |", "|---|---|", *rows]) + "\n"


def records() -> list[Record[Any]]:
    """The blocks of a document, each once, in the order in which they are met."""
    found: dict[str, Record[Any]] = {}
    for record in PROGRAM.parts():
        found.setdefault(record.title, record)
    return list(found.values())


def _record(record: Record[Any]) -> str:
    lines = [f"### {record.title}", "", record.doc, ""]
    lines.extend(["| key | takes | left out | meaning |", "|---|---|---|---|"])
    lines.extend(_rows(record))
    for group in record.one_of:
        names = ", ".join(f"`{name}`" for name in group)
        lines.extend(["", f"Exactly one of {names} must stand."])
    return "\n".join(lines)


def _rows(record: Record[Any]) -> Iterator[str]:
    if record.dynamic:
        takes = _cell(record.dynamic.shape.words())
        yield f"| *{record.dynamic.what}* | {takes} | | So much of that unit. |"
    for key in record.keys:
        yield f"| `{key.name}` | {_cell(key.shape.words())} | {_left_out(key)} | {_cell(key.doc)} |"


def _left_out(key: Key[Any]) -> str:
    if key.is_required:
        return "must stand"
    if key.shown_default is None:
        return ""
    shown = key.shown_default
    return f"`{str(shown).lower() if isinstance(shown, bool) else shown}`"


def _cell(text: str) -> str:
    """A text that does not end its cell."""
    return text.replace("|", "\\|")
