"""What the database tells of a query, straight into a file.

The driver's own way wakes up once for each row, which for millions of them costs more than the
database does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, BinaryIO

from psycopg import AsyncClientCursor, errors
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from fiel.ledger.scope import Connection


async def told_into(
    file: BinaryIO, connection: Connection, query: str, asked: Mapping[str, Any]
) -> int:
    """Copy what a COPY statement tells into a file; how many bytes that was.

    Raises:
        psycopg.Error: the statement failed.
    """
    text = AsyncClientCursor(connection).mogrify(query, asked)
    pgconn, loop = connection.pgconn, asyncio.get_running_loop()
    socket, moved = pgconn.socket, asyncio.Event()
    loop.add_reader(socket, moved.set)
    try:
        pgconn.send_query(text.encode())
        _good(await _result(pgconn, moved), ExecStatus.COPY_OUT)
        written = 0
        while (told := pgconn.get_copy_data(1))[0] >= 0:
            size, data = told
            if size:
                assert data is not None, "what has a size is there"
                written += file.write(data)
            else:
                await _more(pgconn, moved)
        _good(await _result(pgconn, moved), ExecStatus.COMMAND_OK)
        while await _result(pgconn, moved) is not None:
            pass
    except BaseException:
        # Cut off half-way, the connection cannot be used for anything else.
        loop.remove_reader(socket)
        pgconn.finish()
        raise
    loop.remove_reader(socket)
    return written


async def _result(pgconn: PGconn, moved: asyncio.Event) -> PGresult | None:
    while pgconn.flush():  # noqa: ASYNC110 - a statement fits what the socket takes at once
        await asyncio.sleep(0)
    while pgconn.is_busy():
        await _more(pgconn, moved)
    return pgconn.get_result()


async def _more(pgconn: PGconn, moved: asyncio.Event) -> None:
    moved.clear()
    await moved.wait()
    pgconn.consume_input()


def _good(result: PGresult | None, wanted: ExecStatus) -> None:
    assert result is not None, "a statement has an answer"
    if result.status != wanted:
        raise errors.error_from_result(result)
