"""The wake-up: every minute each program's calendar is gone through, in whichever process wakes.

What is due lies in the data. Several processes that wake at once share the work; one that is
killed leaves what it had not done to the next.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from fiel.api.idempotency import forget_old_keys
from fiel.intake.calendar import Errand, run_calendar
from fiel.ledger.scope import program_transaction
from fiel.platform.database import Database
from fiel.programs.known import known_programs
from fiel.programs.versions import NoProgram, Published, Versions

SECONDS_BETWEEN = 60.0

_log = logging.getLogger(__name__)


async def keep_calendars(
    database: Database,
    versions: Versions,
    now: Callable[[], datetime],
    *,
    seconds: float = SECONDS_BETWEEN,
) -> None:
    """Go through all calendars again and again, until cancelled."""
    while True:
        # Processes that were started together need not wake together.
        await asyncio.sleep(seconds * random.uniform(0.8, 1.2))  # noqa: S311
        try:
            await run_calendars(database, versions, now())
        except (psycopg.OperationalError, PoolTimeout):
            _log.warning("the calendar waits: the database is not there")
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _log.exception("the calendar failed; it is tried again in a minute")


async def run_calendars(database: Database, versions: Versions, wall: datetime) -> int:
    """Do what is due of every program; how much that was.

    A program whose calendar fails keeps no other from its own.
    """
    async with database.owner() as owner:
        programs = [known.id for known in await known_programs(owner) if known.version is not None]
    done = 0
    for program_id in programs:
        try:
            done += await run_program(database, versions, program_id, wall)
        except (psycopg.OperationalError, PoolTimeout):
            raise
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _log.exception("the calendar of program %s failed", program_id)
    return done


async def run_program(
    database: Database, versions: Versions, program_id: UUID, wall: datetime
) -> int:
    """Do what is due of one program by its own time, and forget its old idempotency keys."""
    published = await _in_force(database, versions, program_id)
    if published is None:
        return 0
    until = published.now(wall)
    done = await run_calendar(Errand(database.posting, versions, published, until, since=until))
    async with database.connection() as connection:
        await forget_old_keys(connection, program_id, wall=wall)
    return done


async def _in_force(database: Database, versions: Versions, program_id: UUID) -> Published | None:
    async with database.connection() as connection, program_transaction(connection, program_id):
        try:
            return await versions.in_force(connection, program_id)
        except NoProgram:
            return None
