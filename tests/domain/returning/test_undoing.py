"""What a sale loses of what it earned when goods come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.member import Qualifying
from fiel.domain.program import Budget, Limit, Rounding, RoundPer
from fiel.domain.returning.paying import earning_share
from fiel.domain.returning.standing import (
    SaleStanding,
    points_to_restore,
    standing_of_state,
    standing_state,
    untouched,
)
from fiel.domain.returning.undoing import (
    budgets_restored,
    held_at_first,
    limits_freed,
    lost_by_rule,
    uncounted,
)
from fiel.domain.time import Period
from tests.domain.programs import (
    each_item,
    line,
    once,
    per,
    program,
    rule,
    sale,
    sale_net_from,
    times,
    unit,
)
from tests.domain.returning.shop import ALL, Bought, amount, pieces, proportional, recomputed

BASE = program(rule("base", per()))
TICKET = program(rule("base", per()), rule("ticket", once(50), where=sale_net_from("50.00")))


def test_the_line_of_40_takes_its_40_back():
    bought = Bought(BASE, sale(line("60.00"), line("40.00")))

    assert bought.brings_back(pieces(2)) == 40


def test_two_units_of_1099_take_back_11_and_then_10():
    bought = Bought(BASE, sale(line("21.98", quantity=2)))

    assert [bought.brings_back(pieces(1)) for _ in range(2)] == [11, 10]


@pytest.mark.parametrize(("shop", "points"), [(TICKET, 70), (proportional(TICKET), 36)])
def test_a_bonus_is_lost_or_shared_as_the_program_says(shop, points):
    bought = Bought(shop, sale(line("60.00")))

    assert bought.brings_back(amount(20_00)) == points


def test_what_is_taken_in_proportion_is_told_by_rule():
    bought = Bought(proportional(TICKET), sale(line("60.00")))
    first = bought.holding

    bought.brings_back(amount(20_00))

    assert lost_by_rule(first, bought.holding) == {
        ("base", "points"): 20,
        ("ticket", "points"): 16,
    }


@pytest.mark.parametrize("mode", [recomputed, proportional])
def test_ten_returns_of_one_take_back_what_one_of_ten_does(mode):
    bought = Bought(mode(program(rule("base", per("10.00")))), sale(line("10.00")))

    taken = [bought.brings_back(amount(1_00)) for _ in range(10)]

    assert (sum(taken), max(taken)) == (1, 1)


def test_what_points_paid_of_what_is_left_earns_nothing_still():
    bought = Bought(BASE, sale(line("50.00")), paid=10_00)

    assert bought.holding.points() == {"points": 40}
    assert bought.brings_back(amount(25_00)) == 20
    assert points_to_restore(1000, bought.kept.paid_back(bought.sold)) == 500
    assert bought.brings_back(ALL) == 20
    assert points_to_restore(1000, bought.kept.paid_back(bought.sold)) == 1000


def test_a_return_never_gives():
    small = program(rule("base", per()), rule("menos", times("0.5"), where=sale_net_from("50.00")))
    bought = Bought(small, sale(line("60.00")))
    assert bought.holding.points() == {"points": 30}

    assert bought.brings_back(amount(11_00)) == 0  # 49.00 would have earned 49
    assert bought.brings_back(amount(29_00)) == 10
    assert bought.brings_back(ALL) == 20


def test_a_visit_is_one_until_everything_came_back():
    bought = Bought(BASE, sale(line("60.00"), line("40.00")))
    first = bought.holding

    bought.brings_back(pieces(1))
    part = bought.holding
    bought.brings_back(pieces(2))

    assert uncounted(first, part) == Qualifying(-60_00, -60, 0)
    assert uncounted(part, bought.holding) == Qualifying(-40_00, -40, -1)


def test_units_are_taken_back_each_in_its_own_way():
    points, stamps = unit("points"), unit("stamps")
    shop = program(rule("base", per()), rule("sello", each_item(stamps=1)), units=[points, stamps])
    bought = Bought(shop, sale(line("9.00", quantity=3)))

    bought.brings_back(pieces(1))

    assert bought.holding.points() == {"points": 6, "stamps": 2}


@pytest.mark.parametrize(
    ("restores", "collected", "back"),
    [
        (True, 70, {("ticket", "points"): 50}),
        (True, 30, {("ticket", "points"): 30}),
        (False, 70, {}),
    ],
)
def test_budgets_get_back_what_really_came_back_where_they_say_so(restores, collected, back):
    budget = Budget({"points": 1000}, restore_on_return=restores)
    ticket = replace(TICKET.earn[1], budget=budget)
    bought = Bought(replace(TICKET, earn=(TICKET.earn[0], ticket)), sale(line("60.00")))
    used = bought.decision.budgets
    assert used == {("ticket", "points"): 50}

    bought.brings_back(amount(20_00))

    assert budgets_restored(bought.book, used, bought.holding, {"points": collected}) == back


def test_a_limit_is_free_again_when_its_rule_gives_nothing_any_more():
    shop = program(
        rule("base", per()), rule("visita", once(5), limit=Limit(1, Period.DAY)),
    )  # fmt: skip
    bought = Bought(shop, sale(line("9.00", quantity=3)))
    uses = [("visita", date(2026, 3, 1))]
    first = bought.holding

    bought.brings_back(pieces(1))
    assert limits_freed(uses, first, bought.holding, ()) == []
    bought.brings_back(ALL)
    assert limits_freed(uses, first, bought.holding, ()) == uses
    assert limits_freed(uses, first, bought.holding, {"points"}) == []


def test_a_standing_is_read_back_as_it_was_written():
    bought = Bought(TICKET, sale(line("60.00"), line("40.00", quantity=3)))
    whole = untouched(bought.sold, bought.decision)
    assert standing_of_state(standing_state(whole), bought.sold) == whole

    bought.brings_back(pieces(2))
    part = SaleStanding(
        bought.kept,
        bought.holding,
        {("ticket", "points"): 50},
        (("visita", date(2026, 3, 1)),),
        restored=7,
        lapsed={"points": 3},
        returns=({"id": "x"},),
    )
    assert standing_state(part)["status"] == "partly_returned"
    assert standing_of_state(standing_state(part), bought.sold) == part


@st.composite
def returns(draw, quantities, cents):
    """Returns of pieces and of amounts that a sale may or may not still have."""
    backs = []
    for _ in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            number = draw(st.integers(1, len(quantities)))
            backs.append(pieces(number, draw(st.integers(1, quantities[number - 1]))))
        else:
            backs.append(amount(draw(st.integers(1, cents))))
    return backs


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_returns_sum_to_what_the_sale_earned_and_none_takes_less_than_nothing(data):
    quantities = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    lines = [
        line(f"{data.draw(st.integers(1, 5000)) / 100:.2f}", number=n, quantity=quantity)
        for n, quantity in enumerate(quantities, 1)
    ]
    whole = sale(*lines)
    points = unit(
        rounding=data.draw(st.sampled_from(Rounding)),
        round_per=data.draw(st.sampled_from(RoundPer)),
    )
    shop = program(
        rule("base", per(data.draw(st.sampled_from(["1.00", "0.30", "10.00"])))),
        rule("ticket", once(50), where=sale_net_from("50.00")),
        rule("medio", times("1.5")),
        units=[points],
    )
    if data.draw(st.booleans()):
        shop = proportional(shop)
    bought = Bought(shop, whole, paid=data.draw(st.integers(0, whole.gross)))
    earned = bought.holding.points().get("points", 0)

    taken = [
        bought.brings_back(back)
        for back in data.draw(returns(quantities, whole.gross))
        if bought.kept.has_goods and _is_there(bought, back)
    ]
    if bought.kept.has_goods:
        taken.append(bought.brings_back(ALL))

    assert min(taken) >= 0
    assert sum(taken) == earned
    assert bought.holding.points() == {}
    assert bought.holding.counted == Qualifying()


def _is_there(bought, back):
    kept = bought.kept
    if isinstance(back, tuple):
        (piece,) = back
        of_line = bought.sold.sale.lines[piece.line - 1].quantity
        return kept.lines[piece.line - 1] * of_line >= piece.quantity
    return kept.value(bought.sold) >= back.minor


@given(
    st.lists(st.integers(1, 900), min_size=1, max_size=5), st.integers(1, 40), st.integers(1, 2000)
)
@settings(max_examples=60, deadline=None)
def test_amounts_in_parts_take_what_their_sum_does(cents, count, paid):
    whole = sale(*(line(f"{each / 100:.2f}") for each in cents))
    paid = min(paid, whole.gross)
    parts = [whole.gross // count] * count if whole.gross >= count else [whole.gross]
    for shop in (BASE, proportional(BASE)):
        one, many = Bought(shop, whole, paid=paid), Bought(shop, whole, paid=paid)

        assert sum(map(many.brings_back, map(amount, parts))) == one.brings_back(amount(sum(parts)))


def test_the_earning_share_of_a_free_sale_is_whole():
    assert earning_share(sale(line("0.00")), 0) == Fraction(1)
    assert held_at_first(Bought(BASE, sale(line("0.00"))).decision).points() == {}
