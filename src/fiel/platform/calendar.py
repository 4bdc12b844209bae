"""The wake-up of the calendar: every minute each program's is gone through.

What is due lies in the data. Several processes that wake at once share the work; one that is
killed leaves what it had not done to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fiel.api.idempotency import forget_old_keys
from fiel.intake.calendar import Errand, run_calendar
from fiel.platform.database import Database
from fiel.platform.scheduled import publish_scheduled
from fiel.platform.waking import again_and_again, for_each_program, published_now
from fiel.programs.versions import NoProgram, Versions

SECONDS_BETWEEN = 60.0


async def keep_calendars(
    database: Database,
    versions: Versions,
    now: Callable[[], datetime],
    *,
    seconds: float = SECONDS_BETWEEN,
) -> None:
    """Go through all calendars again and again, until cancelled."""

    async def run() -> int:
        return await run_calendars(database, versions, now())

    await again_and_again("the calendar", run, seconds=seconds)


async def run_calendars(database: Database, versions: Versions, wall: datetime) -> int:
    """Make publications that waited, then do what is due of every program; how much that was."""

    async def run(program_id: UUID) -> int:
        return await run_program(database, versions, program_id, wall)

    published = await publish_scheduled(database, wall)
    return published + await for_each_program(database, "the calendar", run)


async def run_program(
    database: Database, versions: Versions, program_id: UUID, wall: datetime
) -> int:
    """Do what is due of one program by its own time, and forget its old idempotency keys."""
    try:
        published = await published_now(database, versions, program_id)
    except NoProgram:
        return 0
    until = published.now(wall)
    done = await run_calendar(Errand(database.posting, versions, published, until, since=until))
    async with database.connection() as connection:
        await forget_old_keys(connection, program_id, wall=wall)
    return done
