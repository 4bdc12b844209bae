"""The database: found or started, brought up to date, and lent out connection by connection."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from psycopg import AsyncConnection, OperationalError
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from fiel.ledger.scope import POSTING_OPTIONS
from fiel.platform.columns import columns_folder, columns_opener
from fiel.platform.folders import data_folder
from fiel.platform.isolation import Isolation
from fiel.platform.migrate import APP_ROLE, migrate
from fiel.platform.postgres.faults import Fault, ServerFailed
from fiel.platform.postgres.phases import Phase, Progress, say_nothing
from fiel.platform.unavailable import unavailable_server, unreachable
from fiel.programs.versions import Versions

if TYPE_CHECKING:
    from pathlib import Path

    from fiel.insights.columns.opening import Columns

type Connection = AsyncConnection[TupleRow]

# Sales are grouped, so that few connections carry many of them; what comes one by one waits for its
# answers and for the disk, so that several at a time are quicker.
_POSTING_CONNECTIONS = 8
# After how many uses a statement is prepared; ours are few and come again and again.
_PREPARE_AFTER = 2


@dataclass(frozen=True, slots=True)
class Database:
    """A database that is up to date, and how to get at it."""

    url: str
    isolation: Isolation
    pool: AsyncConnectionPool[Connection]
    posting_pool: AsyncConnectionPool[Connection]

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection of the pool, with no more rights than the application has.

        It commits by itself: a transaction begins where one is opened.
        """
        return _lent(self.pool)

    def posting(self) -> AbstractAsyncContextManager[Connection]:
        """A connection like `connection`, planned for the statements of a posting."""
        return _lent(self.posting_pool)

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[Connection]:
        """A connection of its own that sees every program: for keys, audit and operators."""
        connection = await AsyncConnection.connect(
            self.url, autocommit=True, prepare_threshold=_PREPARE_AFTER
        )
        async with connection:
            if self.isolation is Isolation.FORCED:
                await connection.execute("SET fiel.every_program = 'on'")
            yield connection

    def open_columns(self, program_id: UUID) -> AbstractAsyncContextManager[Columns]:
        """The columnar copy of a program, brought up to date first."""
        return columns_opener(self.connection, Versions())(program_id)

    def columns_folder(self) -> Path:
        """Where the columnar copies of all programs lie."""
        return columns_folder()


@contextmanager
def database_url(*, progress: Progress = say_nothing) -> Iterator[str]:
    """DATABASE_URL; else the embedded server's URL, found running or started for this time.

    Raises:
        DatabaseUnavailable: the embedded server cannot be started; the text says why.
    """
    configured = os.environ.get("DATABASE_URL")
    if configured:
        yield configured
        return
    with ExitStack() as held:
        try:
            # Loaded late: what it stands on is not there on every system.
            from fiel.platform.postgres.server import embedded_server  # noqa: PLC0415

            url = held.enter_context(embedded_server(data_folder(), progress=progress))
        except ImportError as failure:
            raise unavailable_server(ServerFailed(Fault.NO_PROGRAMS)) from failure
        except ServerFailed as failure:
            raise unavailable_server(failure) from failure
        except OSError as failure:  # the folder is somebody else's, or the disk is full
            raise unreachable(str(failure)) from failure
        yield url


@asynccontextmanager
async def open_database(
    url: str | None = None,
    *,
    connections: int = 8,
    progress: Progress = say_nothing,
) -> AsyncIterator[Database]:
    """The database, brought up to date, with a pool of connections; closed afterwards.

    Without a URL it is the one that `database_url` finds or starts.
    """
    if url is not None:
        async with _opened(url, connections) as database:
            yield database
        return

    with ExitStack() as held:
        found = await _found(held, progress)
        async with _opened(found, connections) as database:
            yield database


async def _found(held: ExitStack, progress: Progress) -> str:
    """Find or start the database without holding others up, and give up when told to."""
    given_up = False

    def progress_unless_given_up(phase: Phase, seconds: float) -> None:
        if given_up:
            raise asyncio.CancelledError
        progress(phase, seconds)

    finding = database_url(progress=progress_unless_given_up)
    try:
        return await asyncio.to_thread(held.enter_context, finding)
    except asyncio.CancelledError:
        given_up = True  # a recovery may take long, and the thread would wait for it
        raise


@asynccontextmanager
async def _opened(url: str, connections: int) -> AsyncIterator[Database]:
    isolation = await asyncio.to_thread(migrate, url)

    async def give_up_rights(connection: Connection) -> None:
        if isolation is Isolation.ROLE:
            await connection.execute(f"SET ROLE {APP_ROLE}")

    def pool(
        most: int, *, options: str = "", prepare_after: int | None = _PREPARE_AFTER
    ) -> AsyncConnectionPool[Connection]:
        return AsyncConnectionPool[Connection](
            url,
            kwargs={
                "autocommit": True,
                "prepare_threshold": prepare_after,
                "options": options,
            },
            min_size=min(2, most),
            max_size=most,
            configure=give_up_rights,
            open=False,
        )

    async with (
        pool(connections) as general,
        # What is posted travels by trips, which prepare their own statements.
        pool(_POSTING_CONNECTIONS, options=POSTING_OPTIONS, prepare_after=None) as posting,
    ):
        yield Database(url, isolation, general, posting)


@asynccontextmanager
async def _lent(pool: AsyncConnectionPool[Connection]) -> AsyncIterator[Connection]:
    async with pool.connection() as connection:
        try:
            yield connection
        except OperationalError:
            if connection.broken:
                # The server went away, and the waiting connections with it: replace them now,
                # so that one request fails and not one for each of them.
                await pool.check()
            raise
