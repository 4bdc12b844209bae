"""The ledger's statements, each a file under `sql/` that says what it does and locks."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import LiteralString


@cache
def statement(name: str) -> LiteralString:
    """Read the statement `sql/<name>.sql`."""
    file = files("fiel.ledger").joinpath("sql", *f"{name}.sql".split("/"))
    return file.read_text(encoding="utf-8")
