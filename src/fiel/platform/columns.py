"""The columnar copies of the programs of a database, in the data folder.

A program that nobody has asked for a report has none. The others are brought up to date every few
minutes, in whichever process wakes, so that reports are quick and whoever is erased goes soon.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from fiel.platform.folders import made_data_folder
from fiel.programs.versions import NoProgram, Versions

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns
    from fiel.platform.database import Connection

    type Connect = Callable[[], AbstractAsyncContextManager[Connection]]

SECONDS_BETWEEN = 300.0

_log = logging.getLogger(__name__)


def columns_folder() -> Path:
    """Where the copies of all programs lie."""
    return made_data_folder() / "columns"


def columns_opener(
    connect: Connect, versions: Versions
) -> Callable[[UUID], AbstractAsyncContextManager[Columns]]:
    """Opens a program's columns, brought up to date first."""

    @asynccontextmanager
    async def open_columns(program_id: UUID) -> AsyncIterator[Columns]:
        # What it stands on takes a second to load: for who asks for a report, and for nobody else.
        following = await asyncio.to_thread(import_module, "fiel.insights.columns.following")
        folder = columns_folder()
        async with following.refreshed_columns(connect, versions, program_id, folder) as columns:
            yield columns

    return open_columns


async def keep_columns_fresh(
    connect: Connect, versions: Versions, *, seconds: float = SECONDS_BETWEEN
) -> None:
    """Refresh the copies that there are again and again, until cancelled."""
    while True:
        # Processes that were started together need not wake together.
        await asyncio.sleep(seconds * random.uniform(0.8, 1.2))  # noqa: S311
        try:
            await refresh_all(connect, versions, fresh=timedelta(seconds=seconds / 2))
        except (psycopg.OperationalError, PoolTimeout):
            _log.warning("the columns wait: the database is not there")
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _log.exception("the columns failed; they are tried again in some minutes")


async def refresh_all(
    connect: Connect, versions: Versions, *, fresh: timedelta = timedelta(0)
) -> int:
    """Refresh every copy that there is, unless it is as `fresh` as this; how many there are.

    A program whose copy fails keeps no other from its own.
    """
    folder, done = columns_folder(), 0
    if not folder.exists():
        return 0
    following = await asyncio.to_thread(import_module, "fiel.insights.columns.following")
    for program_id in following.copied_programs(folder):
        try:
            await following.refresh_columns(connect, versions, program_id, folder, at_most=fresh)
            done += 1
        except (psycopg.OperationalError, PoolTimeout):
            raise
        except NoProgram:
            continue  # it is of another database
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _log.exception("the columns of program %s failed", program_id)
    return done
