"""Patterns of cashiers that are planted, and shops where nobody does anything unusual."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np
import pytest

from fiel.insights.alerts.cashiers import at_least, cashiers
from fiel.insights.alerts.finding import Looked
from fiel.ledger.accounts import Place
from tests.insights.prediction.shop import Books

UNTIL = date(2026, 6, 30)
TILLS = ("Eva", "Iris", "Olga")
FRIEND = 999


def test_a_member_whom_one_cashier_serves_again_and_again_is_named():
    shop = usual_shop(1)
    for back in range(20):
        rings_up(shop, "Eva", FRIEND, back)

    (finding,) = look(shop).findings

    assert finding.pattern == "many_sales_to_one_member"
    assert (finding.subject, finding.about) == ("Eva", str(FRIEND))
    assert finding.now == 20
    assert finding.usual == pytest.approx(20 / 3, rel=0.25)  # a third of the sales are Eva's
    assert finding.sure >= 0.99


def test_a_regular_whom_all_serve_is_nobody_unusual():
    shop = usual_shop(2)
    for back in range(28):
        rings_up(shop, TILLS[back % 3], FRIEND, back)

    assert look(shop).findings == ()


def test_a_regular_who_comes_when_only_one_cashier_works_is_nobody_unusual():
    # Eva alone keeps the store on the days on which the member comes.
    shop = Books()
    for back in range(28):
        for number in range(15):
            rings_up(shop, "Eva" if back % 2 else "Iris", 1 + number, back)
        if back % 2:
            rings_up(shop, "Eva", FRIEND, back)

    assert look(shop).findings == ()


def test_sales_without_a_member_that_one_member_claims_are_named():
    shop = usual_shop(3)
    for back in range(9):
        rings_up(shop, "Iris", None, back, claimed_for=FRIEND)

    patterns = {finding.pattern: finding for finding in look(shop).findings}

    finding = patterns["points_without_the_member"]
    assert (finding.subject, finding.about, finding.now) == ("Iris", str(FRIEND), 9)


def test_a_few_claims_at_every_till_are_nothing_unusual():
    shop = usual_shop(4)
    for cashier in TILLS:
        for back in range(6):
            rings_up(shop, cashier, None, back, claimed_for=500 + back)

    assert look(shop).findings == ()


def test_returns_whose_points_had_been_spent_are_named_by_who_took_them():
    shop = usual_shop(5)
    for number in range(8):
        sale = rings_up(shop, "Olga", 50 + number, 20)
        redeems(shop, 50 + number, 15)
        takes_back(shop, sale, 50 + number, "Olga", 10)
    for cashier in ("Eva", "Iris"):
        for number in range(15):
            member = 70 + number if cashier == "Eva" else 90 + number
            takes_back(shop, rings_up(shop, cashier, member, 20), member, cashier, 10)

    (finding,) = look(shop).findings

    assert (finding.pattern, finding.subject) == ("returns_after_redemptions", "Olga")
    assert (finding.now, finding.text.parameters["all"]) == (8, 8)


def test_returns_of_sales_that_points_paid_are_counted_too():
    shop = usual_shop(6)
    for number in range(8):
        member = 50 + number
        takes_back(shop, rings_up(shop, "Olga", member, 20, paid=100), member, "Olga", 10)
    for number in range(25):
        takes_back(shop, rings_up(shop, "Eva", 70 + number, 20), 70 + number, "Eva", 10)

    assert [finding.pattern for finding in look(shop).findings] == ["returns_after_redemptions"]


def test_a_redemption_before_the_sale_or_after_the_return_is_none_of_it():
    shop = usual_shop(7)
    for number in range(8):
        sale = rings_up(shop, "Olga", 50 + number, 20)
        redeems(shop, 50 + number, 25)
        redeems(shop, 50 + number, 5)
        takes_back(shop, sale, 50 + number, "Olga", 10)
    for number in range(25):
        takes_back(shop, rings_up(shop, "Eva", 70 + number, 20), 70 + number, "Eva", 10)

    assert look(shop).findings == ()


def test_points_given_by_hand_to_one_member_are_named_by_who_gave_them():
    shop = usual_shop(8)
    for number in range(10):
        adjusts(shop, "console", member=number, points=50, back=number)
    for back in range(9):
        adjusts(shop, "key-of-eva", member=FRIEND, points=100, back=back)

    (finding,) = look(shop).findings

    assert (finding.pattern, finding.subject) == ("adjustments_to_one_member", "key-of-eva")
    assert finding.about == str(FRIEND)
    assert finding.text.parameters["points"] == 900
    assert finding.usual == 1.0


def test_points_taken_by_hand_are_no_gift():
    shop = usual_shop(9)
    for back in range(9):
        adjusts(shop, "console", member=FRIEND, points=-100, back=back)

    assert look(shop).findings == ()


def test_what_is_longer_ago_is_not_looked_at():
    shop = usual_shop(10)
    for back in range(30, 50):
        rings_up(shop, "Eva", FRIEND, back)

    assert look(shop).findings == ()


@pytest.mark.parametrize("seed", range(8))
def test_a_shop_where_nobody_does_anything_unusual_is_silent(seed):
    shop = usual_shop(100 + seed)
    chance = np.random.default_rng(seed)
    for sale in chance.choice(len(shop.rows["sales"]), 25, replace=False):
        row = shop.rows["sales"][sale]
        if row["member"] is not None:
            shop.takes_back(
                row["sale"], UNTIL, 500, cashier=TILLS[chance.integers(3)],
                member=row["member"], occurred_at=at(0), return_id=f"R-{sale}",
            )  # fmt: skip
    for member in chance.integers(1, 60, 30):
        redeems(shop, int(member), int(chance.integers(0, 28)))

    assert look(shop).findings == ()


def test_without_cashiers_that_is_said():
    shop = Books()
    shop.sells(1, UNTIL, 500, store="centro")

    looked = look(shop)

    assert looked.findings == ()
    assert [statement.code for statement in looked.statements] == ["no_cashiers"]


def test_a_single_cashier_has_nobody_to_be_compared_with():
    shop = Books()
    for back in range(25):
        rings_up(shop, "Eva", FRIEND, back)
        rings_up(shop, "Eva", 1, back)

    looked = look(shop)

    assert looked.findings == ()
    assert [statement.code for statement in looked.statements] == ["one_cashier"]


def test_an_empty_shop_says_that_there_are_no_cashiers():
    assert [one.code for one in look(Books()).statements] == ["no_cashiers"]


def test_the_bound_is_never_below_the_chance():
    # Of 20 tries at a third each, 15 or more come with a chance of 0.0002.
    assert 0.00017 < at_least(15, 20, 20 / 3) < 0.005
    assert at_least(5, 20, 20 / 3) == 1.0
    assert at_least(20, 20, 20 / 3) == pytest.approx((1 / 3) ** 20)
    assert at_least(0, 0, 0.0) == 1.0


def usual_shop(seed: int) -> Books:
    """Three cashiers, who take turns at random; sixty members and those without."""
    chance = np.random.default_rng(seed)
    shop = Books()
    for back in range(28):
        for _ in range(30):
            member = int(chance.integers(1, 61)) if chance.random() < 0.7 else None
            rings_up(shop, TILLS[chance.integers(3)], member, back)
    return shop


def rings_up(
    shop: Books, cashier: str, member: int | None, back: int, *, claimed_for: int | None = None,
    paid: int = 0,
) -> int:  # fmt: skip
    number = len(shop.rows.get("sales", ())) + 1
    shop.adds(
        "sales", sale=number, sale_id=f"sale-{number}", recorded_for=member,
        member=claimed_for if claimed_for is not None else member,
        day=UNTIL - timedelta(days=back), occurred_at=at(back), store="centro", cashier=cashier,
        net=500, paid_points=paid,
    )  # fmt: skip
    return number


def takes_back(shop: Books, sale: int, member: int, cashier: str, back: int) -> None:
    shop.takes_back(
        sale, UNTIL - timedelta(days=back), 500, cashier=cashier, member=member,
        occurred_at=at(back), return_id=f"R-{sale}",
    )  # fmt: skip


def redeems(shop: Books, member: int, back: int) -> None:
    shop.adds(
        "redemptions", member=member, made_at=at(back), status="captured", reward="mug",
        redemption_id=f"{member}-{back}",
    )  # fmt: skip


def adjusts(shop: Books, author: str, *, member: int, points: int, back: int) -> None:
    number = len(shop.rows.get("activities", ()))
    told = {"activity_id": f"adjustment-{number}", "kind": "adjustment", "member": member}
    day = UNTIL - timedelta(days=back)
    shop.adds("activities", **told, author=author, day=day)
    gives = points > 0
    shop.adds(
        "movements", **told, points=abs(points), unit="points", day=day,
        debit=(Place.ADJUSTED if gives else Place.AVAILABLE).value,
        credit=(Place.AVAILABLE if gives else Place.ADJUSTED).value,
    )  # fmt: skip


def at(back: int) -> datetime:
    return datetime.combine(UNTIL - timedelta(days=back), time(12))


def look(shop: Books) -> Looked:
    with shop.opened() as columns:
        return cashiers(columns, until=UNTIL)
