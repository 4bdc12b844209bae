"""Segments over HTTP: listed, previewed, and who is in one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.shop import Shop
from tests.support.program import CAFE_SOL

LOADING = 60.0  # what segments stand on is loaded with the first of them
SEGMENTS = """
segments:
  - {id: keen, name: {es: Fieles, en: Keen}, where: member.frequency >= 2}
"""


@pytest.fixture
def shop(opens_shop: Callable[..., Shop], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Ana bought twice for 10 €, Berta once for 4 €, Carla never."""
    monkeypatch.setenv("FIEL_DATA", str(tmp_path))
    shop = opens_shop(CAFE_SOL + SEGMENTS)
    for name in ("ana", "berta", "carla"):
        shop.enrols(name)
    for _ in range(2):
        shop.sells("10.00", to="ana")
    shop.sells("4.00", to="berta")
    return shop


def test_segments_are_listed_with_their_sizes(shop: Shop) -> None:
    answer = shop.http.get("/segments", timeout=LOADING).json()
    by_id = {each["id"]: each for each in answer["data"]}

    keen = by_id["keen"]
    assert (keen["name"], keen["where"], keen["live"]) == (
        "Fieles",
        "member.frequency >= 2",
        True,
    )
    assert (keen["members"], keen["share"], keen["sales"]) == (1, 33.3333, 2)
    assert (keen["spend"], keen["average_spend"]) == ("20.00", "10.00")
    assert (keen["points"], keen["points_cost"]) == ({"points": 20}, "0.20")
    never = by_id["rfm-never-bought"]
    assert (never["members"], never["live"], never["average_spend"]) == (1, False, None)


def test_a_segment_is_previewed_before_it_is_used(shop: Shop) -> None:
    body = {"where": "member.spend_365 >= 4 && member.spend_365 < 5"}

    answer = shop.http.post("/segments/preview", json=body, timeout=LOADING)

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["members"], told["spend"], told["points_cost"]) == (1, "4.00", "0.04")
    assert told["as_of"] is not None


@pytest.mark.parametrize("where", ["sale.net > 5", "member.frequenzy > 2", "member.rfm"])
def test_a_condition_that_cannot_be_meant_is_refused(shop: Shop, where: str) -> None:
    answer = shop.http.post("/segments/preview", json={"where": where}, timeout=LOADING)

    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [
        ("where", "condition")
    ]


def test_who_belongs_in_a_segment_is_listed_page_by_page(shop: Shop) -> None:
    def read(segment: str, **asked: str) -> tuple[set[str], str | None]:
        answer = shop.http.get(f"/segments/{segment}/members", params=asked, timeout=LOADING)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        return {each["member"] for each in told["data"]}, told["next_cursor"]

    preview = "rfm-never-bought"
    assert read("keen") == ({shop.members["ana"]}, None)
    assert read(preview) == ({shop.members["carla"]}, None)
    everybody, cursors = set[str](), 0
    for segment in ("keen", preview):
        found, cursor = read(segment, limit="1")
        everybody |= found
        cursors += cursor is not None
    assert (everybody, cursors) == ({shop.members["ana"], shop.members["carla"]}, 0)


def test_a_segment_that_is_not_there_is_not_found(shop: Shop) -> None:
    answer = shop.http.get("/segments/nobody/members", timeout=LOADING)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_answer_with_decimals_is_compared_as_a_number(shop: Shop) -> None:
    for name, nps in (("ana", 9.5), ("berta", 8.5), ("carla", 10.0)):
        body = {"member": shop.members[name], "type": "survey", "properties": {"nps": nps}}
        assert shop.http.post("/activities", json=body).status_code == 201

    for where, members in (
        ("member.answers.nps >= 9", 2),
        ("member.answers.nps == 9.5", 1),
        ("member.answers.nps == 10", 1),
        ('member.answers.nps == "9.5"', 0),
    ):
        answer = shop.http.post("/segments/preview", json={"where": where}, timeout=LOADING)
        assert answer.json()["members"] == members, where
