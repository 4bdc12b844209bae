"""Who can have a reward, and what stands in the way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from fiel.domain.lots import InsufficientPoints
from fiel.domain.member import MemberFacts
from fiel.domain.program import Limit, Reward, RewardKind, Schedule
from fiel.domain.redeeming import (
    Asker,
    BudgetExhausted,
    Left,
    LimitReached,
    NotEligible,
    OutOfStock,
    Why,
    assess,
    is_had_freely,
    refuse_unless_eligible,
)
from fiel.domain.time import Period
from tests.domain.programs import MADRID, NOON, likes, member_tier_is

ENDLESS = Left()


class Plainly:
    def said(self, language):
        return ["because"]


def coffee(**told):
    return Reward("cafe-gratis", RewardKind.PRODUCT, told.pop("price", {"points": 50}), **told)


def ana(points=50, *, tier=None, limits_used=None, **told):
    return Asker(MemberFacts(tier=tier, **told), {"points": points}, limits_used or {})


def found(reward, asker, *, quantity=1, left=ENDLESS, now=NOON):
    return assess(reward, asker, quantity=quantity, left=left, now=now, zone=MADRID)


def test_whoever_has_the_points_can_have_it():
    assert found(coffee(), ana(50)).is_eligible


def test_what_is_missing_is_told_by_unit():
    both = coffee(price={"points": 50, "stamps": 3})
    asker = Asker(MemberFacts(), {"points": 20, "stamps": 3})

    assert found(both, asker).whys == (Why.POINTS,)
    assert found(both, asker).missing == {"points": 30}
    assert found(both, asker, quantity=2).missing == {"points": 80, "stamps": 3}


def test_what_is_free_takes_no_points():
    assert found(coffee(price={"points": 0}), ana(0)).is_eligible


def test_what_has_no_price_is_given_and_not_bought():
    assert found(coffee(price={}), ana(1000)).whys == (Why.GIFT_ONLY,)


def test_a_condition_is_about_the_member():
    tasting = coffee(where=member_tier_is("oro"))

    assert found(tasting, ana(tier="oro")).is_eligible
    assert found(tasting, ana(tier="plata")).whys == (Why.CONDITION,)


def test_a_condition_that_cannot_be_evaluated_does_not_hold():
    assert found(coffee(where=likes("latte")), ana()).whys == (Why.CONDITION,)
    assert found(coffee(where=likes("latte")), ana(attributes={"favourite": "latte"})).is_eligible


def test_a_schedule_is_read_on_the_programs_wall():
    mornings = coffee(when=Schedule(hours=(8 * 60, 11 * 60)))

    assert found(mornings, ana(), now=datetime(2026, 3, 2, 9, 59, tzinfo=UTC)).is_eligible
    late = found(mornings, ana(), now=datetime(2026, 3, 2, 10, 0, tzinfo=UTC))  # 11:00 in Madrid
    assert late.whys == (Why.SCHEDULE,)


def test_a_limit_counts_pieces_in_the_period_of_the_programs_zone():
    once_a_month = coffee(limit=Limit(2, Period.MONTH))
    march = {("reward:cafe-gratis", date(2026, 3, 1)): 1}

    assert found(once_a_month, ana(limits_used=march)).is_eligible
    assert found(once_a_month, ana(100, limits_used=march), quantity=2).whys == (Why.LIMIT,)
    april = datetime(2026, 3, 31, 22, 0, tzinfo=UTC)  # midnight in Madrid
    assert found(once_a_month, ana(100, limits_used=march), quantity=2, now=april).is_eligible


def test_stock_and_budget_are_what_is_left_of_them():
    dear = coffee(cost=80)

    assert found(dear, ana(), left=Left(stock=1, budget=80)).is_eligible
    assert found(dear, ana(), left=Left(stock=0)).whys == (Why.STOCK,)
    assert found(dear, ana(), left=Left(budget=79)).whys == (Why.BUDGET,)


def test_everything_that_stands_in_the_way_is_told():
    reward = coffee(where=member_tier_is("oro"), limit=Limit(1, Period.PROGRAM))
    used = {("reward:cafe-gratis", date.min): 1}

    assert found(reward, ana(0, limits_used=used), left=Left(stock=0)).whys == (
        Why.CONDITION, Why.LIMIT, Why.STOCK, Why.POINTS,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reward", "asker", "left", "refusal"),
    [
        (coffee(price={}), ana(), ENDLESS, NotEligible),
        (coffee(where=member_tier_is("oro")), ana(0), Left(stock=0), NotEligible),
        (coffee(when=Schedule(last=date(2026, 2, 28))), ana(), ENDLESS, NotEligible),
        (coffee(limit=Limit(0, Period.DAY)), ana(0), Left(stock=0), LimitReached),
        (coffee(), ana(0), Left(stock=0), OutOfStock),
        (coffee(cost=80), ana(0), Left(budget=0), BudgetExhausted),
        (coffee(), ana(49), ENDLESS, InsufficientPoints),
    ],
)
def test_it_is_refused_for_the_first_of_what_stands_in_the_way(reward, asker, left, refusal):
    eligibility = found(reward, asker, left=left)

    with pytest.raises(refusal):
        refuse_unless_eligible(
            reward, eligibility, quantity=1, available=asker.available, reasons=Plainly()
        )


def test_a_refusal_for_want_of_points_says_how_many_of_which():
    asker = ana(49)

    with pytest.raises(InsufficientPoints) as refused:
        refuse_unless_eligible(
            coffee(), found(coffee(), asker), quantity=1, available=asker.available,
            reasons=Plainly(),
        )  # fmt: skip

    assert refused.value.facts == {
        "available": 49, "requested": 50, "unit": "points", "missing": {"points": 1},
    }  # fmt: skip


def test_a_refusal_of_who_is_not_eligible_says_why():
    eligibility = found(coffee(where=member_tier_is("oro")), ana(0))

    with pytest.raises(NotEligible) as refused:
        refuse_unless_eligible(coffee(), eligibility, quantity=1, available={}, reasons=Plainly())

    assert refused.value.facts["blocked_by"] == ["condition", "insufficient_points"]
    assert refused.value.facts["reasons"].said("en") == ["because"]


def test_what_is_free_and_without_end_is_had_without_asking():
    preview = Reward("preventa", RewardKind.ACCESS, {"points": 0})

    assert is_had_freely(preview)
    assert not is_had_freely(Reward("preventa", RewardKind.ACCESS, {"points": 1}))
    assert not is_had_freely(Reward("preventa", RewardKind.ACCESS, {}))
    assert not is_had_freely(Reward("preventa", RewardKind.ACCESS, {"points": 0}, stock=10))
    percent = Reward("dto", RewardKind.DISCOUNT, {"points": 0}, percent=Decimal(10),
                     limit=Limit(1, Period.YEAR))  # fmt: skip
    assert not is_had_freely(percent)
