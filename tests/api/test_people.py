"""Transfers, households and claimed sales: what they do, and each of their refusals."""

from __future__ import annotations

import pytest

from tests.api.shop import Shop
from tests.scenarios.people import adjusts, erases, lots, merges, transfers
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

NOBODY = "01a00000-0000-7000-8000-000000000000"
REWARDED = CAFE_SOL + "rewards:\n  - {id: cafe, kind: product, price: {points: 100}}\n"


@pytest.fixture
def both(shop):
    """Ana, who has 100 points, and Berta."""
    shop.enrols("ana")
    shop.enrols("berta")
    shop.sells("100.00", to="ana")
    shop.members["nobody"] = NOBODY
    return shop


def proved(shop: Shop) -> bool:
    assert proof_of(shop.database_url).differences == []
    return True


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# Transfers.


def test_nobody_gives_more_than_they_have(both):
    refused = transfers(both, 101, "ana", "berta")

    assert code_of(refused) == (409, "insufficient_points")
    assert (both.balance("ana"), both.balance("berta")) == (100, 0)


@pytest.mark.parametrize(("giver", "taker"), [("ana", "nobody"), ("nobody", "ana")])
def test_both_sides_of_a_transfer_are_there(both, giver, taker):
    assert code_of(transfers(both, 10, giver, taker)) == (404, "not_found")


def test_nobody_gives_to_themselves(both):
    refused = transfers(both, 10, "ana", "ana")

    assert code_of(refused) == (422, "invalid")
    assert refused.json()["errors"][0]["code"] == "same_member"


def test_whoever_was_merged_is_the_same_member(both):
    merges(both, "ana", into="berta")

    assert code_of(transfers(both, 10, "ana", "berta")) == (422, "invalid")


def test_a_unit_that_is_not_there_is_refused(both):
    assert code_of(transfers(both, 10, "ana", "berta", unit="stamps")) == (422, "invalid")


@pytest.mark.parametrize("points", [0, -1, 1.5, "many", None])
def test_points_are_whole_and_more_than_none(both, points):
    refused = transfers(both, points, "ana", "berta")

    assert code_of(refused) == (422, "invalid")
    assert refused.json()["errors"][0]["field"] == "points"


def test_a_transfer_id_stands_for_one_transfer(both):
    transfers(both, 10, "ana", "berta", external_id="X-1")

    refused = transfers(both, 11, "ana", "berta", external_id="X-1")

    assert code_of(refused) == (409, "external_id_reused")
    assert both.balance("ana") == 90


def test_a_gift_pays_what_the_receiver_owes(both):
    sale = both.sells("30.00", to="berta")
    adjusts(both, "berta", -30)
    both.http.post(f"/sales/{sale['id']}/returns", json={"full": True})

    told = transfers(both, 50, "ana", "berta").json()

    assert told["to"]["balances"]["points"]["available"] == 20
    assert told["to"]["balances"]["points"]["debt"] == 0
    assert proved(both)


def test_a_till_does_not_move_points_between_people(both):
    till = both.caller(both.makes_key(["read", "till"]))
    body = {"from": both.members["ana"], "to": both.members["berta"], "points": 1}

    assert code_of(till.post("/transfers", json=body)) == (403, "forbidden")


BOUNDED = CAFE_SOL + ("transfers: {min: 5, max: 50, limit: {per_member: 2, every: month}}\n")


def test_a_program_bounds_what_members_give(opens_shop):
    shop = opens_shop(BOUNDED)
    for name in ("ana", "berta"):
        shop.enrols(name)
    shop.sells("100.00", to="ana")

    assert code_of(transfers(shop, 4, "ana", "berta")) == (422, "invalid")
    assert code_of(transfers(shop, 51, "ana", "berta")) == (422, "invalid")
    assert [transfers(shop, 5, "ana", "berta").status_code for _ in range(2)] == [201, 201]
    assert code_of(transfers(shop, 5, "ana", "berta")) == (409, "limit_reached")
    assert transfers(shop, 5, "berta", "ana").status_code == 201  # each has a limit of their own
    assert proved(shop)


