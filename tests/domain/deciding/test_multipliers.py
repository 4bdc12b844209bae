"""How tier and promotions multiply what is earned by value."""

from __future__ import annotations

from fractions import Fraction

import pytest

from fiel.domain.deciding import Rulebook, decide
from fiel.domain.decision import Award, Skipped
from fiel.domain.program import Limit, Multiply, Stacking
from fiel.domain.time import Period
from tests.domain.programs import (
    ana,
    category_is,
    day,
    each_item,
    line,
    once,
    per,
    program,
    rule,
    sale,
    tier_ladder,
    times,
    unit,
)

LADDER = tier_ladder(("bronce", 0, "1"), ("plata", 30000, "1.5"))


def awards(earn, activity, *, stacking=Stacking.MULTIPLY, tier=None, tiers=LADDER, units=None):
    book = Rulebook.of(program(*earn, stacking=stacking, tiers=tiers, units=units))
    return decide(book, ana(tier=tier), activity, budgets_left=None)


@pytest.mark.parametrize(
    ("stacking", "points"),
    [(Stacking.MULTIPLY, 300), (Stacking.ADD, 250), (Stacking.BEST, 200)],
)
def test_tier_and_promotion_combine_as_the_program_declares(stacking, points):
    earn = [rule("base", per("1.00")), rule("doble", times("2"))]

    decision = awards(earn, sale(line("100.00")), stacking=stacking, tier="plata")

    assert decision.points() == {"points": points}


def test_the_receipt_says_what_each_multiplier_added():
    earn = [rule("base", per("1.00")), rule("doble", times("2"))]

    decision = awards(earn, sale(line("100.00")), tier="plata")

    assert decision.awards == (
        Award("base", "points", 100, {"kind": "per", "base": 10000}),
        Award("tier", "points", 50, {"kind": "tier", "of": "base", "tier": "plata"}),
        Award("doble", "points", 150, {"kind": "times", "of": "base"}),
    )


def test_under_best_a_multiplier_that_is_beaten_adds_nothing():
    earn = [rule("base", per("1.00")), rule("algo-mas", times("1.2")), rule("doble", times("2"))]

    decision = awards(earn, sale(line("10.00")), stacking=Stacking.BEST, tier="plata")

    assert [(each.rule, each.points) for each in decision.awards] == [
        ("base", 10),
        ("tier", 5),
        ("doble", 5),
    ]


def test_a_promotion_multiplies_only_the_lines_it_matches():
    earn = [rule("base", per("1.00")), rule("cafe-doble", times("2"), where=category_is("cafe"))]
    basket = sale(line("6.00", category="cafe"), line("4.00", category="pan"))

    assert awards(earn, basket).points() == {"points": 16}


def test_the_sum_of_what_multipliers_add_is_the_rounded_product():
    # 0.70 at 1.5 is 1.05 points: base 0, and the tier adds the one point that it makes.
    decision = awards([rule("base", per("1.00"))], sale(line("0.70")), tier="plata")

    assert [(each.rule, each.points) for each in decision.awards] == [("tier", 1)]


def test_a_factor_below_one_adds_less_than_nothing():
    earn = [rule("base", per("1.00")), rule("mitad", times("0.5"))]

    decision = awards(earn, sale(line("10.00")))

    assert [(each.rule, each.points) for each in decision.awards] == [("base", 10), ("mitad", -5)]


def test_added_factors_never_sink_below_nothing():
    earn = [rule("base", per("1.00")), rule("nada", times("0")), rule("nunca", times("0"))]

    assert awards(earn, sale(line("10.00")), stacking=Stacking.ADD).awards == ()


def test_a_multiplier_leaves_fixed_and_per_item_awards_alone():
    earn = [
        rule("ticket", once(50)),
        rule("sello", each_item(stamps=1)),
        rule("doble", times("2")),
    ]

    decision = awards(earn, sale(line("10.00", quantity=3)), tier="plata")

    assert decision.points() == {"points": 50, "stamps": 3}


