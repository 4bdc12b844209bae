"""What is foretold of one member, from what was learned of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from fiel.insights.columns.opening import Columns
from fiel.insights.prediction.single import Learning, prediction_of_member
from tests.insights.prediction.shop import Books
from tests.insights.prediction.test_report import PROGRAM, UNTIL, cafe, report

CAFE = UUID(int=1)
FOURTH, STRANGER = UUID(int=4), UUID(int=9999)


@pytest.fixture(scope="module")
def shop() -> Books:
    books = cafe(300)
    for row in books.rows["members"]:
        row["member_id"] = str(UUID(int=int(str(row["member"]))))
    return books


def test_a_member_is_told_the_same_as_the_report_tells_of_them(shop):
    row = report(shop)["members"][0]
    with shop.opened() as columns:
        told = of_member(columns, UUID(row["member"]))

    assert told["purchases"] == row["purchases"]
    assert told["last_purchase"] == row["last"]
    assert told["risk"] == pytest.approx(row["risk"], abs=0.001)
    assert told["purchases_expected"] == pytest.approx(row["purchases_expected"], abs=0.001)
    assert told["spend_expected"] == row["spend"]


def test_the_next_best_is_told_with_its_counts_and_in_words(shop):
    # The fourth drinks coffee and has not taken the mug that two in three of those took.
    with shop.opened() as columns:
        best = of_member(columns, FOURTH)["next"][0]

    assert (best["of"], best["id"]) == ("reward", "mug")
    assert best["because"] == {"of": "category", "id": "coffee"}
    assert (best["took"], best["members"]) == (100, 150)
    assert best["reason"] == (
        "100 of the 150 members who buy “coffee” took it: 67 %, against 33 % of all."
    )


def test_a_reward_that_the_member_may_not_have_is_not_suggested(shop):
    with shop.opened() as columns:
        told = of_member(columns, FOURTH, possible=())

    assert all(one["of"] == "category" for one in told["next"])


def test_the_back_test_stands_beside_it(shop):
    with shop.opened() as columns:
        back_test = of_member(columns, FOURTH)["back_test"]

    assert back_test["days"] == 90
    assert back_test["members"] > 200


def test_of_a_member_whom_the_copy_does_not_know_yet_nothing_is_foretold(shop):
    with shop.opened() as columns:
        told = of_member(columns, STRANGER)

    assert told["purchases"] == 0
    assert "member_bought_nothing" in [one["code"] for one in told["statements"]]


def test_the_models_are_fitted_once_a_day(shop):
    learning = Learning()
    with shop.opened() as columns:
        first = learning.learned(columns, CAFE, until=UNTIL)

        assert learning.learned(columns, CAFE, until=UNTIL) is first
        assert learning.learned(columns, UUID(int=2), until=UNTIL) is not first


def of_member(
    columns: Columns, member: UUID, *, possible: tuple[str, ...] = ("mug", "pot")
) -> Mapping[str, Any]:
    return prediction_of_member(
        columns, CAFE, PROGRAM, member,
        until=UNTIL, possible=possible, language="en", learning=Learning(),
    )  # fmt: skip
