"""Trips to the database: several statements, one journey there and back.

The driver's own pipeline wakes the event loop and the server once for each statement, which for
a group of postings costs more than the statements do. A trip hands all of them to libpq, sends
them with one flush and waits for the answers together.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from psycopg import errors
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from fiel.ledger.scope import Connection, scope_statement
from fiel.ledger.statements import Numbered

type Parameters = Mapping[str, str]
type Rows = list[tuple[Any, ...]]

_GOOD = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})

# What each connection has prepared.
_prepared: WeakKeyDictionary[Connection, set[bytes]] = WeakKeyDictionary()


class Trip:
    """Statements on their way. Add them, `go`, then read their rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pgconn: PGconn = connection.pgconn
        self._asked: list[tuple[Numbered | bytes, list[bytes]]] = []
        self._answers: list[PGresult] = []
        self._preparing: set[bytes] = set()
        # A driver that prepares statements of its own forgets all of the session's when one of
        # its transactions is rolled back, these too.
        self._prepares = connection.prepare_threshold is None
        self._known = _prepared.setdefault(connection, set())

    def ask(self, statement: Numbered, parameters: Parameters) -> int:
        """Add a statement; the number by which its rows are read.

        Parameters are texts as the server reads them.
        """
        self._asked.append((statement, [parameters[name].encode() for name in statement.names]))
        return len(self._asked) - 1

    def say(self, text: str) -> None:
        """Add a statement that has no parameters and whose answer nobody reads."""
        self._asked.append((text.encode(), []))

    async def go(self) -> None:
        """Send everything and wait for all answers.

        Raises:
            psycopg.Error: the first statement that failed; those after it were not done.
        """
        assert self._pgconn.nonblocking, "an async connection never blocks"
        try:
            self._pgconn.enter_pipeline_mode()
            preparing = [self._send(*asked) for asked in self._asked]
            self._pgconn.pipeline_sync()
            failed = await self._exchange(preparing)
            self._pgconn.exit_pipeline_mode()
        except BaseException:
            # Cut off half-way, the connection cannot be used for anything else.
            self._pgconn.finish()
            raise
        if failed is not None:
            raise errors.error_from_result(failed)

    def _send(self, statement: Numbered | bytes, values: list[bytes]) -> bytes | None:
        """Hand a statement to libpq; the key by which it is prepared, if that was not done yet."""
        if isinstance(statement, bytes):
            self._pgconn.send_query_params(statement, None)
            return None
        if not self._prepares:
            self._pgconn.send_query_params(statement.text, values)
            return None
        is_new = statement.key not in self._known and statement.key not in self._preparing
        if is_new:
            self._pgconn.send_prepare(statement.key, statement.text)
            self._preparing.add(statement.key)
        self._pgconn.send_query_prepared(statement.key, values)
        return statement.key if is_new else None

    def rows(self, number: int) -> Rows:
        """The rows that a statement answered."""
        result = self._answers[number]
        transformer = Transformer(self._connection)
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)

    async def _exchange(self, preparing: Sequence[bytes | None]) -> PGresult | None:
        """Send what waits to be sent and collect the answers; the first that tells of a failure.

        A statement is known to be prepared only once the server said so: behind one that failed,
        nothing was done.
        """
        pgconn, loop = self._pgconn, asyncio.get_running_loop()
        moved = asyncio.Event()
        failed: PGresult | None = None
        loop.add_reader(pgconn.socket, moved.set)
        try:
            while pgconn.flush():
                loop.add_writer(pgconn.socket, moved.set)
                await moved.wait()
                loop.remove_writer(pgconn.socket)
                moved.clear()
                pgconn.consume_input()
            for key in preparing:
                if key is not None:
                    prepared = await self._answer(moved)
                    failed = failed or _failure(prepared)
                    if prepared.status in _GOOD:
                        self._known.add(key)
                answer = await self._answer(moved)
                failed = failed or _failure(answer)
                self._answers.append(answer)
            synced = await self._next(moved)
            assert synced is not None, "a synchronised pipeline says so"
            assert synced.status == ExecStatus.PIPELINE_SYNC, "and nothing else"
        finally:
            loop.remove_writer(pgconn.socket)
            loop.remove_reader(pgconn.socket)
        return failed

    async def _answer(self, moved: asyncio.Event) -> PGresult:
        answer = await self._next(moved)
        assert answer is not None, "each statement has an answer"
        end = await self._next(moved)
        assert end is None, "and only one"
        return answer

    async def _next(self, moved: asyncio.Event) -> PGresult | None:
        while self._pgconn.is_busy():
            await moved.wait()
            moved.clear()
            self._pgconn.consume_input()
        return self._pgconn.get_result()


def _failure(answer: PGresult) -> PGresult | None:
    return None if answer.status in _GOOD else answer


def begin(trip: Trip, program_id: UUID) -> None:
    """Begin a transaction that sees the rows of one program and no other."""
    trip.say("BEGIN")
    trip.say(scope_statement(program_id))


def commit(trip: Trip) -> None:
    """Make everything since the beginning last."""
    trip.say("COMMIT")


@asynccontextmanager
async def undone_unless_committed(connection: Connection) -> AsyncIterator[None]:
    """Leave no transaction open: one that did not come to its end is rolled back."""
    try:
        yield
    finally:
        if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
            await connection.rollback()
