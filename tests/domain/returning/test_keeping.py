"""What of a sale is left, however its returns are told."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.refusal import Invalid
from fiel.domain.returning.keeping import Kept, LineBack, OverReturned, without
from fiel.domain.returning.shrinking import shrunk
from tests.domain.programs import line, sale
from tests.domain.returning.shop import ALL, amount, pieces, sold_in_euros

TWO = sold_in_euros(sale(line("60.00", quantity=3), line("40.00", quantity=2), shipping="5.00"))


def left(sold, *backs):
    kept = Kept.whole(sold)
    for back in backs:
        kept = without(sold, kept, back)
    return kept


def test_pieces_of_a_line_leave_the_rest_of_it():
    assert left(TWO, pieces(1), pieces(2, 2)) == Kept((Fraction(2, 3), Fraction(0)), Fraction(1))


def test_an_amount_takes_an_equal_share_of_every_line():
    assert left(TWO, amount(25_00)).lines == (Fraction(3, 4), Fraction(3, 4))


def test_an_amount_after_pieces_is_spread_over_what_is_left():
    kept = left(TWO, pieces(1), amount(20_00))

    assert kept.value(TWO) == 60_00
    assert kept.lines == (Fraction(1, 2), Fraction(3, 4))


def test_an_amount_takes_shipping_only_where_the_goods_do_not_suffice():
    goods, some, everything = (left(TWO, amount(minor)) for minor in (100_00, 101_00, 105_00))

    assert (goods.has_goods, goods.shipping) == (False, 1)
    assert some.shipping == Fraction(4, 5)
    assert everything == left(TWO, ALL)


@pytest.mark.parametrize(
    ("before", "back", "field", "told"),
    [
        ([], pieces(1, 4), "lines[0].quantity", "3"),
        ([pieces(1)], pieces(1, 3), "lines[0].quantity", "2"),
        ([pieces(1)], (LineBack(1, 1), LineBack(1, 2)), "lines[1].quantity", "1"),
        ([amount(50_00)], pieces(2, 2), "lines[0].quantity", "1"),
        ([], amount(105_01), "amount", "105.00"),
        ([pieces(2, 2)], amount(65_01), "amount", "65.00"),
        ([amount(105_00)], amount(1), "amount", "0.00"),
    ],
)
def test_more_than_is_left_is_refused_with_what_is_left(before, back, field, told):
    with pytest.raises(OverReturned) as refused:
        left(TWO, *before, back)

    assert refused.value.facts == {"left": told}
    assert [problem.field for problem in refused.value.problems] == [field]


def test_nothing_can_come_back_of_nothing():
    with pytest.raises(OverReturned):
        left(TWO, ALL, ALL)


def test_what_is_left_after_the_goods_is_shipping():
    assert left(TWO, pieces(1, 3), pieces(2, 2), ALL).shipping == 0


@pytest.mark.parametrize("number", [0, 3])
def test_a_line_that_the_sale_does_not_have_is_named(number):
    with pytest.raises(Invalid) as refused:
        left(TWO, (LineBack(1, 1), LineBack(number, 1)))

    assert [(p.field, p.code) for p in refused.value.problems] == [("lines[1].line", "not_found")]


def test_part_of_a_quantity_comes_back():
    kilos = sold_in_euros(sale(line("10.00", quantity=Decimal("2.5"))))

    assert left(kilos, (LineBack(1, Decimal("0.5")),)).lines == (Fraction(4, 5),)


def test_a_cent_that_is_begun_can_be_given_back():
    thirds = sold_in_euros(sale(line("10.00", quantity=3)))

    assert not left(thirds, pieces(1), amount(6_67)).has_goods


def test_free_goods_come_back_with_those_that_cost():
    free = sold_in_euros(sale(line("10.00"), line("0.00")))

    assert left(free, amount(4_00)).lines == (Fraction(3, 5), Fraction(3, 5))
    assert not left(free, amount(10_00)).has_goods


def test_what_came_back_of_free_goods_is_told_by_their_quantity():
    gifts = sold_in_euros(sale(line("0.00", quantity=3), line("0.00")))

    assert left(gifts, pieces(1)).come_back(gifts) == Fraction(1, 4)


@given(st.lists(st.integers(1, 40_00), min_size=1, max_size=8))
def test_any_amounts_that_make_up_a_sale_leave_nothing(amounts):
    cents = sum(amounts)
    sold = sold_in_euros(sale(line(str(Decimal(cents) / 100)), line("0.03", quantity=3)))

    assert not left(sold, *map(amount, amounts), amount(3)).has_goods


@given(st.lists(st.integers(1, 3_00), max_size=8), st.lists(st.integers(1, 3_00), max_size=8))
@settings(max_examples=30, deadline=None)
def test_shares_stay_small_however_returns_are_mixed(first, second):
    sold = sold_in_euros(sale(line("97.00", quantity=101), line("89.00", quantity=103)))
    kept = Kept.whole(sold)
    for minor in first + second:
        for back in (pieces(1), amount(minor), pieces(2)):
            kept = without(sold, kept, back)

    assert all(share.denominator.bit_length() <= 600 for share in kept.lines)
    assert all(0 <= share <= 1 for share in kept.lines)


def test_lines_of_a_thousand_odd_quantities_are_shared_out_in_no_time():
    lines = [line("9.99", number=n, quantity=Decimal(100_003 + 2 * n) / 1000) for n in range(1000)]
    sold = sold_in_euros(sale(*lines))
    each_by_itself = tuple(LineBack(n, Decimal("0.001")) for n in range(1, 1001))

    started = perf_counter()
    kept = left(sold, each_by_itself, amount(1_00), each_by_itself, amount(1_00))

    assert sum(each.gross for each in shrunk(sold.sale, kept.lines).lines) <= 9_990_00
    assert perf_counter() - started < 5