def test_a_multiplier_that_names_rules_multiplies_those_whatever_they_give_by():
    earn = [
        rule("base", per("1.00")),
        rule("ticket", once(50)),
        rule("sello", each_item(stamps=1)),
        rule("triple", times("3", "sello", "ticket"), where=category_is("cafe")),
    ]
    basket = sale(line("5.00", category="cafe", quantity=2), line("5.00", category="pan"))

    assert awards(earn, basket).points() == {"points": 10 + 150, "stamps": 2 * 3 + 1}


def test_what_is_given_once_is_multiplied_once_wherever_the_multiplier_holds():
    earn = [
        rule("ticket", once(50)),
        rule("doble", times("2", "ticket"), where=category_is("cafe")),
    ]

    assert awards(earn, sale(line("5.00", category="pan"))).points() == {"points": 50}
    both = sale(line("5.00", category="cafe"), line("1.00", category="cafe"))
    assert awards(earn, both).points() == {"points": 100}


def test_thirds_are_exact():
    earn = [rule("base", per("1.00")), rule("tercio", Multiply(Fraction(4, 3)))]

    assert awards(earn, sale(line("3.00"))).points() == {"points": 4}
    assert awards(earn, sale(line("2.99"))).points() == {"points": 3}


def test_a_tier_that_the_program_no_longer_has_multiplies_by_one():
    assert awards([rule("base", per())], sale(line("6.20")), tier="diamante").points() == {
        "points": 6
    }


def test_a_multiplier_that_does_not_fit_its_budget_is_left_out_and_the_others_still_count():
    earn = [
        rule("base", per("1.00")),
        rule("doble", times("2"), budget={"points": 99}),
        rule("triple", times("3")),
    ]
    book = Rulebook.of(program(*earn, units=[unit()]))

    decision = decide(book, ana(), sale(line("100.00")), budgets_left={("doble", "points"): 99})

    assert [(each.rule, each.points) for each in decision.awards] == [
        ("base", 100),
        ("triple", 200),
    ]
    assert decision.skipped == (Skipped("doble", "budget", "base"),)
    assert decision.budgets == {}


def test_a_budget_of_a_multiplier_is_charged_with_what_it_added():
    earn = [rule("base", per("1.00")), rule("doble", times("2"), budget={"points": 100})]
    book = Rulebook.of(program(*earn))

    decision = decide(book, ana(), sale(line("100.00")), budgets_left={("doble", "points"): 100})

    assert decision.points() == {"points": 200}
    assert decision.budgets == {("doble", "points"): 100}


def test_a_budget_of_a_multiplier_is_one_for_all_the_rules_it_adds_to():
    earn = [
        rule("base", per("1.00")),
        rule("otra", per("1.00")),
        rule("doble", times("2"), budget={"points": 15}),
    ]
    book = Rulebook.of(program(*earn))

    decision = decide(book, ana(), sale(line("10.00")), budgets_left={})

    assert [(each.rule, each.points) for each in decision.awards] == [
        ("base", 10),
        ("doble", 10),
        ("otra", 10),
    ]
    assert decision.skipped == (Skipped("doble", "budget", "otra"),)


def test_a_unit_of_which_nothing_is_left_is_not_awarded():
    earn = [rule("base", per("1.00", "1", stamps="10")), rule("mitad", times("0.5"))]

    decision = awards(earn, sale(line("1.00")))

    assert [(each.rule, each.unit, each.points) for each in decision.awards] == [
        ("base", "stamps", 10),
        ("mitad", "stamps", -5),
    ]


def test_a_rule_that_gives_only_by_its_multiplier_uses_its_limit():
    daily = Limit(1, Period.DAY)
    earn = [rule("base", per("1.00"), limit=daily), rule("doble", times("2"))]

    decision = awards(earn, sale(line("0.60")))

    assert decision.points() == {"points": 1}
    assert decision.limits == {("base", day("2026-03-01")): 1}
