"""Simulation and review over HTTP: asked for, left, come back to."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.support.database import TestDatabases
from tests.web.program import STAGE_PROGRAM
from tests.web.stage import Client, Stage, staged

TWICE = STAGE_PROGRAM.replace("give: {points: 1, per", "give: {points: 2, per")


@pytest.fixture(scope="module")
def shop(databases: TestDatabases) -> Iterator[Stage]:
    with staged(databases.new()) as stage:
        answer = stage.shop.http.put(
            "/program/draft", content=TWICE.encode(), headers={"content-type": "application/yaml"}
        )
        assert answer.status_code == 200, answer.text
        yield stage


@pytest.fixture
def owner(shop: Stage) -> Iterator[Client]:
    yield shop.client("owner")
    shop.close_pages()


def done(client: Client, job: str) -> str:
    """The page of a job that has come to its end."""
    for _ in range(600):
        answer = client.get(job)
        if "progressbar" not in answer.text or answer.status_code == 302:
            return answer.text
        time.sleep(0.1)
    raise AssertionError("the job does not end")


def test_the_draft_is_simulated_beside_what_is_in_force(shop: Stage, owner: Client) -> None:
    told = {"behaviour": "never", "path-0": "earn.base.give.points", "values-0": "1,2,3"}
    job = owner.submit("/console/cafe-sol/simulation/", told).headers["location"]
    page = done(owner, job)

    assert "beside what is in force" in page
    assert page.count("data-chart=") >= 5  # money, margin or not, points, tiers, segments, variants
    rows = owner.get(f"{job}?format=csv&table=points").text.splitlines()
    told_of = {tuple(row.split(",")[:2]): row.split(",")[2] for row in rows[1:]}
    # 12 + 30 + 8 points of the sales, and 10 for each of three who joined.
    assert told_of["in_force", "points"] == "80"
    assert told_of["draft", "points"] == "130"  # 24 (of 24.80) + 60 + 16 and 30
    variants = owner.get(f"{job}?format=csv&table=variants").text
    assert variants.count("earn.base.give.points=") == 3


@pytest.mark.parametrize(
    "told",
    [
        {"behaviour": "never", "path-0": "earn.luck.give", "values-0": "1"},
        {"behaviour": "never", "path-0": "earn.base.give.points", "values-0": ",".join(
            str(number) for number in range(1, 70))},
        {"behaviour": "never", "since": "2026-02-01", "until": "2026-01-01"},
        {"behaviour": "sometimes"},
    ],
)  # fmt: skip
def test_what_cannot_be_simulated_is_said_at_once(owner: Client, told: dict[str, str]) -> None:
    answer = owner.submit("/console/cafe-sol/simulation/", told)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text or "invalid-feedback" in answer.text


def test_a_simulation_is_found_again_after_leaving(owner: Client) -> None:
    job = owner.submit("/console/cafe-sol/simulation/", {"behaviour": "observed"}).headers[
        "location"
    ]
    done(owner, job)
    assert job in owner.get("/console/cafe-sol/simulation/").text


def test_the_review_measures_the_five_mistakes_on_sales(owner: Client) -> None:
    before = owner.get("/console/cafe-sol/review/").text
    assert "Only your sales can tell." in before
    job = owner.submit("/console/cafe-sol/review/").headers["location"]
    done(owner, job)
    after = owner.get("/console/cafe-sol/review/").text

    assert "Only your sales can tell." not in after
    assert re.search(r"Measured on your sales from .+ to .+\.", after)
    assert "It rewards the disloyal" in after


def test_another_draft_is_not_told_by_an_old_review(shop: Stage, owner: Client) -> None:
    answer = owner.get("/console/cafe-sol/review/?of=in-force").text
    assert "Only your sales can tell." in answer


def test_budgets_and_what_is_owed_stand_beside_it(owner: Client) -> None:
    assert "10,000 of 10,000" in owner.get("/console/cafe-sol/review/").text
    owed = owner.get("/console/cafe-sol/review/owed/").text
    assert "€0.80" in owed  # 80 points of a cent


@pytest.mark.parametrize("path", ["simulation/", "review/", "launch/", "start/result/"])
def test_pages_ask_little_of_the_database(shop: Stage, owner: Client, path: str) -> None:
    owner.get(f"/console/cafe-sol/{path}")
    with shop.queries() as counted:
        owner.get(f"/console/cafe-sol/{path}")
    assert counted.count < 20, counted.statements


@pytest.mark.parametrize("role", ["cashier"])
def test_who_may_not_see_the_program_sees_none_of_it(shop: Stage, role: str) -> None:
    client = shop.client(role)
    for path in ("simulation/", "review/", "versions/", "launch/", "start/"):
        assert client.get(f"/console/cafe-sol/{path}").status_code == 403
