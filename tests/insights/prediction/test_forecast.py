"""A forecast beside what its members then do, and what is said when none can be made."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from fiel.insights.prediction.forecast import Forecast, made_forecast
from fiel.insights.prediction.model import TooLittle
from tests.insights.prediction.made_up import purchase_times
from tests.insights.prediction.shop import Books, shop_of

FIRST, UNTIL = date(2025, 1, 1), date(2025, 12, 31)


@pytest.fixture(scope="module")
def of_many() -> Forecast:
    return forecast_of(made_up_shop(3000), days=60)


def test_the_back_test_of_members_who_behave_like_the_model_hits(of_many):
    trial = of_many.trial
    assert trial.days == 60
    assert trial.whole.off == pytest.approx(0.0, abs=0.1)
    assert trial.whole.spend_foretold == pytest.approx(trial.whole.spend_happened, rel=0.1)
    assert trial.error < trial.error_carried_on
    assert "back_test_missed" not in codes(of_many)


def test_the_risk_that_is_told_comes_true(of_many):
    told = [band for band in of_many.trial.bands if band.members >= 50]
    assert len(told) >= 3
    for band in told:
        assert band.foretold == pytest.approx(band.happened, abs=0.06)


def test_the_groups_of_the_back_test_add_up_to_the_whole():
    trial = forecast_of(made_up_shop(400), days=60).trial

    parts = [compared for _, compared in trial.groups]
    assert sum(part.members for part in parts) == trial.whole.members
    assert sum(part.happened for part in parts) == trial.whole.happened
    assert sum(part.foretold for part in parts) == pytest.approx(trial.whole.foretold)
    assert sum(band.members for band in trial.bands) == trial.whole.members


def test_what_is_foretold_of_a_member_adds_up_to_the_forecast_of_all():
    forecast = forecast_of(made_up_shop(400), days=60)

    foretold = forecast.foretold
    assert len(foretold.purchases) == len(forecast.history)
    assert np.isfinite(foretold.spend).all()
    assert (foretold.buys <= foretold.stays).all()
    # At least one purchase is never likelier than the number expected.
    assert (foretold.buys <= foretold.purchases + 1e-9).all()


def test_members_who_all_leave_at_once_are_a_back_test_that_missed():
    shop = made_up_shop(400, silent_from=date(2025, 11, 2))

    forecast = forecast_of(shop, days=60)

    assert forecast.trial.whole.happened == 0
    assert forecast.trial.whole.off is None
    assert {"back_test_missed", "history_ends_early"} <= codes(forecast)


def test_all_spending_the_same_is_said_and_gives_that_mean():
    forecast = forecast_of(made_up_shop(300, spend=850), days=60)

    assert "values_without_spread" in codes(forecast)
    assert forecast.foretold.each == pytest.approx(np.full(len(forecast.history), 850.0))


def test_a_horizon_beyond_what_can_be_checked_is_said():
    forecast = forecast_of(made_up_shop(300), days=200)

    assert forecast.trial.days == 121  # a third of 364 days
    assert "checked_over_fewer_days" in codes(forecast)


def test_spend_that_depends_on_how_often_members_buy_is_said():
    rare = [[(day(20 * n + m % 20), 5000 + m) for n in range(3)] for m in range(150)]
    often = [[(day(7 * n + m % 7), 500 + m) for n in range(50)] for m in range(150)]

    assert "spend_depends_on_frequency" in codes(forecast_of(shop_of(rare + often), days=60))


def test_members_all_alike_do_not_crash_it():
    # All come every tenth day: rates without spread, and nobody leaves.
    shop = shop_of([[(day(10 * n + m % 10), 500 + m) for n in range(36)] for m in range(150)])

    forecast = forecast_of(shop, days=60)

    assert forecast.trial.whole.foretold == pytest.approx(900, rel=0.1)  # 150 members, 6 times


@pytest.mark.parametrize(
    ("bought", "code"),
    [
        ([], "no_purchases"),
        ([[(UNTIL, 500)] for _ in range(300)], "single_day"),
        ([[(UNTIL - timedelta(days=n % 20), 500)] for n in range(300)], "history_too_short"),
        ([[(FIRST + timedelta(days=n), 500)] for n in range(300)], "one_purchase_each"),
        ([[(FIRST, 500), (UNTIL, 500)] for _ in range(99)], "too_few_buyers"),
        (
            [[(FIRST, 500)]] * 300 + [[(FIRST, 500), (UNTIL, 500)]] * 29,
            "too_few_buyers",
        ),
        # Enough by now, but all members came back in what the back-test holds out.
        ([[(FIRST, 500), (UNTIL, 500)]] * 300, "cannot_be_checked"),
    ],
)  # fmt: skip
def test_too_little_is_said_with_what_is_needed(bought, code):
    with pytest.raises(TooLittle) as refused:
        forecast_of(shop_of(bought), days=60)

    assert refused.value.statement.code == code


def test_a_shop_that_only_takes_back_says_that_nobody_bought():
    shop = Books()
    shop.has_members(1)
    shop.takes_back(shop.sells(1, UNTIL, 500), UNTIL, 500)

    with pytest.raises(TooLittle) as refused:
        forecast_of(shop, days=60)

    assert refused.value.statement.code == "no_purchases"


def forecast_of(shop: Books, *, days: int) -> Forecast:
    with shop.opened() as columns:
        return made_forecast(columns, until=UNTIL, days=days)


def codes(forecast: Forecast) -> set[str]:
    return {statement.code for statement in forecast.statements}


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def made_up_shop(
    members: int, *, spend: int | None = None, silent_from: date | None = None
) -> Books:
    """Members who join over half a year and behave as the models say."""
    chance = np.random.default_rng(members)
    times = purchase_times(members, r=0.9, alpha=12.0, a=0.8, b=4.0, until=365.0, seed=members)
    bought = []
    for member in times:
        joined, purse = int(chance.integers(0, 180)), chance.gamma(4.0, 250.0)
        days = sorted({day(joined + int(np.ceil(moment))) for moment in member})
        bought.append(
            [
                (when, spend or max(1, int(chance.gamma(5.0, purse / 5.0))))
                for when in days
                if when <= UNTIL and (silent_from is None or when < silent_from)
            ]
        )
    return shop_of(bought)
