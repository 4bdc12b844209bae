"""Members who are kept out of a program or a promotion, and what a decision makes of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from fiel.domain.deciding import Rulebook, decide, decision_record, explain, replay
from fiel.domain.decision import Award, Skipped
from fiel.domain.member import Qualifying
from fiel.domain.milestones import MilestoneFacts
from fiel.domain.program import Limit, Milestone
from fiel.domain.time import Period
from tests.domain.programs import ana, line, once, per, program, rule, sale, tier_ladder, times

ALL = frozenset({""})
OF_BONUS = frozenset({"bonus"})


def decided(shop, *, held_out, bought=None, milestones=None, window=None):
    member = replace(ana(window=window), held_out=held_out, milestones=milestones)
    return decide(Rulebook.of(shop), member, bought or sale(line("60.00")), budgets_left={})


BASE = rule("base", per())
BONUS = rule("bonus", once(50), limit=Limit(1, Period.DAY), budget={"points": 100})


def test_who_is_kept_out_of_the_program_earns_nothing_and_is_told_once():
    decision = decided(program(BASE, BONUS), held_out=ALL)

    assert decision.awards == ()
    assert decision.skipped == (Skipped("", "held_out"),)
    assert (decision.limits, decision.budgets) == ({}, {})


def test_what_they_buy_counts_and_no_tier_is_climbed():
    shop = program(BASE, tiers=tier_ladder(("bronce", 0, "1"), ("oro", 50, "2")))

    decision = decided(shop, held_out=ALL, window=Qualifying())

    assert (decision.counted, decision.tier) == (Qualifying(6000, 0, 1), None)


def test_of_a_promotion_only_what_it_gives_is_missing():
    decision = decided(program(BASE, BONUS), held_out=OF_BONUS)

    assert decision.points() == {"points": 60}
    assert decision.skipped == (Skipped("bonus", "held_out"),)
    assert (decision.limits, decision.budgets) == ({}, {})


def test_a_rule_that_would_have_given_nothing_is_not_told_of():
    decision = decided(program(BASE), held_out=ALL, bought=sale(line("0.00")))

    assert decision.skipped == ()


def test_a_promotion_that_multiplies_does_not():
    shop = program(BASE, rule("double", times("2")), rule("triple", times("3")))

    decision = decided(shop, held_out=frozenset({"double"}))

    assert decision.points() == {"points": 180}
    assert decision.skipped == (Skipped("double", "held_out", "base"),)


def test_a_return_takes_back_by_what_was_pinned():
    """However the groups are drawn by then: the 20 that come back take their tripled 60 along."""
    rules = (rule("double", times("2")), BONUS)
    measured = (replace(each, holdout=Decimal(10)) for each in rules)
    shop = program(BASE, rule("triple", times("3")), *measured)
    first = decided(
        shop,
        held_out=frozenset({"double", "bonus", "of-an-earlier-version"}),
        bought=sale(line("40.00"), line("20.00")),
    )

    left = replay(Rulebook.of(shop), decision_record(first), sale(line("40.00")))

    assert first.pinned["held_out"] == ["bonus", "double"]
    assert (first.points(), left.points()) == ({"points": 180}, {"points": 120})


def test_nothing_is_pinned_for_members_who_are_not_kept_out():
    assert decided(program(BASE, BONUS), held_out=frozenset()).pinned == {}


def test_no_milestone_is_reached():
    stamps = Milestone("card", "stamps", at=1, every=None, give={}, reward="coffee")
    cafe = replace(program(rule("stamp", once(stamps=1))), milestones=(stamps,))
    facts = MilestoneFacts()

    assert decided(cafe, held_out=frozenset(), milestones=facts).advances[0].reached == 1
    kept_out = decided(cafe, held_out=ALL, milestones=facts)

    assert (kept_out.awards, kept_out.advances) == ((), ())
    assert kept_out.skipped == (Skipped("", "held_out"),)


def test_the_explanation_says_why_there_is_nothing():
    shop = program(BASE, BONUS)

    out = explain(decided(shop, held_out=ALL), shop, "en")
    out_of_bonus = explain(decided(shop, held_out=OF_BONUS), shop, "en")

    assert out == [
        {
            "rule": "holdout",
            "unit": "points",
            "points": 0,
            "text": "nothing is earned in the comparison group",
        }
    ]
    assert out_of_bonus[-1]["text"] == "bonus: not for members of its comparison group"


def test_other_rules_decide_as_for_everybody():
    decision = decided(program(BASE, BONUS), held_out=frozenset({"another"}))

    assert decision.awards[0] == Award("base", "points", 60, {"kind": "per", "base": 6000})
    assert decision.points() == {"points": 110}
