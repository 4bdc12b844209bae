"""The wake-up of alerts: once a day each program is looked at, in whichever process wakes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fiel.insights.alerts.watching import watch_once_a_day
from fiel.platform.columns import columns_opener
from fiel.platform.database import Database
from fiel.platform.waking import again_and_again, for_each_program, published_now
from fiel.programs.versions import Versions

SECONDS_BETWEEN = 900.0


async def keep_watch(
    database: Database,
    versions: Versions,
    now: Callable[[], datetime],
    *,
    seconds: float = SECONDS_BETWEEN,
) -> None:
    """Look at all programs again and again, until cancelled."""

    async def run() -> int:
        return await look_at_all(database, versions, now())

    await again_and_again("the watch for alerts", run, seconds=seconds)


async def look_at_all(database: Database, versions: Versions, wall: datetime) -> int:
    """Look at every program that was not looked at today; how many alerts were raised."""
    open_columns = columns_opener(database.connection, versions)

    async def look(program_id: UUID) -> int:
        published = await published_now(database, versions, program_id)
        now = published.now(wall)
        watched = await watch_once_a_day(database.posting, open_columns, published, now)
        return len(watched.raised) if watched else 0

    return await for_each_program(database, "the watch for alerts", look)
