"""Simulation over HTTP: a draft on the shop's own past, what it answers and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.shop import Shop
from tests.support.program import CAFE_SOL

LOADING = 60.0  # what simulations stand on is loaded with the first of them
REWARDS = "rewards:\n  - {id: coffee, kind: product, price: {points: 10}, cost: '0.60'}\n"
IN_FORCE = CAFE_SOL + REWARDS
DOUBLE = IN_FORCE.replace("points: 1, per", "points: 2, per")
YAML = {"content-type": "application/yaml", "accept-language": "en"}


@pytest.fixture
def three_sales(opens_shop: Callable[..., Shop]) -> Shop:
    """Ana bought for 20 and for 10 €, and had a coffee in between; Berta for 5 €."""
    shop = opens_shop(IN_FORCE, sandbox=True)
    shop.lives_at("2040-01-10T10:00:00Z")
    shop.enrols("ana")
    shop.enrols("berta")
    shop.sells("20.00", to="ana")
    shop.lives_at("2040-01-11T10:00:00Z")
    body = {"member": shop.members["ana"], "reward": "coffee", "capture": True}
    assert shop.http.post("/redemptions", json=body).status_code == 201
    shop.lives_at("2040-01-12T10:00:00Z")
    shop.sells("10.00", to="ana")
    shop.sells("5.00", to="berta")
    return shop


def simulated(shop: Shop, document: str, **asked: str) -> dict[str, Any]:
    answer = shop.http.post(
        "/program/simulate", content=document, params=asked, headers=YAML, timeout=LOADING
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def by_program(told: dict[str, Any], table: str, name: str) -> list[Any]:
    return [row[name] for row in told[table]]


def codes(told: dict[str, Any]) -> set[str]:
    return {statement["code"] for statement in told["statements"]}


def test_a_draft_stands_beside_the_program_in_force(three_sales: Shop) -> None:
    told = simulated(three_sales, DOUBLE)

    assert by_program(told, "points", "program") == ["in_force", "draft"]
    assert by_program(told, "points", "issued") == [35, 70]
    assert by_program(told, "points", "redeemed") == [10, 10]
    assert by_program(told, "points", "outstanding") == [25, 60]
    assert by_program(told, "points", "liability") == ["0.25", "0.60"]
    money = told["money"]
    assert [row["sales"] for row in money] == ["35.00", "35.00"]
    assert [row["rewards"] for row in money] == ["0.60", "0.60"]
    assert [row["cost"] for row in money] == ["0.85", "1.20"]
    assert [row["margin"] for row in money] == [None, None]
    assert [row["rewarded"] for row in money] == [1, 1]
    assert sum(row["winners"] for row in told["segments"]) == 2
    assert sum(row["losers"] for row in told["segments"]) == 0
    assert {"as_bought", "from_nothing", "redeems_as_observed", "no_margin"} <= codes(told)


def test_members_who_redeem_eagerly_redeem_at_their_next_visit(three_sales: Shop) -> None:
    told = simulated(three_sales, DOUBLE, behaviour="eager:100")

    # Ana has 20 or 40 points at her second visit; Berta comes but once.
    assert by_program(told, "points", "redeemed") == [10, 10]
    assert by_program(told, "rewards", "redeemed") == [1, 1]
    assert by_program(simulated(three_sales, DOUBLE, behaviour="never"), "points", "redeemed") == [
        0,
        0,
    ]


def test_a_grid_tries_every_combination_and_names_the_frontier(three_sales: Shop) -> None:
    grid = "earn.base.give.points=1,2;rewards.coffee.price.points=10,50"
    told = simulated(three_sales, DOUBLE, behaviour="eager:100", grid=grid)

    variants = {row["variant"]: row for row in told["variants"]}
    assert [row["issued"] for row in variants.values()] == [35, 35, 70, 70]
    assert [row["redeemed"] for row in variants.values()] == [10, 0, 10, 0]
    # 25 points left and a coffee, or 35 left and none; the doubled ones cost more for no more.
    assert [row["cost"] for row in variants.values()] == ["0.85", "0.35", "1.20", "0.70"]
    assert [row["rewarded"] for row in variants.values()] == [1, 0, 1, 0]
    assert [row["frontier"] for row in variants.values()] == ["yes", "yes", "no", "no"]


def test_only_the_days_that_are_asked_for_are_lived(three_sales: Shop) -> None:
    told = simulated(three_sales, DOUBLE, **{"from": "2040-01-12"})
    assert by_program(told, "points", "issued") == [15, 30]
    assert "single_day" in codes(told)


def test_a_time_without_sales_says_that_nothing_can_be_said(three_sales: Shop) -> None:
    told = simulated(three_sales, DOUBLE, **{"from": "2041-01-01", "to": "2041-02-01"})
    assert by_program(told, "points", "issued") == [0, 0]
    assert "no_sales" in codes(told)


def test_without_a_body_the_draft_is_tried(three_sales: Shop) -> None:
    saved = three_sales.http.put("/program/draft", content=DOUBLE, headers=YAML)
    assert saved.status_code == 200
    answer = three_sales.http.post("/program/simulate", timeout=LOADING)
    assert by_program(answer.json(), "points", "issued") == [35, 70]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"behaviour": "sometimes"}, "behaviour"),
        ({"behaviour": "eager:101"}, "behaviour"),
        ({"behaviour": "never:5"}, "behaviour"),
        ({"from": "2040-02-01", "to": "2040-01-01"}, "to"),
        ({"grid": "earn.base"}, "grid"),
        ({"grid": "earn.other.give.points=1"}, "grid"),
        ({"grid": "earn.base.give.points=" + ",".join(map(str, range(61)))}, "grid"),
        ({"grid": "earn.base.give.points=many"}, "earn[0].give.points"),
        ({"weather": "fine"}, "weather"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_its_field(
    three_sales: Shop, asked: dict[str, str], field: str
) -> None:
    answer = three_sales.http.post(
        "/program/simulate", content=DOUBLE, params=asked, headers=YAML, timeout=LOADING
    )
    assert answer.status_code == 422, answer.text
    assert field in [problem["field"] for problem in answer.json()["errors"]]


def test_a_document_with_faults_and_one_in_another_currency_are_refused(three_sales: Shop) -> None:
    for document in ("program: x", DOUBLE.replace("EUR", "USD")):
        answer = three_sales.http.post("/program/simulate", content=document, headers=YAML)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_day_before_every_shop_is_refused(three_sales: Shop) -> None:
    refused = three_sales.http.post(
        "/program/simulate", content=DOUBLE, params={"to": "0001-01-01"}, headers=YAML,
        timeout=LOADING,
    )  # fmt: skip
    assert refused.status_code == 422
    assert [(each["field"], each["code"]) for each in refused.json()["errors"]] == [
        ("to", "too_early")
    ]


def test_a_number_with_decimals_of_an_activity_decides_as_at_the_till(
    opens_shop: Callable[..., Shop],
) -> None:
    rule = "  - {id: km, event: activity, activity: walk, give: {points: 5}"
    document = IN_FORCE.replace(
        "rewards:", f"{rule}, where: activity.properties.km > 2.5}}\nrewards:"
    )
    shop = opens_shop(document, sandbox=True)
    shop.lives_at("2040-01-10T10:00:00Z")
    shop.enrols("ana")
    shop.sells("20.00", to="ana")
    for km in (2.5, 2.6, 3):
        body = {"member": shop.members["ana"], "type": "walk", "properties": {"km": km}}
        assert shop.http.post("/activities", json=body).status_code == 201
    assert shop.balance("ana") == 30
    told = simulated(shop, document)
    assert [row["issued"] for row in told["points"]] == [30, 30]


def test_points_are_given_away_by_a_transfer_and_not_by_a_merge(three_sales: Shop) -> None:
    ana, berta = (three_sales.members[name] for name in ("ana", "berta"))
    merged = three_sales.http.post(f"/members/{berta}/merge", json={"into": ana})
    assert merged.status_code == 200, merged.text
    assert "not_moved" not in codes(simulated(three_sales, DOUBLE))
