"""Figures over HTTP: what a merchant reads, of what really went through the till."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.shop import Shop
from tests.support.program import CAFE_SOL

LOADING = 60.0  # what reports stand on is loaded with the first of them
REWARDED = (
    CAFE_SOL
    + """
rewards:
  - {id: cafe, kind: product, sku: CAP-01, price: {points: 4}}
"""
)


@pytest.fixture
def spring(opens_shop: Callable[..., Shop]) -> Shop:
    """The Café Sol from January to May 2040.

    Ana and Berta buy in January and, 90 days before May at the most, in March; Berta again in May,
    and Carla for the first time. Ana, last seen on 20 February, is no customer at the end of May.
    """
    shop = opens_shop(REWARDED, sandbox=True)
    shop.lives_at("2040-01-10T10:00:00Z")
    for name in ("ana", "berta"):
        shop.enrols(name)
        shop.sells("10.00", to=name, store="centro")
    shop.lives_at("2040-02-20T10:00:00Z")
    shop.sells("10.00", to="ana", store="centro")
    shop.lives_at("2040-03-20T10:00:00Z")
    shop.sells("20.00", to="berta", store="norte")
    shop.lives_at("2040-05-10T10:00:00Z")
    shop.enrols("carla")
    shop.sells("30.00", to="carla", store="centro")
    sold = shop.sells("40.00", to="berta", store="norte")
    takes_back(shop, sold, {"external_id": "R-1", "amount": "20.00"})
    shop.sells("5.00", store="norte")
    gone = shop.sells("99.00", to="ana", store="norte")
    takes_back(shop, gone, {"external_id": "R-2", "full": True})
    answer = shop.http.post(
        "/redemptions",
        json={"member": shop.members["berta"], "reward": "cafe", "capture": True, "store": "norte"},
    )
    assert answer.status_code == 201, answer.text
    shop.lives_at("2040-06-02T10:00:00Z")
    return shop


def takes_back(shop: Shop, sold: dict[str, Any], body: dict[str, Any]) -> None:
    answer = shop.http.post(f"/sales/{sold['id']}/returns", json=body)
    assert answer.status_code == 201, answer.text


def report(shop: Shop, name: str, **asked: str) -> dict[str, Any]:
    answer = shop.http.get(
        f"/reports/{name}", params=asked, headers={"accept-language": "en"}, timeout=LOADING
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_figures_tell_what_went_through_the_till(spring: Shop) -> None:
    told = report(spring, "kpis", **{"from": "2040-05-01", "to": "2040-05-31"})

    (sales,), (spend,), (members,) = told["sales"], told["spend"], told["members"]
    assert (sales["sales"], sales["sales_with_member"], sales["net"]) == (3, 2, "55.00")
    assert spend["average_spend_members"] == "25.00"  # 30.00, and 20.00 that are left of 40.00
    assert (members["members"], members["new_members"], members["active_members"]) == (3, 1, 2)
    (retention,) = told["retention"]
    # At the start Ana and Berta; at the end Berta and Carla, who is new: (2 − 1) ÷ 2.
    assert (retention["customers_at_start"], retention["customers_at_end"]) == (2, 2)
    assert retention["retention_rate"] == retention["strict_retention_rate"] == 50
    (points,), (cost,) = told["points"], told["cost"]
    assert (points["issued"], points["redeemed"], points["redemption_rate"]) == (50, 4, 8)
    assert cost["points_cost"] == "0.50"
    assert [row["store"] for row in told["stores"]] == ["centro", "norte"]
    assert [row["net"] for row in told["stores"]] == ["30.00", "25.00"]
    assert [row["redemption_rate"] for row in told["stores"]] == [0, 20]  # 4 of 20 in the north


def test_lifetime_value_is_what_a_customer_has_spent(spring: Shop) -> None:
    told = report(spring, "kpis", **{"from": "2040-05-01", "to": "2040-05-31"})

    assert told["lifetime"][0]["lifetime_value"] == "33.33"  # 20.00 + 50.00 + 30.00, of three


def test_cohorts_are_those_who_began_together(spring: Shop) -> None:
    told = report(spring, "cohorts", **{"from": "2040-01-01", "to": "2040-05-31"})

    january, *_, may = told["bought"]
    assert (january["members"], may["members"]) == (2, 1)
    assert [january[f"after_{month}"] for month in range(5)] == [100, 50, 50, 0, 50]
    assert (may["after_0"], may["after_1"]) == (100, None)
    assert [row["members"] for row in told["joined"]] == [2, 0, 0, 0, 1]


def test_a_table_is_read_as_csv(spring: Shop) -> None:
    answer = spring.http.get(
        "/reports/kpis",
        params={"from": "2040-01-01", "to": "2040-05-31", "table": "members"},
        headers={"accept": "text/csv"},
        timeout=LOADING,
    )

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["members"] for row in rows] == ["2", "2", "2", "2", "3"]


def test_a_rival_reads_nothing_of_it(spring: Shop, opens_shop: Callable[..., Shop]) -> None:
    rival = opens_shop(CAFE_SOL.replace("cafe-sol", "rival"))

    told = report(rival, "kpis")

    assert [each["code"] for each in told["statements"] if each["code"] == "no_sales"]
    assert told["stores"] == []
