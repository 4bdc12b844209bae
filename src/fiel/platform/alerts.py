"""The wake-up of alerts: once a day each program is looked at, in whichever process wakes first."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime

import psycopg
from psycopg_pool import PoolTimeout

from fiel.insights.alerts.watching import watch_once_a_day
from fiel.ledger.scope import program_transaction
from fiel.platform.columns import columns_opener
from fiel.platform.database import Database
from fiel.programs.known import known_programs
from fiel.programs.versions import Versions

SECONDS_BETWEEN = 900.0

_log = logging.getLogger(__name__)


async def keep_watch(
    database: Database,
    versions: Versions,
    now: Callable[[], datetime],
    *,
    seconds: float = SECONDS_BETWEEN,
) -> None:
    """Look at all programs again and again, until cancelled."""
    while True:
        # Processes that were started together need not wake together.
        await asyncio.sleep(seconds * random.uniform(0.8, 1.2))  # noqa: S311
        try:
            await look_at_all(database, versions, now())
        except (psycopg.OperationalError, PoolTimeout):
            _log.warning("alerts wait: the database is not there")
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _log.exception("alerts failed; they are tried again in some minutes")


async def look_at_all(database: Database, versions: Versions, wall: datetime) -> int:
    """Look at every program that was not looked at today; how many alerts were raised.

    A program that cannot be looked at keeps no other from it.
    """
    async with database.owner() as owner:
        programs = [known.id for known in await known_programs(owner) if known.version is not None]
    open_columns, raised = columns_opener(database.connection, versions), 0
    for program_id in programs:
        try:
            async with (
                database.connection() as connection,
                program_transaction(connection, program_id),
            ):
                published = await versions.in_force(connection, program_id)
            watched = await watch_once_a_day(
                database.posting, open_columns, published, published.now(wall)
            )
            raised += len(watched.raised) if watched else 0
        except (psycopg.OperationalError, PoolTimeout):
            raise
        except Exception:  # noqa: BLE001 - it is logged, and looked at tomorrow
            _log.exception("program %s could not be looked at", program_id)
    return raised
