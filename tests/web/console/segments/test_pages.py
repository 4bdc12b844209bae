"""The pages of segments: live sizes, one segment, and a rule that is only thought of."""

import csv
import re

import pytest

from tests.web.console.offers.program import MOST, asked_by
from tests.web.stage import Stage

TWICE = "member.frequency >= 2"


def sizes(stage: Stage) -> dict[str, int]:
    text = stage.client().get(stage.console("segments/?format=csv")).text
    return {
        row["id"]: int(row["members"]) for row in csv.DictReader(text.lstrip("\ufeff").splitlines())
    }


def tiles(text: str) -> list[str]:
    return re.findall(r'figure-big">([^<]+)<', text)


def test_everybody_is_in_one_group_and_who_bought_twice_is_a_regular(stage):
    found = sizes(stage)

    assert found["habituales"] == 1  # Ana bought twice, Berta once, Carla never
    assert sum(many for id_, many in found.items() if id_.startswith("rfm-")) == 3
    assert found["rfm-never-bought"] == 1


def test_a_rule_that_is_only_thought_of_is_sized_and_priced(stage):
    answer = stage.client().get(
        stage.console("segments/-/try/found/"), params={"where": TWICE, "reward": "cafe-gratis"}
    )
    members, spend, average, _points, if_all = tiles(answer.text)

    assert (members, spend, average, if_all) == ("1", "€42.40", "€21.20", "€0.80")


@pytest.mark.parametrize("rule", ["member.nothing > 1", "member.frequency", "((", "a" * 5_000])
def test_a_rule_that_cannot_be_asked_is_told_and_not_asked(stage, rule):
    answer = stage.client().get(stage.console("segments/-/try/found/"), params={"where": rule})

    assert answer.status_code == 200
    assert "alert-warning" in answer.text
    assert tiles(answer.text) == []


def test_a_rule_is_added_to_the_draft_once_it_can_be_asked(stage):
    client = stage.client("marketer")
    told = {"name": "Muy fieles", "where": TWICE}

    wrong = client.submit(stage.console("segments/-/add/"), told | {"where": "member.x > 1"})
    added = client.submit(stage.console("segments/-/add/"), told)

    assert (wrong.status_code, added.status_code) == (422, 302)
    assert added.headers["location"].endswith("/segments/entry/muy-fieles/")
    assert client.get(added.headers["location"]).status_code == 200
    assert stage.client("manager").submit(stage.console("segments/-/add/"), told).status_code == 403


def test_a_segment_tells_who_is_in_it_and_where_else_they_are(stage):
    part = stage.client().get(stage.console("segments/habituales/figures/"))
    blind = stage.client("finance").get(stage.console("segments/habituales/"))

    assert "Ana Ruiz" in part.text
    assert "Berta Gil" not in part.text
    assert re.search(r"segments/rfm-[a-z-]+/", part.text)
    assert blind.status_code == 403


@pytest.mark.parametrize(
    "path", ["segments/", "segments/-/sizes/", "segments/habituales/", "segments/-/try/",
             "segments/habituales/figures/", "segments/rfm-new/figures/"],
)  # fmt: skip
def test_a_page_costs_few_questions(stage, path):
    client = stage.client()
    client.get(stage.console(path))

    with stage.queries() as asked:
        assert client.get(stage.console(path)).status_code == 200

    assert asked_by(asked) < MOST, asked.statements


def test_a_segment_that_is_none_is_not_found(stage):
    assert stage.client().get(stage.console("segments/nobody/")).status_code == 404
