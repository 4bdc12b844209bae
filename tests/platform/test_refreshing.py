"""Copies that are there are kept fresh; nobody gets one without asking."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from fiel.platform.columns import columns_folder
from fiel.platform.refreshing import keep_columns_fresh, refresh_all
from fiel.programs.versions import Versions
from tests.support.program import CAFE_SOL
from tests.support.till import Till

NOW = datetime(2026, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.anyio


async def test_only_programs_with_a_copy_are_refreshed(database, monkeypatch, tmp_path):
    monkeypatch.setenv("FIEL_DATA", str(tmp_path))
    till = Till(database)
    await till.publishes(CAFE_SOL, now=NOW)
    assert await refresh_all(database.connection, Versions()) == 0

    async with database.open_columns(till.program_id) as columns:
        first = columns.as_of
    waking = asyncio.create_task(keep_columns_fresh(database.connection, Versions(), seconds=0.1))
    copy = columns_folder() / str(till.program_id)
    named = (copy / "current").read_text()
    async with asyncio.timeout(20):
        while (copy / "current").read_text() == named:  # noqa: ASYNC110 - another task writes it
            await asyncio.sleep(0.05)
    waking.cancel()

    assert first is not None
    assert await refresh_all(database.connection, Versions()) == 1
