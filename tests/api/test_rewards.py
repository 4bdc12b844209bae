"""Rewards over HTTP: the catalogue, redeeming, and what may follow."""

from __future__ import annotations

import pytest

from tests.api.rewards import REWARDS, redeemed, redeems, refused, then
from tests.support.proof import proof_of


@pytest.fixture
def cafe(opens_shop):
    shop = opens_shop(REWARDS)
    shop.enrols("ana")
    yield shop
    assert proof_of(shop.database_url).differences == []


def held(shop, name):
    return shop.http.get(f"/members/{shop.members[name]}/balances").json()["balances"]["points"]


def test_a_reward_captured_at_once_takes_its_points_and_gives_a_code(cafe):
    cafe.sells("60.00", to="ana")

    made = redeemed(cafe, "ana", "cafe-gratis", capture=True, external_id="C-1")

    assert (made["status"], made["spent"], made["expires_at"]) == ("captured", {"points": 50}, None)
    assert made["name"] == "Café gratis"
    assert len(made["code"]) == 9
    assert made["balances"]["points"]["available"] == 10
    assert cafe.http.get(f"/redemptions/{made['id']}").json() == made


def test_a_reward_is_held_until_it_is_captured(cafe):
    cafe.sells("60.00", to="ana")

    made = redeemed(cafe, "ana", "cafe-gratis")
    assert (made["status"], made["code"]) == ("held", None)
    assert (held(cafe, "ana")["available"], held(cafe, "ana")["held"]) == (10, 50)

    captured = then(cafe, made, "capture")
    assert captured.status_code == 200
    assert (captured.json()["status"], len(captured.json()["code"])) == ("captured", 9)
    assert (held(cafe, "ana")["available"], held(cafe, "ana")["held"]) == (10, 0)


@pytest.mark.parametrize("capture", [False, True])
def test_what_is_cancelled_comes_back_whole(cafe, capture):
    cafe.sells("60.00", to="ana")
    made = redeemed(cafe, "ana", "cafe-gratis", capture=capture)

    cancelled = then(cafe, made, "cancel").json()

    assert (cancelled["status"], cancelled["restored"]) == ("cancelled", {"points": 50})
    assert cancelled["balances"]["points"]["available"] == 60
    assert refused(then(cafe, made, "cancel")) == (409, "already_cancelled")
    assert refused(then(cafe, made, "capture")) == (409, "already_cancelled")
    assert refused(then(cafe, made, "use")) == (409, "already_cancelled")


def test_a_price_in_several_units_takes_of_each(cafe):
    cafe.sells("60.00", to="ana", lines=[{"sku": "CAP-01", "quantity": 2, "unit_price": "30.00"}])

    made = redeemed(cafe, "ana", "tarta", capture=True)

    assert made["spent"] == {"points": 30, "stamps": 2}
    assert (cafe.balance("ana"), cafe.balance("ana", "stamps")) == (30, 0)
    assert made["expires_at"] is not None


def test_what_is_free_costs_nothing_and_comes_back_as_nothing(cafe):
    cafe.sells("1000.00", to="ana")

    made = redeemed(cafe, "ana", "salon", capture=True)
    assert (made["spent"], made["code"]) == ({"points": 0}, None)

    assert then(cafe, made, "cancel").json()["restored"] == {"points": 0}
    assert cafe.balance("ana") == 1000


# --- codes ------------------------------------------------------------------------------------


def test_a_code_is_used_once_however_it_is_typed(cafe):
    cafe.sells("60.00", to="ana")
    made = redeemed(cafe, "ana", "cafe-gratis", capture=True)
    typed = made["code"].replace("-", " ").lower().replace("0", "o")

    used = cafe.http.post(f"/redemption-codes/{typed}/use")

    assert (used.status_code, used.json()["status"], used.json()["id"]) == (200, "used", made["id"])
    again = cafe.http.post(f"/redemption-codes/{made['code']}/use")
    assert refused(again) == (409, "already_used")
    assert refused(then(cafe, made, "use")) == (409, "already_used")
    assert refused(then(cafe, made, "capture")) == (409, "already_captured")


@pytest.mark.parametrize("code", ["XXXX-XXXX", "0", "no such", "%00"])
def test_a_code_that_nobody_has_is_not_found(cafe, code):
    assert refused(cafe.http.post(f"/redemption-codes/{code}/use")) == (404, "not_found")