def test_a_program_may_allow_no_transfers(opens_shop):
    shop = opens_shop(CAFE_SOL + "transfers: never\n")
    for name in ("ana", "berta"):
        shop.enrols(name)

    assert code_of(transfers(shop, 1, "ana", "berta")) == (409, "not_eligible")


def test_bounds_of_transfers_that_cross_are_refused(shop):
    document = CAFE_SOL + "transfers: {min: 5, max: 4}\n"
    told = shop.http.post(
        "/program/check", content=document, headers={"content-type": "application/yaml"}
    )

    assert [fault["code"] for fault in told.json()["findings"]] == ["transfer_bounds"]


# Households.


def makes(shop: Shop, *names: str, name: str = "Casa Sol", **headers: str):
    members = [shop.members[each] for each in names]
    return shop.http.post("/households", json={"name": name, "members": members}, headers=headers)


def test_a_household_tells_what_it_has_together(both):
    both.sells("20.00", to="berta")

    made = makes(both, "ana", "berta")

    assert made.status_code == 201, made.text
    assert made.json()["pooled"] == {"points": 120}
    read = both.http.get(f"/households/{made.json()['id']}")
    assert read.json() == made.json()


def test_a_household_pays_what_one_cannot(opens_shop):
    shop = opens_shop(REWARDED)
    for name, spends in (("ana", "30.00"), ("berta", "50.00"), ("carla", "60.00")):
        shop.enrols(name)
        day = {"ana": "10", "berta": "12", "carla": "11"}[name]
        shop.sells(spends, to=name, occurred_at=f"2026-01-{day}T12:00:00+01:00")
    makes(shop, "ana", "berta", "carla")

    redeemed = shop.http.post(
        "/redemptions", json={"member": shop.members["ana"], "reward": "cafe", "capture": True}
    )

    assert redeemed.status_code == 201, redeemed.text
    assert [shop.balance(name) for name in ("ana", "berta", "carla")] == [0, 40, 0]
    assert proved(shop)


def test_a_household_that_has_too_little_pays_nothing(opens_shop):
    shop = opens_shop(REWARDED)
    for name in ("ana", "berta"):
        shop.enrols(name)
        shop.sells("49.00", to=name)
    makes(shop, "ana", "berta")

    refused = shop.http.post(
        "/redemptions", json={"member": shop.members["ana"], "reward": "cafe", "capture": True}
    )

    assert code_of(refused) == (409, "insufficient_points")
    assert [shop.balance(name) for name in ("ana", "berta")] == [49, 49]


def test_whoever_leaves_takes_their_own_points(both):
    household = makes(both, "ana", "berta").json()["id"]

    left = both.http.delete(f"/households/{household}/members/{both.members['ana']}")

    assert left.json()["left"] is True
    assert both.http.get(f"/households/{household}").json()["pooled"] == {"points": 0}
    assert both.balance("ana") == 100
    again = both.http.delete(f"/households/{household}/members/{both.members['ana']}")
    assert (again.status_code, again.json()["left"]) == (200, False)


def test_a_household_ends_with_its_last_member(both):
    household = makes(both, "ana").json()["id"]

    both.http.delete(f"/households/{household}/members/{both.members['ana']}")

    assert code_of(both.http.get(f"/households/{household}")) == (404, "not_found")
    joined = both.http.put(f"/households/{household}/members/{both.members['ana']}")
    assert code_of(joined) == (404, "not_found")


def test_who_is_erased_leaves(both):
    household = makes(both, "ana", "berta").json()["id"]

    erases(both, "ana")

    members = both.http.get(f"/households/{household}").json()["members"]
    assert [member["id"] for member in members] == [both.members["berta"]]


def test_the_survivor_of_a_merge_is_in_the_household(both):
    household = makes(both, "ana").json()["id"]

    merges(both, "ana", into="berta")

    members = both.http.get(f"/households/{household}").json()["members"]
    assert [member["id"] for member in members] == [both.members["berta"]]


def test_joining_twice_changes_nothing(both):
    household = makes(both, "ana").json()["id"]
    path = f"/households/{household}/members/{both.members['berta']}"

    first, again = both.http.put(path), both.http.put(path)

    assert first.status_code == 200, first.text
    assert again.json() == first.json()
    assert len(again.json()["members"]) == 2


