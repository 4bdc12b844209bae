"""Checking a document over HTTP: its faults, and what it would come to on the shop's own sales."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.api.shop import Shop

# 1 % back: a point for a euro, 300 of them a coffee that sells for 3 € and costs 1 €.
SOUND = """
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, expiry: {after: 12 months}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
rewards:
  - {id: cafe, kind: product, sku: CAP, price: {points: 300}, cost: "1.00"}
"""
GENEROUS = SOUND.replace('{points: 1, per: "1.00"}', '{points: 40, per: "1.00"}')
LOADING = 60.0


def checks(shop: Shop, document: str, **asked: str) -> dict[str, Any]:
    answer = shop.http.post(
        "/program/check", content=document, params=asked, timeout=LOADING,
        headers={"content-type": "application/yaml", "accept-language": "en"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def buys(shop: Shop, name: str, price: str, cost: str) -> None:
    line = {"sku": "CAP", "quantity": 1, "unit_price": price, "cost": cost}
    shop.sells("0.00", to=name, lines=[line])


def test_a_document_with_faults_is_not_reviewed(shop: Shop) -> None:
    told = checks(shop, SOUND.replace("currency: EUR", "currency: XXY"))
    assert (told["ok"], set(told)) == (False, {"ok", "findings"})


def test_who_wants_no_review_gets_none(shop: Shop) -> None:
    assert set(checks(shop, SOUND, review="false")) == {"ok", "findings"}


def test_without_sales_what_the_rules_say_is_told_and_what_is_missing(shop: Shop) -> None:
    told = checks(shop, SOUND)

    assert [each["code"] for each in told["review"]["statements"]] == ["no_past"]
    assert told["review"]["from"] is None
    # A point costs a third of a cent and a euro earns one; what a coffee sells for is not known.
    assert told["economics"]["cost_percent"] == 0.3333
    assert told["economics"]["return_percent"] is None
    assert told["economics"]["units"][0]["cost"] == "0.003333"


def test_a_draft_is_measured_on_what_was_sold(opens_shop: Callable[..., Shop]) -> None:
    shop = opens_shop(SOUND)
    for name in ("ana", "berta"):
        shop.enrols(name)
        buys(shop, name, "300.00", "100.00")
    buys(shop, "ana", "300.00", "100.00")

    economics = checks(shop, SOUND)["economics"]

    # 900 points on 900 €; each is 1/300 of a coffee that sells for 300 € and costs 1 €.
    assert economics["units"][0]["worth"] == "1"
    assert economics["return_percent"] == 100
    assert economics["cost_percent"] == 0.3333
    assert economics["margin_percent"] == 66.6667
    # 0.3333 ÷ (66.6667 − 0.3333)
    assert economics["break_even_lift_percent"] == 0.5025


def test_a_draft_that_gives_the_shop_away_is_told_with_its_numbers(
    opens_shop: Callable[..., Shop],
) -> None:
    shop = opens_shop(SOUND)
    for name in ("ana", "berta"):
        shop.enrols(name)
        buys(shop, name, "10.00", "9.00")
        buys(shop, name, "10.00", "9.00")

    findings = checks(shop, GENEROUS)["review"]["findings"]
    codes = {finding["code"]: finding for finding in findings}

    # 40 points a euro at a third of a cent are 13.3 % of cost, and the margin is 10 %.
    assert codes["costs_all_margin"]["figures"] == {"cost": 13.3333, "margin": 10}
    assert codes["costs_all_margin"]["mistake"] == "gives_shop_away"
    assert codes["costs_all_margin"]["measured"]
    assert "one_time_buyers" not in codes


def test_points_for_who_never_came_back_are_told(opens_shop: Callable[..., Shop]) -> None:
    shop = opens_shop(SOUND)
    for name in ("ana", "berta", "carla"):
        shop.enrols(name)
        buys(shop, name, "10.00", "5.00")
    buys(shop, "ana", "10.00", "5.00")

    findings = checks(shop, SOUND)["review"]["findings"]
    (disloyal,) = [each for each in findings if each["mistake"] == "rewards_disloyal"]

    # 20 of 40 points went to the two who bought once.
    assert disloyal["figures"] == {"to_one_time": 50, "points": 20, "members": 2}
    # Nobody could have had a coffee for 300 points, and that is said too.
    assert "reward_never_affordable" in [each["code"] for each in findings]


def test_points_on_goods_sold_at_a_loss_are_told(opens_shop: Callable[..., Shop]) -> None:
    shop = opens_shop(SOUND)
    shop.enrols("ana")
    buys(shop, "ana", "60.00", "20.00")
    buys(shop, "ana", "40.00", "50.00")

    findings = checks(shop, SOUND)["review"]["findings"]
    (volume,) = [each for each in findings if each["mistake"] == "volume_over_profit"]

    assert volume["figures"] == {"on_loss": 40, "points": 40}


def test_the_draft_that_was_saved_is_reviewed(shop: Shop) -> None:
    saved = shop.http.put(
        "/program/draft", content=GENEROUS, headers={"content-type": "application/yaml"}
    )
    assert saved.status_code == 200, saved.text

    told = shop.http.post("/program/check", timeout=LOADING).json()

    assert told["economics"]["cost_percent"] == 13.3333
