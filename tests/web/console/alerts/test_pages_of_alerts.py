"""The pages of alerts: what is unusual is looked at, closed with a note, and stays told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from fiel.insights.alerts.finding import Kind
from fiel.staff.roles import Role
from tests.support.database import TestDatabases
from tests.web.console.lived import YEAR, deeds, lived, raises_alert, works_in
from tests.web.stage import Stage


@pytest.fixture(scope="module")
def served(databases: TestDatabases) -> Iterator[Stage]:
    with lived(databases.new()) as stage:
        yield stage


@pytest.fixture
def shop(served: Stage) -> Iterator[Stage]:
    yield served
    served.close_pages()


def test_an_alert_is_seen_then_closed_with_a_note(shop: Stage) -> None:
    alert = raises_alert(shop)
    client = shop.client("owner")
    path = f"/console/{shop.slug}/alerts/{alert}/"
    page = client.get(path)
    assert "-75%" in page.text  # from 12 to 3 a day
    assert "99.95%" in page.text
    assert f"a day since May 20, {YEAR}." in page.text

    assert client.submit(f"{path}see/").headers["location"] == path
    assert "/see/" not in client.get(path).text
    closed = client.submit(f"{path}close/", {"note": "The street was closed."})

    assert closed.headers["location"] == f"/console/{shop.slug}/alerts/"
    assert str(alert) not in client.get(shop.console("alerts/")).text
    listed = client.get(shop.console("alerts/?state=closed")).text
    assert str(alert) in listed
    assert "The street was closed." in listed
    assert [each for each in deeds(shop) if each[1] == f"alert:{alert}"] == [
        ("alert.seen", f"alert:{alert}"), ("alert.closed", f"alert:{alert}"),
    ]  # fmt: skip


def test_who_only_sees_alerts_cannot_close_them(shop: Stage) -> None:
    alert = raises_alert(shop, subject="centro")
    client = shop.client("finance")
    path = f"/console/{shop.slug}/alerts/{alert}/"

    assert "/close/" not in client.get(path).text
    assert client.submit(f"{path}close/", {"note": "x"}).status_code == 403
    assert shop.client("support").get(path).status_code == 403


def test_who_works_in_a_store_sees_the_alerts_of_that_store(shop: Stage) -> None:
    cashier = raises_alert(shop, kind=Kind.CASHIER, subject="iker")
    elsewhere = raises_alert(shop, subject="sur")
    works_in(shop, Role.MANAGER, "sur")
    client = shop.client("manager")
    try:
        page = client.get(shop.console("alerts/")).text
        assert str(elsewhere) in page
        assert str(cashier) not in page
        assert client.get(shop.console(f"alerts/{cashier}/")).status_code == 404
    finally:
        works_in(shop, Role.MANAGER)


def test_alerts_are_narrowed_by_what_they_are_about_and_taken_along_as_csv(shop: Stage) -> None:
    raises_alert(shop, kind=Kind.CASHIER, subject="nora")
    client = shop.client("owner")
    told = client.get(shop.console("alerts/?kind=cashier&format=csv")).text.splitlines()

    assert told[0].lstrip("\ufeff").startswith("kind,pattern,subject,since")
    assert {line.split(",")[0] for line in told[1:]} == {"cashier"}


def test_the_course_of_a_figure_is_drawn_and_one_without_any_says_so(shop: Stage) -> None:
    client = shop.client("owner")
    drawn = raises_alert(shop, subject="norte-2")

    assert client.get(shop.console(f"alerts/{drawn}/course/")).status_code == 200
    assert client.get(shop.console(f"alerts/{uuid4()}/")).status_code == 404


def test_looking_now_is_a_job(shop: Stage) -> None:
    client = shop.client("owner")
    started = client.submit(f"/console/{shop.slug}/alerts/look/")

    assert "/jobs/" in started.headers["location"]
    assert ("alerts.looked", "") in deeds(shop)
    ends = time.monotonic() + 30
    while "hx-get" in (page := client.get(started.headers["location"]).text.split('id="job"')[1]):
        assert time.monotonic() < ends, "the look takes too long"
        time.sleep(0.1)
    assert "Found: " in page or "Nothing is unusual." in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_the_same_of_the_database_however_long_it_is(shop: Stage, many: int) -> None:
    for number in range(many):
        raises_alert(shop, subject=f"tienda-{many}-{number}")
    client = shop.client("owner")
    client.get(shop.console("alerts/"))
    with shop.queries() as counted:
        client.get(shop.console("alerts/"))

    assert counted.count < 20, counted.statements
