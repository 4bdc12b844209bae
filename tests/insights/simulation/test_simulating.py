"""Small pasts whose simulation can be done by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fiel.domain.document import read_document
from fiel.insights.columns.opening import columns_of_arrow
from fiel.insights.reporting.telling import report_content
from fiel.insights.simulation import engines
from fiel.insights.simulation.behaviour import Behaviour, Way
from fiel.insights.simulation.engines import COMPILED, REPLAYED, Simulation
from fiel.insights.simulation.history import Clock, Span
from fiel.insights.simulation.kernel import compiling
from fiel.insights.simulation.outcome import Outcome, differences
from fiel.insights.simulation.report import Asked, simulation_report
from tests.insights.simulation.past import Past

DOCUMENT = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos}, value: "0.01", expiry: {after: 1 month}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: first, event: enrolment, give: {points: 5}, budget: {points: 10}}
tiers:
  by: spend
  window: 12 months
  levels: [{id: bronze, from: 0}, {id: gold, from: 50, multiply: 2}]
rewards:
  - {id: coffee, kind: product, price: {points: 10}, cost: "0.60"}
  - {id: mug, kind: product, price: {points: 20}, stock: 1}
pay_with_points: {unit: points, min: 1, step: 1, max_share: 100}
"""
PROGRAM = read_document(DOCUMENT).program


def lived(past: Past, document: str = DOCUMENT, **asked: Any) -> Outcome:
    program = read_document(document).program
    clock, span = asked.pop("clock", Clock.AS_HAPPENED), asked.pop("span", None)
    with columns_of_arrow(past.tables()) as columns:
        simulation = Simulation(columns, [program], span, clock=clock)
        return simulation.run(program, Behaviour(**asked)).outcome


def points(outcome: Outcome) -> dict[str, list[int]]:
    unit = outcome.units["points"]
    names = ("issued", "brought", "taken_back", "redeemed", "expired", "outstanding")
    told = {name: getattr(unit, name).tolist() for name in names}
    return {name: numbers for name, numbers in told.items() if any(numbers)}


def told(past: Past, draft: str = DOCUMENT, **asked: Any) -> dict[str, Any]:
    with columns_of_arrow(past.tables()) as columns:
        wanted = Asked(PROGRAM, read_document(draft).program, Behaviour(**asked), Span())
        return dict(report_content(simulation_report(columns, wanted), PROGRAM, "en"))


def codes(content: dict[str, Any]) -> set[str]:
    return {statement["code"] for statement in content["statements"]}


def test_sales_earn_a_tier_doubles_and_a_budget_ends_with_who_came_first() -> None:
    past = Past().joins("ana", "berta", "carla").buys("ana", 6000, on=1).buys("ana", 1000, on=2)
    outcome = lived(past)

    # Two of three joined while the budget of ten points lasted; Ana is gold at her second sale.
    assert points(outcome) == {"issued": [5 + 60 + 20, 5, 0], "outstanding": [85, 5, 0]}
    assert outcome.in_tier() == {"bronze": 2, "gold": 1}
    assert {key: (each.points, each.awards) for key, each in outcome.rules.items()} == {
        ("base", "points"): (70, 2),
        ("first", "points"): (10, 2),
        ("tier", "points"): (10, 1),
    }


def test_points_end_and_those_that_are_spent_first_are_those_that_end_first() -> None:
    past = Past().joins("ana", enrols=False).buys("ana", 1500, on=0).buys("ana", 1000, on=20)
    past.has("ana", "coffee", on=21).buys("ana", 100, on=40)
    assert points(lived(past)) == {
        "issued": [26],
        "redeemed": [10],
        "expired": [5],
        "outstanding": [11],
    }


def test_what_was_redeemed_is_redeemed_only_where_it_can_be() -> None:
    past = Past().joins("ana", "berta", enrols=False).buys("ana", 2000, on=0)
    past.buys("berta", 2000, on=0).has("ana", "mug", on=1).has("berta", "mug", on=2)
    past.has("berta", "tea", on=3).has("berta", "coffee", on=4, status="cancelled")
    outcome = lived(past)

    # There is one mug, nobody knows tea, and what was cancelled did not happen.
    assert points(outcome)["redeemed"] == [20, 0]
    assert (outcome.unmet, outcome.rewards["mug"].redeemed) == (2, 1)


def test_what_comes_back_is_taken_back_and_a_later_return_finds_nothing() -> None:
    past = Past().joins("ana", enrols=False).buys("ana", 2000, on=0).buys("ana", 500, on=1)
    past.brings_back(1, on=2, amount="5.00").brings_back(1, on=3).brings_back(1, on=4)
    assert points(lived(past)) == {"issued": [25], "taken_back": [20], "outstanding": [5]}


def test_points_that_paid_earn_nothing_and_cost_what_they_paid() -> None:
    past = (
        Past().joins("ana", enrols=False).buys("ana", 2000, on=0).buys("ana", 1000, on=1, paid=20)
    )
    outcome = lived(past)
    assert points(outcome) == {"issued": [29], "redeemed": [20], "outstanding": [9]}
    assert outcome.paid.tolist() == [20]
    assert points(lived(past, way=Way.NEVER)) == {"issued": [30], "outstanding": [30]}


def test_balances_that_were_corrected_by_hand_are_as_they_were() -> None:
    past = Past().joins("ana", enrols=False).is_given("ana", 30, on=0).is_given("ana", -50, on=1)
    # No more is taken than there is.
    assert points(lived(past.buys("ana", 100, on=2))) == {
        "issued": [1],
        "outstanding": [1],
    }


