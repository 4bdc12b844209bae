"""Waking up: work that is done again and again beside a server, for each program in turn.

Every process of a server wakes by itself. Several that wake at once find what the others did.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from fiel.ledger.scope import program_transaction
from fiel.platform.database import Database
from fiel.programs.known import known_programs
from fiel.programs.versions import NoProgram, Published, Versions

NOT_THERE = (psycopg.OperationalError, PoolTimeout)

_log = logging.getLogger(__name__)


async def again_and_again(
    what: str, work: Callable[[], Awaitable[object]], *, seconds: float
) -> None:
    """Do something every so many seconds, whatever becomes of it, until cancelled."""
    while True:
        # Processes that were started together need not wake together.
        await asyncio.sleep(seconds * random.uniform(0.8, 1.2))  # noqa: S311
        try:
            await work()
        except NOT_THERE:
            _log.warning("%s waits: the database is not there", what)
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _log.exception("%s failed; it is tried again", what)


async def for_each_program(
    database: Database, what: str, work: Callable[[UUID], Awaitable[int]]
) -> int:
    """Do something for every program that was published; the sum of what it says.

    A program for which it fails keeps no other from it.
    """
    async with database.owner() as owner:
        programs = [known.id for known in await known_programs(owner) if known.version is not None]
    done = 0
    for program_id in programs:
        try:
            done += await work(program_id)
        except NOT_THERE:
            raise
        except NoProgram:
            continue  # withdrawn meanwhile
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _log.exception("%s of program %s failed", what, program_id)
    return done


async def published_now(database: Database, versions: Versions, program_id: UUID) -> Published:
    """The version in force of a program.

    Raises:
        NoProgram: there is none.
    """
    async with database.connection() as connection, program_transaction(connection, program_id):
        return await versions.in_force(connection, program_id)
