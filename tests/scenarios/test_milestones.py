"""Milestones: spend levels, stamp cards, streaks, challenges and badges, over HTTP."""

from __future__ import annotations

import pytest

from tests.scenarios.tills import at_once, statuses
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of


def cafe(milestones: str, earn: str = "") -> str:
    return CAFE_SOL + earn + "milestones:\n" + milestones


LEVELS = """
  - {id: nivel-20, of: spend, at: "20.00", give: {points: 100}}
  - {id: cada-50, of: spend, every: "50.00", give: {points: 500}}
"""


def test_each_level_of_spend_is_rewarded_by_the_sale_that_reaches_it(opens_shop):
    shop = opens_shop(cafe(LEVELS))
    shop.enrols("ana")

    earned = [shop.sells(price, to="ana")["earned"]["points"] for price in ("19.99", "0.01", "80")]

    assert earned == [19, 100, 80 + 500 * 2]
    assert proof_of(shop.database_url).ok


STREAK = """
  - {id: racha, of: streak, period: week, every: 4, give: {points: 50, badge: fiel}}
badges:
  - {id: fiel, name: {es: Fiel, en: Loyal}}
"""


def on(day: str) -> str:
    return f"{day}T12:00:00+01:00"


def test_four_weeks_in_a_row_are_a_streak_in_whichever_order_they_are_told(opens_shop):
    shop = opens_shop(cafe(STREAK))
    shop.enrols("ana")

    mondays = ("2026-01-05", "2026-01-19", "2026-01-26", "2026-01-28", "2026-01-12")
    earned = [
        shop.sells("1.00", to="ana", occurred_at=on(day))["earned"]["points"] for day in mondays
    ]

    assert earned == [1, 1, 1, 1, 51]
    assert proof_of(shop.database_url).ok


def test_a_week_without_a_purchase_breaks_the_streak(opens_shop):
    shop = opens_shop(cafe(STREAK))
    shop.enrols("ana")

    for day in ("2026-01-05", "2026-01-12", "2026-01-19", "2026-02-02", "2026-02-09"):
        assert shop.sells("1.00", to="ana", occurred_at=on(day))["earned"]["points"] == 1


CHALLENGE = """
  - id: reto
    of: visits
    at: 2
    where: 'line.category == "cafe"'
    when: {from: 2026-03-01, to: 2026-03-31}
    give: {points: 30}
"""


def test_a_challenge_counts_what_matches_between_its_dates(opens_shop):
    shop = opens_shop(cafe(CHALLENGE))
    shop.enrols("ana")
    coffee = [{"quantity": 1, "unit_price": "1.00", "category": "cafe"}]
    bread = [{"quantity": 1, "unit_price": "1.00", "category": "pan"}]

    told = (("2026-02-28", coffee), ("2026-03-02", coffee), ("2026-03-03", bread),
            ("2026-04-01", coffee), ("2026-03-31", coffee), ("2026-03-31", coffee))  # fmt: skip
    earned = [
        shop.sells("0", to="ana", occurred_at=on(day), lines=lines)["earned"]["points"]
        for day, lines in told
    ]

    assert earned == [1, 1, 1, 1, 31, 1]
    assert proof_of(shop.database_url).ok


STAMPS = CAFE_SOL.replace("earn:", "  stamps: {name: {es: sellos, en: stamps}}\nearn:") + (
    "  - {id: sello, event: sale, give: {stamps: 1}}\n"
    "milestones:\n"
    "  - {id: tarjeta, of: stamps, every: 10, consume: true, give: {points: 200}}\n"
)


def test_a_full_stamp_card_is_handed_in(opens_shop):
    shop = opens_shop(STAMPS)
    shop.enrols("ana")

    earned = [shop.sells("1.00", to="ana")["earned"]["points"] for _ in range(11)]

    assert earned == [1] * 9 + [201, 1]
    assert shop.balance("ana", "stamps") == 1
    assert proof_of(shop.database_url).ok


@pytest.mark.parametrize("round_", range(5))
def test_a_level_that_is_crossed_at_once_on_two_servers_is_given_once(
    opens_shop, other_server, round_
):
    shop = opens_shop(cafe(LEVELS))
    shop.enrols("ana")
    bodies = [shop.sale("5.00", to="ana") for _ in range(12)]

    answers = at_once(shop, other_server, bodies * 2)

    assert statuses(answers) == {201: 12, 200: 12}
    assert shop.balance("ana") == 60 + 100 + 500
    assert proof_of(shop.database_url).ok


