"""Hard cases 13, 14, 27 and the return of 38: what follows when goods come back."""

from __future__ import annotations

import pytest

from tests.scenarios.returning import account, has, piece, returns, takes_back
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

PENDING = CAFE_SOL.replace('    value: "0.01"\n', '    value: "0.01"\n    pending: 14 days\n')
LADDER = """
tiers:
  by: {by}
  window: 12 months
  downgrade: {{check: {check}, grace: 0 days, one_step: false}}
  levels:
    - {{id: bronce, from: 0}}
    - {{id: plata, from: {at}}}
"""
REVIEW = CAFE_SOL + (
    "  - {id: doble, event: sale, give: {points: 50},\n"
    "     budget: {points: 100, restore_on_return: true}}\n"
)
ONCE = CAFE_SOL + (
    "  - {id: visita, event: sale, give: {points: 5}, limit: {per_member: 1, every: program}}\n"
)


def proved(shop) -> bool:
    return proof_of(shop.database_url).ok


def tier(shop) -> str:
    return shop.http.get(f"/members/{shop.members['ana']}").json()["tier"]["id"]


def test_13_points_that_wait_go_without_a_debt(opens_shop):
    shop = opens_shop(PENDING)
    shop.enrols("ana")
    sale = shop.sells("100.00", to="ana")
    assert account(shop) == has(pending=100)

    told = takes_back(shop, sale, full=True)

    assert told["reversed"] == {"points": 100}
    assert account(shop) == has()
    assert proved(shop)


def test_14_of_points_that_wait_those_of_what_came_back_go(opens_shop):
    shop = opens_shop(PENDING)
    shop.enrols("ana")
    sale = shop.sells("100.00", to="ana")

    takes_back(shop, sale, amount="40.00")

    assert account(shop) == has(pending=60)
    assert proved(shop)


def test_20_with_pending_only_what_waits_is_taken(opens_shop):
    shop = opens_shop(
        PENDING.replace("pending: 14 days", "pending: 14 days\n    negative: pending_only")
    )
    shop.enrols("ana")
    sale = shop.sells("100.00", to="ana")

    assert takes_back(shop, sale, amount="40.00")["reversed"] == {"points": 40}
    assert account(shop) == has(pending=60)


@pytest.mark.parametrize("by", ["spend", "points", "visits"])
def test_27_a_return_drops_the_tier_at_once_where_the_program_says_so(opens_shop, by):
    threshold = 1 if by == "visits" else 100
    shop = opens_shop(CAFE_SOL + LADDER.format(by=by, check="at_once", at=threshold))
    shop.enrols("ana")
    sale = shop.sells("120.00", to="ana")
    assert tier(shop) == "plata"

    told = takes_back(shop, sale, **({"full": True} if by == "visits" else {"amount": "21.00"}))

    assert told["tier"]["id"] == "bronce"
    assert tier(shop) == "bronce"
    assert proved(shop)


def test_27_a_return_waits_for_the_end_of_the_period_where_the_program_says_so(opens_shop):
    shop = opens_shop(CAFE_SOL + LADDER.format(by="spend", check="window_end", at=100))
    shop.enrols("ana")
    sale = shop.sells("120.00", to="ana")

    told = takes_back(shop, sale, amount="21.00")

    assert told["tier"]["id"] == "plata"
    assert tier(shop) == "plata"
    assert proved(shop)


def test_27_a_return_that_leaves_the_threshold_leaves_the_tier(opens_shop):
    shop = opens_shop(CAFE_SOL + LADDER.format(by="spend", check="at_once", at=100))
    shop.enrols("ana")
    sale = shop.sells("120.00", to="ana")

    assert takes_back(shop, sale, amount="20.00")["tier"]["id"] == "plata"
    assert takes_back(shop, sale, amount="0.01")["tier"]["id"] == "bronce"


def test_what_came_back_counts_no_more_at_the_time_of_its_sale(opens_shop):
    shop = opens_shop(CAFE_SOL + LADDER.format(by="spend", check="window_end", at=100))
    shop.enrols("ana")
    sale = shop.sells("90.00", to="ana")

    told = takes_back(shop, sale, amount="40.00")

    assert told["tier"]["next"] == {"id": "plata", "missing": "50.00"}
    assert proved(shop)


def test_38_a_return_gives_its_points_back_to_the_budget(opens_shop):
    shop = opens_shop(REVIEW)
    for name in ("ana", "berta", "carla"):
        shop.enrols(name)
    first = shop.sells("1.00", to="ana")
    shop.sells("1.00", to="berta")
    assert shop.sells("1.00", to="carla")["earned"] == {"points": 1}

    takes_back(shop, first, full=True)

    assert shop.sells("1.00", to="carla")["earned"] == {"points": 51}
    assert shop.sells("1.00", to="carla")["earned"] == {"points": 1}
    assert proved(shop)


def test_the_use_of_a_limit_is_free_again_when_everything_came_back(opens_shop):
    shop = opens_shop(ONCE)
    shop.enrols("ana")
    sale = shop.sells("10.00", to="ana")
    assert sale["earned"] == {"points": 15}

    takes_back(shop, sale, amount="5.00")
    assert shop.sells("10.00", to="ana")["earned"] == {"points": 10}
    takes_back(shop, sale, full=True)

    assert shop.sells("10.00", to="ana")["earned"] == {"points": 15}
    assert proved(shop)


def test_a_sale_is_called_off_once(shop):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")
    takes_back(shop, sale, amount="20.00")

    first = shop.http.post(f"/sales/{sale['id']}/cancel")
    again = shop.http.post(f"/sales/{sale['id']}/cancel")

    assert (first.status_code, first.json()["reversed"]) == (201, {"points": 30})
    assert (first.json()["cancelled"], first.json()["sale_status"]) == (True, "cancelled")
    assert (again.status_code, again.json()["code"]) == (409, "already_cancelled")
    assert returns(shop, sale, amount="1.00").json()["code"] == "over_returned"
    assert shop.http.get(f"/sales/{sale['id']}").json()["status"] == "cancelled"
    assert shop.balance("ana") == 0
    assert proved(shop)


def test_a_sale_that_names_nobody_can_come_back(shop):
    sale = shop.sells("50.00")

    told = takes_back(shop, sale, amount="20.00")

    assert (told["member"], told["tier"], told["reversed"]) == (None, None, {"points": 0})
    assert shop.http.get(f"/sales/{sale['id']}").json()["status"] == "partly_returned"
    assert proved(shop)


def test_a_return_announces_itself(shop):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")

    told = takes_back(shop, sale, **piece(1))

    events = shop.http.get("/events").json()["data"]
    (event,) = [each for each in events if each["type"] == "sale.returned"]
    assert (event["data"]["id"], event["data"]["gross"]) == (told["id"], "50.00")


def test_a_return_is_told_in_the_language_of_who_asks(shop):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")

    told = shop.http.post(
        f"/sales/{sale['id']}/returns", json={"amount": "20.00"},
        headers={"accept-language": "en"},
    ).json()  # fmt: skip

    assert told["explanation"] == [
        {"rule": "base", "unit": "points", "points": -20, "text": "20 points less for base"}
    ]