def test_a_used_one_is_undone_only_by_a_key_that_manages(cafe):
    cafe.sells("60.00", to="ana")
    made = redeemed(cafe, "ana", "cafe-gratis", capture=True)
    assert then(cafe, made, "use").status_code == 200
    till = cafe.caller(cafe.makes_key(["till", "read"]))

    denied = till.post(f"/redemptions/{made['id']}/cancel")

    assert refused(denied) == (403, "forbidden")
    assert cafe.balance("ana") == 10
    assert then(cafe, made, "cancel").json()["status"] == "cancelled"
    assert cafe.balance("ana") == 60
    till.close()


def test_a_till_may_cancel_what_was_not_used(cafe):
    cafe.sells("60.00", to="ana")
    made = redeemed(cafe, "ana", "cafe-gratis", capture=True)

    with cafe.caller(cafe.makes_key(["till"])) as till:
        assert till.post(f"/redemptions/{made['id']}/cancel").status_code == 200


def test_who_only_reads_cannot_redeem(cafe):
    with cafe.caller(cafe.makes_key(["read"])) as reader:
        body = {"member": cafe.members["ana"], "reward": "cafe-gratis"}
        assert refused(reader.post("/redemptions", json=body)) == (403, "forbidden")
        assert reader.get("/rewards").status_code == 200


# --- refusals ---------------------------------------------------------------------------------


def test_too_few_points_say_how_many_are_missing(cafe):
    cafe.sells("40.00", to="ana")

    answer = redeems(cafe, "ana", "cafe-gratis", quantity=2)

    assert refused(answer) == (409, "insufficient_points")
    told = answer.json()
    assert (told["available"], told["requested"], told["missing"]) == (40, 100, {"points": 60})
    assert cafe.balance("ana") == 40


def test_who_does_not_meet_the_condition_is_told_why(cafe):
    answer = redeems(cafe, "ana", "salon")

    assert refused(answer) == (409, "not_eligible")
    assert answer.json()["blocked_by"] == ["condition"]
    english = cafe.http.post(
        "/redemptions", json={"member": cafe.members["ana"], "reward": "salon"},
        headers={"accept-language": "en"},
    )  # fmt: skip
    assert english.json()["reasons"] == ["Only if your tier is oro."]


def test_what_is_closed_or_only_given_cannot_be_redeemed(cafe):
    cafe.sells("60.00", to="ana")

    closed, gift = redeems(cafe, "ana", "cerrado"), redeems(cafe, "ana", "regalo")

    assert (refused(closed), closed.json()["blocked_by"]) == (
        (409, "not_eligible"), ["schedule"],
    )  # fmt: skip
    assert (refused(gift), gift.json()["blocked_by"]) == ((409, "not_eligible"), ["gift_only"])


def test_the_last_place_is_one_members_until_it_comes_back(cafe):
    cafe.enrols("berta")
    for name in ("ana", "berta"):
        cafe.sells("60.00", to=name)
    first = redeemed(cafe, "ana", "cata")

    assert refused(redeems(cafe, "berta", "cata")) == (409, "out_of_stock")
    assert refused(redeems(cafe, "berta", "cata", quantity=2)) == (409, "out_of_stock")
    then(cafe, first, "cancel")
    assert redeems(cafe, "berta", "cata").status_code == 201


def test_a_budget_is_spent_at_cost_and_comes_back(cafe):
    cafe.sells("60.00", to="ana")
    first = redeemed(cafe, "ana", "taza", quantity=2)  # 8.00 of 10.00

    assert refused(redeems(cafe, "ana", "taza")) == (409, "budget_exhausted")
    then(cafe, first, "cancel")
    assert redeems(cafe, "ana", "taza").status_code == 201


def test_a_limit_is_reached_and_a_cancelled_one_does_not_count(cafe):
    cafe.sells("60.00", to="ana")
    first = redeemed(cafe, "ana", "masaje")

    assert refused(redeems(cafe, "ana", "masaje")) == (409, "limit_reached")
    then(cafe, first, "cancel")
    assert redeems(cafe, "ana", "masaje").status_code == 201
    assert refused(redeems(cafe, "ana", "masaje")) == (409, "limit_reached")


