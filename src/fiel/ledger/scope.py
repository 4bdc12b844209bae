"""The door to one program's rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

type Connection = AsyncConnection[TupleRow]

# How connections that post are opened. Every statement of a posting finds its rows by an index,
# however small the tables were when it was planned: a plan made for an empty table would read all
# of a full one.
POSTING_OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        "plan_cache_mode=force_generic_plan",
        "enable_seqscan=off",
        "enable_hashjoin=off",
        "enable_mergejoin=off",
        "jit=off",
    )
)

_ONE_MOMENT: LiteralString = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def scope_statement(program_id: UUID) -> LiteralString:
    """The statement that lets a transaction see one program and no other."""
    # A literal, because SET takes no parameters; a UUID cannot carry anything but itself.
    return f"SET LOCAL fiel.program = '{UUID(str(program_id))}'"


@asynccontextmanager
async def program_transaction(
    connection: Connection, program_id: UUID
) -> AsyncIterator[Connection]:
    """Open a transaction that sees and writes only the rows of one program."""
    async with connection.transaction():
        await connection.execute(scope_statement(program_id))
        yield connection


@asynccontextmanager
async def program_snapshot(connection: Connection, program_id: UUID) -> AsyncIterator[Connection]:
    """Open a transaction that sees one program as it was at one moment, and writes nothing.

    What is only told is read here: without a lock, each statement of another transaction sees what
    was posted since the one before, and a balance does not fit the lots it is held against.
    """
    # One journey; a statement of several commands cannot be prepared.
    beginning = f"{_ONE_MOMENT}; {scope_statement(program_id)}"
    async with connection.transaction():
        await connection.execute(beginning, prepare=False)
        yield connection
