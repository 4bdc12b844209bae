"""The races of cases 33 to 41, 46, 47 and 54, hundreds of times at a server with three workers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.shop import Shop
from tests.scenarios.crowd import TILLS, Crowd, served, told, with_crowd
from tests.support.database import empty_all_tables
from tests.support.proof import proof_of

ROUNDS = 200

PROGRAM = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, value: "0.01"}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: resena, event: activity, activity: review, give: {points: 50}, budget: {points: 10000}}
rewards:
  - {id: uno-cada-uno, kind: access, price: {points: 1}, limit: {per_member: 1, every: program}}
  - {id: dto-5, kind: discount, amount: "5.00", price: {points: 1}}
REWARDS
pay_with_points: {unit: points}
"""


@pytest.fixture(scope="module")
def several_workers(worker_database_url: str) -> Iterator[str]:
    with served(worker_database_url) as url:
        yield url


@pytest.fixture
def races(several_workers, worker_database_url):
    """Lets a crowd work in a shop of its own, and proves the ledger afterwards."""

    def run(work, rewards=""):
        empty_all_tables(worker_database_url)
        shop = Shop(several_workers, worker_database_url, PROGRAM.replace("REWARDS\n", rewards))
        try:
            with_crowd(several_workers, shop.key, work)
        finally:
            shop.close()
        proof = proof_of(worker_database_url)
        assert proof.differences == []

    return run


def test_33_the_last_unit_goes_to_exactly_one(races):
    rewards = "".join(
        f"  - {{id: cata-{n}, kind: event, price: {{points: 10}}, stock: 1}}\n"
        for n in range(ROUNDS)
    )

    async def work(crowd: Crowd) -> None:
        members = [await crowd.enrols(f"m-{n}") for n in range(TILLS)]
        for member in members:
            await crowd.gives(member, 10 * ROUNDS)
        for n in range(ROUNDS):
            body = {"reward": f"cata-{n}", "capture": True}
            answers = await crowd.at_once(
                [("/redemptions", body | {"member": member}) for member in members]
            )
            assert told(answers) == {"201": 1, "out_of_stock": TILLS - 1}
        left = [(await crowd.points(member))["available"] for member in members]
        assert sum(left) == 10 * ROUNDS * TILLS - 10 * ROUNDS

    races(work, rewards)


def test_34_and_41_of_two_ways_to_spend_the_same_points_one_succeeds(races):
    async def work(crowd: Crowd) -> None:
        for n in range(ROUNDS):
            ana = await crowd.enrols(f"ana-{n}")
            await crowd.gives(ana, 100)
            hold = {"member": ana, "points_payment": {"unit": "points", "points": 80}}
            sale = {
                "member": ana,
                "lines": [{"quantity": 1, "unit_price": "0.80"}],
                "points_payment": {"unit": "points", "points": 80},
            }
            taking = {"member": ana, "points": -80, "reason": "prueba"}
            answers = await crowd.at_once(
                [("/redemptions", hold), ("/sales", sale), ("/adjustments", taking)] * 2
            )
            assert told(answers) == {"201": 1, "insufficient_points": 5}
            assert (await crowd.points(ana))["available"] == 20

    races(work)


def test_35_and_37_one_sale_is_one_however_it_is_sent(races):
    async def work(crowd: Crowd) -> None:
        ana = await crowd.enrols("ana")
        for n in range(ROUNDS):
            sale = {
                "external_id": f"T-{n}",
                "member": ana,
                "lines": [{"quantity": 1, "unit_price": "10.00"}],
            }
            if n % 2:
                answers = await crowd.at_once([("/sales", sale)] * TILLS)
                assert told(answers) == {"201": 1, "200": TILLS - 1}
            else:
                key = {"Idempotency-Key": f"k-{n}"}
                answers = await crowd.at_once([("/sales", sale)] * TILLS, **key)
                assert set(told(answers)) <= {"201", "idempotency_in_progress"}
        assert (await crowd.points(ana))["available"] == 10 * ROUNDS

    races(work)


