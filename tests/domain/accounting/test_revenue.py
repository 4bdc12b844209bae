"""Deferred revenue, each number by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiel.domain.accounting.revenue import allocated_to_points, expected_in_all, recognised

# Goods of 100,000 and 10,000 points worth 1 each, of which 97 % will be redeemed.
ALLOCATED = allocated_to_points(100_000, goods=Fraction(100_000), points=Fraction(9_700))


def cents(amount: Fraction) -> str:
    return f"{round(amount * 100) / 100:.2f}"


def after(redeemed: int, expected: int) -> Fraction:
    return recognised(ALLOCATED, redeemed=redeemed, expected=Fraction(expected))


def test_56_points_take_their_part_of_the_price():
    assert Fraction(100_000) * 9_700 / 109_700 == ALLOCATED
    assert cents(ALLOCATED) == "8842.30"


def test_56_what_is_redeemed_becomes_revenue():
    assert cents(after(4_500, 9_700)) == "4102.10"


@pytest.mark.parametrize(("expected", "revenue"), [(9_900, "3489.77"), (9_200, "4067.42")])
def test_56_a_new_expectation_takes_effect_at_once_and_leaves_the_allocation(expected, revenue):
    assert cents(after(8_500, expected) - after(4_500, 9_700)) == revenue


def test_goods_and_points_that_are_worth_nothing_share_nothing():
    assert allocated_to_points(100, goods=Fraction(0), points=Fraction(0)) == 0


def test_when_nothing_is_left_to_redeem_everything_is_revenue():
    expected = expected_in_all(Fraction(9, 10), earned=100, redeemed=30, outstanding=0)

    assert (expected, after(30, 30)) == (30, ALLOCATED)


def test_when_nothing_was_ever_redeemed_and_all_is_over_everything_is_revenue():
    expected = expected_in_all(Fraction(9, 10), earned=100, redeemed=0, outstanding=0)

    assert recognised(ALLOCATED, redeemed=0, expected=expected) == ALLOCATED


def test_no_more_is_expected_than_can_still_be_redeemed():
    # 60 of 100 expired: of the 90 that were expected, at most 10 + 30 can be.
    assert expected_in_all(Fraction(9, 10), earned=100, redeemed=10, outstanding=30) == 40


def test_no_less_is_expected_than_was_redeemed():
    assert expected_in_all(Fraction(1, 10), earned=100, redeemed=30, outstanding=70) == 30


@given(st.integers(0, 1_000), st.integers(0, 1_000), st.integers(0, 1_000), st.integers(0, 100))
def test_revenue_never_exceeds_what_was_deferred(redeemed, outstanding, gone, percent):
    earned = redeemed + outstanding + gone
    expected = expected_in_all(
        Fraction(percent, 100), earned=earned, redeemed=redeemed, outstanding=outstanding
    )

    assert 0 <= recognised(ALLOCATED, redeemed=redeemed, expected=expected) <= ALLOCATED
