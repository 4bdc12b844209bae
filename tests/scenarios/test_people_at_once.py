"""Hard case 46 at many tills: people are merged, parted and erased while others sell to them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from typing import Any

import httpx
import pytest

from tests.api.shop import Shop
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

type Call = tuple[str, str, dict[str, Any] | None]  # method, path, body

ROUNDS = 40
REWARDED = CAFE_SOL + "rewards:\n  - {id: cafe, kind: product, price: {points: 100}}\n"


class Tills:
    """Tills at two servers, each with a line that stays open."""

    def __init__(self, shop: Shop, other_server: str, count: int, lines: ExitStack) -> None:
        told = {"authorization": f"Bearer {shop.key}"}
        self._tills = [
            lines.enter_context(httpx.Client(base_url=f"{url}/v1", headers=told, timeout=60))
            for url, _ in zip((shop.url, other_server) * count, range(count), strict=False)
        ]
        self._pool = lines.enter_context(ThreadPoolExecutor(count))

    def at_once(self, calls: Sequence[Call]) -> list[httpx.Response]:
        """Make all of these calls at the same moment, every second one at the other server."""
        gate = Barrier(len(calls))

        def make(index: int) -> httpx.Response:
            method, path, body = calls[index]
            gate.wait()
            return self._tills[index].request(method, path, json=body)

        return list(self._pool.map(make, range(len(calls))))


@pytest.fixture
def tills(shop, other_server):
    with ExitStack() as lines:
        yield Tills(shop, other_server, 12, lines)


def enrols_pair(shop: Shop, round_: int) -> tuple[str, str]:
    ana = shop.enrols(f"ana-{round_}", phone=f"+346001{round_:05d}")
    return ana, shop.enrols(f"berta-{round_}", phone=f"+346002{round_:05d}")


def available(shop: Shop, member_id: str) -> int:
    told = shop.http.get(f"/members/{member_id}/balances").json()
    points: int = told["balances"]["points"]["available"]
    return points


def statuses(answers: Sequence[httpx.Response]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def proved(shop: Shop) -> bool:
    assert proof_of(shop.database_url).differences == []
    return True


def test_46_what_is_sold_while_two_are_merged_reaches_the_survivor(shop, tills):
    for round_ in range(ROUNDS):
        ana, berta = enrols_pair(shop, round_)
        phone = {"phone": f"+346001{round_:05d}"}
        sales = [shop.sale("10.00") | {"member": who} for who in (ana, phone, berta) * 3]

        answers = tills.at_once(
            [("POST", f"/members/{ana}/merge", {"into": berta})]
            + [("POST", "/sales", sale) for sale in sales]
        )

        assert statuses(answers) == [200] + [201] * 9, [a.text for a in answers]
        assert available(shop, berta) == 90
        assert available(shop, ana) == 90
    assert proved(shop)


def test_46_two_merges_at_once_make_one(shop, tills):
    for round_ in range(ROUNDS):
        ana, berta = enrols_pair(shop, round_)
        merges: list[Call] = [
            ("POST", f"/members/{ana}/merge", {"into": berta}),
            ("POST", f"/members/{berta}/merge", {"into": ana}),
        ]
        sales: list[Call] = [
            ("POST", "/sales", shop.sale("10.00") | {"member": who}) for who in (ana, berta) * 2
        ]

        answers = tills.at_once(merges + sales)

        assert statuses(answers[:2]) == [200, 409], [a.text for a in answers]
        assert {answer.status_code for answer in answers[2:]} == {201}
        assert available(shop, ana) == available(shop, berta) == 40
    assert proved(shop)


def test_46_merged_and_parted_while_tills_sell(shop, tills):
    for round_ in range(ROUNDS):
        ana, berta = enrols_pair(shop, round_)
        shop.http.post(f"/members/{ana}/merge", json={"into": berta})
        sales: list[Call] = [
            ("POST", "/sales", shop.sale("10.00") | {"member": who}) for who in (ana, berta) * 3
        ]

        answers = tills.at_once(
            [
                ("POST", f"/members/{ana}/unmerge", None),
                ("POST", f"/members/{ana}/merge", {"into": berta}),
                *sales,
            ]
        )

        assert {answer.status_code for answer in answers[2:]} == {201}
        same = available(shop, ana) == available(shop, berta) == 60
        assert same or available(shop, ana) + available(shop, berta) == 60
    assert proved(shop)


def test_46_a_chain_made_at_once_leads_to_one(shop, tills):
    for round_ in range(ROUNDS):
        ana, berta = enrols_pair(shop, round_)
        carla = shop.enrols(f"carla-{round_}")
        shop.http.post("/sales", json=shop.sale("10.00") | {"member": ana})

        answers = tills.at_once(
            [
                ("POST", f"/members/{ana}/merge", {"into": berta}),
                ("POST", f"/members/{berta}/merge", {"into": carla}),
                ("POST", "/sales", shop.sale("5.00") | {"member": ana}),
                ("POST", "/sales", shop.sale("5.00") | {"member": berta}),
            ]
        )

        assert statuses(answers) == [200, 200, 201, 201], [a.text for a in answers]
        assert {available(shop, who) for who in (ana, berta, carla)} == {20}
    assert proved(shop)


def test_49_nothing_is_sold_to_who_is_gone(shop, tills):
    for round_ in range(ROUNDS):
        ana, _ = enrols_pair(shop, round_)
        sales: list[Call] = [
            ("POST", "/sales", shop.sale("10.00") | {"member": who})
            for who in (ana, {"phone": f"+346001{round_:05d}"}) * 3
        ]

        answers = tills.at_once([("DELETE", f"/members/{ana}", None), *sales])

        assert answers[0].status_code == 200, answers[0].text
        assert {answer.status_code for answer in answers[1:]} <= {201, 404}
        assert shop.http.get(f"/members/{ana}").status_code == 404
    assert proved(shop)


def test_transfers_both_ways_at_once_lose_nothing(shop, tills):
    ana, berta = enrols_pair(shop, 0)
    for who in (ana, berta):
        shop.http.post("/sales", json=shop.sale("1000.00") | {"member": who})
    for _ in range(ROUNDS // 2):
        answers = tills.at_once(
            [
                ("POST", "/transfers", {"from": giver, "to": taker, "points": 7})
                for giver, taker in ((ana, berta), (berta, ana)) * 5
            ]
        )

        assert statuses(answers) == [201] * 10, [a.text for a in answers]
    assert (available(shop, ana), available(shop, berta)) == (1000, 1000)
    assert proved(shop)


def test_a_sale_is_claimed_by_one_of_many(shop, tills):
    for round_ in range(ROUNDS // 2):
        ana, berta = enrols_pair(shop, round_)
        sale = shop.sells("10.00")["id"]

        answers = tills.at_once(
            [("POST", f"/sales/{sale}/claim", {"member": who}) for who in (ana, berta) * 3]
        )

        assert statuses(answers) == [200] * 3 + [409] * 3, [a.text for a in answers]
        assert sorted((available(shop, ana), available(shop, berta))) == [0, 10]
    assert proved(shop)


def test_a_pool_is_spent_once(opens_shop, other_server):
    shop = opens_shop(REWARDED)
    with ExitStack() as lines:
        tills = Tills(shop, other_server, 4, lines)
        for round_ in range(ROUNDS // 2):
            pair = enrols_pair(shop, round_)
            for who in pair:
                shop.http.post("/sales", json=shop.sale("60.00") | {"member": who})
            shop.http.post("/households", json={"name": "Casa Sol", "members": list(pair)})

            answers = tills.at_once(
                [
                    ("POST", "/redemptions", {"member": who, "reward": "cafe", "capture": True})
                    for who in pair
                ]
            )

            assert statuses(answers) == [201, 409], [a.text for a in answers]
            assert sum(available(shop, who) for who in pair) == 20
    assert proved(shop)
