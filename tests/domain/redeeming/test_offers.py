"""What a reward costs, and how long it lasts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fiel.domain.program import Limit, Reward, RewardKind
from fiel.domain.redeeming import KINDS_OF_CODE, cost_of, limit_key, price_of, valid_until
from fiel.domain.time import Duration, DurationUnit, Period
from tests.domain.programs import MADRID


def reward(**told):
    return Reward("cafe-gratis", RewardKind.PRODUCT, told.pop("price", {}), **told)


def test_a_price_is_of_so_many_in_each_unit():
    assert price_of(reward(price={"points": 50, "stamps": 3}), 2) == {"points": 100, "stamps": 6}
    assert cost_of(reward(cost=80), 3) == 240
    assert cost_of(reward(), 3) == 0


@pytest.mark.parametrize(
    ("captured_at", "end"),
    [
        # 30 days from 27 Feb: the last is 29 Mar, when clocks go forward in Madrid.
        (datetime(2026, 2, 27, 12, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        # Half past midnight in Madrid is the day before in UTC.
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), datetime(2026, 8, 1, 22, tzinfo=UTC)),
    ],
)
def test_what_was_got_lasts_to_the_end_of_a_day_in_the_programs_zone(captured_at, end):
    thirty_days = reward(valid=Duration(30, DurationUnit.DAYS))

    assert valid_until(thirty_days, captured_at, MADRID) == end
    assert valid_until(reward(), captured_at, MADRID) is None


def test_a_limit_is_counted_under_a_name_that_no_rule_can_have():
    monthly = reward(limit=Limit(1, Period.MONTH))

    assert limit_key(monthly, date(2026, 3, 15)) == ("reward:cafe-gratis", date(2026, 3, 1))
    assert limit_key(reward(), date(2026, 3, 15)) is None


def test_every_kind_of_reward_has_its_kind_of_code():
    assert {str(kind): code and str(code) for kind, code in KINDS_OF_CODE.items()} == {
        "product": "redemption",
        "service": "redemption",
        "event": "redemption",
        "discount": "coupon",
        "voucher": "coupon",
        "gift_card": "gift_card",
        "access": None,
    }
    assert set(KINDS_OF_CODE) == set(RewardKind)
