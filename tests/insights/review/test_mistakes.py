"""The five classic mistakes: found where they are planted, and not where they are not."""

from __future__ import annotations

from fiel.domain.program import Program
from fiel.insights.review.economics import economics_of
from fiel.insights.review.evidence import Evidence, RewardEvidence
from fiel.insights.review.finding import Finding, Mistake, Weight
from fiel.insights.review.mistakes import mistakes
from tests.insights.review.programs import PAST, changed, past, program

COFFEE = (
    '  - {id: cafe, kind: product, sku: CAP-01, price: {points: 150}, cost: "0.60", stock: 400}\n'
)
ONLY_VOUCHERS = changed(
    (COFFEE, ""),
    (", perks: [preventa]", ""),
)


def found(drafted: Program, evidence: Evidence | None) -> list[Finding]:
    return mistakes(drafted, economics_of(drafted, evidence), evidence)


def codes(drafted: Program, evidence: Evidence | None) -> list[str]:
    return [finding.code for finding in found(drafted, evidence)]


def figures(finding: Finding) -> dict[str, object]:
    return {figure.id: figure.value for figure in finding.figures}


def test_a_sound_program_makes_none_of_them() -> None:
    assert codes(program(), PAST) == []
    assert codes(program(), None) == []


def test_money_off_alone_invites_a_price_war() -> None:
    (finding,) = found(ONLY_VOUCHERS, past(list_value=4_000_000, discounts=80_000))

    assert (finding.mistake, finding.code) == (Mistake.PRICE_WAR, "only_price")
    # 80,000 of 4,000,000 is off for everybody: 2 %, and the program gives 1 %.
    assert figures(finding) == {"return": 1, "public_discount": 2}
    assert finding.weight is Weight.SERIOUS
    assert finding.measured


def test_money_off_that_beats_what_everybody_gets_is_only_doubtful() -> None:
    (finding,) = found(ONLY_VOUCHERS, past(list_value=4_000_000, discounts=20_000))
    assert finding.weight is Weight.DOUBTFUL


def test_perks_of_a_tier_cannot_be_copied_by_lowering_prices() -> None:
    with_perks = changed(
        (COFFEE, ""),
    )
    assert codes(with_perks, PAST) == []


def test_points_that_go_to_one_time_buyers_reward_the_disloyal() -> None:
    (finding,) = found(program(), past(to_one_time=9_000, one_time_members=60))

    assert (finding.mistake, finding.code) == (Mistake.REWARDS_DISLOYAL, "one_time_buyers")
    assert figures(finding) == {"to_one_time": 30, "points": 9_000, "members": 60}
    assert finding.weight is Weight.DOUBTFUL


def test_half_of_the_points_to_one_time_buyers_is_serious() -> None:
    (finding,) = found(program(), past(to_one_time=15_000))
    assert finding.weight is Weight.SERIOUS


def test_points_on_lines_without_margin_reward_volume() -> None:
    (finding,) = found(program(), past(on_loss=6_000))

    assert (finding.mistake, finding.code) == (
        Mistake.VOLUME_OVER_PROFIT,
        "points_without_margin",
    )
    assert figures(finding) == {"on_loss": 20, "points": 6_000}


def test_where_no_cost_is_known_nothing_is_said_of_profit() -> None:
    assert codes(program(), past(on_loss=6_000, margin=None, net_with_margin=0)) == []


def test_a_program_that_costs_the_margin_gives_the_shop_away() -> None:
    # 1 % of cost, and 30,000 of 3,000,000 is a margin of 1 %.
    (finding,) = found(program(), past(margin=30_000))

    assert (finding.mistake, finding.code) == (Mistake.GIVES_SHOP_AWAY, "costs_all_margin")
    assert figures(finding) == {"cost": 1, "margin": 1}
    assert finding.weight is Weight.SERIOUS


def test_a_steep_lift_to_break_even_is_doubtful() -> None:
    # 1 % of cost at a margin of 6 %: sales must rise by 1 ÷ 5.
    (finding,) = found(program(), past(margin=180_000))

    assert finding.code == "costs_much_margin"
    assert figures(finding) == {"cost": 1, "margin": 6, "break_even_lift": 20}
    assert finding.weight is Weight.DOUBTFUL


def test_more_members_than_coffees_cannot_be_delivered() -> None:
    few = changed(("stock: 400", "stock: 40"))
    (finding,) = found(few, PAST)

    assert (finding.mistake, finding.code) == (Mistake.CANNOT_DELIVER, "stock_too_small")
    # 90 members have had 150 points, and 28,000 points buy 186 coffees.
    assert figures(finding) == {"asked": 90, "stock": 40}


def test_nobody_asks_for_more_than_all_points_buy() -> None:
    few = changed(("stock: 400", "stock: 40"))
    assert codes(few, past(redeemed=3_000, outstanding=3_000)) == []  # 6,000 ÷ 150 = 40


def test_a_budget_below_what_will_be_asked_cannot_be_delivered() -> None:
    tight = changed(("stock: 400", 'budget: "30.00"'))
    evidence = past(rewards={"cafe": RewardEvidence(60, 0)})
    (finding,) = found(tight, evidence)

    # 60 coffees at 0.60 € are 36 €.
    assert finding.code == "budget_too_small"
    assert figures(finding) == {"asked": 60, "budget": 3_000}
    assert codes(tight, past(rewards={"cafe": RewardEvidence(50, 0)})) == []