def test_what_is_not_there_is_not_found(cafe):
    nobody = {"member": {"phone": "+34600999888"}, "reward": "cafe-gratis"}

    assert refused(redeems(cafe, "ana", "te-gratis")) == (404, "not_found")
    assert refused(cafe.http.post("/redemptions", json=nobody)) == (404, "not_found")
    for what in ("capture", "cancel", "use"):
        missing = {"id": "018f0000-0000-7000-8000-000000000000"}
        assert refused(then(cafe, missing, what)) == (404, "not_found")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "reward"),
        ({"reward": "cafe-gratis", "points_payment": {"unit": "points", "points": 10}}, "reward"),
        ({"reward": "cafe-gratis", "quantity": 0}, "quantity"),
        ({"reward": "cafe-gratis", "quantity": 1001}, "quantity"),
        ({"reward": "cafe-gratis", "quantity": "2"}, "quantity"),
        ({"reward": "cafe-gratis", "capture": "yes"}, "capture"),
        ({"reward": "cafe-gratis", "hold_minutes": 0}, "hold_minutes"),
        ({"reward": "cafe-gratis", "capture": True, "hold_minutes": 5}, "hold_minutes"),
        ({"reward": "cafe-gratis", "when": "now"}, "when"),
        ({"points_payment": {"unit": "points", "points": 15}}, "points_payment.points"),
        ({"points_payment": {"unit": "stamps", "points": 10}}, "points_payment.unit"),
        ({"points_payment": {"unit": "points", "points": 10}, "quantity": 2}, "quantity"),
    ],
)
def test_a_request_that_cannot_be_names_the_field(cafe, told, field):
    answer = cafe.http.post("/redemptions", json={"member": cafe.members["ana"], **told})

    assert refused(answer) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_another_programs_redemption_does_not_exist(cafe, opens_shop):
    cafe.sells("60.00", to="ana")
    made = redeemed(cafe, "ana", "cafe-gratis", capture=True)
    rival = opens_shop(REWARDS.replace("cafe-sol", "rival"))

    assert refused(rival.http.get(f"/redemptions/{made['id']}")) == (404, "not_found")
    assert refused(rival.http.post(f"/redemptions/{made['id']}/cancel")) == (404, "not_found")
    assert refused(rival.http.post(f"/redemption-codes/{made['code']}/use")) == (404, "not_found")


# --- repeats ----------------------------------------------------------------------------------


def test_the_same_redemption_again_is_answered_the_same_and_takes_nothing(cafe):
    cafe.sells("60.00", to="ana")
    first = redeems(cafe, "ana", "cafe-gratis", external_id="C-1", capture=True)

    again = redeems(cafe, "ana", "cafe-gratis", external_id="C-1", capture=True)
    other = redeems(cafe, "ana", "cafe-gratis", external_id="C-1")

    assert (again.status_code, again.json()) == (200, first.json())
    assert refused(other) == (409, "external_id_reused")
    assert cafe.balance("ana") == 10


def test_a_capture_that_is_sent_again_with_its_key_is_answered_the_same(cafe):
    cafe.sells("60.00", to="ana")
    made = redeemed(cafe, "ana", "cafe-gratis")
    key, path = {"Idempotency-Key": "k-1"}, f"/redemptions/{made['id']}/capture"

    first, again = cafe.http.post(path, headers=key), cafe.http.post(path, headers=key)

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert refused(cafe.http.post(path)) == (409, "already_captured")


# --- looking ----------------------------------------------------------------------------------


def test_the_catalogue_tells_what_there_is_and_what_is_left(cafe):
    rewards = {reward["id"]: reward for reward in cafe.http.get("/rewards").json()["data"]}

    assert list(rewards)[:2] == ["cafe-gratis", "tarta"]
    coffee, tasting = rewards["cafe-gratis"], rewards["cata"]
    assert (coffee["name"], coffee["kind"], coffee["price"], coffee["stock_left"]) == (
        "Café gratis", "product", {"points": 50}, None,
    )  # fmt: skip
    assert (tasting["stock_left"], rewards["tarta"]["valid"]) == (1, "30 days")
    assert "eligible" not in coffee


def test_the_catalogue_tells_a_member_what_is_missing(cafe):
    cafe.sells("40.00", to="ana")
    redeemed(cafe, "ana", "masaje")

    asked = {"external_id": "ana"}
    answer = cafe.http.get("/rewards", params=asked, headers={"accept-language": "en"}).json()
    rewards = {reward["id"]: reward for reward in answer["data"]}

    assert answer["member"] == cafe.members["ana"]
    coffee = rewards["cafe-gratis"]
    assert (coffee["eligible"], coffee["missing"]) == (False, {"points": 20})
    assert coffee["reasons"] == ["Missing: 20 points."]
    assert (rewards["taza"]["eligible"], rewards["taza"]["reasons"]) == (True, [])
    assert (rewards["masaje"]["blocked_by"], rewards["masaje"]["limit_left"]) == (
        ["limit_reached"], 0,
    )  # fmt: skip
    assert rewards["salon"]["reasons"] == ["Only if your tier is oro."]


