"""The report of the figures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from fiel.domain.refusal import Invalid
from fiel.insights.figures.customers import CUSTOMER_DAYS
from fiel.insights.figures.definitions import DEFINITIONS
from fiel.insights.figures.figures import ENOUGH_MARGIN
from fiel.insights.figures.report import KPIS, make_kpis
from fiel.insights.reporting.asked import Asked, Question, checked
from fiel.insights.reporting.telling import cell_text, csv_text, report_content
from fiel.ledger.accounts import Place
from tests.insights.figures.book import ANA, BERTA, CAFE_SOL, CARLA, Book, day

NOON = datetime(2026, 6, 20, 10, tzinfo=UTC)


def told(
    book: Book, since: str | None = "05-01", until: str | None = "05-31", **options: str
) -> Any:
    """The report as data, in English."""
    question = Question(
        CAFE_SOL,
        UUID(int=1),
        1,
        NOON,
        since and day(since),
        until and day(until),
        options,
    )
    with book.opened() as columns:
        report = make_kpis(Asked(checked(question, KPIS), columns))
    for table in report.tables:
        csv_text(table, CAFE_SOL, "en")
        for row in table.rows:
            for cell, column in zip(row, table.columns, strict=True):
                cell_text(cell, column, CAFE_SOL, "es")
    return report_content(report, CAFE_SOL, "en")


def codes(content: Any) -> set[str]:
    return {statement["code"] for statement in content["statements"]}


@pytest.fixture
def book() -> Book:
    """Ana and Berta buy since January, in May more than in April."""
    book = Book()
    book.joins(ANA, "01-01", tier="plata", segments=("keen",))
    book.joins(BERTA, "05-01", tier="bronce")
    book.sells("01-01", 1000, ANA, margin=500)
    book.sells("04-01", 1000, ANA, margin=500)
    book.sells("04-02", 1000, margin=500)
    book.sells("05-01", 2000, ANA, store="norte", channel="online", margin=1000)
    book.sells("05-02", 1000, BERTA, margin=500)
    book.sells("05-03", 3000, margin=1500)
    book.gives("04-01", ANA, 10)
    book.gives("05-01", ANA, 20, store="norte")
    book.gives("05-02", BERTA, 10)
    book.moves("05-03", ANA, 6, Place.AVAILABLE, Place.REDEEMED)
    book.moves("05-04", ANA, 2, Place.AVAILABLE, Place.EXPIRED)
    return book


def test_each_figure_is_told_with_its_change(book):
    content = told(book)

    (members,), (sales,), (spend,) = content["members"], content["sales"], content["spend"]
    assert (members["from"], members["to"]) == (date(2026, 5, 1), date(2026, 5, 31))
    assert (members["members"], members["members_change"]) == (2, 100)
    assert (members["new_members"], members["new_members_change"]) == (1, None)
    assert (sales["sales"], sales["sales_change"]) == (3, 50)
    assert (sales["net"], sales["net_change"]) == ("60.00", 200)
    assert (sales["sales_with_member"], sales["sales_without_member"]) == (2, 1)
    assert (sales["enrolment_rate"], sales["enrolment_rate_change"]) == (66.6667, 16.6667)
    assert (spend["average_spend"], spend["average_spend_change"]) == ("20.00", 100)
    assert spend["average_spend_members"] == "15.00"
    assert spend["spend_difference"] == -50
    assert spend["purchase_frequency"] == 1


def test_points_are_told_with_what_they_cost(book):
    content = told(book)

    points, stamps = content["points"]
    assert (points["unit"], stamps["unit"]) == ("points", "stamps")
    assert (points["issued"], points["redeemed"], points["expired"]) == (30, 6, 2)
    assert (points["redemption_rate"], points["breakage_rate"]) == (20, 25)
    assert points["issued_change"] == 200
    assert (stamps["issued"], stamps["redemption_rate"]) == (0, None)
    (cost,) = content["cost"]
    assert (cost["points_cost"], cost["margin"]) == ("1.50", "15.00")  # 30 × 5 cents
    assert (cost["points_cost_of_margin"], cost["points_cost_of_sales"]) == (10, 5)
    assert len(told(book, unit="points")["points"]) == 1


def test_retention_and_lifetime_value_are_told(book):
    content = told(book)

    (retention,), (lifetime,) = content["retention"], content["lifetime"]
    assert (retention["customers_at_start"], retention["customers_at_end"]) == (1, 2)
    assert (retention["new_customers"], retention["retention_rate"]) == (1, 100)
    assert retention["strict_retention_rate"] == 100
    # Ana lives from 1 January to 31 May: 151 days; Berta from 2 May: 30 days.
    assert lifetime["purchase_value"] == "12.50"  # 50.00 ÷ 4
    assert lifetime["lifetime_years"] == round(181 / 365 / 2, 4)
    assert lifetime["yearly_frequency"] == round(4 * 365 / 181, 4)
    assert lifetime["lifetime_value"] == "25.00"  # 50.00 ÷ 2


def test_the_whole_time_is_told_by_store_channel_segment_and_tier(book):
    content = told(book)

    stores = {row["store"]: row for row in content["stores"]}
    assert (stores["centro"]["net"], stores["centro"]["net_change"]) == ("40.00", 100)
    assert (stores["norte"]["net"], stores["norte"]["net_change"]) == ("20.00", None)
    assert stores["norte"]["retention_rate"] is None  # the first there was on 1 May
    assert "apart_too_short" in codes(content)
    assert stores["norte"]["redemption_rate"] == 0
    assert [row["channel"] for row in content["channels"]] == ["shop", "online"]
    assert "members" not in stores["centro"]
    assert [(row["segment"], row["members"]) for row in content["segments"]] == [("keen", 1)]
    tiers = {row["tier"]: row for row in content["tiers"]}
    assert (tiers["plata"]["members"], tiers["plata"]["net"]) == (1, "20.00")
    assert tiers["plata"]["net_change"] == 100
    assert tiers["plata"]["redemption_rate"] == 30  # 6 of 20


def test_two_periods_are_two_rows(book):
    content = told(book, "04-01", "05-31")

    assert [row["net"] for row in content["sales"]] == ["20.00", "60.00"]
    assert [row["net_change"] for row in content["sales"]] == [None, 200]
    assert "nothing_before" in codes(content)


@pytest.mark.parametrize(
    ("every", "rows"), [("day", 31), ("week", 5), ("month", 1), ("quarter", 1), ("year", 1)]
)
def test_figures_are_told_by_any_period(book, every, rows):
    content = told(book, every=every)

    assert len(content["sales"]) == rows
    assert sum(row["sales"] for row in content["sales"]) == 3


def test_nothing_asked_is_twelve_months_up_to_today(book):
    content = told(book, None, None)

    assert (content["from"], content["to"]) == (date(2025, 7, 1), date(2026, 6, 20))
    assert len(content["sales"]) == 12
    assert "period_running" in codes(content)


def test_a_running_month_is_compared_with_the_same_days_of_the_one_before(book):
    book.sells("05-25", 100)
    book.sells("06-02", 1200, ANA)

    content = told(book, "06-01", None)

    (june,) = content["sales"]
    assert (june["net"], june["net_change"]) == ("12.00", -80)  # 60.00 up to 20 May


@pytest.mark.parametrize(
    ("options", "codes_told"),
    [
        ({"store": "centro"}, {"places_have_no_members"}),
        ({"channel": "shop"}, {"places_have_no_members"}),
        ({"tier": "plata"}, {"holdings_of_today"}),
        ({"segment": "keen"}, {"holdings_of_today"}),
    ],
)
def test_what_narrows_the_figures_is_said(book, options, codes_told):
    assert codes(told(book, **options)) >= codes_told


def test_every_figure_is_narrowed(book):
    content = told(book, store="norte")

    assert content["members"][0]["members"] is None
    assert content["sales"][0]["net"] == "20.00"
    assert content["points"][0]["issued"] == 20
    assert [row["store"] for row in content["stores"]] == ["norte"]
    assert told(book, tier="bronce")["sales"][0]["enrolment_rate"] == 100


# What cannot be said


def test_an_empty_program_is_told_in_words():
    content = told(Book())

    assert codes(content) == {"no_sales"}
    assert content["spend"][0]["average_spend"] is None
    assert content["stores"] == []


def test_sales_without_members_say_what_is_needed():
    book = Book()
    book.sells("05-01", 1000)

    assert codes(told(book)) == {"no_members_sales", "nothing_before"}


def test_a_single_day_of_sales_has_no_retention_and_no_lifetime():
    book = Book()
    for member in (ANA, BERTA, CARLA):
        book.sells("05-05", 1000, member)

    content = told(book)

    assert codes(content) >= {"history_too_short", "nobody_bought_again", "margin_unknown"}
    assert content["retention"][0]["retention_rate"] is None
    assert content["lifetime"][0]["lifetime_value"] is None
    assert content["lifetime"][0]["purchase_value"] == "10.00"


def test_a_baseline_of_zero_is_said():
    book = Book()
    book.sells("01-01", 1000, ANA)
    book.sells("05-05", 1000, BERTA)
    book.sells("05-06", 1000, BERTA)

    content = told(book)

    assert codes(content) >= {"no_customers_at_start", "nothing_before"}
    assert content["retention"][0]["retention_rate"] is None
    assert content["sales"][0]["net_change"] is None


def test_a_short_history_waits_for_lifetime_value():
    book = Book()
    book.sells("05-01", 1000, ANA)
    book.sells("05-06", 1000, ANA)

    assert codes(told(book)) >= {"lifetime_too_short", "history_too_short"}


def test_missing_margins_are_said(book):
    book.sells("05-10", 3000, ANA)
    content = told(book)

    assert "margin_unknown" in codes(content)
    assert content["cost"][0]["points_cost_of_margin"] is None
    assert content["cost"][0]["points_cost"] == "1.50"


def test_a_few_missing_margins_are_estimated_and_that_is_said(book):
    book.sells("05-10", 300, ANA)
    content = told(book)

    assert "margin_estimated" in codes(content)
    assert content["cost"][0]["margin"] == "16.50"  # half of 33.00, as of 30.00


def test_points_without_a_value_have_no_cost():
    book = Book()
    book.sells("05-10", 300, ANA, margin=100)
    book.gives("05-10", ANA, 1, unit="stamps", worth=None)

    content = told(book)

    assert "points_without_value" in codes(content)
    assert content["cost"][0]["points_cost"] is None


def test_returns_without_sales_are_counted_in_words(book):
    book.takes_back(None, 1250, "05-05")
    content = told(book)

    (text,) = (
        each["detail"] for each in content["statements"] if each["code"] == "returns_without_sales"
    )
    assert "1 returns" in text
    assert "12.50" in text
    assert content["sales"][0]["net"] == "60.00"


@pytest.mark.parametrize(
    ("since", "until", "options", "field"),
    [
        ("2026-06-21", None, {}, "from"),  # tomorrow
        ("0001-01-01", None, {"every": "year"}, "from"),
        ("2026-01-01", "2026-05-31", {"every": "day"}, "every"),  # 151 days
    ],
)
def test_times_that_cannot_be_told_are_refused(book, since, until, options, field):
    with pytest.raises(Invalid) as refused:
        told(book, since, until, **options)

    assert [problem.field for problem in refused.value.problems] == [field]


def test_definitions_name_the_numbers_that_the_code_uses():
    texts = {definition.id: definition.text for definition in DEFINITIONS}

    assert f"{CUSTOMER_DAYS} days" in texts["customer"]
    assert f"{CUSTOMER_DAYS} days" in texts["lifetime_value"]
    assert f"{ENOUGH_MARGIN} %" in texts["points_cost_of_margin"]
