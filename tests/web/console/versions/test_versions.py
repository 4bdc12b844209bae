"""Versions over HTTP: looked at, published now or at a date, and returned to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from fiel.platform.calendar import run_calendars
from fiel.platform.database import open_database
from fiel.programs.versions import Versions
from tests.support.database import TestDatabases
from tests.web.program import STAGE_PROGRAM
from tests.web.stage import Client, Stage, staged

MARK = re.compile(r'name="mark" value="([0-9a-f]+)"')
DEARER = STAGE_PROGRAM.replace("price: {points: 20}", "price: {points: 30}")


@pytest.fixture(scope="module")
def shop(databases: TestDatabases) -> Iterator[Stage]:
    with staged(databases.new()) as stage:
        yield stage


@pytest.fixture
def owner(shop: Stage) -> Iterator[Client]:
    """The owner's browser, with the coffee for 20 points in force and no draft."""
    shop.shop.publishes(STAGE_PROGRAM)
    with psycopg.connect(shop.database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM program_draft")
        connection.execute("DELETE FROM program_scheduled")
    yield shop.client("owner")
    shop.close_pages()


def drafts(shop: Stage, source: str) -> None:
    answer = shop.shop.http.put(
        "/program/draft", content=source.encode(), headers={"content-type": "application/yaml"}
    )
    assert answer.status_code == 200, answer.text


def version(shop: Stage) -> int:
    with psycopg.connect(shop.database_url) as connection:
        row = connection.execute("SELECT version FROM program").fetchone()
    assert row is not None
    return int(row[0])


def mark(client: Client) -> str:
    found = MARK.search(client.get("/console/cafe-sol/versions/publish/").text)
    assert found is not None
    return found[1]


def calendar(shop: Stage, wall: datetime) -> None:
    """What the calendar does at a moment."""

    async def run() -> None:
        async with open_database(shop.database_url, connections=2) as database:
            await run_calendars(database, Versions(), wall)

    with ThreadPoolExecutor() as thread:
        thread.submit(asyncio.run, run()).result()


def test_publishing_shows_what_changes_first_and_then_does_it(shop: Stage, owner: Client) -> None:
    before = version(shop)
    drafts(shop, DEARER)
    page = owner.get("/console/cafe-sol/versions/publish/").text
    assert "for 20 points" in page
    assert "for 30 points" in page
    assert "It changes the program of 3 members." in page

    told = {"mark": mark(owner), "do": "now"}
    answer = owner.submit("/console/cafe-sol/versions/publish/", told)

    assert answer.headers["location"] == "/console/cafe-sol/versions/"
    assert version(shop) == before + 1
    assert owner.get("/console/cafe-sol/versions/publish/").status_code == 302  # no draft is left


def test_what_was_changed_meanwhile_is_not_published(shop: Stage, owner: Client) -> None:
    before = version(shop)
    drafts(shop, DEARER)
    seen = mark(owner)
    drafts(shop, DEARER + "# by somebody else\n")

    answer = owner.submit("/console/cafe-sol/versions/publish/", {"mark": seen, "do": "now"})

    assert answer.status_code == 200
    assert "The draft was changed meanwhile." in answer.text
    assert version(shop) == before


def test_a_draft_with_faults_says_what_to_put_right(shop: Stage, owner: Client) -> None:
    drafts(shop, DEARER.replace("unit: points, min", "unit: coins, min"))
    page = owner.get("/console/cafe-sol/versions/publish/").text
    assert "pay_with_points.unit" in page
    assert MARK.search(page) is None


def test_a_draft_is_published_at_a_date_by_the_calendar(shop: Stage, owner: Client) -> None:
    before = version(shop)
    drafts(shop, DEARER)
    at = (datetime.now(UTC) + timedelta(days=3)).replace(tzinfo=None)
    told = {"mark": mark(owner), "do": "later", "at": at.isoformat(timespec="minutes")}
    answer = owner.submit("/console/cafe-sol/versions/publish/", told)
    assert answer.headers["location"] == "/console/cafe-sol/versions/"
    assert "The draft is published on" in owner.get("/console/cafe-sol/versions/").text

    calendar(shop, datetime.now(UTC) + timedelta(days=2))
    assert version(shop) == before
    calendar(shop, datetime.now(UTC) + timedelta(days=4))
    assert version(shop) == before + 1


@pytest.mark.parametrize("at", ["", "soon", "2020-01-01T09:00", "2999-01-01T09:00"])
def test_a_moment_that_cannot_be_is_refused(shop: Stage, owner: Client, at: str) -> None:
    drafts(shop, DEARER)
    told = {"mark": mark(owner), "do": "later", "at": at}
    answer = owner.submit("/console/cafe-sol/versions/publish/", told)
    assert answer.status_code == 200
    assert "Choose a moment in the two years to come." in answer.text


def test_a_publication_that_waits_can_be_cancelled(shop: Stage, owner: Client) -> None:
    before = version(shop)
    drafts(shop, DEARER)
    at = (datetime.now(UTC) + timedelta(days=3)).replace(tzinfo=None).isoformat(timespec="minutes")
    owner.submit(
        "/console/cafe-sol/versions/publish/", {"mark": mark(owner), "do": "later", "at": at}
    )
    found = re.search(
        r"/versions/waiting/[0-9a-f-]+/", owner.get("/console/cafe-sol/versions/").text
    )
    assert found is not None
    owner.submit("/console/cafe-sol" + found[0])

    calendar(shop, datetime.now(UTC) + timedelta(days=4))
    assert version(shop) == before


def test_returning_to_an_earlier_version_makes_a_new_one(shop: Stage, owner: Client) -> None:
    shop.shop.publishes(DEARER)
    before = version(shop)
    page = owner.get(f"/console/cafe-sol/versions/{before - 1}/").text
    assert "Return to this one" in page

    answer = owner.submit(f"/console/cafe-sol/versions/{before - 1}/return/")
    assert answer.headers["location"] == "/console/cafe-sol/versions/publish/"
    assert version(shop) == before  # nothing is published by it
    owner.submit("/console/cafe-sol/versions/publish/", {"mark": mark(owner), "do": "now"})

    assert version(shop) == before + 1
    page = owner.get(f"/console/cafe-sol/versions/{before + 1}/?against={before - 1}").text
    assert "Both say the same." in page


def test_a_version_tells_what_it_decided(shop: Stage, owner: Client) -> None:
    page = owner.get("/console/cafe-sol/versions/1/decided/").text
    assert "€50.40" in page  # 12.40, 30.00 and 8.00


def test_versions_that_are_not_there_are_not_found(owner: Client) -> None:
    for path in ("999/", "999/return/", "1/?against=999"):
        send = owner.submit if path.endswith("return/") else owner.get
        assert send(f"/console/cafe-sol/versions/{path}").status_code == 404


@pytest.mark.parametrize("role", ["manager", "finance", "support", "cashier"])
def test_who_may_not_publish_cannot(shop: Stage, owner: Client, role: str) -> None:
    drafts(shop, DEARER)
    told = {"mark": mark(owner), "do": "now"}
    answer = shop.client(role).submit("/console/cafe-sol/versions/publish/", told)
    assert answer.status_code == 403


def test_the_list_asks_as_much_of_three_versions_as_of_many(shop: Stage, owner: Client) -> None:
    def asked() -> int:
        owner.get("/console/cafe-sol/versions/")  # what is in force is read once
        with shop.queries() as counted:
            assert owner.get("/console/cafe-sol/versions/").status_code == 200
        return counted.count

    few = min(asked() for _ in range(3))  # now and then the deliverer of webhooks asks, too
    for document in (DEARER, STAGE_PROGRAM, DEARER):
        shop.shop.publishes(document)
    assert min(asked() for _ in range(3)) == few < 20