def test_a_member_of_the_catalogue_is_named_as_everywhere(cafe):
    berta = cafe.enrols("berta", phone="+34600111222")

    for named in ({"member": berta}, {"external_id": "berta"}, {"phone": "600 111 222"}):
        assert cafe.http.get("/rewards", params=named).json()["member"] == berta
    assert refused(cafe.http.get("/rewards", params={"external_id": "carla"})) == (404, "not_found")
    twice = {"member": berta, "external_id": "berta"}
    assert refused(cafe.http.get("/rewards", params=twice)) == (422, "invalid")


@pytest.mark.parametrize("count", [0, 1, 3])
def test_redemptions_of_a_member_are_listed_newest_first(cafe, count):
    cafe.sells("60.00", to="ana")
    made = [redeemed(cafe, "ana", "taza" if n else "masaje")["id"] for n in range(count)]
    if count == 3:
        assert refused(redeems(cafe, "ana", "taza")) == (409, "budget_exhausted")

    found, cursor = [], None
    while True:
        asked = {"member": cafe.members["ana"], "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = cafe.http.get("/redemptions", params=asked).json()
        found += [each["id"] for each in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert found == made[::-1]


def test_access_is_had_by_tier_by_redemption_or_because_it_is_free(opens_shop):
    free = "  - {id: club, kind: access, price: {points: 0}, where: 'member.spend >= 1000'}\n"
    cafe = opens_shop(REWARDS.replace("  - {id: regalo", free + "  - {id: regalo"))
    cafe.enrols("ana")
    path = f"/members/{cafe.members['ana']}/access"
    assert cafe.http.get(path).json() | {"member": None} == {
        "member": None, "tier": "bronce", "perks": [], "access": [],
    }  # fmt: skip

    cafe.sells("1000.00", to="ana")
    early = redeemed(cafe, "ana", "preventa", capture=True)

    had = cafe.http.get(path).json()
    assert (had["tier"], had["perks"]) == ("oro", ["preventa", "gestor"])
    assert {each["reward"]: each["redemption"] for each in had["access"]} == {
        "preventa": early["id"], "salon": None, "club": None,
    }  # fmt: skip
    then(cafe, early, "cancel")
    assert [each["reward"] for each in cafe.http.get(path).json()["access"]] == ["salon", "club"]


# --- points that are held to pay --------------------------------------------------------------


def test_points_are_held_until_they_pay(cafe):
    cafe.sells("60.00", to="ana")

    made = redeemed(cafe, "ana", points_payment={"unit": "points", "points": 30})

    assert (made["status"], made["reward"], made["spent"]) == ("held", None, {"points": 30})
    assert (held(cafe, "ana")["available"], held(cafe, "ana")["held"]) == (30, 30)
    captured = then(cafe, made, "capture").json()
    assert (captured["status"], captured["code"]) == ("captured", None)
    assert then(cafe, made, "cancel").json()["restored"] == {"points": 30}
    assert cafe.balance("ana") == 60


# --- members who were merged ------------------------------------------------------------------


@pytest.mark.parametrize("what", ["capture", "cancel"])
def test_what_a_merged_member_held_goes_on_and_what_comes_back_is_the_survivors(cafe, what):
    cafe.enrols("berta")
    cafe.sells("60.00", to="ana")
    made = redeemed(cafe, "ana", "masaje")
    merged = cafe.http.post(
        f"/members/{cafe.members['ana']}/merge", json={"into": cafe.members["berta"]}
    )
    assert merged.status_code in (200, 201), merged.text
    assert cafe.balance("berta") == 50

    changed = then(cafe, made, what)

    left = {"capture": 50, "cancel": 60}[what]
    assert (changed.status_code, changed.json()["member"]) == (200, cafe.members["berta"])
    assert changed.json()["balances"]["points"]["available"] == left
    assert cafe.balance("berta") == left
    read = cafe.http.get(f"/redemptions/{made['id']}").json()
    assert (read["member"], read["balances"]["points"]["available"]) == (
        cafe.members["berta"], left,
    )  # fmt: skip
    again = redeems(cafe, "berta", "masaje")
    assert again.status_code == (409 if what == "capture" else 201)


def test_the_old_name_of_a_merged_member_redeems_for_the_survivor(cafe):
    cafe.enrols("berta")
    cafe.sells("60.00", to="berta")
    cafe.http.post(f"/members/{cafe.members['ana']}/merge", json={"into": cafe.members["berta"]})

    made = redeemed(cafe, "ana", "cafe-gratis", capture=True)

    assert made["member"] == cafe.members["berta"]
    assert cafe.balance("berta") == 10
