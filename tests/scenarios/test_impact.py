"""What a program caused, over HTTP: who is compared, and what is said of too little."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from fiel.domain.document import read_program
from fiel.domain.holdout import held_out
from tests.support.program import CAFE_SOL

LOADING = 60.0  # what reports stand on is loaded with the first of them
PROMOTION = "  - {id: doble, event: sale, multiply: 2, holdout: {share: 50}}\n"
DOCUMENT = CAFE_SOL + PROMOTION + "holdout: {share: 50}\n"


def impact(shop, **asked: str) -> dict[str, Any]:
    answer = shop.http.get(
        "/reports/impact", params=asked, headers={"accept-language": "en"}, timeout=LOADING
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def publishes(shop, document: str) -> None:
    answer = shop.http.post(
        "/program/publish", content=document, headers={"content-type": "application/yaml"}
    )
    assert answer.status_code == 201, answer.text


def codes(told: Mapping[str, Any]) -> list[str]:
    return [statement["code"] for statement in told["statements"]]


@pytest.fixture
def shop(opens_shop):
    shop = opens_shop(CAFE_SOL, sandbox=True)
    shop.lives_at("2040-01-01T10:00:00+01:00")
    return shop


def test_members_are_in_the_group_by_which_the_till_treats_them(shop):
    publishes(shop, DOCUMENT)
    ids = [shop.enrols(f"ana-{number}") for number in range(12)]
    shop.lives_at("2040-02-01T10:00:00+01:00")

    groups = {row["of"]: row for row in impact(shop)["groups"]}

    drawn = [held_out(read_program(DOCUMENT), UUID(id_)) for id_ in ids]
    within = [held for held in drawn if "" not in held]
    assert groups[""]["kept_out"] == len(drawn) - len(within)
    assert groups["doble"]["kept_out"] == sum("doble" in held for held in within)
    assert groups["doble"]["members"] == sum("doble" not in held for held in within)
    assert (groups[""]["from"], groups[""]["to"]) == ("2040-01-02", "2040-01-31")


def test_what_cannot_be_said_is_stated(shop):
    assert codes(impact(shop)) == ["no_holdout", "empty_weeks", "no_plan"]

    publishes(shop, DOCUMENT)
    shop.enrols("ana")
    assert codes(impact(shop)) == ["not_begun", "not_begun", "no_plan"]

    shop.lives_at("2040-01-03T10:00:00+01:00")
    assert "too_short" in codes(impact(shop, promotion="doble")) + codes(impact(shop))

    shop.lives_at("2040-02-03T10:00:00+01:00")
    assert "too_few_members" in codes(impact(shop))
    assert impact(shop)["lifts"] == []


def test_a_holdout_that_ended_is_told_until_its_end(shop):
    publishes(shop, DOCUMENT)
    shop.enrols("ana")
    shop.lives_at("2040-02-01T10:00:00+01:00")
    publishes(shop, CAFE_SOL)
    shop.lives_at("2040-03-01T10:00:00+01:00")

    assert {row["to"] for row in impact(shop)["groups"]} == {"2040-01-31"}


def test_a_promotion_that_there_is_not_is_refused(shop):
    answer = shop.http.get("/reports/impact", params={"promotion": "triple"}, timeout=LOADING)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["promotion"]
