"""What is told of a member is of one moment, also while the calendar books what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from fiel.domain.document import read_program
from fiel.ledger.due import settle_members
from fiel.ledger.opening import Place
from fiel.ledger.posting import Version
from fiel.ledger.scope import program_transaction
from fiel.platform.database import open_database
from fiel.programs.clock import set_clock
from tests.api.shop import Shop
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

MEMBERS = 200
WAITING = CAFE_SOL.replace("expiry: {after: 12 months}", "pending: 1 day") + (
    "rewards: [{id: cafe, kind: product, price: {points: 10}}]\n"
)
NOON = datetime(2031, 3, 3, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=2)


def test_points_that_start_meanwhile_are_told_whether_or_not_they_are_booked(opens_shop):
    shop: Shop = opens_shop(WAITING, sandbox=True)
    shop.lives_at(NOON.isoformat())
    names = [f"socia-{number}" for number in range(MEMBERS)]
    members = [shop.enrols(name) for name in names]
    sales = {"sales": [shop.sale("10.00", to=name) for name in names]}
    shop.http.post("/sales/batch", json=sales).raise_for_status()
    asyncio.run(_lives_on(shop))
    booked: list[str] = []
    told: set[tuple[int, int, bool]] = set()

    def ask() -> None:
        with shop.caller(shop.key) as till:
            while len(booked) < MEMBERS - 1:
                told.add(_told(till, members[len(booked)]))

    with ThreadPoolExecutor(3) as beside:
        asking = [beside.submit(ask) for _ in range(3)]
        asyncio.run(_books_one_after_the_other(shop, members, booked))
        for each in asking:
            each.result()

    assert told == {(10, 10, True)}
    assert proof_of(shop.database_url).differences == []


def _told(till: httpx.Client, member: str) -> tuple[int, int, bool]:
    """What a member can spend, asked for in three ways."""
    balances = till.get(f"/members/{member}/balances").json()["balances"]
    person = till.get(f"/members/{member}").json()["balances"]
    [coffee] = till.get("/rewards", params={"member": member}).json()["data"]
    return balances["points"]["available"], person["points"]["available"], coffee["eligible"]


async def _lives_on(shop: Shop) -> None:
    """Let it be later, with nothing booked yet."""
    async with (
        open_database(shop.database_url, connections=1) as database,
        database.connection() as connection,
        program_transaction(connection, shop.program_id),
    ):
        await set_clock(connection, shop.program_id, LATER)


async def _books_one_after_the_other(shop: Shop, members: Sequence[str], booked: list[str]) -> None:
    """Book what is due of each member, as the calendar does."""
    version, place = Version(1, read_program(WAITING)), Place(shop.program_id, 0)
    async with (
        open_database(shop.database_url, connections=1) as database,
        database.posting() as connection,
    ):
        for member in members:
            async with program_transaction(connection, shop.program_id):
                await settle_members(connection, place, version, [UUID(member)], LATER, waits=True)
            booked.append(member)
