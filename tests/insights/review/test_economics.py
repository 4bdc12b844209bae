"""What a program gives back and costs; every number can be worked out by hand."""

from __future__ import annotations

from fractions import Fraction

from fiel.insights.review.economics import economics_of
from fiel.insights.review.telling import WITHOUT_TIERS, left_out
from tests.insights.review.programs import PAST, changed, past, program


def test_a_point_is_worth_what_the_best_reward_gives_for_it() -> None:
    (points,) = economics_of(program(), PAST).units

    # 1.80 € for 150 points is 1.2 cents each; 5.00 € for 500 is one cent.
    assert points.worth == Fraction(180, 150)
    # The coffee costs 0.4 cents a point, the voucher 1 cent: the most it can cost counts.
    assert points.cost == Fraction(500, 500)


def test_the_return_and_the_cost_are_shares_of_what_members_spend() -> None:
    economics = economics_of(program(), PAST)

    # 30,000 points on 3,000,000 cents: one for a euro.
    assert economics.units[0].given_per_sale_value == Fraction(1, 100)
    assert economics.units[0].measured
    assert economics.return_rate == Fraction(12, 1000)
    assert economics.cost_rate == Fraction(1, 100)
    # A cost of 1 % at a margin of 40 %: 0.01 ÷ (0.40 − 0.01).
    assert economics.margin_rate == Fraction(2, 5)
    assert economics.break_even_lift == Fraction(1, 39)


def test_without_a_past_the_rules_themselves_say_what_is_given() -> None:
    economics = economics_of(program(), None)

    assert economics.units[0].given_per_sale_value == Fraction(1, 100)
    assert not economics.units[0].measured
    assert economics.units[0].worth == Fraction(1)  # what a coffee sells for is not known
    assert economics.margin_rate is None
    assert economics.break_even_lift is None


def test_what_the_rules_alone_leave_out_of_the_cost_is_named() -> None:
    gold = changed(("from: 300,", "from: 300, multiply: 1.5,"))
    assert list(left_out(gold)) == [WITHOUT_TIERS]
    assert list(left_out(program())) == []


def test_a_cost_that_reaches_the_margin_has_no_break_even() -> None:
    assert economics_of(program(), past(margin=30_000)).break_even_lift is None


def test_a_past_without_costs_knows_no_margin() -> None:
    unknown = past(margin=None, net_with_margin=0)
    assert economics_of(program(), unknown).margin_rate is None


def test_a_percentage_is_worth_its_share_of_the_average_sale() -> None:
    percent = changed(
        ('{id: vale, kind: voucher, amount: "5.00",', "{id: vale, kind: discount, percent: 10,"),
    )
    (_, voucher) = economics_of(percent, PAST).rewards

    # 30,000 € in 3,000 sales: 10 € each, of which 10 % is 1 €.
    assert voucher.worth == 100
    assert economics_of(percent, None).rewards[1].worth is None


def test_a_stamp_is_worth_its_part_of_what_the_full_card_gives() -> None:
    stamps = changed(
        ("units:\n", "units:\n  stamps: {name: sellos, expiry: never}\n"),
        (
            "earn:\n",
            STAMP_CARD,
        ),
    )
    units = {unit.unit: unit for unit in economics_of(stamps, PAST).units}

    assert units["stamps"].worth == Fraction(180, 10)
    assert units["stamps"].cost == Fraction(60, 10)


def test_points_that_pay_are_worth_their_value() -> None:
    paying = changed(
        ("{name: puntos,", '{name: puntos, value: "0.02",'),
        (
            "rewards:\n",
            "pay_with_points: {unit: points, min: 1, step: 1, max_share: 100}\nrewards:\n",
        ),
    )
    assert economics_of(paying, PAST).units[0].worth == 2


def test_nothing_that_can_be_redeemed_is_worth_nothing_known() -> None:
    bare = program(SOUND_WITHOUT_REWARDS)
    economics = economics_of(bare, PAST)
    assert economics.units[0].worth is None
    assert economics.return_rate is None
    assert economics.cost_rate is None


STAMP_CARD = """milestones:
  - {id: diez, of: stamps, every: 10, give: {reward: cafe}}
earn:
  - {id: sello, event: sale, give: {stamps: 1}, where: sale.net >= 1.0}
"""

SOUND_WITHOUT_REWARDS = """
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, expiry: never}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
"""
