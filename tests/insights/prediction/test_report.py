"""The report of predictions, told as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from fiel.domain.document import read_program
from fiel.insights.prediction.report import ENTRY
from fiel.insights.reporting.asked import Asked, Question
from fiel.insights.reporting.telling import report_content
from tests.insights.prediction.made_up import purchase_times
from tests.insights.prediction.shop import Books, now

PROGRAM = read_program("""
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: points, expiry: never}
rewards:
  - {id: mug, kind: product, sku: M, price: {points: 50}}
  - {id: pot, kind: product, sku: P, price: {points: 50}}
""")
UNTIL = date(2026, 6, 30)


@pytest.fixture(scope="module")
def told() -> Mapping[str, Any]:
    return report(cafe(400))


def test_the_forecast_stands_beside_its_back_test(told):
    (forecast,) = told["forecast"]
    whole = told["back_test"][-1]

    assert forecast["days"] == 90
    assert forecast["members"] == 400
    assert whole["purchases"] == "all"
    assert whole["members"] == sum(row["members"] for row in told["back_test"][:-1])
    assert whole["off"] == pytest.approx((whole["foretold"] / whole["happened"] - 1) * 100, abs=0.1)


def test_the_risks_of_now_and_of_then_stand_beside_each_other(told):
    assert [row["risk"] for row in told["risk"]] == [
        "0–20 %", "20–40 %", "40–60 %", "60–80 %", "80–100 %",
    ]  # fmt: skip
    assert sum(row["members"] for row in told["risk"]) == 400


def test_the_members_who_will_spend_most_come_first_and_are_offered_what_their_like_took(told):
    spends = [float(row["spend"]) for row in told["members"]]

    assert len(spends) == 100
    assert spends == sorted(spends, reverse=True)
    # Members with an even number drink coffee, and two in three of them took the mug.
    fans = [row for row in told["members"] if row["next"] == "mug"]
    assert fans
    for row in fans:
        assert int(row["member"].removeprefix("id-")) % 6 == 4  # the third who has not
        assert "members who buy “coffee” took it" in row["reason"]


def test_those_who_are_leaving_came_often_and_are_likelier_to_stay_away(told):
    assert told["leaving"]
    for row in told["leaving"]:
        assert row["purchases"] >= 3
        assert row["risk"] >= 50
        assert 0 <= row["customer"] <= 100


def test_of_members_who_bought_once_nobody_can_say_whether_they_left(told):
    once = [row for row in told["members"] if row["purchases"] == 1]

    assert all(row["customer"] is None for row in once)


def test_who_likes_what_is_told_with_its_counts(told):
    mug = next(row for row in told["tastes"] if row["thing"] == "mug")

    assert (mug["of"], mug["taste"], mug["takes"]) == ("category", "coffee", "reward")
    assert (mug["takers"], mug["sharers"]) == (133, 200)  # 6n and 6n + 2 of the even numbers
    assert mug["share"] == 66.5
    assert mug["of_all"] == 33.25


def test_how_far_ahead_can_be_asked():
    assert report(cafe(200), every="month")["forecast"][0]["days"] == 30


def test_the_day_up_to_which_is_known_can_be_asked():
    before = report(cafe(200), until=UNTIL - timedelta(days=60))

    assert before["to"] == UNTIL - timedelta(days=60)
    assert before["forecast"][0]["members"] <= 200


def test_days_to_come_are_not_taken_for_silence():
    shop = cafe(200)

    assert report(shop, until=date(2027, 1, 1)) == report(shop, until=now().date())


def test_too_little_is_said_instead_of_a_forecast():
    shop = Books()
    shop.has_members(1)
    shop.sells(1, UNTIL, 500)

    told = report(shop)

    assert [one["code"] for one in told["statements"]] == ["single_day", "too_few_redemptions"]
    assert "forecast" not in told
    assert told["tastes"] == []


def test_an_empty_shop_is_said_to_be_one():
    assert [one["code"] for one in report(Books())["statements"]] == [
        "no_purchases", "too_few_redemptions",
    ]  # fmt: skip


def test_every_figure_is_defined_in_words(told):
    assert {one["id"] for one in told["definitions"]} == {
        "purchase", "forecast", "back_test", "risk", "customer", "each", "next",
    }  # fmt: skip


def report(shop: Books, *, until: date = UNTIL, every: str | None = None) -> Mapping[str, Any]:
    question = Question(
        program=PROGRAM, program_id=UUID(int=1), shards=1, now=now(), until=until,
        options={"every": every} if every else {},
    )  # fmt: skip
    with shop.opened() as columns:
        return report_content(ENTRY.make(Asked(question, columns)), PROGRAM, "en")


def cafe(members: int) -> Books:
    """Half drink coffee and half tea; two in three of those who drink coffee took the mug."""
    chance = np.random.default_rng(11)
    times = purchase_times(members, r=0.9, alpha=12.0, a=0.8, b=4.0, until=360.0, seed=11)
    shop = Books()
    for member, moments in enumerate(times, start=1):
        shop.has_members(member)
        begins = UNTIL - timedelta(days=int(chance.integers(200, 360)))
        days = {begins + timedelta(days=int(np.ceil(moment))) for moment in moments}
        for day in sorted(day for day in days if day <= UNTIL):
            shop.sells(member, day, int(chance.gamma(5.0, 100.0)) + 1)
        shop.adds(
            "lines", member=member, day=UNTIL, category="tea" if member % 2 else "coffee",
            kind="goods", net=300,
        )  # fmt: skip
        if member % 6 in (0, 2):
            shop.adds("redemptions", member=member, day=UNTIL, reward="mug", status="captured")
    return shop