def test_sales_brought_in_late_are_taken_as_told_when_they_happened() -> None:
    past = Past().joins("ana", enrols=False).buys("ana", 1000, on=0, told_late=90)
    past.buys("ana", 1000, on=10)
    past.buys("ana", 100, on=11)
    assert points(lived(past)) == {"issued": [21], "outstanding": [21]}
    # As the ledger recorded it, ninety days later, when everything had ended.
    assert points(lived(past, clock=Clock.AS_TOLD)) == {"issued": [21], "expired": [21]}


def test_what_was_spent_before_the_days_that_are_asked_for_is_known() -> None:
    vip = DOCUMENT.replace('per: "1.00"}}', 'per: "1.00"}, where: member.spend >= 20}', 1)
    past = Past().joins("ana", enrols=False).buys("ana", 2000, on=0).buys("ana", 700, on=5)
    assert points(lived(past, vip, span=Span(since=date(2025, 1, 10)))) == {
        "issued": [7],
        "outstanding": [7],
    }


def test_members_redeem_eagerly_at_visits_before_they_buy() -> None:
    past = Past().joins("ana", enrols=False)
    for day in range(4):
        past.buys("ana", 1500, on=day)
    # 15; a coffee, 5 + 15 = 20; the mug, 15; a coffee, 5 + 15: gold begins with the next.
    outcome = lived(past, way=Way.EAGER)
    assert points(outcome) == {"issued": [60], "redeemed": [40], "outstanding": [20]}
    assert outcome.cost.tolist() == [120]


def test_both_engines_come_to_the_same_and_say_who_it_was() -> None:
    past = Past().joins("ana", "berta", "carla").buys("ana", 6000, on=1).buys("berta", 900, on=2)
    past.buys("ana", 1000, on=40)
    outcomes = []
    for worth in (1, 10**9):
        with columns_of_arrow(past.tables()) as columns:
            simulation = Simulation(columns, [PROGRAM], compiles_from=worth)
            outcomes.append(simulation.run(PROGRAM, Behaviour()))
    compiled, replayed = outcomes
    assert (compiled.engine, replayed.engine) == (COMPILED, REPLAYED)
    assert differences(compiled.outcome, replayed.outcome) == []


@pytest.mark.parametrize("is_compiled", [False, True])
def test_that_something_is_compiled_first_is_said_before_and_after(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_compiled: bool
) -> None:
    if is_compiled:
        (tmp_path / "folding.fold-32.nbi").touch()
    monkeypatch.setattr(compiling, "kept_in", lambda: tmp_path)
    monkeypatch.setattr(engines, "WORTH_COMPILING", 1)
    past, said = Past().joins("ana").buys("ana", 2000, on=1), []
    wanted = Asked(PROGRAM, PROGRAM, Behaviour(), Span())

    with columns_of_arrow(past.tables()) as columns:
        report = simulation_report(columns, wanted, lambda: said.append("compiling"))

    assert said == ([] if is_compiled else ["compiling"])
    assert ("compiled_first" in {each.code for each in report.statements}) is not is_compiled


def test_nothing_that_happened_is_a_plain_statement() -> None:
    content = told(Past())
    assert codes(content) >= {"no_sales", "same_program"}
    assert [row["issued"] for row in content["points"]] == [0, 0]
    assert content["money"][0]["cost_share"] is None


def test_one_day_without_costs_and_returns_of_nothing_are_told() -> None:
    past = Past().joins("ana").buys("ana", 2000, on=0).brings_back(None, on=0)
    assert {"single_day", "no_margin", "returns_alone", "no_redemptions"} <= codes(told(past))


def test_margins_are_told_with_what_rewards_cost_taken_off() -> None:
    past = Past().joins("ana", enrols=False).buys("ana", 2000, on=0, cost=1200)
    past.has("ana", "coffee", on=1)
    draft = DOCUMENT.replace("points: 1, per", "points: 3, per")
    money = told(past, draft)["money"]
    assert [row["margin"] for row in money] == ["8.00", "8.00"]
    assert [row["margin_after"] for row in money] == ["7.40", "7.40"]
    # A coffee for 0.60, and 10 or 50 points that are left, of sales for 20.00.
    assert [row["cost_share"] for row in money] == [3.5, 5.5]


def test_a_sale_without_a_cost_is_not_in_the_margin_and_said_so() -> None:
    past = Past().joins("ana").buys("ana", 2000, on=0, cost=1200).buys("ana", 200, on=1)
    assert "some_margin" in codes(told(past))


def test_where_too_few_costs_are_known_no_margin_is_told() -> None:
    # 20.00 of 29.00 are 68 %.
    past = Past().joins("ana").buys("ana", 2000, on=0, cost=1200).buys("ana", 900, on=1)
    content = told(past)
    assert "no_margin" in codes(content)
    assert {row["margin"] for row in content["money"]} == {None}
    assert {row["margin_after"] for row in content["money"]} == {None}


def test_who_earns_less_is_told_by_segment() -> None:
    past = Past().joins("ana", "berta", enrols=False).buys("ana", 6000, on=0)
    past.buys("ana", 1000, on=1).buys("berta", 100, on=1)
    flat = DOCUMENT.replace("multiply: 2", "multiply: 1").replace(
        "points: 1, per", "points: 2, per"
    )
    segments = told(past, flat)["segments"]
    # Ana earned 60 + 20 and would earn 140; Berta 1 and 2.
    assert sum(row["winners"] for row in segments) == 2
    assert (sum(row["before"] for row in segments), sum(row["after"] for row in segments)) == (
        81,
        142,
    )
