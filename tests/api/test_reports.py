"""Reports over HTTP: which there are, what they answer, and what they refuse."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from fiel.insights.reporting.registry import REPORTS
from tests.api.shop import Shop
from tests.support.program import CAFE_SOL

LOADING = 60.0  # what reports stand on is loaded with the first of them
GOAL = "goals:\n  - {id: gasto, metric: average_spend, target: +20%, by: 2040-12-31}\n"


@pytest.fixture
def half_a_year(opens_shop: Callable[..., Shop]) -> Shop:
    """A shop that sold for 9, 10 and 11 € by turns, a sale a month, from January to June 2040.

    It opened in the December before, of which it does not know the whole month.
    """
    shop = opens_shop(CAFE_SOL, sandbox=True)
    shop.lives_at("2039-12-15T10:00:00Z")
    shop.enrols("ana")
    shop.sells("99.00", to="ana")
    for month, price in enumerate(("9.00", "10.00", "11.00") * 2, start=1):
        shop.lives_at(f"2040-{month:02}-15T10:00:00Z")
        shop.sells(price, to="ana")
    return shop


def states(shop: Shop, goals: str) -> None:
    """Publish the program with goals, at the sandbox's time."""
    document = CAFE_SOL + goals
    answer = shop.http.post(
        "/program/publish", content=document, headers={"content-type": "application/yaml"}
    )
    assert answer.status_code == 201, answer.text


