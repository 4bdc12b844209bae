"""Hard case 50: both sides are rewarded once the friend really bought, and not if it came back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.people import erases, merges, unmerges
from tests.support.proof import proof_of

DOCUMENT = """
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units: {points: {name: puntos, expiry: {after: 12 months}}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
referral: {referrer: {points: 200}, friend: {points: 100}, after: 14 days, min_spend: "20.00",
  limit: {per_member: 2, every: year}, link: "https://sol.example/ven?de={code}"}
"""
BOUGHT = "2031-03-01T10:00:00+01:00"
DAY_13, WAIT_OVER = "2031-03-14T10:00:00+01:00", "2031-03-16T00:00:00+01:00"


def brings(shop, name: str, by: str = "berta", **told: Any) -> None:
    code = shop.http.get(f"/members/{shop.members[by]}").json()["referral_code"]
    shop.enrols(name, referred_by=code, **told)


@pytest.fixture
def shop(opens_shop):
    """A sandbox on the first of March, where Berta brought Ana."""
    shop = opens_shop(DOCUMENT, sandbox=True)
    shop.lives_at(BOUGHT)
    shop.enrols("berta", email="berta@gmail.com", phone="+34600333444")
    brings(shop, "ana")
    return shop


def became(shop, name: str = "ana", by: str = "berta") -> str:
    """What became of a referral, and why."""
    told = shop.http.get(f"/members/{shop.members[by]}/referrals").json()["data"]
    [found] = [each for each in told if each["friend"] == shop.members[name]]
    return f"{found['status']} {found['reason']}".strip()


def returns(shop, sale: dict[str, Any], **told: Any) -> None:
    answer = shop.http.post(f"/sales/{sale['id']}/returns", json=told or {"full": True})
    assert answer.status_code == 201, answer.text


def proved(shop) -> bool:
    assert proof_of(shop.database_url).differences == []
    return True


def test_50_both_are_rewarded_when_the_wait_is_over(shop):
    shop.sells("20.00", to="ana")
    shop.lives_at(DAY_13)
    assert (shop.balance("ana"), shop.balance("berta")) == (20, 0)

    shop.lives_at(WAIT_OVER)

    assert (shop.balance("ana"), shop.balance("berta")) == (120, 200)
    assert became(shop) == "rewarded"
    assert proved(shop)


def test_50_the_reward_is_given_once_however_often_the_calendar_comes(shop):
    shop.sells("20.00", to="ana")
    for moment in (WAIT_OVER, "2031-03-20T00:00:00Z", "2031-05-01T00:00:00Z"):
        shop.lives_at(moment)
    shop.sells("50.00", to="ana")
    shop.lives_at("2031-07-01T00:00:00Z")

    assert (shop.balance("ana"), shop.balance("berta")) == (170, 200)


def test_50_a_small_purchase_begins_no_wait(shop):
    shop.sells("19.99", to="ana")
    shop.lives_at("2031-06-01T00:00:00Z")

    assert (shop.balance("ana"), shop.balance("berta")) == (19, 0)
    assert became(shop) == "waiting"


def test_50_what_comes_back_within_the_wait_voids_it(shop):
    sale = shop.sells("25.00", to="ana")
    shop.lives_at(DAY_13)
    returns(shop, sale, amount="5.01")

    shop.lives_at(WAIT_OVER)

    assert shop.balance("berta") == 0
    assert became(shop) == "void returned"
    assert proved(shop)


def test_50_a_return_that_leaves_enough_does_not(shop):
    sale = shop.sells("25.00", to="ana")
    returns(shop, sale, amount="5.00")

    shop.lives_at(WAIT_OVER)

    assert (shop.balance("ana"), shop.balance("berta")) == (120, 200)


def test_50_a_later_full_return_takes_back_both_sides(shop):
    sale = shop.sells("20.00", to="ana")
    shop.lives_at("2031-04-01T00:00:00Z")

    returns(shop, sale)

    assert (shop.balance("ana"), shop.balance("berta")) == (0, 0)
    assert became(shop) == "reversed returned"
    assert proved(shop)


def test_50_a_later_part_return_takes_back_nothing(shop):
    sale = shop.sells("20.00", to="ana")
    shop.lives_at("2031-04-01T00:00:00Z")

    returns(shop, sale, amount="15.00")

    assert (shop.balance("ana"), shop.balance("berta")) == (105, 200)


def test_50_points_that_were_spent_are_owed(shop):
    sale = shop.sells("20.00", to="ana")
    shop.lives_at("2031-04-01T00:00:00Z")
    told = {"member": shop.members["berta"], "points": -150, "reason": "gastado"}
    shop.http.post("/adjustments", json=told)

    returns(shop, sale)

    berta = shop.http.get(f"/members/{shop.members['berta']}").json()["balances"]["points"]
    assert (berta["available"], berta["debt"]) == (0, 150)
    assert proved(shop)


@pytest.mark.parametrize("email", ["berta+sol@gmail.com", "b.e.rta@gmail.com", "Berta@gmail.com"])
def test_50_nobody_brings_themselves(shop, email):
    code = shop.http.get(f"/members/{shop.members['berta']}").json()["referral_code"]

    refused = shop.http.post("/members", json={"email": email, "referred_by": code})

    assert refused.status_code in (409, 422)
    told = refused.json()
    problem = (told["errors"][0]["field"], told["errors"][0]["code"])
    assert problem in {("referred_by", "self_referral"), ("email", "taken")}


def test_50_one_phone_is_one_person(shop):
    code = shop.http.get(f"/members/{shop.members['berta']}").json()["referral_code"]

    refused = shop.http.post("/members", json={"phone": "600 33 34 44", "referred_by": code})

    assert (refused.status_code, refused.json()["code"]) == (409, "member_exists")


def test_50_a_merge_of_both_voids_what_waits(shop):
    shop.sells("20.00", to="ana")
    merges(shop, "ana", into="berta")

    shop.lives_at(WAIT_OVER)

    assert shop.balance("berta") == 20
    assert became(shop) == "void same_person"
    assert proved(shop)


def test_50_a_merge_of_both_takes_back_what_was_given(shop):
    shop.sells("20.00", to="ana")
    shop.lives_at(WAIT_OVER)

    merges(shop, "berta", into="ana")

    assert shop.balance("ana") == 20
    assert became(shop) == "reversed same_person"
    assert proved(shop)
    assert unmerges(shop, "berta").status_code == 200
    assert proved(shop)


def test_50_the_limit_of_a_year_is_kept(shop):
    for name in ("carla", "dora"):
        brings(shop, name)
    for name in ("ana", "carla", "dora"):
        shop.sells("20.00", to=name)

    shop.lives_at(WAIT_OVER)

    assert shop.balance("berta") == 400
    assert [shop.balance(name) for name in ("ana", "carla", "dora")] == [120] * 3
    assert sorted(became(shop, name) for name in ("ana", "carla", "dora")) == [
        "rewarded", "rewarded", "rewarded limit_reached",
    ]  # fmt: skip
    assert proved(shop)


def test_50_the_reward_follows_a_merged_referrer_and_is_taken_back_there(shop):
    sale = shop.sells("20.00", to="ana")
    shop.enrols("carla")
    merges(shop, "berta", into="carla")
    shop.lives_at(WAIT_OVER)
    assert shop.balance("carla") == 200

    returns(shop, sale)

    assert (shop.balance("ana"), shop.balance("carla")) == (0, 0)
    assert proved(shop)


def test_50_a_reward_given_before_a_merge_is_taken_back_from_the_survivor(shop):
    sale = shop.sells("20.00", to="ana")
    shop.lives_at(WAIT_OVER)
    shop.enrols("carla")
    merges(shop, "berta", into="carla")

    returns(shop, sale)

    assert (shop.balance("ana"), shop.balance("carla")) == (0, 0)
    assert proved(shop)


@pytest.mark.parametrize("gone", ["ana", "berta"])
def test_50_nobody_is_rewarded_for_who_was_erased(shop, gone):
    shop.sells("20.00", to="ana")
    assert erases(shop, gone).status_code == 200

    shop.lives_at(WAIT_OVER)

    left = "berta" if gone == "ana" else "ana"
    assert shop.balance(left) == (0 if left == "berta" else 20)
    assert proved(shop)


def test_the_code_comes_with_its_link(shop):
    told = shop.http.get(f"/members/{shop.members['berta']}/referrals").json()

    assert told["url"] == f"https://sol.example/ven?de={told['code']}"
    assert [each["friend"] for each in told["data"]] == [shop.members["ana"]]


def test_whom_a_member_brought_comes_in_parts(shop):
    for name in ("carla", "dora"):
        brings(shop, name)
    path = f"/members/{shop.members['berta']}/referrals"

    first = shop.http.get(path, params={"limit": 2}).json()
    second = shop.http.get(path, params={"limit": 2, "cursor": first["next_cursor"]}).json()

    friends = [each["friend"] for each in first["data"] + second["data"]]
    assert sorted(friends) == sorted(shop.members[name] for name in ("ana", "carla", "dora"))
    assert second["next_cursor"] is None


def test_a_link_without_a_place_for_the_code_is_refused(shop):
    document = DOCUMENT.replace("?de={code}", "")
    told = shop.http.post("/program/check", content=document,
                          headers={"content-type": "application/yaml"})  # fmt: skip

    assert [fault["code"] for fault in told.json()["findings"]] == ["referral_link"]
