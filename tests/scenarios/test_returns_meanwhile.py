"""Returns of what changed hands or ended since: the points are found where they are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.scenarios.returning import account, has, takes_back
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

PAYING = CAFE_SOL + "pay_with_points: {unit: points, min: 100}\n"


def of_unit(setting: str, document: str = CAFE_SOL) -> str:
    return document.replace('    value: "0.01"\n', f'    value: "0.01"\n    {setting}\n')


def lasting_a_month(document: str) -> str:
    return document.replace("12 months", "1 month")


def proved(shop) -> bool:
    proof = proof_of(shop.database_url)
    assert proof.differences == []
    return proof.ok


def merges(shop, gone: str, stays: str) -> None:
    path = f"/members/{shop.members[gone]}/merge"
    answer = shop.http.post(path, json={"into": shop.members[stays]})
    assert answer.status_code == 200, answer.text


def spends(shop, points: int, name: str) -> None:
    body = {"member": shop.members[name], "points": -points, "reason": "gastados"}
    assert shop.http.post("/adjustments", json=body).status_code == 201


def test_what_had_expired_of_a_sale_is_not_owed_again(opens_shop):
    shop = opens_shop(lasting_a_month(CAFE_SOL), sandbox=True)
    shop.lives_at("2027-01-10T10:00:00Z")
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")
    spends(shop, 20, "ana")
    shop.lives_at("2027-03-01T10:00:00Z")
    shop.sells("100.00", to="ana")

    first = takes_back(shop, sale, amount="25.00")
    rest = takes_back(shop, sale, full=True)

    assert (first["reversed"], rest["reversed"]) == ({"points": 0}, {"points": 20})
    assert account(shop) == has(available=80)
    assert proved(shop)


@pytest.mark.parametrize(("grace", "available"), [("0 days", 0), ("5 days", 1000)])
def test_points_that_paid_come_back_to_a_lot_that_ended_for_its_grace(opens_shop, grace, available):
    shop = opens_shop(of_unit(f"grace: {grace}", lasting_a_month(PAYING)), sandbox=True)
    shop.lives_at("2027-01-10T10:00:00Z")
    shop.enrols("ana")
    shop.sells("1000.00", to="ana")
    sale = shop.sells("10.00", to="ana", points_payment={"unit": "points", "points": 1000})
    shop.lives_at("2027-03-01T10:00:00Z")

    told = takes_back(shop, sale, full=True)

    assert told["restored"] == {"points": 1000}
    assert account(shop) == has(available=available)
    shop.lives_at("2027-03-08T10:00:00Z")
    assert account(shop) == has()
    assert proved(shop)


@pytest.mark.parametrize(
    ("negative", "spent", "reversed_", "left"),
    [
        ("debt", 0, 50, has(available=30)),
        ("debt", 60, 50, has(debt=30)),
        ("clamp", 60, 20, has()),
        ("pending_only", 0, 0, has(available=80)),
    ],
)
def test_the_old_sale_of_a_merged_member_is_returned_by_the_survivor(
    opens_shop, negative, spent, reversed_, left
):
    shop = opens_shop(of_unit(f"negative: {negative}"))
    for name in ("ana", "berta"):
        shop.enrols(name)
    sale = shop.sells("50.00", to="ana")
    shop.sells("30.00", to="berta")
    merges(shop, "ana", "berta")
    if spent:
        spends(shop, spent, "berta")

    told = takes_back(shop, sale, full=True)

    assert told["reversed"] == {"points": reversed_}
    assert told["member"] == shop.members["berta"]
    assert account(shop, "berta") == left
    assert {name: told["balances"]["points"][name] for name in left} == left
    assert proved(shop)


def test_points_of_a_merged_member_that_paid_come_back_to_the_survivor(opens_shop):
    shop = opens_shop(PAYING)
    for name in ("ana", "berta"):
        shop.enrols(name)
    shop.sells("1000.00", to="ana")
    sale = shop.sells("50.00", to="ana", points_payment={"unit": "points", "points": 1000})
    merges(shop, "ana", "berta")

    told = takes_back(shop, sale, amount="25.00")

    assert (told["restored"], told["reversed"]) == ({"points": 500}, {"points": 20})
    assert account(shop, "berta") == has(available=500 + 20)
    assert proved(shop)


def test_a_return_and_a_merge_at_once_lose_nothing(opens_shop, other_server):
    shop = opens_shop()
    for round_ in range(4):
        gone, stays = f"ana-{round_}", f"berta-{round_}"
        for name in (gone, stays):
            shop.enrols(name)
        sale = shop.sells("50.00", to=gone)
        shop.sells("30.00", to=stays)
        with ThreadPoolExecutor(2) as doors:
            merged = doors.submit(merges, shop, gone, stays)
            back = doors.submit(takes_back, shop, sale, amount="20.00")
            merged.result()
            assert back.result()["reversed"] == {"points": 20}
        assert shop.balance(stays) == 60
    assert proved(shop)


def test_who_was_erased_owes_nothing(shop):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")
    spends(shop, 40, "ana")
    assert shop.http.delete(f"/members/{shop.members['ana']}").status_code == 200

    told = takes_back(shop, sale, full=True)

    assert (told["reversed"], told["uncollected"]) == ({"points": 10}, {"points": 40})
    assert told["balances"]["points"]["debt"] == 0
    assert proved(shop)


def test_a_sale_that_was_claimed_takes_back_what_it_earned_then(shop):
    shop.enrols("ana")
    sale = shop.sells("50.00")
    claimed = shop.http.post(f"/sales/{sale['id']}/claim", json={"member": shop.members["ana"]})
    assert claimed.status_code in (200, 201), claimed.text
    assert shop.balance("ana") == 50

    first = takes_back(shop, sale, amount="20.00")
    rest = takes_back(shop, sale, full=True)

    assert (first["reversed"], rest["reversed"]) == ({"points": 20}, {"points": 30})
    assert first["member"] == shop.members["ana"]
    assert shop.http.get(f"/sales/{sale['id']}").json()["status"] == "returned"
    assert account(shop) == has()
    assert proved(shop)


def test_a_sale_is_claimed_or_comes_back_and_never_both_unseen(shop, other_server):
    shop.enrols("ana")
    for _ in range(6):
        before = shop.balance("ana")
        sale = shop.sells("50.00")
        path = f"/sales/{sale['id']}"
        with ThreadPoolExecutor(2) as doors:
            claim = doors.submit(
                shop.http.post, f"{path}/claim", json={"member": shop.members["ana"]}
            )
            back = doors.submit(takes_back, shop, sale, amount="20.00")
            taken = back.result()["reversed"]["points"]
        if claim.result().status_code < 300:
            assert (taken, shop.balance("ana") - before) == (20, 30)
        else:
            assert claim.result().json()["code"] == "not_claimable"
            assert (taken, shop.balance("ana") - before) == (0, 0)
    assert proved(shop)