def report(shop: Shop, name: str, **asked: str) -> dict[str, Any]:
    answer = shop.http.get(
        f"/reports/{name}", params=asked, headers={"accept-language": "en"}, timeout=LOADING
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_the_reports_there_are_are_listed(shop: Shop) -> None:
    listed = shop.http.get("/reports", timeout=LOADING).json()["data"]
    options = {each["name"]: each["options"] for each in listed}
    assert options["goals"] == []
    assert list(options) == list(REPORTS)


def test_every_report_can_be_made_of_a_shop_that_has_sold_nothing(shop: Shop) -> None:
    for each in shop.http.get("/reports", timeout=LOADING).json()["data"]:
        answer = shop.http.get(f"/reports/{each['name']}", timeout=LOADING)
        assert answer.status_code == 200, answer.text
        assert answer.json()["report"] == each["name"]


def test_a_goal_is_measured_from_the_months_before_it_was_set(half_a_year: Shop) -> None:
    half_a_year.lives_at("2040-07-10T10:00:00Z")
    states(half_a_year, GOAL)
    for moment in ("2040-08-15", "2040-09-15"):
        half_a_year.lives_at(f"{moment}T10:00:00Z")
        half_a_year.sells("11.00", to="ana")
    half_a_year.lives_at("2040-10-05T10:00:00Z")

    told = report(half_a_year, "goals")
    (goal,) = told["goals"]

    # Six months of 9, 10 and 11 are 10 on the mean; 20 % more is 12, and 11 is half of the way.
    assert (goal["goal"], goal["measure"], goal["since"]) == ("gasto", "EUR", "2040-07-10")
    assert (goal["baseline"], goal["target"], goal["now"], goal["covered"]) == (10, 12, 11, 50)
    assert goal["low"] < 11 < goal["high"]
    assert [(row["month"], row["value"], row["counts"]) for row in told["months"]][-3:] == [
        ("2040-06-01", 11, "before"),
        ("2040-08-01", 11, "since"),
        ("2040-09-01", 11, "since"),
    ]
    assert told["as_of"] is not None


def test_a_sandbox_that_was_set_back_has_its_first_goal_from_its_first_day(
    opens_shop: Callable[..., Shop],
) -> None:
    shop = opens_shop(CAFE_SOL + GOAL, sandbox=True)
    shop.lives_at("2020-03-02T10:00:00Z")
    shop.enrols("ana")

    assert [goal["since"] for goal in report(shop, "goals")["goals"]] == ["2020-03-02"]


def test_a_goal_that_is_stated_otherwise_begins_anew(half_a_year: Shop) -> None:
    half_a_year.lives_at("2040-07-10T10:00:00Z")
    states(half_a_year, GOAL)
    half_a_year.lives_at("2040-08-10T10:00:00Z")
    states(half_a_year, GOAL.replace("+20%", "+30%"))

    (goal,) = report(half_a_year, "goals")["goals"]

    assert (goal["since"], goal["target"]) == ("2040-08-10", 13)


def test_without_enough_months_before_it_nothing_is_said_of_a_goal(
    opens_shop: Callable[..., Shop],
) -> None:
    shop = opens_shop(CAFE_SOL + GOAL, sandbox=True)
    shop.enrols("ana")
    shop.sells("10.00", to="ana")

    told = report(shop, "goals")

    assert [statement["code"] for statement in told["statements"]] == ["too_few_months_before"]
    assert told["goals"][0]["baseline"] is None
    assert told["goals"][0]["now"] is None


def test_a_goal_of_profit_without_costs_says_that_costs_are_missing(half_a_year: Shop) -> None:
    half_a_year.lives_at("2040-07-10T10:00:00Z")
    states(half_a_year, "goals:\n  - {id: g, metric: profit, target: 50, by: 2040-12-31}\n")

    told = report(half_a_year, "goals")

    assert [each["code"] for each in told["statements"]] == ["figure_unknown", "margin_unknown"]
    assert (told["goals"][0]["baseline"], told["goals"][0]["now"]) == (None, None)


def test_a_program_without_goals_is_told_so(shop: Shop) -> None:
    told = report(shop, "goals")
    assert (told["goals"], [each["code"] for each in told["statements"]]) == ([], ["no_goals"])


def test_a_simulation_of_the_program_in_force_ties_to_what_was_given(half_a_year: Shop) -> None:
    told = report(half_a_year, "simulation")

    # 99, then twice 9, 10 and 11 points.
    assert told["ties"] == [
        {"rule": "base", "unit": "points", "simulated": 159, "recorded": 159, "difference": 0}
    ]
    assert {row["program"] for row in told["points"]} == {"in_force"}
    assert "differs_from_ledger" not in [each["code"] for each in told["statements"]]


def test_a_simulation_says_where_the_rules_were_others_then(half_a_year: Shop) -> None:
    half_a_year.lives_at("2040-07-10T10:00:00Z")
    answer = half_a_year.http.post(
        "/program/publish", content=CAFE_SOL.replace("points: 1, per", "points: 2, per"),
        headers={"content-type": "application/yaml"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text

    told = report(half_a_year, "simulation")

    assert [row["difference"] for row in told["ties"]] == [159]
    assert "differs_from_ledger" in [each["code"] for each in told["statements"]]


def test_the_review_of_the_program_in_force_is_a_report_too(
    opens_shop: Callable[..., Shop],
) -> None:
    paying = "pay_with_points: {unit: points, min: 1, step: 1, max_share: 100}\n"
    shop = opens_shop(CAFE_SOL + paying)
    shop.enrols("ana")
    shop.sells("10.00", to="ana")
    shop.sells("30.00", to="ana")

    told = report(shop, "review")

    # A point for a euro, worth a cent: one percent, and nothing but money off.
    assert [(row["id"], row["percent"]) for row in told["economics"]] == [
        ("return", 1), ("cost", 1), ("margin", None), ("break_even_lift", None),
    ]  # fmt: skip
    assert [row["code"] for row in told["findings"]] == ["only_price"]
    assert {"code": "only_price", "path": "pay_with_points"}.items() <= told["figures"][0].items()


def test_a_table_comes_as_csv_where_that_is_accepted(half_a_year: Shop) -> None:
    half_a_year.lives_at("2040-07-10T10:00:00Z")
    states(half_a_year, GOAL)

    answer = half_a_year.http.get(
        "/reports/goals",
        params={"table": "months"},
        headers={"accept": "text/csv"},
        timeout=LOADING,
    )

    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["value"] for row in rows] == ["9.0", "10.0", "11.0", "9.0", "10.0", "11.0"]


@pytest.mark.parametrize(
    ("path", "status", "field", "code"),
    [
        ("/reports/weather", 404, None, None),
        ("/reports/goals?from=2026-02-01&to=2026-01-01", 422, "to", "too_early"),
        ("/reports/goals?from=yesterday", 422, "from", "invalid"),
        ("/reports/goals?store=centro", 422, "store", "unknown"),
        ("/reports/goals?weather=rain", 422, "weather", "unknown_field"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_field(
    shop: Shop, path: str, status: int, field: str | None, code: str | None
) -> None:
    answer = shop.http.get(path, timeout=LOADING)

    assert answer.status_code == status, answer.text
    if field is not None:
        assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [
            (field, code)
        ]


def test_a_program_reads_nothing_of_its_rival(opens_shop: Callable[..., Shop]) -> None:
    rival = opens_shop(CAFE_SOL.replace("cafe-sol", "cafe-luna"))
    rival.enrols("berta")
    rival.sells("500.00", to="berta")
    shop = opens_shop(CAFE_SOL)

    assert report(shop, "goals")["months"] == []


@pytest.mark.parametrize("name", REPORTS)
def test_the_first_and_the_last_day_of_the_calendar_are_refused(shop: Shop, name: str) -> None:
    for day, code in (("0001-01-01", "too_early"), ("9999-12-31", "too_late")):
        for field in ("from", "to"):
            refused = shop.http.get(f"/reports/{name}", params={field: day}, timeout=LOADING)
            assert refused.status_code == 422, (field, day)
            told = [(each["field"], each["code"]) for each in refused.json()["errors"]]
            assert told == [(field, code)]


def test_points_that_end_with_a_month_have_expired_in_it_in_every_report(
    opens_shop: Callable[..., Shop],
) -> None:
    """What ends on 31 January ends at the midnight after it, and is of January all the same."""
    ending = CAFE_SOL.replace("{after: 12 months}", "{after: 1 month}")
    assert ending != CAFE_SOL
    shop = opens_shop(ending, sandbox=True)
    shop.lives_at("2039-12-31T10:00:00Z")
    shop.enrols("ana")
    shop.sells("30.00", to="ana")
    shop.lives_at("2040-02-10T10:00:00Z")
    asked = {"from": "2040-01-01", "to": "2040-02-10", "every": "month"}
    expired = [row["expired"] for row in report(shop, "kpis", **asked)["points"]]
    rolled = report(shop, "roll-forward", **asked)["roll_forward"]
    assert expired == [-row["expired"] for row in rolled] == [30, 0]
