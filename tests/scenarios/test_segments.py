"""Segments: members enter and leave them, and rules of the till know it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fiel.insights.segments.refreshing import Refreshed, refresh_segments
from fiel.ledger.scope import program_transaction
from fiel.platform.database import open_database
from fiel.programs.versions import Versions
from tests.api.shop import Shop
from tests.scenarios.returning import piece, takes_back

PROGRAM = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos, en: points}, value: "0.01"}
segments:
  - {id: regulars, where: "member.frequency >= 2"}
  - {id: happy, where: "member.answers.nps >= 9"}
  - {id: lost, where: "member.recency_days > 60"}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - id: for-regulars
    event: sale
    where: '"regulars" in member.segments'
    give: {points: 50}
  - id: for-the-new
    event: sale
    where: '"rfm-never-bought" in member.segments'
    give: {points: 7}
rewards:
  - {id: cake, kind: access, price: {points: 0}, where: '"happy" in member.segments'}
"""

BASE = """
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
"""


@pytest.fixture
def shop(opens_shop: Callable[..., Shop], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("FIEL_DATA", str(tmp_path))
    shop = opens_shop(PROGRAM, sandbox=True)
    shop.lives_at("2040-01-01T10:00:00Z")
    shop.enrols("ana")
    shop.enrols("berta")
    return shop


def refresh(shop: Shop) -> Refreshed:
    """Refresh the segments, as the worker does every few minutes."""
    return asyncio.run(_refresh(shop))


async def _refresh(shop: Shop) -> Refreshed:
    async with open_database(shop.database_url) as database:
        async with (
            database.connection() as connection,
            program_transaction(connection, shop.program_id),
        ):
            published = await Versions().in_force(connection, shop.program_id)
        now = published.now(datetime.now(UTC))
        return await refresh_segments(database.posting, database.open_columns, published, now)


def events(shop: Shop) -> list[tuple[str, str, str]]:
    """Who entered or left which segment, in order."""
    by_id = {member_id: name for name, member_id in shop.members.items()}
    told: list[dict[str, Any]] = shop.http.get("/events", params={"limit": 500}).json()["data"]
    return [
        (by_id[event["data"]["member"]], event["type"], event["data"]["segment"])
        for event in told
        if event["type"].startswith("segment.")
    ]


def earned(sale: dict[str, Any]) -> int:
    """The points of a sale."""
    points: int = sale["earned"]["points"]
    return points


def test_who_enters_a_segment_gets_what_is_for_it(shop: Shop) -> None:
    first = shop.sells("10.00", to="ana")
    second = shop.sells("10.00", to="ana")
    refresh(shop)
    third = shop.sells("10.00", to="ana")

    assert [earned(sale) for sale in (first, second, third)] == [10, 10, 60]
    assert ("ana", "segment.entered", "regulars") in events(shop)


def test_who_leaves_a_group_gets_nothing_for_it_any_more(shop: Shop) -> None:
    refresh(shop)
    first = shop.sells("10.00", to="berta")
    refresh(shop)
    second = shop.sells("10.00", to="berta")

    assert [earned(sale) for sale in (first, second)] == [17, 10]
    assert [event for event in events(shop) if event[0] == "berta"] == [
        ("berta", "segment.entered", "rfm-never-bought"),
        ("berta", "segment.left", "rfm-never-bought"),
    ]


def test_a_return_of_a_sale_asks_who_the_member_was_then(shop: Shop) -> None:
    for _ in range(2):
        shop.sells("10.00", to="ana")
    refresh(shop)
    third = shop.sells("10.00", to="ana")
    shop.lives_at("2040-06-01T10:00:00Z")
    shop.publishes(PROGRAM.replace("member.frequency >= 2", "member.frequency >= 20"))
    refresh(shop)

    takes_back(shop, third, **piece(1))

    assert shop.balance("ana") == 20
    assert ("ana", "segment.left", "regulars") in events(shop)


def test_an_answer_to_a_survey_opens_a_reward(shop: Shop) -> None:
    refused = redeems_cake(shop, "berta")
    for nps in (3, 10):
        answer = shop.http.post(
            "/activities",
            json={"member": shop.members["berta"], "type": "survey", "properties": {"nps": nps}},
        )
        assert answer.status_code == 201, answer.text
    refresh(shop)

    assert refused == 409
    assert redeems_cake(shop, "berta") == 201


def redeems_cake(shop: Shop, name: str) -> int:
    body = {"member": shop.members[name], "reward": "cake"}
    return shop.http.post("/redemptions", json=body).status_code


def test_time_alone_moves_members(shop: Shop) -> None:
    refresh(shop)
    shop.lives_at("2040-05-01T10:00:00Z")
    refresh(shop)

    assert {event for event in events(shop) if event[2] == "lost"} == {
        ("ana", "segment.entered", "lost"),
        ("berta", "segment.entered", "lost"),
    }


def test_a_refresh_again_moves_nobody(shop: Shop) -> None:
    shop.sells("10.00", to="ana")
    first = refresh(shop)

    again = refresh(shop)

    assert first.changes > 0
    assert (again.members, again.changes) == (0, 0)


def test_a_program_that_drops_its_segments_lets_everybody_leave(shop: Shop) -> None:
    shop.lives_at("2040-05-01T10:00:00Z")
    refresh(shop)
    shop.publishes(PROGRAM[: PROGRAM.index("segments:")] + BASE)

    refresh(shop)

    assert ("ana", "segment.left", "lost") in events(shop)
    assert refresh(shop).as_of is None


def test_an_erased_member_is_in_no_segment(shop: Shop) -> None:
    refresh(shop)
    answer = shop.http.delete(f"/members/{shop.members['berta']}")

    assert answer.status_code in (200, 204), answer.text
    with psycopg.connect(shop.database_url) as connection:
        rows = connection.execute(
            "SELECT status, segments FROM standing ORDER BY status"
        ).fetchall()
    assert rows == [("active", ["rfm-never-bought"]), ("erased", [])]
    assert refresh(shop).changes == 0
