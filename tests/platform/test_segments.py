"""The wake-up of segments: every program is refreshed, and one that fails keeps none from it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fiel.platform.database import Database
from fiel.platform.segments import refresh_all
from fiel.programs.versions import Versions
from tests.support.program import CAFE_SOL
from tests.support.till import Till

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SEGMENTS = "segments:\n  - {id: quiet, where: member.frequency == 0}\n"


async def test_every_program_is_refreshed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIEL_DATA", str(tmp_path))
    for slug in ("cafe-sol", "rival"):
        till = Till(database)
        await till.publishes(CAFE_SOL.replace("cafe-sol", slug) + SEGMENTS, now=NOW)
        await till.enrols("ana", now=NOW)

    changes = [await refresh_all(database, Versions(), NOW) for _ in range(2)]

    assert changes == [2, 0]


async def test_a_program_without_segments_needs_no_columns(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIEL_DATA", str(tmp_path))
    await Till(database).publishes(CAFE_SOL, now=NOW)

    assert await refresh_all(database, Versions(), NOW) == 0
    assert not (tmp_path / "columns").exists()
