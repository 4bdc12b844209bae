"""The wake-up of segments: every few minutes members enter and leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fiel.insights.segments.refreshing import refresh_segments
from fiel.platform.columns import columns_opener
from fiel.platform.database import Database
from fiel.platform.waking import again_and_again, for_each_program, published_now
from fiel.programs.versions import Versions

SECONDS_BETWEEN = 300.0


async def keep_segments_live(
    database: Database,
    versions: Versions,
    now: Callable[[], datetime],
    *,
    seconds: float = SECONDS_BETWEEN,
) -> None:
    """Refresh the segments of all programs again and again, until cancelled."""

    async def run() -> int:
        return await refresh_all(database, versions, now())

    await again_and_again("the refresh of segments", run, seconds=seconds)


async def refresh_all(database: Database, versions: Versions, wall: datetime) -> int:
    """Refresh the segments of every program; how often one was entered or left."""
    open_columns = columns_opener(database.connection, versions)

    async def refresh(program_id: UUID) -> int:
        published = await published_now(database, versions, program_id)
        now = published.now(wall)
        return (await refresh_segments(database.posting, open_columns, published, now)).changes

    return await for_each_program(database, "the refresh of segments", refresh)
