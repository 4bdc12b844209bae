"""A sale decided again without what came back."""

from __future__ import annotations

from decimal import Decimal

from fiel.domain.deciding import Rulebook, decide, decision_record, replay
from fiel.domain.member import Qualifying
from fiel.domain.program import Limit
from fiel.domain.time import Period
from tests.domain.programs import (
    ana,
    day,
    likes,
    line,
    once,
    per,
    program,
    rule,
    sale,
    sale_net_from,
    tier_ladder,
    times,
)


def taken_back(shop, whole, *kept, member=None, budgets_left=None):
    """The points that go with each return, given what is left of the sale after each."""
    book = Rulebook.of(shop)
    first = decide(book, member or ana(), whole, budgets_left=budgets_left)
    record = decision_record(first)
    held, taken = first.points().get("points", 0), []
    for reduced in kept:
        left = replay(book, record, reduced).points().get("points", 0)
        taken.append(held - left)
        held = left
    return taken


def test_a_line_that_comes_back_takes_what_it_earned():
    whole = sale(line("60.00"), line("40.00"))

    assert taken_back(program(rule("base", per())), whole, sale(line("60.00"))) == [40]


def test_two_units_of_1099_take_back_11_and_then_10():
    whole = sale(line("21.98", quantity=2))

    assert taken_back(program(rule("base", per())), whole, sale(line("10.99")), sale()) == [11, 10]


def test_a_bonus_is_lost_with_the_ticket_that_brought_it():
    shop = program(rule("base", per()), rule("ticket", once(50), where=sale_net_from("50.00")))

    assert taken_back(shop, sale(line("60.00")), sale(line("40.00"))) == [70]


def test_ten_returns_of_one_take_back_what_one_return_of_ten_does():
    shop = program(rule("base", per("10.00")))
    steps = [sale(line(str(Decimal(net)))) for net in range(9, -1, -1)]

    assert sum(taken_back(shop, sale(line("10.00")), *steps)) == 1
    assert taken_back(shop, sale(line("10.00")), sale()) == [1]


def test_the_tier_is_the_one_of_then():
    shop = program(rule("base", per()), tiers=tier_ladder(("bronce", 0, "1"), ("oro", 1, "2")))

    assert taken_back(
        shop, sale(line("60.00"), line("40.00")), sale(line("60.00")), member=ana(tier="oro")
    ) == [80]


def test_the_facts_are_those_of_then():
    shop = program(rule("base", per(), where=likes("latte")))
    member = ana(attributes={"favourite": "latte"})

    assert taken_back(shop, sale(line("9.00")), sale(line("4.00")), member=member) == [5]


def test_a_limit_that_the_sale_itself_used_up_is_no_reason_to_take_more():
    shop = program(rule("visita", once(5), limit=Limit(1, Period.DAY)))

    assert taken_back(shop, sale(line("9.00")), sale(line("4.00")), sale()) == [0, 5]


def test_a_rule_that_gave_nothing_does_not_give_to_what_is_left():
    shop = program(
        rule("base", per()),
        rule("ticket", once(50), budget={"points": 49}),
        rule("doble", times("2"), budget={"points": 5}),
    )

    taken = taken_back(shop, sale(line("10.00")), sale(line("4.00")), budgets_left={})

    assert taken == [6]


def test_a_multiplier_that_was_limited_then_stays_out():
    shop = program(rule("base", per()), rule("doble", times("2"), limit=Limit(1, Period.DAY)))
    used = ana(limits_used={("doble", day("2026-03-01")): 1})

    assert taken_back(shop, sale(line("10.00")), sale(line("4.00")), member=used) == [6]


def test_a_multiplier_that_added_adds_to_what_is_left():
    shop = program(rule("base", per()), rule("doble", times("2"), budget={"points": 10}))

    taken = taken_back(shop, sale(line("10.00")), sale(line("4.00")), sale(), budgets_left={})

    assert taken == [12, 8]


def test_a_rule_that_gave_only_by_its_multiplier_gave():
    shop = program(rule("base", per()), tiers=tier_ladder(("bronce", 0, "1"), ("oro", 1, "2")))
    whole = sale(line("0.60"))

    assert taken_back(shop, whole, whole, sale(), member=ana(tier="oro")) == [0, 1]


def test_a_sale_that_came_back_whole_is_neither_spend_nor_visit():
    book = Rulebook.of(program(rule("base", per())))
    first = decide(book, ana(), sale(line("6.20")), budgets_left=None)

    assert replay(book, first, sale()).counted == Qualifying(spend=0, points=0, visits=0)


def test_a_multiplier_whose_part_was_rounded_away_is_not_forgotten():
    # 0.60 × 1.5 = 0.90 adds no point; × 2 = 1.80 adds one. 0.40 × 1.5 × 2 = 1.20 keeps it, where
    # 0.40 × 2 = 0.80 would not.
    shop = program(
        rule("base", per()),
        rule("medio-mas", times("1.5"), limit=Limit(1, Period.DAY)),
        rule("doble", times("2")),
    )
    whole = sale(line("0.60"))

    assert taken_back(shop, whole, whole, sale(line("0.40")), sale()) == [0, 0, 1]