def test_a_member_is_in_one_household(both):
    makes(both, "ana")

    assert code_of(makes(both, "berta", "ana")) == (409, "in_a_household")
    other = makes(both, "berta").json()["id"]
    joined = both.http.put(f"/households/{other}/members/{both.members['ana']}")
    assert code_of(joined) == (409, "in_a_household")


def test_a_household_is_of_members(both):
    assert code_of(makes(both, "ana", "nobody")) == (404, "not_found")
    assert code_of(makes(both, "ana", "ana")) == (422, "invalid")
    assert code_of(makes(both)) == (422, "invalid")
    assert code_of(makes(both, "ana", name="")) == (422, "invalid")
    assert code_of(both.http.get(f"/households/{NOBODY}")) == (404, "not_found")


def test_the_same_household_asked_for_again_is_made_once(both):
    key = {"Idempotency-Key": "casa"}

    first, again = makes(both, "ana", **key), makes(both, "ana", **key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]


# Claimed sales.


def claims(shop: Shop, sale, name: str):
    return shop.http.post(f"/sales/{sale['id']}/claim", json={"member": shop.members[name]})


def test_a_claimed_sale_earns_as_it_would_have_then(both):
    sale = both.sells("40.00", occurred_at="2026-03-01T12:00:00+01:00")
    both.publishes(CAFE_SOL.replace('per: "1.00"', 'per: "0.50"'))

    claimed = claims(both, sale, "berta")

    assert claimed.status_code == 200, claimed.text
    told = claimed.json()
    assert (told["member"], told["earned"]) == (both.members["berta"], {"points": 40})
    assert (told["id"], told["external_id"]) == (sale["id"], sale["external_id"])
    assert lots(both, "berta") == [(40, "2027-03-01T23:00:00Z")]
    assert both.http.get(f"/sales/{sale['id']}").json()["member"] == both.members["berta"]
    assert proved(both)


def test_a_sale_is_claimed_once(both):
    sale = both.sells("40.00")

    first, again = claims(both, sale, "berta"), claims(both, sale, "berta")
    other = claims(both, sale, "ana")

    assert (first.status_code, again.status_code) == (200, 200)
    assert code_of(other) == (409, "already_claimed")
    assert (both.balance("ana"), both.balance("berta")) == (100, 40)
    assert proved(both)


def test_what_named_a_member_cannot_be_claimed(both):
    sale = both.sells("40.00", to="ana")

    assert code_of(claims(both, sale, "berta")) == (409, "already_claimed")


def test_what_came_back_cannot_be_claimed(both):
    sale = both.sells("40.00")
    both.http.post(f"/sales/{sale['id']}/returns", json={"full": True})

    assert code_of(claims(both, sale, "berta")) == (409, "not_claimable")


def test_a_claim_is_of_a_sale_by_a_member(both):
    sale = both.sells("40.00")

    assert code_of(claims(both, sale, "nobody")) == (404, "not_found")
    assert code_of(claims(both, {"id": NOBODY}, "ana")) == (404, "not_found")


@pytest.mark.parametrize(("told", "left"), [({"full": True}, 0), ({"amount": "10.00"}, 30)])
def test_a_claimed_sale_comes_back_like_any_other(both, told, left):
    sale = both.sells("40.00")
    claims(both, sale, "berta")

    back = both.http.post(f"/sales/{sale['id']}/returns", json=told)

    assert back.status_code == 201, back.text
    assert back.json()["reversed"] == {"points": 40 - left}
    assert both.balance("berta") == left
    assert proved(both)


def test_a_claimed_sale_comes_back_to_the_survivor(both):
    sale = both.sells("40.00")
    claims(both, sale, "ana")
    merges(both, "ana", into="berta")
    assert both.balance("berta") == 140

    back = both.http.post(f"/sales/{sale['id']}/returns", json={"full": True})

    assert back.json()["reversed"] == {"points": 40}
    assert both.balance("berta") == 100
    assert proved(both)


def test_the_same_sale_told_again_is_still_the_same(both):
    body = both.sale("40.00")
    first = both.http.post("/sales", json=body)
    claims(both, first.json(), "berta")

    again = both.http.post("/sales", json=body)

    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    assert both.balance("berta") == 40
