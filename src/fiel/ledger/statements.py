"""The ledger's statements, each a file under `sql/` that says what it does and locks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import LiteralString

_PLACE = re.compile(r"%\((\w+)\)s")


@cache
def statement(name: str) -> LiteralString:
    """Read the statement `sql/<name>.sql`."""
    file = files("fiel.ledger").joinpath("sql", *f"{name}.sql".split("/"))
    return file.read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A statement whose places for parameters are numbered, and their names in that order."""

    key: bytes
    text: bytes
    names: tuple[str, ...]


def numbered(key: str, text: str) -> Numbered:
    """Number the places of a statement, `%(shard)s` becoming `$2`; `key` names it to the server."""
    places: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        return f"${places.setdefault(match[1], len(places) + 1)}"

    return Numbered(key.encode(), _PLACE.sub(number, text).encode(), tuple(places))


@cache
def prepared(name: str) -> Numbered:
    """The statement `sql/<name>.sql`, ready to travel (`trips`)."""
    return numbered(name, statement(name))
