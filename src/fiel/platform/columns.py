"""The columnar copies of the programs of a database, in the data folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from fiel.platform.folders import made_data_folder
from fiel.programs.versions import Versions

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns
    from fiel.platform.database import Connection

    type Connect = Callable[[], AbstractAsyncContextManager[Connection]]


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