CARD = CAFE_SOL.replace("earn:", "  stamps: {name: {es: sellos, en: stamps}}\nearn:") + (
    "  - {id: sello, event: sale, give: {stamps: 1}}\n"
    "milestones:\n"
    "  - {id: tarjeta, of: stamps, every: 3, consume: true, give: {reward: cafe-gratis}}\n"
    "rewards:\n"
    "  - {id: cafe-gratis, name: {es: Café gratis, en: Free coffee}, kind: product}\n"
)


def redemption(shop, identifier: str):
    return shop.http.get(f"/redemptions/{identifier}").json()


def test_a_full_card_gives_a_coffee_with_a_code_that_is_used_once(opens_shop):
    shop = opens_shop(CARD)
    shop.enrols("ana")

    answers = [shop.sells("1.00", to="ana") for _ in range(4)]

    assert [len(answer["rewards"]) for answer in answers] == [0, 0, 1, 0]
    (given,) = answers[2]["rewards"]
    assert (given["reward"], given["milestone"]) == ("cafe-gratis", "tarjeta")
    assert answers[2]["milestones"] == [
        {"id": "tarjeta", "name": None, "times": 1, "reward": "cafe-gratis", "badge": None}
    ]
    assert shop.balance("ana", "stamps") == 1
    kept = redemption(shop, given["id"])
    assert (kept["status"], kept["code"], kept["spent"]) == (
        "captured", given["code"], {"stamps": 3},
    )  # fmt: skip
    assert shop.http.post(f"/redemptions/{given['id']}/use").status_code == 200
    assert shop.http.post(f"/redemptions/{given['id']}/use").status_code == 409
    assert proof_of(shop.database_url).ok


def test_a_cancelled_coffee_gives_the_stamps_back(opens_shop):
    shop = opens_shop(CARD)
    shop.enrols("ana")
    for _ in range(2):
        shop.sells("1.00", to="ana")
    (given,) = shop.sells("1.00", to="ana")["rewards"]

    assert shop.http.post(f"/redemptions/{given['id']}/cancel").status_code == 200

    assert shop.balance("ana", "stamps") == 3
    assert proof_of(shop.database_url).ok


def test_a_quote_tells_what_would_be_reached_and_gives_nothing(opens_shop):
    shop = opens_shop(CARD)
    shop.enrols("ana")
    for _ in range(2):
        shop.sells("1.00", to="ana")

    quoted = shop.http.post("/quotes", json=shop.sale("1.00", to="ana")).json()

    assert [each["id"] for each in quoted["milestones"]] == ["tarjeta"]
    assert quoted["rewards"] == []
    assert shop.balance("ana", "stamps") == 2


def take_back(shop, sale, **told):
    answer = shop.http.post(f"/sales/{sale['id']}/returns", json=told or {"full": True})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_return_below_a_level_takes_its_points_back_and_the_level_can_be_reached_again(
    opens_shop,
):
    shop = opens_shop(cafe(LEVELS))
    shop.enrols("ana")
    shop.sells("15.00", to="ana")
    second = shop.sells("10.00", to="ana")
    assert shop.balance("ana") == 25 + 100

    returned = take_back(shop, second, amount="6.00")

    assert (returned["reversed"]["points"], shop.balance("ana")) == (6 + 100, 19)
    assert returned["milestones"] == [{"id": "nivel-20", "name": None, "times": 1}]
    assert shop.sells("1.00", to="ana")["earned"]["points"] == 101
    assert proof_of(shop.database_url).ok


def test_a_return_above_a_level_leaves_it(opens_shop):
    shop = opens_shop(cafe(LEVELS))
    shop.enrols("ana")
    sale = shop.sells("25.00", to="ana")

    returned = take_back(shop, sale, amount="5.00")

    assert (returned["reversed"]["points"], shop.balance("ana")) == (5, 120)
    assert returned["milestones"] == []


def test_the_gift_of_another_sale_goes_with_the_level(opens_shop):
    shop = opens_shop(cafe(LEVELS))
    shop.enrols("ana")
    first = shop.sells("15.00", to="ana")
    shop.sells("10.00", to="ana")

    take_back(shop, first)

    assert shop.balance("ana") == 10
    assert proof_of(shop.database_url).ok


GIFT = cafe(
    '  - {id: nivel-20, of: spend, at: "20.00", give: {reward: cafe-gratis, badge: fiel}}\n'
    "badges: [{id: fiel}]\n"
    "rewards:\n"
    "  - {id: cafe-gratis, name: {es: Café gratis, en: Free coffee}, kind: product, stock: 5}\n"
)