def test_38_a_budget_gives_what_it_has_and_no_more(races):
    async def work(crowd: Crowd) -> None:
        members = [await crowd.enrols(f"m-{n}") for n in range(TILLS)]
        for _ in range(ROUNDS // 4):
            await crowd.at_once(
                [("/activities", {"member": member, "type": "review"}) for member in members]
            )
        given = [(await crowd.points(member))["available"] for member in members]
        assert sum(given) == 10_000

    races(work)


def test_39_one_of_two_carts_reserves_a_coupon_and_it_is_used_once(races):
    async def work(crowd: Crowd) -> None:
        ana = await crowd.enrols("ana")
        await crowd.gives(ana, ROUNDS)
        for _ in range(ROUNDS):
            body = {"member": ana, "reward": "dto-5", "capture": True}
            code = (await crowd.asks("/redemptions", body))["code"]
            carts = [{"cart": f"cart-{n}"} for n in range(4)]
            answers = await crowd.at_once([(f"/coupons/{code}/reserve", cart) for cart in carts])
            assert told(answers) == {"200": 1, "coupon_reserved": 3}
            answers = await crowd.at_once([(f"/coupons/{code}/redeem", cart) for cart in carts])
            codes = told(answers)
            assert codes["200"] == 1
            assert set(codes) <= {"200", "coupon_reserved", "coupon_used"}

    races(work)


def test_40_a_limit_of_one_is_each_members_own(races):
    async def work(crowd: Crowd) -> None:
        for n in range(ROUNDS):
            ana = await crowd.enrols(f"ana-{n}")
            await crowd.gives(ana, 10)
            body = {"member": ana, "reward": "uno-cada-uno", "capture": True}
            answers = await crowd.at_once([("/redemptions", body)] * 4)
            assert told(answers) == {"201": 1, "limit_reached": 3}
            assert (await crowd.points(ana))["available"] == 9

    races(work)


def test_46_what_is_sold_to_a_member_who_is_being_merged_reaches_the_survivor(races):
    async def work(crowd: Crowd) -> None:
        for n in range(ROUNDS):
            ana, anita = await crowd.enrols(f"ana-{n}"), await crowd.enrols(f"anita-{n}")
            line = {"lines": [{"quantity": 1, "unit_price": "10.00"}]}
            answers = await crowd.at_once(
                [
                    ("/sales", line | {"member": anita}),
                    (f"/members/{anita}/merge", {"into": ana}),
                    ("/sales", line | {"member": ana}),
                    ("/sales", line | {"member": {"external_id": f"anita-{n}"}}),
                ]
            )
            assert {answer.status_code for answer in answers} <= {200, 201}
            assert (await crowd.points(ana))["available"] == 30
            assert (await crowd.points(anita))["available"] == 30

    races(work)


def test_46_two_who_are_merged_into_each_other_become_one(races):
    async def work(crowd: Crowd) -> None:
        for n in range(ROUNDS):
            ana, anita = await crowd.enrols(f"ana-{n}"), await crowd.enrols(f"anita-{n}")
            await crowd.gives(ana, 100)
            await crowd.gives(anita, 200)
            await crowd.at_once(
                [
                    (f"/members/{anita}/merge", {"into": ana}),
                    (f"/members/{ana}/merge", {"into": anita}),
                ]
            )
            assert (await crowd.points(ana))["available"] == 300
            assert (await crowd.points(anita))["available"] == 300

    races(work)


def test_47_two_enrolments_with_one_phone_are_one_member(races):
    async def work(crowd: Crowd) -> None:
        for n in range(ROUNDS):
            phone = f"+34600{n:06d}"
            answers = await crowd.at_once(
                [("/members", {"external_id": f"m-{n}-{k}", "phone": phone}) for k in range(4)]
            )
            assert told(answers) == {"201": 1, "member_exists": 3}

    races(work)


def test_54_a_gift_card_pays_no_more_than_it_has(races):
    async def work(crowd: Crowd) -> None:
        for _ in range(ROUNDS):
            card = (await crowd.asks("/gift-cards", {"amount": "100.00"}))["code"]
            charge = (f"/gift-cards/{card}/charge", {"amount": "30.00"})
            answers = await crowd.at_once([charge] * 6)
            assert told(answers) == {"201": 3, "insufficient_balance": 3}
            refund = (f"/gift-cards/{card}/refund", {"amount": "40.00"})
            answers = await crowd.at_once([refund] * 4)
            assert told(answers) == {"201": 2, "over_returned": 2}
            left = await crowd.tills[0].get(f"/gift-cards/{card}")
            assert left.json()["balance"] == "90.00"

    races(work)
