"""Alerts over HTTP: raised once, told as an event, seen and closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.api.shop import Shop
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

LOADING = 60.0  # what looking stands on is loaded with the first look
LOOKED = "2040-03-20T09:00:00Z"


@pytest.fixture
def generous(opens_shop) -> Shop:
    """A shop whose Eva gave Ana 100 points by hand on nine days, and nobody else any."""
    shop = opens_shop(CAFE_SOL, sandbox=True)
    shop.lives_at("2040-03-05T10:00:00Z")
    shop.enrols("ana")
    for day in range(6, 15):
        shop.lives_at(f"2040-03-{day:02}T10:00:00Z")
        gives_by_hand(shop, "ana", author="Eva")
    shop.lives_at(LOOKED)
    return shop


def test_what_is_unusual_is_raised_with_who_about_whom_and_how_surely(generous):
    (alert,) = look(generous)["raised"]

    assert (alert["kind"], alert["pattern"]) == ("cashier", "adjustments_to_one_member")
    assert (alert["subject"], alert["member"]) == ("Eva", generous.members["ana"])
    assert (alert["now"], alert["usual"]) == (9, 1)
    assert alert["sure"] > 99
    assert alert["state"] == "open"
    assert alert["text"].startswith("“Eva” gave one member points by hand 9 times")
    assert "900 in all" in alert["text"]


def test_the_same_is_raised_once_however_often_one_looks(generous):
    first = look(generous)
    again = look(generous)

    assert len(first["raised"]) == 1
    assert (again["raised"], again["found"]) == ([], 1)
    assert len(listed(generous)["data"]) == 1


def test_an_alert_that_stands_is_told_with_the_latest_figures(generous):
    look(generous)
    generous.lives_at("2040-03-20T10:00:00Z")
    gives_by_hand(generous, "ana", author="Eva")
    generous.lives_at("2040-03-21T10:00:00Z")
    look(generous)

    (alert,) = listed(generous)["data"]
    assert alert["now"] == 10
    assert alert["found_at"] > alert["raised_at"]


def test_an_alert_is_an_event(generous, database_url):
    (alert,) = look(generous)["raised"]

    event = generous.http.get("/events", params={"limit": 500}).json()["data"][-1]

    assert event["type"] == "alert.raised"
    assert event["data"]["alert"] == {
        "id": alert["id"], "kind": "cashier", "pattern": "adjustments_to_one_member",
        "subject": "Eva", "member": generous.members["ana"], "since": alert["since"],
    }  # fmt: skip
    assert proof_of(database_url).differences == []


def test_what_was_closed_is_not_told_again_for_what_had_happened_by_then(generous):
    (alert,) = look(generous)["raised"]

    closed = change(generous, alert["id"], "close", {"note": "A prize, agreed with the owner."})

    assert closed["state"] == "closed"
    assert closed["note"] == "A prize, agreed with the owner."
    assert closed["closed_by"].startswith("key ")
    generous.lives_at("2040-03-25T10:00:00Z")
    assert look(generous)["raised"] == []
    assert listed(generous)["data"] == []
    assert [one["id"] for one in listed(generous, state="closed")["data"]] == [alert["id"]]


def test_what_goes_on_after_it_was_closed_is_told_anew(generous):
    (alert,) = look(generous)["raised"]
    change(generous, alert["id"], "close", {})
    for day in range(10, 20):
        generous.lives_at(f"2040-04-{day:02}T10:00:00Z")
        gives_by_hand(generous, "ana", author="Eva")
    generous.lives_at("2040-04-20T10:00:00Z")

    (anew,) = look(generous)["raised"]

    assert anew["id"] != alert["id"]
    assert anew["now"] == 10


def test_an_alert_that_was_seen_stands_until_it_is_closed(generous):
    (alert,) = look(generous)["raised"]

    seen = change(generous, alert["id"], "see")

    assert (seen["state"], seen["seen_at"]) == ("seen", LOOKED)
    assert [one["state"] for one in listed(generous)["data"]] == ["seen"]
    assert listed(generous, state="open")["data"] == []
    assert change(generous, alert["id"], "see") == seen  # again does nothing
    closed = change(generous, alert["id"], "close", {})
    assert change(generous, alert["id"], "close", {"note": "twice"}) == closed


def test_the_report_tells_those_that_stand_and_what_could_not_be_looked_at(generous):
    before = report(generous)
    assert [one["code"] for one in before["statements"]] == ["never_looked"]
    look(generous)

    told = report(generous)

    assert [row["pattern"] for row in told["alerts"]] == ["adjustments_to_one_member"]
    assert [one["code"] for one in told["statements"]] == ["too_few_days", "no_cashiers"]


def test_a_till_and_a_store_are_watched_from_what_was_rung_up(opens_shop):
    # Three cashiers take turns, ten sales a day; Eva rings up all that Ana buys, though the others
    # are there, and for the last ten days the store sells four instead of ten.
    shop = opens_shop(CAFE_SOL, sandbox=True)
    shop.lives_at("2040-01-01T08:00:00Z")
    shop.enrols("ana")
    sales = []
    for back in range(84, 0, -1):
        day = (date(2040, 3, 30) - timedelta(days=back)).isoformat()
        for number in range(4 if back <= 10 else 10):
            cashier = ("Eva", "Iris", "Olga")[(number + back) % 3]
            sales.append(shop.sale("2.00", **rung_up(day, cashier)))
        if back <= 28:
            sales.append(shop.sale("2.00", to="ana", **rung_up(day, "Eva")))
    shop.lives_at("2040-03-30T09:00:00Z")
    answer = shop.http.post("/sales/batch", json={"sales": sales}, timeout=LOADING)
    assert answer.status_code == 200, answer.text

    raised = {one["kind"]: one for one in look(shop)["raised"]}

    assert raised["cashier"]["pattern"] == "many_sales_to_one_member"
    assert (raised["cashier"]["subject"], raised["cashier"]["now"]) == ("Eva", 28)
    assert raised["cashier"]["member"] == shop.members["ana"]
    assert raised["store"]["subject"] == "centro"
    assert raised["store"]["since"] == "2040-03-20"
    assert raised["store"]["now"] == 5  # four, and Ana's


def test_a_list_can_be_read_in_parts(generous):
    generous.enrols("berta")
    for _ in range(9):
        gives_by_hand(generous, "berta", author="Iris")
    generous.lives_at("2040-03-21T09:00:00Z")
    assert len(look(generous)["raised"]) == 2

    first = listed(generous, limit=1)
    second = listed(generous, limit=1, cursor=first["next_cursor"])

    assert {one["subject"] for one in first["data"] + second["data"]} == {"Eva", "Iris"}
    assert second["next_cursor"] is None


def test_a_shop_that_has_just_opened_is_told_what_is_needed(shop):
    told = look(shop)

    assert (told["raised"], told["found"]) == ([], 0)
    assert [one["code"] for one in told["statements"]] == ["too_few_days", "no_cashiers"]
    assert listed(shop)["looked_at"] is not None


def test_an_alert_that_there_is_not_cannot_be_closed(shop):
    for verb in ("see", "close"):
        answer = shop.http.post(f"/alerts/{uuid4()}/{verb}", json={})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_alerts_of_a_rival_are_not_seen(generous, opens_shop):
    (alert,) = look(generous)["raised"]
    rival = opens_shop(CAFE_SOL.replace("program: cafe-sol", "program: the-rival"))

    assert listed(rival)["data"] == []
    assert rival.http.post(f"/alerts/{alert['id']}/close", json={}).status_code == 404


def test_only_who_manages_may_look_and_close(shop):
    reader = shop.caller(shop.makes_key(["read"]))

    assert reader.get("/alerts").status_code == 200
    assert reader.post("/alerts/look").status_code == 403
    assert reader.post(f"/alerts/{uuid4()}/close", json={}).status_code == 403


def rung_up(day: str, cashier: str) -> dict[str, str]:
    return {"occurred_at": f"{day}T12:00:00+01:00", "store": "centro", "cashier": cashier}


def gives_by_hand(shop: Shop, name: str, *, author: str) -> None:
    answer = shop.http.post(
        "/adjustments",
        json={
            "external_id": f"A-{uuid4()}", "member": shop.members[name], "points": 100,
            "unit": "points", "reason": "sorry", "author": author,
        },
    )  # fmt: skip
    assert answer.status_code == 201, answer.text


def look(shop: Shop) -> dict[str, Any]:
    answer = shop.http.post("/alerts/look", headers={"accept-language": "en"}, timeout=LOADING)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def listed(shop: Shop, **asked: Any) -> dict[str, Any]:
    answer = shop.http.get("/alerts", params=asked, headers={"accept-language": "en"})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def change(
    shop: Shop, alert_id: str, verb: str, body: dict[str, str] | None = None
) -> dict[str, Any]:
    answer = shop.http.post(f"/alerts/{alert_id}/{verb}", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def report(shop: Shop) -> dict[str, Any]:
    answer = shop.http.get("/reports/alerts", headers={"accept-language": "en"}, timeout=LOADING)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told