def test_an_unused_gift_is_withdrawn_and_given_again(opens_shop):
    shop = opens_shop(GIFT)
    shop.enrols("ana")
    sale = shop.sells("20.00", to="ana")
    (given,) = sale["rewards"]

    returned = take_back(shop, sale, amount="1.00")

    assert returned["withdrawn"] == [{"id": given["id"], "reward": "cafe-gratis"}]
    assert redemption(shop, given["id"])["status"] == "cancelled"
    assert shop.http.post(f"/redemptions/{given['id']}/use").status_code == 409
    (again,) = shop.sells("1.00", to="ana")["rewards"]
    assert again["code"] != given["code"]
    assert proof_of(shop.database_url).ok


def test_a_used_gift_stays_and_is_not_given_twice(opens_shop):
    shop = opens_shop(GIFT)
    shop.enrols("ana")
    sale = shop.sells("20.00", to="ana")
    shop.http.post(f"/redemptions/{sale['rewards'][0]['id']}/use")

    returned = take_back(shop, sale, amount="1.00")

    assert (returned["withdrawn"], returned["milestones"]) == ([], [])
    assert shop.sells("5.00", to="ana")["rewards"] == []
    assert proof_of(shop.database_url).ok


def test_a_returned_stamp_undoes_the_card_whose_coffee_was_not_had(opens_shop):
    shop = opens_shop(CARD)
    shop.enrols("ana")
    for _ in range(2):
        shop.sells("1.00", to="ana")
    third = shop.sells("1.00", to="ana")

    returned = take_back(shop, third)

    assert [each["reward"] for each in returned["withdrawn"]] == ["cafe-gratis"]
    assert shop.balance("ana", "stamps") == 2
    assert len(shop.sells("1.00", to="ana")["rewards"]) == 1
    assert proof_of(shop.database_url).ok


def test_a_returned_stamp_of_a_coffee_that_was_had_is_owed(opens_shop):
    shop = opens_shop(CARD)
    shop.enrols("ana")
    sales = [shop.sells("1.00", to="ana") for _ in range(3)]
    shop.http.post(f"/redemptions/{sales[2]['rewards'][0]['id']}/use")

    assert take_back(shop, sales[0])["withdrawn"] == []

    assert [len(shop.sells("1.00", to="ana")["rewards"]) for _ in range(4)] == [0, 0, 0, 1]
    assert proof_of(shop.database_url).ok


def test_a_week_whose_only_sale_came_back_breaks_the_streak(opens_shop):
    shop = opens_shop(cafe(STREAK))
    shop.enrols("ana")
    days = ("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-20", "2026-01-26")
    sales = [shop.sells("1.00", to="ana", occurred_at=on(day)) for day in days]
    assert shop.balance("ana") == 5 + 50

    assert take_back(shop, sales[2])["milestones"] == []  # another sale of that week stands
    lost = take_back(shop, sales[3])

    assert [each["id"] for each in lost["milestones"]] == ["racha"]
    assert shop.balance("ana") == 3
    assert proof_of(shop.database_url).ok


TEN = cafe(
    "  - {id: diez, of: sellos, every: 10, give: {points: 100, badge: fiel}}\n"
    "  - {id: cien, of: spend, at: 100, give: {points: 500}}\n"
    "  - {id: racha, of: streak, period: week, at: 3, give: {points: 50}}\n"
    "badges: [{id: fiel}]\n",
    "  - {id: sello, event: sale, give: {sellos: 1}}\n",
).replace("earn:", "  sellos: {}\nearn:")


def told_of(shop, name):
    """How often each milestone was reached, and what is done towards the next time."""
    told = shop.http.get(f"/members/{shop.members[name]}/milestones").json()["data"]
    return [(each["reached"], each["next"] and each["next"]["done"]) for each in told]


def test_what_counted_for_a_merged_member_goes_on_counting(opens_shop):
    shop = opens_shop(TEN)
    for name in ("ana", "anita"):
        shop.enrols(name)
    for day in ("2026-01-05", "2026-01-19"):
        for _ in range(2):
            shop.sells("10.00", to="ana", occurred_at=on(day))
    for _ in range(6):
        shop.sells("10.00", to="anita", occurred_at=on("2026-01-12"))

    answer = shop.http.post(
        f"/members/{shop.members['anita']}/merge", json={"into": shop.members["ana"]}
    )
    assert answer.status_code == 200, answer.text
    earned = shop.sells("1.00", to="ana", occurred_at=on("2026-01-19"))["earned"]["points"]

    assert earned == 1 + 100 + 500 + 50  # what only both together reach comes with the next sale
    assert proof_of(shop.database_url).ok

    assert shop.http.post(f"/members/{shop.members['anita']}/unmerge").status_code == 200
    assert [done for _, done in told_of(shop, "ana")][:2] == ["5", "41.00"]
    assert [done for _, done in told_of(shop, "anita")][:2] == ["6", "60.00"]
    assert proof_of(shop.database_url).ok
