"""The wake-up of segments: every few minutes members enter and leave, in whichever process wakes.

Several processes that wake at once do each other no harm: what one has written, the others find.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime

import psycopg
from psycopg_pool import PoolTimeout

from fiel.insights.segments.refreshing import refresh_segments
from fiel.ledger.scope import program_transaction
from fiel.platform.columns import columns_opener
from fiel.platform.database import Database
from fiel.programs.known import known_programs
from fiel.programs.versions import Versions

SECONDS_BETWEEN = 300.0

_log = logging.getLogger(__name__)


async def keep_segments_live(
    database: Database,
    versions: Versions,
    now: Callable[[], datetime],
    *,
    seconds: float = SECONDS_BETWEEN,
) -> None:
    """Refresh the segments of all programs again and again, until cancelled."""
    while True:
        # Processes that were started together need not wake together.
        await asyncio.sleep(seconds * random.uniform(0.8, 1.2))  # noqa: S311
        try:
            await refresh_all(database, versions, now())
        except (psycopg.OperationalError, PoolTimeout):
            _log.warning("segments wait: the database is not there")
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _log.exception("segments failed; they are tried again in some minutes")


async def refresh_all(database: Database, versions: Versions, wall: datetime) -> int:
    """Refresh the segments of every program; how often one was entered or left.

    A program whose segments fail keeps no other from its own.
    """
    async with database.owner() as owner:
        programs = [known.id for known in await known_programs(owner) if known.version is not None]
    open_columns, changes = columns_opener(database.connection, versions), 0
    for program_id in programs:
        try:
            async with (
                database.connection() as connection,
                program_transaction(connection, program_id),
            ):
                published = await versions.in_force(connection, program_id)
            done = await refresh_segments(
                database.posting, open_columns, published, published.now(wall)
            )
            changes += done.changes
        except (psycopg.OperationalError, PoolTimeout):
            raise
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _log.exception("the segments of program %s failed", program_id)
    return changes
