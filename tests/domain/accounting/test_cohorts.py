"""Where the books stand with points that were earned together, each number by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiel.domain.accounting.cohorts import Expectation, Points, Price, Source, positions
from fiel.domain.accounting.entries import (
    Entry,
    balance_of,
    entered_between,
    entered_for,
    journal_lines,
)
from fiel.domain.accounting.expectation import Method, expected_share
from fiel.domain.accounting.settings import Account, Accounting, WithoutSale

MARCH = date(2026, 3, 1)
# 10,000 points worth 1.00 each, earned by sales of 100,000.00; nothing has been redeemed.
EARNED = Points("points", MARCH, Source.SALE, 1, Fraction(100), 10_000, outstanding=10_000)
PAID = Price(MARCH, 1, 10_000_000)


def stands(points, *, first="0.97", now="0.97", without_sale=WithoutSale.NONE, paid=PAID):
    expectation = Expectation(
        {(each.unit, each.month, each.version): Fraction(first) for each in points},
        {each.unit: Fraction(now) for each in points},
    )
    return positions(points, [paid], expectation, without_sale=without_sale)


def redeemed(points: int) -> Points:
    return replace(EARNED, redeemed=points, outstanding=10_000 - points)


def test_56_through_the_books_to_the_cent():
    (first,) = stands([EARNED])
    (second,) = stands([redeemed(4_500)])
    (raised,) = stands([redeemed(8_500)], now="0.99")
    (lowered,) = stands([redeemed(8_500)], now="0.92")

    assert (first.allocated, first.deferred, first.recognised) == (884_230, 884_230, 0)
    assert second.recognised == 410_210
    assert second.deferred - raised.deferred == 348_977
    assert second.deferred - lowered.deferred == 406_742


def test_revenue_is_told_apart_by_what_it_is_for():
    (second,) = stands([redeemed(4_500)])

    # 4,500 of 10,000 points are redeemed: 3,979.03 of 8,842.30; the rest is breakage.
    assert (second.from_redeemed, second.from_breakage) == (397_903, 12_307)


def test_points_of_which_all_expired_are_breakage():
    gone = replace(EARNED, expired=10_000, outstanding=0)
    (stand,) = stands([gone])

    assert (stand.deferred, stand.from_redeemed, stand.from_breakage) == (0, 0, 884_230)


def test_what_is_taken_back_is_deferred_no_more():
    back = replace(EARNED, reversed=10_000, outstanding=0)
    (stand,) = stands([back], paid=Price(MARCH, 1, 0))

    assert (stand.allocated, stand.deferred) == (0, 0)


@pytest.mark.parametrize(("without_sale", "deferred"), [("none", 0), ("expense", 970_000)])
def test_what_no_sale_gave_has_no_price_to_share(without_sale, deferred):
    granted = replace(EARNED, source=Source.GRANTED)
    (stand,) = stands([granted], without_sale=WithoutSale(without_sale))

    assert (stand.allocated, stand.value) == (deferred, 1_000_000)


def test_points_without_a_worth_take_nothing_of_a_price():
    (stand,) = stands([replace(EARNED, worth=None)])

    assert (stand.allocated, stand.value) == (0, 0)


def test_two_units_share_one_price():
    stamps = replace(EARNED, unit="stamps", worth=Fraction(50))
    by_unit = {stand.unit: stand.allocated for stand in stands([EARNED, stamps])}

    # Points are worth 9,700, stamps 4,850, goods 100,000: 14,550 of 114,550.
    assert by_unit == {"points": 846_792, "stamps": 423_396}


def test_the_books_balance_and_end_where_the_positions_do():
    before = entered_for(stands([EARNED]))
    after = entered_for(stands([redeemed(4_500)]))
    entered = entered_between(before, after)
    lines = journal_lines(entered, Accounting(accounts={Account.DEFERRED: "4850"}))

    assert [(line.entry, line.number, line.debit, line.credit) for line in lines] == [
        (Entry.REDEEMED, "4850", 397_903, 0),
        (Entry.REDEEMED, "redeemed", 0, 397_903),
        (Entry.BREAKAGE, "4850", 12_307, 0),
        (Entry.BREAKAGE, "breakage", 0, 12_307),
    ]
    assert balance_of(Account.DEFERRED, after) == 884_230 - 410_210


def test_what_falls_below_zero_is_entered_the_other_way_round():
    entered = entered_between(entered_for(stands([redeemed(10)])), entered_for(stands([EARNED])))

    for debit, credit in zip(*[iter(journal_lines(entered, Accounting()))] * 2, strict=True):
        assert (debit.account, credit.account) in {
            (Account.REDEEMED, Account.DEFERRED),
            (Account.BREAKAGE, Account.DEFERRED),
        }
        assert debit.debit == credit.credit > 0


COUNTS = st.integers(0, 500)


@given(
    st.lists(
        st.builds(
            lambda month, source, worth, reversed_, redeemed, settled, expired, outstanding: Points(
                "points", date(2026, month, 1), source, 1, worth,
                reversed_ + redeemed + settled + expired + outstanding, reversed_, redeemed,
                settled, expired, 0, outstanding,
            ),
            st.integers(1, 3), st.sampled_from(Source), st.sampled_from([None, Fraction(7, 3)]),
            COUNTS, COUNTS, COUNTS, COUNTS, COUNTS,
        ),
        max_size=6,
    ),
    st.fractions(0, 1), st.fractions(0, 1), st.integers(0, 10**6),
)  # fmt: skip
def test_whatever_happened_the_deferred_balance_is_that_of_the_positions(points, first, now, paid):
    price = Price(date(2026, 1, 1), 1, paid)
    stood = stands(points, first=first, now=now, without_sale=WithoutSale.EXPENSE, paid=price)
    entered = entered_for(stood)
    lines = journal_lines(entered, Accounting())

    assert sum(line.debit for line in lines) == sum(line.credit for line in lines)
    assert balance_of(Account.DEFERRED, entered) == sum(each.deferred for each in stood)
    for each in stood:
        assert 0 <= each.deferred <= each.allocated
        assert each.from_redeemed >= 0
        assert each.from_breakage >= 0
        assert each.expected_value <= each.value


def test_what_is_stated_is_expected():
    share = expected_share("points", Fraction(4, 5), [])

    assert (share.share, share.method) == (Fraction(4, 5), Method.STATED)


def test_months_that_are_over_say_what_to_expect():
    over = replace(EARNED, redeemed=6_000, settled=1_000, expired=3_000, outstanding=0)
    still = replace(EARNED, month=date(2026, 4, 1), redeemed=10)
    share = expected_share("points", None, [over, still])

    assert (share.share, share.method, share.months) == (Fraction(7, 10), Method.ESTIMATED, 1)


def test_months_that_are_over_because_all_was_spent_early_say_nothing():
    share = expected_share("points", None, [replace(EARNED, redeemed=10_000, outstanding=0)])

    assert (share.share, share.method) == (1, Method.UNKNOWN)


def test_a_few_points_say_nothing():
    few = Points("points", MARCH, Source.SALE, 1, Fraction(1), 999, redeemed=500, expired=499)

    assert expected_share("points", None, [few]).method is Method.UNKNOWN
