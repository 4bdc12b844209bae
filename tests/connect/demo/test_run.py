"""The demo makes its shop once, and finds it made afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from fiel.connect.demo.purchases import Purchases
from fiel.connect.demo.run import DemoShop, make_demo_shop
from fiel.connect.demo.shopkeeper import Lived
from fiel.insights.summary import Summary, UnitTotals, program_summary
from fiel.ledger.audit import audit
from fiel.ledger.scope import Connection, program_transaction
from fiel.platform.database import Database, open_database
from tests.support.database import TestDatabases

pytestmark = pytest.mark.anyio

# By which weeks the year moves depends on the day and the hour, and with it who falls a tier.
MADE = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def made(
    database: Database,
    folder: Path,
    *,
    days_later: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> DemoShop:
    now = MADE + timedelta(days=days_later)
    return await make_demo_shop(
        database, now=lambda: now, progress=progress, load=lambda: Purchases(folder)
    )


async def standing(database: Database, shop: DemoShop) -> Summary:
    async with database.connection() as connection:
        return await program_summary(
            connection,
            program_id=shop.program.id,
            program=shop.published.program,
            now=MADE,
        )


def come_to(points: UnitTotals) -> int:
    """What is in members' hands, by all that became of what was given."""
    return (
        points.given
        - points.taken_back
        - points.redeemed
        + points.restored
        - points.expired
        + points.owed
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
    assert (shop.lived.enrolled, summary.members) == (len(households), len(households))
    assert shop.lived.sold == summary.sales == len(purchases.baskets)
    assert sum(count.members for count in summary.tiers) == len(households)
    assert proof.differences == []
    (points,) = summary.units
    assert points.given == sum(rule.points for rule in summary.rules)
    assert points.outstanding == come_to(points)
    # A point is worth a cent.
    assert points.liability == points.outstanding
    given = {rule.rule: rule.points for rule in summary.rules}
    assert given["welcome"] == 100 * len(households)
    assert {"base", "fuel", "double-produce", "big-tuesday"} <= set(given)


@pytest.fixture(scope="module")
async def year_of_a_few(
    databases: TestDatabases, few_households: Path, anyio_backend: str
) -> AsyncIterator[tuple[Database, DemoShop]]:
    """The whole year of a few households, made at one go."""
    async with open_database(databases.new(), connections=8) as database:
        yield database, await made(database, few_households)


async def test_within_a_year_points_are_redeemed_taken_back_and_end_and_tiers_fall(
    year_of_a_few: tuple[Database, DemoShop], few_households: Path
) -> None:
    database, shop = year_of_a_few
    summary = await standing(database, shop)
    async with database.owner() as owner:
        proof = await audit(owner)
    async with database.connection() as connection:
        moves = await tiers_moved(connection, shop.program.id)

    assert proof.differences == []
    (points,) = summary.units
    assert min(points.redeemed, points.taken_back, points.expired) > 0
    assert points.outstanding == come_to(points)
    assert points.redeemed == sum(reward.points for reward in summary.rewards)
    assert sum(reward.redemptions for reward in summary.rewards) == shop.lived.redeemed
    assert {reward.reward for reward in summary.rewards} <= {"coffee", "car-wash", "grocery-box"}
    assert shop.lived.returned == len(Purchases(few_households).baskets) // 400 == 1
    assert {("bronze", "silver"), ("silver", "gold"), ("gold", "silver")} <= moves


async def test_goals_are_stated_within_the_year_after_months_and_before_others(
    year_of_a_few: tuple[Database, DemoShop],
) -> None:
    database, shop = year_of_a_few
    program_id = shop.program.id
    async with database.connection() as connection, program_transaction(connection, program_id):
        found = await connection.execute(
            "SELECT published_at, content ? 'goals', (SELECT min(joined_at) FROM standing)"
            " FROM program_version ORDER BY number"
        )
        (begun, without, first), (stated, with_goals, _) = await found.fetchall()

    assert (without, with_goals) == (False, True)
    assert begun < first < stated - timedelta(days=120)
    assert stated < shop.program.created_at - timedelta(days=200)


async def tiers_moved(connection: Connection, program_id: UUID) -> set[tuple[str, str]]:
    async with program_transaction(connection, program_id):
        found = await connection.execute(
            "SELECT DISTINCT decision #>> '{r,0}', decision #>> '{r,1}' FROM activity"
        )
        return set(await found.fetchall())


async def test_made_again_a_week_later_nothing_changes(
    database: Database, first_days: Path
) -> None:
    before = await standing(database, await made(database, first_days))

    again = await made(database, first_days, days_later=7)

    assert again.lived == Lived()
    assert again.published.number == 2
    assert await standing(database, again) == before


async def test_stopped_half_way_it_goes_on_where_it_was(
    database: Database, year_of_a_few: tuple[Database, DemoShop], few_households: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise Stopped

    with pytest.raises(Stopped):
        await made(database, few_households, progress=stop)
    shop = await made(database, few_households)
    at_once = await standing(*year_of_a_few)

    assert 0 < shop.lived.sold < at_once.sales
    assert await standing(database, shop) == at_once


class Stopped(Exception):
    """Whoever makes the demo has lost patience."""


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
