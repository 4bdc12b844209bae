"""Hard cases 51 and 52: tills that had no network, and clocks that are wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations

import httpx
import pytest

from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of


def text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def close(told: str, moment: datetime) -> bool:
    return abs(datetime.fromisoformat(told) - moment) < timedelta(minutes=1)


def test_52_a_sale_without_a_network_counts_when_it_was_made(shop):
    shop.enrols("ana")
    now = datetime.now(UTC)
    made = now - timedelta(hours=5)

    sold = shop.sells(
        "50.00", to="ana", occurred_at=text(made),
        offline={"till": "caja-1", "sent_at": text(now)},
    )  # fmt: skip

    assert close(sold["occurred_at"], made)
    assert sold["offline"] == {"till": "caja-1", "clock": "till"}


@pytest.mark.parametrize("off", [timedelta(hours=-3), timedelta(hours=3), timedelta(days=400)])
def test_52_where_the_clock_is_too_far_off_the_servers_time_counts_and_is_marked(shop, off):
    shop.enrols("ana")
    now = datetime.now(UTC)
    shown = now + off
    made = shown - timedelta(hours=1)

    sold = shop.sells(
        "50.00", to="ana", occurred_at=text(made),
        offline={"till": "caja-1", "sent_at": text(shown)},
    )  # fmt: skip

    assert close(sold["occurred_at"], now)
    assert (sold["offline"]["clock"], sold["offline"]["till"]) == ("server", "caja-1")
    assert close(sold["offline"]["told_at"], made)
    assert sold["earned"] == {"points": 50}


def test_a_sale_that_is_sent_again_later_is_the_same_sale(shop):
    shop.enrols("ana")
    now = datetime.now(UTC)
    body = shop.sale("50.00", to="ana", occurred_at=text(now - timedelta(hours=1)))

    first = shop.http.post("/sales", json=body | {"offline": {"sent_at": text(now)}})
    again = shop.http.post(
        "/sales", json=body | {"offline": {"sent_at": text(now + timedelta(minutes=2))}}
    )

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_without_the_mark_a_sale_far_in_the_future_is_refused(shop):
    shop.enrols("ana")
    later = text(datetime.now(UTC) + timedelta(days=2))

    answer = shop.http.post("/sales", json=shop.sale("1.00", to="ana", occurred_at=later))

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["occurred_at"]


REWARDING = CAFE_SOL + (
    "rewards: [{id: cafe-gratis, kind: product, price: {points: 100}}]\n"
    "pay_with_points: {unit: points}\n"
    "offline: {overdraw: {points: 60}}\n"
)


@pytest.fixture
def cafe(opens_shop):
    return opens_shop(REWARDING)


def redemption(cafe, number="C-1", **told):
    body = {"external_id": number, "member": cafe.members["ana"], "reward": "cafe-gratis"}
    return body | {"offline": {"till": "caja-1"}} | told


def redeems(cafe, **told):
    answer = cafe.http.post("/redemptions", json=redemption(cafe, **told))
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def has(cafe):
    member = cafe.http.get(f"/members/{cafe.members['ana']}").json()
    points = member["balances"]["points"]
    return points["available"], points["held"], points["debt"]


def test_52_what_goes_too_far_is_owed_within_the_tills_limit_and_marked(cafe):
    cafe.enrols("ana")
    cafe.sells("50.00", to="ana")

    told = redeems(cafe)

    assert (told["status"], told["spent"]) == ("captured", {"points": 100})
    assert told["overspent"] == {"points": 50}
    assert told["offline"] == {"till": "caja-1", "clock": "till"}
    assert has(cafe) == (0, 0, 50)
    cafe.sells("80.00", to="ana")
    assert has(cafe) == (30, 0, 0)
    assert proof_of(cafe.database_url).ok


def test_52_what_goes_further_waits_for_a_manager_and_takes_nothing(cafe):
    cafe.enrols("ana")
    cafe.sells("30.00", to="ana")

    told = redeems(cafe)

    assert (told["status"], told["queued"], told["code"]) == ("queued", "insufficient_points", None)
    assert has(cafe) == (30, 0, 0)
    till = cafe.caller(cafe.makes_key(("read", "till")))
    refused = till.post(f"/redemptions/{told['id']}/approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")

    approved = cafe.http.post(f"/redemptions/{told['id']}/approve")

    assert approved.status_code == 200, approved.text
    assert (approved.json()["status"], approved.json()["overspent"]) == ("captured", {"points": 70})
    assert has(cafe) == (0, 0, 70)
    again = cafe.http.post(f"/redemptions/{told['id']}/approve")
    assert (again.status_code, again.json()["code"]) == (409, "already_captured")
    assert proof_of(cafe.database_url).ok


def test_52_what_waits_can_be_turned_down(cafe):
    cafe.enrols("ana")
    queued = redeems(cafe)

    cancelled = cafe.http.post(f"/redemptions/{queued['id']}/cancel")

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert has(cafe) == (0, 0, 0)
    refused = cafe.http.post(f"/redemptions/{queued['id']}/approve")
    assert (refused.status_code, refused.json()["code"]) == (409, "already_cancelled")


def test_52_what_was_owed_is_not_owed_any_more_once_the_redemption_is_cancelled(cafe):
    cafe.enrols("ana")
    cafe.sells("50.00", to="ana")
    told = redeems(cafe)

    cafe.http.post(f"/redemptions/{told['id']}/cancel")

    assert has(cafe) == (50, 0, 0)
    assert proof_of(cafe.database_url).ok


def test_52_points_that_pay_without_a_network_are_owed_within_the_limit(cafe):
    cafe.enrols("ana")
    cafe.sells("50.00", to="ana")
    payment = {"unit": "points", "points": 100}

    sold = cafe.sells("10.00", to="ana", points_payment=payment, offline={"till": "caja-1"})

    assert (sold["overspent"], sold["spent"]) == ({"points": 50}, {"points": 100})
    assert has(cafe) == (0, 0, 41)  # 9 earned by what money paid
    further = cafe.http.post(
        "/sales",
        json=cafe.sale("10.00", to="ana", points_payment=payment, offline={"till": "caja-1"}),
    )
    assert (further.status_code, further.json()["code"]) == (409, "insufficient_points")
    assert proof_of(cafe.database_url).ok


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_51_sales_and_a_redemption_in_any_order_twice_come_to_the_orderly_run(cafe, order):
    cafe.enrols("ana")
    requests = [("/sales", cafe.sale("50.00", to="ana")) for _ in range(3)]
    requests.append(("/redemptions", redemption(cafe)))

    for _ in range(2):
        for place in order:
            path, body = requests[place]
            assert cafe.http.post(path, json=body).status_code in (200, 201)

    assert has(cafe) == (50, 0, 0)
    assert proof_of(cafe.database_url).ok


@pytest.mark.parametrize("round_", range(12))
def test_51_two_tabs_that_send_the_same_at_once_come_to_the_orderly_run(cafe, other_server, round_):
    cafe.enrols("ana")
    sales = [cafe.sale("50.00", to="ana") for _ in range(3)]
    redeemed = redemption(cafe)

    def tab(server):
        with httpx.Client(
            base_url=f"{server}/v1", headers={"authorization": f"Bearer {cafe.key}"}, timeout=60
        ) as http:
            for path, body in (*(("/sales", sale) for sale in sales), ("/redemptions", redeemed)):
                answer = http.post(path, json=body)
                assert answer.status_code in (200, 201), answer.text

    with ThreadPoolExecutor(4) as tabs:
        for _ in tabs.map(tab, [cafe.url, other_server] * 2):
            pass

    assert has(cafe) == (50, 0, 0)
    assert proof_of(cafe.database_url).ok
