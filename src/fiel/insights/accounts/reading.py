"""The statements of accounts, each a file under `sql/`; they read and lock nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, LiteralString

from fiel.ledger.scope import Connection

type Row = tuple[Any, ...]

# Totals over a whole ledger: large joins are made in memory, and nothing is compiled for them.
_BROADLY: tuple[LiteralString, ...] = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "SET LOCAL work_mem = '128MB'",
    "SET LOCAL jit = off",
)


async def read_broadly(connection: Connection) -> None:
    """Let a transaction that has read nothing yet see one moment of the ledger, all of it."""
    for setting in _BROADLY:
        await connection.execute(setting)


async def rows(connection: Connection, name: str, parameters: Mapping[str, object]) -> list[Row]:
    """The rows that a statement answers; `connection` is inside the program's transaction."""
    cursor = await connection.execute(_statement(name), parameters)
    found: list[Row] = await cursor.fetchall()
    return found


@cache
def _statement(name: str) -> LiteralString:
    file = files("fiel.insights").joinpath("accounts", "sql", f"{name}.sql")
    return file.read_text(encoding="utf-8")
