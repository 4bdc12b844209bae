"""What an audit says it went through."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fiel.platform.database import Database
from tests.support.program import CAFE_SOL
from tests.support.till import Till

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = pytest.mark.anyio


async def test_a_sale_to_nobody_is_proved_and_is_no_member(database: Database) -> None:
    till = Till(database)
    await till.publishes(CAFE_SOL, now=NOW)
    await till.enrols("ana", now=NOW)
    for number, buyer in enumerate(("ana", None, None)):
        await till.sells("12.40", to=buyer, now=NOW, number=f"T-{number}")

    proof = await till.proof()

    assert (proof.ok, proof.members) == (True, 1)
