"""The demo's year, simulated on itself, comes to what the live engine gave, to the point."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fiel.connect.demo.purchases import Purchases
from fiel.connect.demo.run import DemoShop, make_demo_shop
from fiel.insights.columns.opening import Columns
from fiel.insights.simulation.behaviour import Behaviour
from fiel.insights.simulation.engines import Simulation
from fiel.insights.simulation.outcome import Outcome
from fiel.platform.database import Database

pytestmark = pytest.mark.anyio

GIVEN = """
SELECT award->>0 AS rule, sum((award->>2)::bigint)::bigint, count(DISTINCT id)
FROM activity, jsonb_array_elements(coalesce(decision::jsonb->'a', '[]')) AS award
WHERE program_id = %s GROUP BY 1
"""
MOVED = """
SELECT member_id::text,
  coalesce(sum(points) FILTER (WHERE debit = 10), 0)::bigint,
  coalesce(sum(points) FILTER (WHERE credit = 10), 0)::bigint,
  coalesce(sum(points) FILTER (WHERE credit = 11), 0)::bigint,
  coalesce(sum(points) FILTER (WHERE credit = 12), 0)::bigint
FROM transfer WHERE program_id = %s GROUP BY 1
"""
TIERS = "SELECT member_id::text, tier FROM standing WHERE program_id = %s"
HAD = """
SELECT reward, sum(quantity)::int FROM redemption
WHERE program_id = %s AND reward IS NOT NULL GROUP BY 1
"""


async def asked(database: Database, shop: DemoShop, query: str) -> dict[str, tuple[object, ...]]:
    async with database.owner() as owner:
        cursor = await owner.execute(query, (shop.program.id,))
        return {row[0]: row[1:] for row in await cursor.fetchall()}


def lived_again(columns: Columns, shop: DemoShop) -> tuple[Outcome, list[str]]:
    program = shop.published.program
    outcome = Simulation(columns, [program]).run(program, Behaviour()).outcome
    told = columns["members"].select("member", "member_id").to_pyarrow()
    ids = dict(zip(told["member"].to_pylist(), told["member_id"].to_pylist(), strict=True))
    return outcome, [ids[member] for member in outcome.members.tolist()]


async def test_the_year_of_a_few_households_comes_to_what_was_given_to_the_point(
    database: Database, few_households: Path
) -> None:
    now = datetime.now(UTC)
    shop = await make_demo_shop(
        database,
        now=lambda: now,
        progress=lambda _done, _total: None,
        load=lambda: Purchases(few_households),
    )

    async with database.open_columns(shop.program.id) as columns:
        outcome, ids = await asyncio.to_thread(lived_again, columns, shop)

    given = await asked(database, shop, GIVEN)
    assert {rule: (had.points, had.awards) for (rule, _), had in outcome.rules.items()} == given
    points = outcome.units["points"]
    moved = await asked(database, shop, MOVED)
    columns_of = (points.issued, points.taken_back, points.redeemed, points.expired)
    assert {
        member: tuple(int(column[place]) for column in columns_of)
        for place, member in enumerate(ids)
    } == moved
    tiers = await asked(database, shop, TIERS)
    held = {member: (outcome.tiers[outcome.tier[place]],) for place, member in enumerate(ids)}
    assert held == tiers
    had = await asked(database, shop, HAD)
    assert {reward: (each.redeemed,) for reward, each in outcome.rewards.items()} == had
    assert outcome.unmet == 0
    assert min(sum(column) for column in columns_of) > 0
