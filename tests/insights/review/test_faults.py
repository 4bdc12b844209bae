"""Plain faults and loopholes: found where they are planted, and not where they are not."""

from __future__ import annotations

from typing import cast

import pytest

from fiel.domain.program import Program
from fiel.insights.review.economics import economics_of
from fiel.insights.review.evidence import Evidence, RewardEvidence
from fiel.insights.review.faults import faults
from fiel.insights.review.finding import Finding
from tests.insights.review.programs import BASE, PAST, changed, past, program

REFERRAL = "referral: {referrer: {points: 20}, friend: {points: 10}, %s}\nrewards:\n"


def found(drafted: Program, evidence: Evidence | None = PAST) -> list[Finding]:
    return faults(drafted, economics_of(drafted, evidence), evidence)


def codes(drafted: Program, evidence: Evidence | None = PAST) -> list[tuple[str, str]]:
    return [(finding.code, finding.path) for finding in found(drafted, evidence)]


def test_a_sound_program_has_none() -> None:
    assert codes(program()) == []
    assert codes(program(), None) == []


def test_a_rule_that_never_gave_is_named() -> None:
    silent = changed(
        (
            BASE,
            BASE + "  - {id: grande, event: sale, give: {points: 50}, where: sale.net >= 500.0}\n",
        )
    )

    assert codes(silent) == [("rule_never_gives", "earn.grande")]
    assert codes(silent, past(rules={"base": 1, "grande": 1})) == []
    assert codes(silent, past(sales=0)) == []


def test_a_rule_for_days_to_come_is_not_judged_by_the_past() -> None:
    coming = changed(
        (
            BASE,
            BASE
            + "  - {id: navidad, event: sale, multiply: 2,"
            + " when: {from: 2030-12-01, to: 2030-12-31}}\n",
        ),
    )
    assert codes(coming) == []


def test_a_multiplier_by_one_changes_nothing() -> None:
    one = changed((BASE, BASE + "  - {id: doble, event: sale, multiply: 1}\n"))
    assert codes(one, None) == [("multiplier_without_effect", "earn.doble")]


@pytest.mark.parametrize(
    ("stacking", "expected"),
    [("best", [("multiplier_without_effect", "earn.doble")]), ("multiply", []), ("add", [])],
)
def test_under_best_a_smaller_multiplier_always_loses(
    stacking: str, expected: list[tuple[str, str]]
) -> None:
    drafted = changed(
        ("earn:\n", f"stacking: {stacking}\nearn:\n"),
        (
            BASE,
            BASE
            + "  - {id: doble, event: sale, multiply: 2, where: line.category == 'cafe'}\n"
            + "  - {id: triple, event: sale, multiply: 3}\n",
        ),
    )
    assert codes(drafted, None) == expected


def test_a_budget_that_holds_no_award_never_gives() -> None:
    drafted = changed(
        (
            BASE,
            BASE + "  - {id: resena, event: activity, activity: review, give: {points: 20},"
            " budget: {points: 19}}\n",
        ),
    )
    assert codes(drafted, None) == [("budget_below_award", "earn.resena.budget")]


def test_a_tier_that_nobody_reached_is_named() -> None:
    assert codes(program(), past(tier_reached={"bronce": 100})) == [
        ("tier_never_reached", "tiers.plata")
    ]


def test_a_reward_that_nobody_could_have_is_named_with_what_was_missing() -> None:
    (finding,) = found(
        program(),
        past(rewards={"cafe": RewardEvidence(90), "vale": RewardEvidence(0)}, most_issued=400),
    )

    assert (finding.code, finding.path) == ("reward_never_affordable", "rewards.vale")
    assert {figure.id: figure.value for figure in finding.figures} == {
        "price": 500,
        "most_issued": 400,
    }


def test_points_that_end_before_the_cheapest_reward_are_named() -> None:
    # 300 points a year: 150 take 182.5 days, and three months are 91.3.
    (finding,) = found(changed(("after: 12 months", "after: 3 months")))

    assert finding.code == "points_end_too_soon"
    numbers = {figure.id: float(cast(float, figure.value)) for figure in finding.figures}
    assert numbers["days_needed"] == 182.5
    assert round(numbers["days_lasting"], 1) == 91.3
    assert codes(changed(("after: 12 months", "after: 7 months"))) == []


def test_points_that_are_let_go_after_a_return_can_be_had_for_nothing() -> None:
    clamped = changed(("{name: puntos,", "{name: puntos, negative: clamp,"))
    assert codes(clamped, None) == [("refund_loophole", "units.points.negative")]

    waiting = changed(("{name: puntos,", "{name: puntos, negative: clamp, pending: 14 days,"))
    assert codes(waiting, None) == []


def test_the_same_for_every_sale_can_be_had_by_splitting() -> None:
    visit = "  - {id: visita, event: sale, give: {points: 5}%s}\n"
    split = changed((BASE, BASE + visit % ""))
    assert codes(split, None) == [("split_purchases", "earn.visita")]

    large = changed((BASE, BASE + visit % ", where: sale.net >= 20.0"))
    daily = changed((BASE, BASE + visit % ", limit: {per_member: 1, every: day}"))
    assert codes(large, None) == []
    assert codes(daily, None) == []


def test_rounding_up_pays_for_many_small_purchases() -> None:
    up = changed(("{name: puntos,", "{name: puntos, round: ceil,"))
    assert codes(up, None) == [("rounding_up", "units.points.round")]


def test_a_referral_that_is_worth_more_than_its_purchase_is_a_ring() -> None:
    # 30 points of at most 1.2 cents are 0.36 €; 40 % of 0.80 € are 0.32 €.
    ring = 'after: 14 days, min_spend: "%s", limit: {per_member: 10, every: year}'
    small = changed(("rewards:\n", REFERRAL % (ring % "0.80")))
    assert codes(small) == [("referral_ring", "referral.min_spend")]

    large = changed(("rewards:\n", REFERRAL % (ring % "1.00")))
    assert codes(large) == []


def test_a_referral_without_wait_or_limit_is_open_to_abuse() -> None:
    open_ = changed(("rewards:\n", REFERRAL % 'min_spend: "20.00"'))
    assert [code for code, _ in codes(open_)] == [
        "referral_before_returns",
        "referral_without_limit",
    ]


def test_gift_cards_that_earn_what_buys_gift_cards_go_in_circles() -> None:
    circle = changed(
        ('{points: 1, per: "1.00"}}', '{points: 1, per: "1.00"}, include: [gift_cards]}'),
        ("kind: voucher,", "kind: gift_card,"),
    )
    assert codes(circle, None) == [("gift_cards_earn", "earn.base.include")]
