"""The pages of promotions: what comes, runs and is over, and what each gave."""

import re

from tests.web.console.offers.program import MOST, asked_by


def test_promotions_are_told_by_where_they_are_in_time(stage):
    text = stage.client().get(stage.console("promotions/?format=csv")).text
    courses = dict(re.findall(r"^([\w-]+),[^,]*,(\w+),", text, re.MULTILINE))

    assert courses["reyes"] == "coming"
    assert courses["verano"] == "over"
    assert courses["bienvenido"] == courses["resena"] == courses["cafe-doble"] == "running"
    assert "base" not in courses


def test_a_budget_is_told_with_what_is_left_of_it(stage):
    stage.shop.sells("10.00", to="ana")
    text = stage.client().get(stage.console("promotions/?format=csv")).text

    [(whole, left)] = re.findall(r"^bienvenido,.*,(\d+) \w+,(\d+) \w+", text, re.MULTILINE)
    assert int(whole) == 70
    assert int(left) % 7 == 0


def test_what_a_promotion_caused_is_led_to_where_members_were_kept_out(stage):
    with_lot = stage.client().get(stage.console("promotions/bienvenido/figures/"))
    without = stage.client().get(stage.console("promotions/verano/figures/"))

    assert with_lot.status_code == without.status_code == 200
    assert "reports/impact/?promotion=bienvenido" in with_lot.text
    assert "reports/impact" not in without.text


def test_the_pages_cost_few_questions_and_an_unknown_rule_is_not_found(stage):
    client = stage.client()
    for path in ("promotions/", "promotions/-/figures/", "promotions/bienvenido/"):
        client.get(stage.console(path))
        with stage.queries() as asked:
            assert client.get(stage.console(path)).status_code == 200
        assert asked_by(asked) < MOST, asked.statements
    assert client.get(stage.console("promotions/base/")).status_code == 404
