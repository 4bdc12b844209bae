"""What points pay of a sale earns nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fiel.domain.activity import LineKind
from fiel.domain.returning.paying import less_what_points_paid, total_to_pay
from tests.domain.programs import line, sale


def test_50_euros_of_which_points_pay_10_earn_as_40():
    earning = less_what_points_paid(sale(line("50.00")), 10_00)

    assert (earning.net, earning.gross, earning.lines[0].net) == (40_00, 40_00, 40_00)


def test_what_points_pay_is_spread_over_the_lines_by_value():
    earning = less_what_points_paid(sale(line("60.00"), line("40.00")), 50_00)

    assert [each.net for each in earning.lines] == [30_00, 20_00]


def test_points_pay_for_gift_cards_and_shipping_too():
    card = replace(line("50.00"), kind=LineKind.GIFT_CARD)
    bought = replace(sale(line("40.00"), card), shipping=10_00)
    assert total_to_pay(bought) == 100_00

    earning = less_what_points_paid(bought, 20_00)

    assert [each.gross for each in earning.lines] == [32_00, 40_00]
    assert (earning.shipping, earning.net) == (8_00, 32_00)


def test_goods_that_points_pay_whole_are_still_goods():
    earning = less_what_points_paid(sale(line("10.00", quantity=3)), 10_00)

    assert (earning.net, earning.items, len(earning.lines)) == (0, 3, 1)


def test_no_points_no_change():
    whole = sale(line("3.33"), line("6.67"))

    assert less_what_points_paid(whole, 0) == whole


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6), st.data())
def test_what_is_left_to_earn_and_what_points_paid_are_the_whole(cents, data):
    whole = sale(*(line(f"{each // 100}.{each % 100:02d}") for each in cents))
    paid = data.draw(st.integers(0, sum(cents)))

    earning = less_what_points_paid(whole, paid)

    assert total_to_pay(earning) == sum(cents) - paid
    assert all(
        0 <= left.gross <= first.gross
        for left, first in zip(earning.lines, whole.lines, strict=True)
    )
