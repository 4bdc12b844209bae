"""What is read of members' purchases, each number to be counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from fiel.insights.prediction.history import (
    cut_of,
    first_day,
    held_out_days,
    read_history,
)
from tests.insights.prediction.shop import Books, shop_of

FIRST = date(2026, 3, 1)
CUT, UNTIL = date(2026, 3, 20), date(2026, 3, 31)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_purchases_recency_and_age_are_counted_from_the_first_purchase():
    # Ana buys on days 0, 4 and 10; Berta on day 5 alone.
    shop = shop_of([[(day(0), 1000), (day(4), 300), (day(10), 500)], [(day(5), 700)]])

    with shop.opened() as columns:
        history = read_history(columns, until=UNTIL, cut=CUT)

    assert history is not None
    assert history.member.tolist() == [1, 2]
    assert history.whole.repeats.tolist() == [2, 0]
    assert history.whole.recency.tolist() == [10, 0]
    assert history.whole.age.tolist() == [30, 25]
    assert history.whole.spent.tolist() == [800.0, 0.0]  # the first purchase is left out
    assert (history.first, history.last) == (day(0), day(10))


def test_what_was_known_at_the_cut_leaves_out_what_came_later():
    # Of Ana three purchases until day 19 are known, and two come later; Berta comes on day 25.
    shop = shop_of(
        [
            [(day(0), 1000), (day(4), 300), (day(10), 500), (day(22), 250), (day(30), 150)],
            [(day(25), 700)],
        ]
    )

    with shop.opened() as columns:
        history = read_history(columns, until=UNTIL, cut=CUT)

    assert history is not None
    assert history.by_cut.repeats.tolist() == [2, 0]
    assert history.by_cut.recency.tolist() == [10, 0]
    assert history.by_cut.age.tolist() == [19, -6]  # of Berta nothing is known yet
    assert history.by_cut.spent.tolist() == [800.0, 0.0]
    assert history.after.tolist() == [2, 1]
    assert history.spent_after.tolist() == [400.0, 700.0]


def test_several_sales_of_a_day_are_one_purchase():
    shop = shop_of([[(day(0), 100), (day(3), 200), (day(3), 300)]])

    with shop.opened() as columns:
        history = read_history(columns, until=UNTIL, cut=CUT)

    assert history is not None
    assert history.whole.repeats.tolist() == [1]
    assert history.whole.spent.tolist() == [500.0]


def test_what_came_back_whole_is_no_purchase_and_a_part_lowers_it():
    shop = Books()
    shop.has_members(1)
    shop.sells(1, day(0), 1000)
    given_back = shop.sells(1, day(2), 400)
    in_part = shop.sells(1, day(5), 600)
    shop.takes_back(given_back, day(3), 400)
    shop.takes_back(in_part, day(6), 100)
    shop.takes_back(None, day(7), 5000)  # of a sale that nobody knows

    with shop.opened() as columns:
        history = read_history(columns, until=UNTIL, cut=CUT)

    assert history is not None
    assert history.whole.repeats.tolist() == [1]
    assert history.whole.spent.tolist() == [500.0]


def test_sales_without_a_member_later_ones_and_those_of_the_erased_are_left_out():
    shop = shop_of([[(day(0), 100)]])
    shop.has_members(9, status="erased")
    shop.sells(9, day(1), 100)
    shop.sells(None, day(1), 100)
    shop.sells(1, UNTIL + timedelta(days=1), 100)

    with shop.opened() as columns:
        history = read_history(columns, until=UNTIL, cut=CUT)

    assert history is not None
    assert history.member.tolist() == [1]
    assert history.whole.repeats.tolist() == [0]


def test_nobody_who_bought_is_no_history():
    shop = Books()
    shop.has_members(1)

    with shop.opened() as columns:
        assert first_day(columns, UNTIL) is None
        assert read_history(columns, until=UNTIL, cut=CUT) is None


def test_the_first_day_is_that_of_a_member():
    shop = shop_of([[(day(3), 100)]])
    shop.sells(None, day(1), 100)

    with shop.opened() as columns:
        assert first_day(columns, UNTIL) == day(3)


def test_a_back_test_holds_out_the_horizon_but_at_most_a_third():
    assert held_out_days(FIRST, FIRST + timedelta(days=365), 90) == 90
    assert held_out_days(FIRST, FIRST + timedelta(days=60), 90) == 20
    assert cut_of(FIRST, FIRST + timedelta(days=60), 90) == FIRST + timedelta(days=40)


def test_members_with_the_same_numbers_are_counted_once():
    alike = [(day(0), 100), (day(7), 100)]
    shop = shop_of([alike, [(day(2), 100)], alike])

    with shop.opened() as columns:
        history = read_history(columns, until=UNTIL, cut=CUT)

    assert history is not None
    buyers, row = history.whole.grouped()
    assert buyers.frequency.tolist() == [0, 1]
    assert buyers.recency.tolist() == [0.0, 7.0]
    assert buyers.age.tolist() == [28.0, 30.0]
    assert buyers.count.tolist() == [1.0, 2.0]
    assert row.tolist() == [1, 0, 1]
    assert np.array_equal(buyers.age[row], history.whole.age)
