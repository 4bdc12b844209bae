"""Every program is looked at once a day, by whoever wakes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fiel.insights.alerts.kept import last_look
from fiel.ledger.scope import program_transaction
from fiel.platform.alerts import look_at_all
from fiel.programs.versions import Versions
from tests.support.program import CAFE_SOL
from tests.support.till import Till

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.anyio


async def test_a_program_is_looked_at_once_a_day_up_to_the_end_of_yesterday(
    database, monkeypatch, tmp_path
):
    monkeypatch.setenv("FIEL_DATA", str(tmp_path))
    till = Till(database)
    await till.publishes(CAFE_SOL, now=NOW)

    looked = []
    for wall in (NOW, NOW + timedelta(hours=3), NOW + timedelta(days=1)):
        assert await look_at_all(database, Versions(), wall) == 0
        async with (
            database.connection() as connection,
            program_transaction(connection, till.program_id),
        ):
            look = await last_look(connection, till.program_id)
        assert look is not None
        assert {one.code for one in look.statements} == {"too_few_days", "no_cashiers"}
        looked.append((look.day.isoformat(), look.looked_at))

    assert looked == [
        ("2026-02-28", NOW),
        ("2026-02-28", NOW),
        ("2026-03-01", NOW + timedelta(days=1)),
    ]
