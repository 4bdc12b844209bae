"""The home page: it comes at once, its figures come by themselves, and it says what waits."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from fiel.staff.roles import Role
from tests.support.database import TestDatabases
from tests.web.console.lived import leaves_draft, lived, raises_alert, works_in
from tests.web.stage import Stage


@pytest.fixture(scope="module")
def served(databases: TestDatabases) -> Iterator[Stage]:
    with lived(databases.new()) as stage:
        yield stage


@pytest.fixture
def shop(served: Stage) -> Iterator[Stage]:
    yield served
    served.close_pages()


def tiles(html: str) -> list[tuple[str, str]]:
    found = re.findall(
        r'tile-label">([^<]+)</span>\s*<span class="figure-big">([^<]+)<', html, re.DOTALL
    )
    return [(name, value) for name, value in found]


def test_the_page_comes_at_once_and_asks_little_of_the_database(shop: Stage) -> None:
    client = shop.client("owner")
    client.get(shop.console())
    with shop.queries() as counted:
        page = client.get(shop.console())

    assert page.status_code == 200
    for part in ("figures", "goals", "owed"):
        assert f'hx-get="/console/{shop.slug}/home/{part}/' in page.text
    assert counted.count < 20, counted.statements


def test_the_figures_that_matter_are_those_of_the_period_that_runs(shop: Stage) -> None:
    figures = shop.client("owner").get(shop.console("home/figures/?every=quarter")).text

    # April and May: Ana bought twice for 40.00, Berta once for 22.00, nobody twice for 15.50.
    told = dict(tiles(figures))
    assert told["Active members"] == "2"
    assert told["Net with a member"] == "€102.00"
    assert told["Enrolment rate"] == "60%"
    assert told["Average spend of members"] == "€34.00"
    assert told["Points: issued"] == "102"


def test_what_is_owed_tells_units_in_points_and_money(shop: Stage) -> None:
    owed = shop.client("finance").get(shop.console("home/owed/")).text

    # 40 five times and 22 three times; what Ana holds for a coffee is still hers, and all that
    # was given years before has ended.
    assert "266" in owed
    assert "€2.66" in owed


def test_what_waits_is_told_to_whoever_can_do_it(shop: Stage) -> None:
    raises_alert(shop)
    leaves_draft(shop)
    owner = shop.client("owner").get(shop.console()).text
    finance = shop.client("finance").get(shop.console()).text

    assert 'data-code="alerts"' in owner
    assert 'data-code="draft"' in owner
    assert "data-code" not in finance


def test_each_role_gets_the_parts_that_are_for_it(shop: Stage) -> None:
    def parts(role: str) -> set[str]:
        page = shop.client(role).get(shop.console()).text
        return set(re.findall(r"/home/(figures|goals|owed)/", page))

    assert parts("owner") == {"figures", "goals", "owed"}
    assert parts("marketer") == {"figures", "goals"}
    assert parts("support") == set()
    assert shop.client("marketer").get(shop.console("home/owed/")).status_code == 403
    assert shop.client("cashier").get(shop.console()).status_code == 403


def test_who_works_in_a_store_sees_its_figures_only(shop: Stage) -> None:
    works_in(shop, Role.MANAGER, "norte")
    client = shop.client("manager")
    try:
        told = dict(tiles(client.get(shop.console("home/figures/?every=quarter")).text))
        assert told["Net with a member"] == "€22.00"
        assert client.get(shop.console("home/goals/")).status_code == 403
    finally:
        works_in(shop, Role.MANAGER)
