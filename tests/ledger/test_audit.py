"""What an audit says it went through."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fiel.intake.claiming_sales import claim_sale
from fiel.ledger.ids import new_id
from fiel.platform.database import Database
from tests.support.program import CAFE_SOL
from tests.support.till import Till, named

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = pytest.mark.anyio


async def test_a_sale_to_nobody_is_proved_and_is_no_member(database: Database) -> None:
    till = Till(database)
    await till.publishes(CAFE_SOL, now=NOW)
    await till.enrols("ana", now=NOW)
    for number, buyer in enumerate(("ana", None, None)):
        sold = await till.sells("12.40", to=buyer, now=NOW, number=f"T-{number}")
    before = await till.proof()
    await claim_sale(
        database.posting, till.versions, till.program_id, sold.recorded.id, named("ana"),
        request_id=new_id(), now=NOW,
    )  # fmt: skip

    after = await till.proof()

    assert (before.ok, before.members) == (True, 1)
    assert (after.ok, after.members) == (True, 1)
