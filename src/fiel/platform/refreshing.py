"""The wake-up of columnar copies: every few minutes they are brought up to date.

A program that nobody has asked for a report has no copy. The others are kept fresh, so that reports
are quick and whoever is erased goes soon.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from fiel.platform.columns import columns_folder
from fiel.platform.waking import NOT_THERE, again_and_again
from fiel.programs.versions import NoProgram, Versions

if TYPE_CHECKING:
    from fiel.platform.columns import Connect

SECONDS_BETWEEN = 300.0

_log = logging.getLogger(__name__)


async def keep_columns_fresh(
    connect: Connect, versions: Versions, *, seconds: float = SECONDS_BETWEEN
) -> None:
    """Refresh the copies that there are again and again, until cancelled."""

    async def run() -> int:
        return await refresh_all(connect, versions, fresh=timedelta(seconds=seconds / 2))

    await again_and_again("the refresh of columns", run, seconds=seconds)


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
        except NOT_THERE:
            raise
        except NoProgram:
            continue  # it is of another database
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _log.exception("the columns of program %s failed", program_id)
    return done
