"""The models that reward levels, cards and the sixth item, as a merchant starts from them."""

from __future__ import annotations

import random

import pytest

from fiel.programs.starting_points import starting_point
from tests.scenarios.tills import at_once, statuses
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of


def test_each_spend_level_of_the_model_gives_its_reward_with_a_code(opens_shop):
    shop = opens_shop(starting_point("spend-levels", "es", slug="cafe-sol").source)
    shop.enrols("ana")

    given = [
        [each["reward"] for each in shop.sells(price, to="ana")["rewards"]]
        for price in ("99.99", "0.01", "500.00")
    ]

    assert given == [[], ["small-gift"], ["discount-10", "big-gift"]]
    assert proof_of(shop.database_url).ok


def test_the_sixth_is_free_in_the_model_that_says_so(opens_shop):
    shop = opens_shop(starting_point("buy-x-get-y", "es", slug="cafe-sol").source)
    shop.enrols("ana")
    five = [{"quantity": 5, "unit_price": "1.00", "category": "cafe"}]

    answer = shop.sells("0", to="ana", lines=five)

    (given,) = answer["rewards"]
    assert (given["reward"], given["milestone"]) == ("free-item", "every-five")
    assert given["code"]
    assert given["expires_at"] is not None


def test_whoever_has_milestones_finds_every_movement_explained(opens_shop):
    shop = opens_shop(
        CAFE_SOL + 'milestones:\n  - {id: m, of: spend, at: "5.00", give: {points: 7}}\n'
    )
    shop.enrols("ana")
    sale = shop.sells("6.00", to="ana")
    shop.http.post(f"/sales/{sale['id']}/returns", json={"full": True})

    for what in ("ledger", "statement", "explanation", "lots"):
        answer = shop.http.get(f"/members/{shop.members['ana']}/{what}")
        assert answer.status_code == 200, (what, answer.text)


STOCKED = CAFE_SOL + (
    "milestones:\n"
    '  - {id: diez, of: spend, every: "10.00", give: {reward: cafe-gratis}}\n'
    "rewards:\n"
    "  - {id: cafe-gratis, kind: product, stock: 100}\n"
)


@pytest.mark.parametrize("round_", range(3))
def test_many_members_reaching_levels_at_once_get_one_gift_for_each(
    opens_shop, other_server, round_
):
    shop = opens_shop(STOCKED)
    names = [f"socio-{n}" for n in range(6)]
    for name in names:
        shop.enrols(name)
    bodies = [shop.sale("5.00", to=name) for name in names * 4]

    answers = at_once(shop, other_server, bodies)

    assert statuses(answers) == {201: 24}
    gifts = [gift for answer in answers for gift in answer.json()["rewards"]]
    assert len(gifts) == len({gift["code"] for gift in gifts}) == 12
    assert proof_of(shop.database_url).ok


LEVELS = CAFE_SOL.replace("earn:", "  sellos: {}\nearn:") + (
    "  - {id: sello, event: sale, give: {sellos: 1}, where: sale.net >= 3.0}\n"
    "milestones:\n"
    '  - {id: gasto, of: spend, every: "7.00", give: {points: 10}}\n'
    "  - {id: cafe, of: spend, every: 5, give: {points: 3}, where: 'line.category == \"cafe\"'}\n"
    "  - {id: visitas, of: visits, every: 3, give: {points: 5}}\n"
    "  - {id: tarjeta, of: sellos, every: 2, give: {points: 2}}\n"
)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_sales_and_returns_as_many_are_given_as_levels_stand(opens_shop, seed):
    chance = random.Random(seed)
    shop = opens_shop(LEVELS)
    shop.enrols("ana")
    open_sales: list[tuple[str, int, bool]] = []
    for _ in range(14):
        if open_sales and chance.random() < 0.4:
            sale, _, _ = open_sales.pop(chance.randrange(len(open_sales)))
            answer = shop.http.post(f"/sales/{sale}/returns", json={"full": True})
            assert answer.status_code == 201, answer.text
            continue
        euros, is_coffee = chance.randint(1, 9), chance.random() < 0.5
        line = {"quantity": 1, "unit_price": f"{euros}.00"}
        lines = [line | ({"category": "cafe"} if is_coffee else {})]
        sold = shop.sells("0", to="ana", lines=lines)
        open_sales.append((sold["id"], euros, is_coffee))

    spend = sum(euros for _, euros, _ in open_sales)
    coffee = sum(euros for _, euros, is_coffee in open_sales if is_coffee)
    stamps = sum(euros >= 3 for _, euros, _ in open_sales)
    told = shop.http.get(f"/members/{shop.members['ana']}/milestones").json()["data"]
    times = [spend // 7, coffee // 5, len(open_sales) // 3, stamps // 2]
    assert [each["reached"] for each in told] == times
    given = sum(n * points for n, points in zip(times, (10, 3, 5, 2), strict=True))
    answer = shop.http.get(f"/members/{shop.members['ana']}/balances").json()
    points = answer["balances"]["points"]
    assert points["available"] - points["debt"] == spend + given
    assert proof_of(shop.database_url).ok
