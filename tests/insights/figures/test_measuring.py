"""Figures measured from books small enough to check by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest

from fiel.insights.figures.figures import Figures, breakage_rate, redemption_rate
from fiel.insights.figures.measuring import measured
from fiel.insights.figures.narrowing import By, Narrowed
from fiel.insights.figures.periods import Period
from fiel.ledger.accounts import Place
from tests.insights.figures.book import ANA, BERTA, CAFE_SOL, CARLA, DORA, EVA, Book, day

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
APRIL = Period(date(2026, 4, 1), date(2026, 4, 30))


def figures(
    book: Book,
    *told: Period,
    customer_days: int = 31,
    narrowed: Narrowed | None = None,
) -> list[Figures]:
    with (
        book.opened() as columns,
        measured(columns, CAFE_SOL, told, narrowed=narrowed, customer_days=customer_days) as read,
    ):
        return read.of(told)


def by(book: Book, what: By, *told: Period, customer_days: int = 31) -> dict[str, list[Figures]]:
    with (
        book.opened() as columns,
        measured(columns, CAFE_SOL, told, customer_days=customer_days) as read,
    ):
        return read.by(what, told)


@pytest.fixture
def book() -> Book:
    return Book()


# What was sold


def test_sales_are_counted_with_and_without_a_member(book):
    book.sells("03-01", 1000, ANA)
    book.sells("03-31", 3000, ANA)
    book.sells("03-15", 500)
    book.sells("04-01", 9999)  # not in March

    (march,) = figures(book, MARCH)

    assert (march.sold.members.purchases, march.sold.members.net) == (2, 4000)
    assert (march.sold.others.purchases, march.sold.others.net) == (1, 500)
    assert march.average_spend == 1500  # 4500 ÷ 3
    assert march.average_spend_members == 2000  # 4000 ÷ 2
    assert march.average_spend_others == 500
    assert march.spend_difference == 300  # 2000 is 300 % more than 500
    assert march.enrolment_rate == Fraction(200, 3)  # 2 of 3 purchases
    assert march.enrolment_rate_net == Fraction(800, 9)  # 4000 of 4500


def test_purchase_frequency_counts_the_members_who_bought(book):
    book.joins(CARLA, "01-01")  # bought nothing
    for on in ("03-01", "03-02", "03-03"):
        book.sells(on, 100, ANA)
    book.sells("03-04", 100, BERTA)

    (march,) = figures(book, MARCH)

    assert march.active_members == 2
    assert march.purchase_frequency == 2  # 4 purchases ÷ 2 members


def test_a_return_counts_on_the_day_of_its_sale(book):
    sale = book.sells("03-10", 5000, ANA, margin=2000)
    book.takes_back(sale, 1000, "04-05", margin=400)
    book.takes_back(sale, 500, "04-06", margin=200)

    march, april = figures(book, MARCH, APRIL)

    assert (march.sold.members.purchases, march.sold.members.net) == (1, 3500)
    assert march.sold.members.margin == 1400
    assert april.sold.members.net == 0


@pytest.mark.parametrize("cancels", [True, False])
def test_what_came_back_whole_is_no_purchase(book, cancels):
    sale = book.sells("03-10", 5000, ANA)
    book.takes_back(sale, 5000, "03-11", cancels=cancels)
    book.sells("03-12", 700, BERTA)

    (march,) = figures(book, MARCH)

    assert march.sold.members.purchases == 1
    assert march.average_spend == 700
    assert march.active_members == 1  # Berta; Ana has bought nothing


def test_a_sale_given_away_is_a_purchase_until_it_is_cancelled(book):
    kept, cancelled = book.sells("03-01", 0, ANA), book.sells("03-02", 0, ANA)
    book.takes_back(cancelled, 0, "03-02", cancels=True)
    assert kept != cancelled

    (march,) = figures(book, MARCH)

    assert (march.sold.members.purchases, march.average_spend) == (1, 0)


def test_a_return_whose_sale_is_not_known_takes_nothing_away(book):
    book.sells("03-10", 5000, ANA)
    book.takes_back(None, 4000, "03-11")

    (march,) = figures(book, MARCH)

    assert march.sold.members.net == 5000


def test_an_empty_book_says_nothing(book):
    (march,) = figures(book, MARCH)

    assert march.members == 0
    assert march.active_members == 0
    for told in (
        march.active_rate, march.enrolment_rate, march.average_spend, march.purchase_frequency,
        march.retention_rate, march.strict_retention_rate, march.lifetime_value,
        march.points_cost, march.margin, march.points_cost_of_margin,
    ):  # fmt: skip
        assert told is None


# Members


def test_members_are_counted_at_the_end_and_new_ones_within(book):
    book.joins(ANA, "02-28")
    book.joins(BERTA, "03-01")
    book.joins(CARLA, "03-31")
    book.joins(DORA, "04-01")
    book.joins(EVA, "03-05", status="erased")
    book.sells("03-02", 100, ANA)

    march, april = figures(book, MARCH, APRIL)

    assert (march.members, march.new_members) == (3, 2)
    assert (april.members, april.new_members) == (4, 1)
    assert march.active_rate == Fraction(100, 3)


# Staying


def staying(book: Book) -> None:
    """Of four customers at the start three are left at the end; two are new, one came back.

    A customer of a day bought in the 31 days up to it: on 31 March since 1 March, on 30 April since
    31 March.
    """
    for member in (ANA, BERTA, CARLA, DORA):
        book.sells("03-20", 100, member)
    book.sells("01-05", 100, EVA)
    for member in (ANA, BERTA, CARLA):
        book.sells("04-10", 100, member)
    book.sells("04-10", 100, EVA)  # was a customer in January, came back
    for member in (6, 7):
        book.sells("04-20", 100, member)


def test_retention_is_customers_at_the_end_less_the_new_ones_over_those_at_the_start(book):
    staying(book)

    (april,) = figures(book, APRIL)

    who = april.customers
    assert (who.at_start, who.at_end, who.new, who.stayed) == (4, 6, 2, 3)
    assert april.retention_rate == 100  # (6 − 2) ÷ 4: Eva came back for Dora
    assert april.strict_retention_rate == 75  # 3 ÷ 4: she does not count
    assert april.reactivated == 1


def test_who_bought_on_the_first_day_that_counts_is_a_customer_and_the_day_before_is_none(book):
    book.sells("01-01", 1, ANA)
    book.sells("02-28", 1, BERTA)
    book.sells("03-01", 1, CARLA)
    book.sells("03-31", 1, DORA)

    (april,) = figures(book, APRIL)

    assert april.customers.at_start == 2  # Carla and Dora: 1 March is the 31st day back
    assert april.customers.at_end == 1  # Dora: 31 March is the 31st day back from 30 April


def test_new_customers_who_have_left_again_are_not_taken_off(book):
    half = Period(date(2026, 3, 1), date(2026, 8, 31))
    book.sells("01-15", 1, ANA)
    book.sells("02-15", 1, ANA)
    book.sells("08-15", 1, ANA)
    book.sells("03-15", 1, BERTA)  # new, and gone by the end
    book.sells("08-20", 1, CARLA)  # new, and there

    (told,) = figures(book, half)

    assert (told.customers.at_end, told.customers.new) == (2, 1)
    assert told.retention_rate == 100  # (2 − 1) ÷ 1


def test_retention_is_not_told_where_nobody_could_have_left_yet(book):
    book.sells("03-02", 1, ANA)
    book.sells("04-02", 1, ANA)
    late = figures(book, APRIL)[0]
    book.sells("03-01", 1, BERTA)  # 31 days before April
    known = figures(book, APRIL)[0]

    assert (late.knows_start, late.retention_rate) == (False, None)
    assert known.knows_start
    assert known.retention_rate == 50  # Ana of two


def test_retention_is_not_told_where_there_was_no_customer_at_the_start(book):
    book.sells("01-02", 1, ANA)
    book.sells("04-02", 1, BERTA)

    (april,) = figures(book, APRIL)

    assert april.knows_start
    assert (april.customers.at_start, april.retention_rate) == (0, None)


# Value


def test_lifetime_value_is_value_by_frequency_by_lifetime(book):
    """Ana lives from 1 January to 30 April, still a customer: 120 days. Berta bought once, on
    1 February, and was a customer for 31 days.
    """
    for on, net in (("01-01", 1000), ("02-15", 2000), ("04-10", 3000)):
        book.sells(on, net, ANA)
    book.sells("02-01", 2000, BERTA)
    book.sells("02-02", 99999)  # nobody's
    book.sells("05-02", 77777, ANA)  # after the period

    (april, _) = figures(book, APRIL, Period(date(2026, 5, 1), date(2026, 5, 31)))

    assert april.customers.lifetime_days == 120 + 31
    assert april.purchase_value == 2000  # 8000 ÷ 4
    assert april.yearly_frequency == Fraction(4 * 365, 151)
    assert april.lifetime_years == Fraction(151, 365 * 2)
    assert april.lifetime_value == 4000  # what each of the two has brought
    assert april.yearly_value == Fraction(2000 * 4 * 365, 151)


@pytest.mark.parametrize("days", [("04-10",), ("04-10", "04-10")])
def test_lifetime_is_not_told_when_nobody_came_on_a_second_day(book, days):
    book.sells("01-10", 100, BERTA)
    for on in days:
        book.sells(on, 100, ANA)

    (april,) = figures(book, APRIL)

    assert not april.knows_lifetime
    assert april.purchase_value == 100
    assert (april.yearly_frequency, april.lifetime_years, april.lifetime_value) == (None,) * 3


def test_lifetime_is_not_told_before_anybody_could_have_ceased_to_be_a_customer(book):
    book.sells("04-01", 100, ANA)
    book.sells("04-20", 100, ANA)

    (april,) = figures(book, APRIL, customer_days=31)  # 30 days of history

    assert april.lifetime_value is None
    assert figures(book, APRIL, customer_days=30)[0].lifetime_value == 200


# Points


def test_points_are_told_by_what_became_of_them(book):
    book.gives("03-01", ANA, 1000)
    book.moves("03-02", ANA, 200, Place.AVAILABLE, Place.ISSUED)  # a return
    book.moves("03-03", ANA, 300, Place.AVAILABLE, Place.REDEEMED)
    book.moves("03-04", ANA, 100, Place.REDEEMED, Place.AVAILABLE)  # cancelled
    book.moves("03-05", ANA, 50, Place.AVAILABLE, Place.EXPIRED)
    book.moves("03-06", ANA, 7, Place.AVAILABLE, Place.HELD)
    book.moves("03-07", ANA, 9, Place.ADJUSTED, Place.AVAILABLE)
    book.moves("04-01", ANA, 400, Place.AVAILABLE, Place.REDEEMED)

    march, april = figures(book, MARCH, APRIL)

    points = march.flows["points"]
    assert (points.issued, points.redeemed, points.expired) == (800, 200, 50)
    assert redemption_rate(points) == 25  # 200 ÷ 800
    assert breakage_rate(points) == 20  # 50 ÷ (200 + 50)
    assert redemption_rate(april.flows["points"]) is None  # none was issued
    assert breakage_rate(april.flows["points"]) == 0


def test_points_that_a_return_moves_count_where_and_when_its_sale_does(book):
    sale = book.sells("03-10", 5000, ANA, store="norte")
    book.gives("03-10", ANA, 50, store="norte")
    book.moves("03-10", ANA, 30, Place.AVAILABLE, Place.REDEEMED, store="norte")  # paid with
    book.moves("04-05", ANA, 20, Place.AVAILABLE, Place.ISSUED, returned=sale)
    book.moves("04-05", ANA, 12, Place.REDEEMED, Place.AVAILABLE, returned=sale)

    told = by(book, By.STORE, MARCH, APRIL)

    assert list(told) == ["norte"]
    march, april = (each.flows["points"] for each in told["norte"])
    assert (march.issued, march.redeemed) == (30, 18)
    assert (april.issued, april.redeemed) == (0, 0)


def test_points_cost_what_they_were_worth_when_they_were_earned(book):
    """100 points at 5 cents and 300 at 1 cent: 2 cents on average, less 40 that were taken back."""
    book.gives("03-01", ANA, 100, worth="0.05")
    book.gives("03-02", ANA, 300, worth="0.01")
    book.moves("03-03", ANA, 40, Place.AVAILABLE, Place.ISSUED)
    book.gives("03-04", ANA, 10, unit="stamps", worth=None)
    book.sells("03-01", 6000, ANA, margin=2400)
    book.sells("03-01", 5000, margin=5000)  # nobody's: no points either

    (march,) = figures(book, MARCH)

    assert march.flows["stamps"].cost is None
    assert march.points_cost == 720  # 360 × 2 cents
    assert march.margin == 2400
    assert march.points_cost_of_margin == 30
    assert march.points_cost_of_sales == 12


def test_points_taken_back_in_a_period_without_new_ones_count_at_what_one_is_worth_now(book):
    book.gives("03-01", ANA, 100, worth="0.01")
    book.moves("04-03", ANA, 40, Place.AVAILABLE, Place.ISSUED)

    (april,) = figures(book, APRIL)

    assert april.points_cost == -200  # −40 × 5 cents


def test_a_margin_that_is_hardly_known_is_not_told(book):
    book.gives("03-01", ANA, 100)
    book.sells("03-01", 8900, ANA, margin=4000)
    book.sells("03-02", 1100, ANA)

    (march,) = figures(book, MARCH)

    assert march.margin_known == 89
    assert (march.margin, march.points_cost_of_margin) == (None, None)
    assert march.points_cost_of_sales == 5  # 5.00 of 100.00


def test_a_margin_that_is_nearly_known_is_taken_for_the_rest_too(book):
    book.gives("03-01", ANA, 100)
    book.sells("03-01", 9000, ANA, margin=4500)
    book.sells("03-02", 1000, ANA)

    (march,) = figures(book, MARCH)

    assert march.margin == 5000  # half of 10000, as of 9000
    assert march.points_cost_of_margin == 10


def test_a_margin_is_not_known_when_that_of_what_came_back_is_not(book):
    sale = book.sells("03-01", 9000, ANA, margin=4500)
    book.takes_back(sale, 1000, "03-02")

    (march,) = figures(book, MARCH)

    assert (march.margin_known, march.sold.members.margins_unknown) == (0, 1)


# By store, channel, segment and tier


def places(book: Book) -> None:
    book.joins(ANA, "01-01", tier="plata", segments=("keen", "early"))
    book.joins(BERTA, "03-10", tier="bronce", segments=("keen",))
    book.joins(CARLA, "03-11")
    book.sells("01-10", 100, ANA, store="norte")
    book.sells("03-10", 200, ANA, store="norte", channel="online")
    book.sells("03-11", 300, ANA, store="centro")
    book.sells("03-12", 400, BERTA, store="centro")
    book.sells("03-13", 500, store="centro")
    book.gives("03-10", ANA, 20, store="norte")
    book.gives("03-12", BERTA, 40, store="centro")
    book.moves("03-20", ANA, 10, Place.AVAILABLE, Place.REDEEMED, store="centro")


def test_figures_by_store(book):
    places(book)

    told = by(book, By.STORE, MARCH)

    (centro,), (norte,) = told["centro"], told["norte"]
    assert set(told) == {"centro", "norte"}
    assert (centro.all_sold.purchases, centro.all_sold.net) == (3, 1200)
    assert centro.enrolment_rate == Fraction(200, 3)
    assert (centro.active_members, norte.active_members) == (2, 1)
    assert norte.sold.members_ever.purchases == 2
    assert (norte.customers.at_end, norte.customers.new) == (1, 0)
    assert (centro.flows["points"].issued, centro.flows["points"].redeemed) == (40, 10)
    assert centro.members is None


def test_figures_by_channel(book):
    places(book)

    told = by(book, By.CHANNEL, MARCH)

    assert [(key, each[0].all_sold.net) for key, each in told.items()] == [
        ("online", 200),
        ("shop", 1200),
    ]


def test_figures_by_tier(book):
    places(book)

    told = by(book, By.TIER, MARCH)

    assert list(told) == ["", "bronce", "plata"]
    (nothing,), (bronce,), (plata,) = told.values()
    assert (nothing.members, nothing.new_members, nothing.active_members) == (1, 1, 0)
    assert (bronce.members, bronce.new_members, bronce.sold.members.net) == (1, 1, 400)
    assert (plata.members, plata.new_members, plata.sold.members.net) == (1, 0, 500)
    assert plata.sold.members_ever.net == 600
    assert (plata.flows["points"].issued, plata.flows["points"].redeemed) == (20, 10)
    assert plata.purchase_frequency == 2


def test_a_member_counts_in_each_of_their_segments(book):
    places(book)

    told = by(book, By.SEGMENT, MARCH)

    assert {key: each[0].active_members for key, each in told.items()} == {"early": 1, "keen": 2}
    assert {key: each[0].sold.members.net for key, each in told.items()} == {
        "early": 500,
        "keen": 900,
    }


def test_nobody_is_in_a_segment_where_there_is_none(book):
    book.joins(ANA, "01-01")
    book.sells("03-10", 200, ANA)

    assert by(book, By.SEGMENT, MARCH) == {}


@pytest.mark.parametrize(
    ("narrowed", "purchases", "net", "members"),
    [
        (Narrowed(), 4, 1400, 3),
        (Narrowed(store="centro"), 3, 1200, None),
        (Narrowed(channel="online"), 1, 200, None),
        (Narrowed(tier="plata"), 2, 500, 1),
        (Narrowed(segment="keen"), 3, 900, 2),
        (Narrowed(segment="kee"), 0, 0, 0),
        (Narrowed(store="centro", tier="plata"), 1, 300, None),
        (Narrowed(store="sur"), 0, 0, None),
    ],
)
def test_figures_are_narrowed(book, narrowed, purchases, net, members):
    places(book)

    (march,) = figures(book, MARCH, narrowed=narrowed)

    assert (march.all_sold.purchases, march.all_sold.net) == (purchases, net)
    assert march.members == members


def test_more_periods_than_are_read_at_once_say_what_each_says_alone(book):
    staying(book)
    days: Sequence[Period] = [
        Period(day(f"04-{number:02}"), day(f"04-{number:02}")) for number in range(1, 31)
    ]

    together = figures(book, *days)
    alone = [figures(book, each)[0] for each in days[::7]]

    assert together[::7] == alone
