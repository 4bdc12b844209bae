"""Trips to the database: several statements, one journey there and back.

The driver's own pipeline wakes the event loop and the server once for each statement, which for
a group of postings costs more than the statements do. A trip hands all of them to libpq, sends
them with one flush and waits for the answers together.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
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
        self._answers: list[PGresult | None] = []
        # A driver that prepares statements of its own forgets all of the session's when one of
        # its transactions is rolled back, these too.
        self._prepares = connection.prepare_threshold is None
        self._known = _prepared.setdefault(connection, set())
        self._preparing: dict[int, bytes] = {}
        assert connection.pgconn.nonblocking, "an async connection never blocks"
        self._pgconn.enter_pipeline_mode()

    def ask(self, statement: Numbered, parameters: Parameters) -> int:
        """Add a statement; the number by which its rows are read.

        Parameters are texts as the server reads them.
        """
        values = [parameters[name].encode() for name in statement.names]
        if not self._prepares:
            self._pgconn.send_query_params(statement.text, values)
            return self._sent()
        key = statement.key
        if key not in self._known:
            self._pgconn.send_prepare(key, statement.text)
            self._known.add(key)
            self._preparing[self._sent()] = key
        self._pgconn.send_query_prepared(key, values)
        return self._sent()

    def say(self, text: str) -> int:
        """Add a statement that has no parameters."""
        self._pgconn.send_query_params(text.encode(), None)
        return self._sent()

    def _sent(self) -> int:
        self._answers.append(None)
        return len(self._answers) - 1

    async def go(self) -> None:
        """Send everything and wait for all answers.

        Raises:
            psycopg.Error: the first statement that failed; those after it were not done.
        """
        self._pgconn.pipeline_sync()
        try:
            await self._exchange()
            self._pgconn.exit_pipeline_mode()
        except BaseException:
            # Cut off half-way, the connection cannot be used for anything else.
            self._pgconn.finish()
            raise
        self._raise_if_failed()

    def rows(self, number: int) -> Rows:
        """The rows that a statement answered."""
        result = self._answers[number]
        assert result is not None, "the trip is over"
        transformer = Transformer(self._connection)
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)

    async def _exchange(self) -> None:
        pgconn, loop = self._pgconn, asyncio.get_running_loop()
        moved = asyncio.Event()
        loop.add_reader(pgconn.socket, moved.set)
        try:
            while pgconn.flush():
                loop.add_writer(pgconn.socket, moved.set)
                await moved.wait()
                loop.remove_writer(pgconn.socket)
                moved.clear()
                pgconn.consume_input()
            for number in range(len(self._answers)):
                self._answers[number] = await self._next(moved)
                end = await self._next(moved)
                assert end is None, "each statement has one answer"
            synced = await self._next(moved)
            assert synced is not None and synced.status == ExecStatus.PIPELINE_SYNC  # noqa: PT018
        finally:
            loop.remove_writer(pgconn.socket)
            loop.remove_reader(pgconn.socket)

    async def _next(self, moved: asyncio.Event) -> PGresult | None:
        while self._pgconn.is_busy():
            await moved.wait()
            moved.clear()
            self._pgconn.consume_input()
        return self._pgconn.get_result()

    def _raise_if_failed(self) -> None:
        failed: PGresult | None = None
        for number, result in enumerate(self._answers):
            assert result is not None, "every statement was answered"
            if result.status in _GOOD:
                continue
            failed = failed or result
            if number in self._preparing:
                self._known.discard(self._preparing[number])
        if failed is not None:
            raise errors.error_from_result(failed)


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
