"""The report of impact, and what it says where nothing can be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pyarrow as pa
import pytest

from bench.impact_worlds import START, TODAY, World, world_tables
from fiel.domain.document import read_program
from fiel.domain.refusal import Invalid
from fiel.insights.columns.opening import columns_of_arrow
from fiel.insights.impact.experiments import Promotion, Version
from fiel.insights.impact.report import ENTRY, make
from fiel.insights.reporting.asked import Asked, Question
from fiel.insights.reporting.report import Report
from fiel.insights.reporting.telling import report_content
from tests.insights.impact.shop import FIRST, days, members, sales, sides, version
from tests.support.program import CAFE_SOL

PROGRAM = read_program(CAFE_SOL.replace("Europe/Madrid", "UTC") + "holdout: {share: 20}\n")
DAY = timedelta(days=1)
BEGAN = datetime(START.year - 1, 12, 31, 12, tzinfo=UTC)


def reported(
    tables, versions: Sequence[Version], *, today: date = TODAY, since=None, until=None, **options
) -> Report:
    now = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    question = Question(PROGRAM, UUID(int=1), 1, now, since, until, options)
    with columns_of_arrow(tables) as columns:
        return make(Asked(question, columns, tuple(versions)))


def told(report: Report) -> dict[str, list[dict[str, object]]]:
    content = report_content(report, PROGRAM, "en")
    return {table.id: content[table.id] for table in report.tables}  # type: ignore[misc]


def codes(report: Report) -> list[str]:
    return [statement.code for statement in report.statements]


@pytest.fixture(scope="module")
def planted() -> Report:
    world = World(2_000, Decimal(20), spend=0.20, stay=0.15, seed=1)
    return reported(world_tables(world), [version("20", at=BEGAN)])


def test_a_planted_lift_is_told_with_its_interval_and_in_words(planted):
    spend, retention, *_ = told(planted)["lifts"]

    assert (spend["of"], spend["metric"], spend["method"]) == ("", "spend", "holdout")
    assert spend["low"] < 20 < spend["high"]  # type: ignore[operator]
    assert retention["low"] < 15 < retention["high"]  # type: ignore[operator]
    assert str(spend["says"]).startswith("the program: spend of a member: ")
    assert "caused, from" in str(spend["says"])


def test_all_figures_are_told_in_what_they_count(planted):
    tables = told(planted)

    assert [row["metric"] for row in tables["amounts"]] == ["spend", "basket", "margin"]
    assert [row["metric"] for row in tables["shares"]] == ["retention"]
    assert [row["metric"] for row in tables["numbers"]] == ["purchases"]
    spend, basket, _ = tables["amounts"]
    kept_in = tables["groups"][0]["members"]
    assert basket["in_all"] is None
    by_hand = Decimal(str(spend["difference"])) * Decimal(str(kept_in))
    assert float(by_hand) == pytest.approx(float(str(spend["in_all"])), rel=1e-3)


def test_the_groups_are_those_that_the_lot_made(planted):
    (groups,) = told(planted)["groups"]

    assert groups["members"] + groups["kept_out"] == 2_000  # type: ignore[operator]
    assert (groups["from"], groups["to"]) == (START, TODAY - DAY)
    assert groups["expected"] == 20
    assert groups["chance"] > 0.01  # type: ignore[operator]


def test_what_could_be_seen_is_planned_by_the_past(planted):
    plan = told(planted)["plan"]
    shown = [(row["share"], row["weeks"], row["kept_out"]) for row in plan]

    assert shown[:4] == [(5, 4, 100), (5, 8, 100), (5, 12, 100), (5, 26, 100)]
    assert [row["share"] for row in plan[::4]] == [5, 10, 20, 50]
    assert plan[1]["says"] == (
        "With 2,000 members, 100 of them kept out, you will see a lift of spend of "
        f"{round(plan[1]['spend'], 1):g}% or more after 8 weeks"  # type: ignore[call-overload]
    )
    # More members kept out show less of a lift, and so does a longer time.
    assert plan[1]["spend"] > plan[5]["spend"] > plan[13]["spend"]  # type: ignore[operator]
    assert plan[1]["spend"] > plan[2]["spend"]  # type: ignore[operator]


def test_where_nothing_was_planted_nothing_is_seen():
    report = reported(world_tables(World(2_000, Decimal(20), seed=2)), [version("20", at=BEGAN)])
    spend = told(report)["lifts"][0]

    assert spend["low"] < 0 < spend["high"]  # type: ignore[operator]
    assert "nothing seen; " in str(spend["says"])
    assert spend["visible"] > 5  # type: ignore[operator]
    assert codes(report) == []


def test_a_promotion_is_told_beside_the_program():
    world = World(2_000, Decimal(20), spend=0.5, seed=3, name="doble")
    doble = Promotion(Decimal(20))

    report = reported(world_tables(world), [version("10", at=BEGAN, doble=doble)])
    rows = told(report)["lifts"]

    assert {row["of"] for row in rows} == {"", "doble"}
    of_promotion = next(row for row in rows if row["of"] == "doble")
    assert of_promotion["low"] < 50 < of_promotion["high"]  # type: ignore[operator]
    assert codes(report) == ["many_comparisons"]
    assert {row["of"] for row in told(report)["groups"]} == {"", "doble"}


def test_one_promotion_alone_is_told_when_it_is_asked_for():
    doble = Promotion(Decimal(20))
    world = world_tables(World(1_000, Decimal(20), name="doble"))

    report = reported(world, [version("10", at=BEGAN, doble=doble)], promotion="doble")

    assert {row["of"] for row in told(report)["lifts"]} == {"doble"}


def test_a_promotion_that_there_never_was_is_refused():
    with pytest.raises(Invalid) as refused:
        reported({}, [version()], promotion="doble")

    assert [problem.field for problem in refused.value.problems] == ["promotion"]


OUT, WITHIN = sides(150, percent="20")
FEW_OUT, FEW_WITHIN = sides(3, percent="20")


def test_without_members_or_versions_a_statement_says_so():
    assert codes(reported({}, [version("20")])) == ["no_members", "no_plan"]
    assert codes(reported({}, [])) == ["no_holdout", "too_few_weeks", "no_plan"]


def test_few_members_are_not_compared():
    report = reported({"members": members([*FEW_OUT, *FEW_WITHIN])}, [version("20")])

    assert codes(report) == ["too_few_members", "no_plan"]
    assert told(report)["lifts"] == []
    assert [row["kept_out"] for row in told(report)["groups"]] == [3]


def test_nobody_is_in_a_holdout_that_keeps_out_almost_nobody():
    report = reported({"members": members(WITHIN)}, [version("0.001")])

    assert codes(report)[0] == "too_few_members"


def test_before_a_day_is_over_and_of_a_single_day_nothing_is_told():
    tables = {"members": members([*OUT, *WITHIN]), "sales": sales([(1, FIRST, 100)])}

    assert "not_begun" in codes(reported(tables, [version("20")], today=FIRST))
    assert "too_short" in codes(reported(tables, [version("20")], today=FIRST + DAY))


def test_when_nobody_buys_there_is_no_difference_to_tell():
    report = reported({"members": members([*OUT, *WITHIN])}, [version("20")])

    assert "no_purchases" in codes(report)
    assert told(report)["lifts"] == []


def test_a_baseline_of_zero_has_no_percentage():
    """Only members who are not kept out buy."""
    bought = [(150 + number, day, 100 * number) for number in range(1, 51) for day in days(3)]
    tables = {"members": members([*OUT, *WITHIN]), "sales": sales(bought)}

    report = reported(tables, [version("20")])
    spend = told(report)["lifts"][0]

    assert "zero_baseline" in codes(report)
    assert (spend["lift"], spend["low"], spend["high"]) == (None, None, None)
    assert told(report)["amounts"][0]["without"] == "0.00"


def test_groups_that_no_lot_made_are_told():
    """A hundred and fifty of three hundred, where sixty are drawn: members of a group are gone."""
    report = reported({"members": members([*OUT, *WITHIN])}, [version("20")])

    assert "uneven_groups" in codes(report)


def test_a_share_that_was_changed_is_told():
    later = version("30", at=BEGAN + 30 * DAY)
    world = world_tables(World(2_000, Decimal(20)))

    assert "share_changed" in codes(reported(world, [version("20", at=BEGAN), later]))


def test_without_costs_there_is_no_margin():
    tables = world_tables(World(1_000, Decimal(20)))
    costless = tables["sales"].set_column(
        tables["sales"].schema.get_field_index("margin"),
        tables["sales"].schema.field("margin"),
        pa.nulls(len(tables["sales"]), pa.int64()),
    )

    report = reported(tables | {"sales": costless}, [version("20", at=BEGAN)])

    assert "no_margin" in codes(report)
    assert "margin" not in {row["metric"] for row in told(report)["lifts"]}


def test_where_nobody_was_kept_out_the_weaker_way_is_labelled():
    start = FIRST + timedelta(weeks=8)
    plain = version(None, at=datetime(2025, 1, 1, tzinfo=UTC), doble=Promotion())
    began = replace(plain, promotions={"doble": Promotion(first=start)})
    bought = [
        (who, day, (1_300 if who and day >= start else 1_000) + 7 * (day.toordinal() % 5))
        for day in days(16 * 7)
        for who in (1, None)
    ]
    tables = {"members": members(WITHIN[:1]), "sales": sales(bought)}

    report = reported(tables, [began], today=start + timedelta(weeks=8), promotion="doble")

    (row,) = told(report)["lifts"]
    assert (row["method"], row["of"]) == ("difference_in_differences", "doble")
    assert row["lift"] == pytest.approx(30, abs=1)
    assert "weaker than a comparison by lot" in str(row["says"])
    assert codes(report) == ["no_holdout", "weaker", "no_plan"]


def test_the_report_takes_a_promotion_and_reads_versions():
    assert ENTRY.options == {"promotion"}
    assert ENTRY.prepare is not None


def test_groups_that_parted_by_leaps_before_are_told_nothing_of():
    start = FIRST + timedelta(weeks=8)
    leap = start - timedelta(weeks=4)
    bought = [
        (who, day, (2_000 if who and day >= leap else 1_000) + 7 * (day.toordinal() % 5))
        for day in days(16 * 7)
        for who in (1, None)
    ]
    tables = {"members": members(WITHIN[:1]), "sales": sales(bought)}
    began = version(None, doble=Promotion(first=start))

    report = reported(tables, [began], today=start + timedelta(weeks=8), promotion="doble")

    assert codes(report) == ["no_holdout", "drifted", "no_plan"]
    assert told(report)["lifts"] == []
