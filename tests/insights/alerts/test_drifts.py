"""Which figure of a shop drifted, told with its days."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from fiel.insights.alerts.drifts import drifts
from fiel.insights.alerts.finding import Kind, Looked
from fiel.ledger.accounts import Place
from tests.insights.prediction.shop import Books

UNTIL = date(2026, 6, 30)
DAYS = 84
WEEK = (0.8, 0.9, 0.9, 1.0, 1.2, 1.5, 0.7)


def test_a_store_that_sells_half_is_named_with_the_day_and_the_figures():
    shop = Books()
    sells(shop, "centro", 40, seed=1)
    sells(shop, "puerto", 40, seed=2, last=(10, 0.4))

    (finding,) = look(shop).findings

    assert (finding.kind, finding.pattern, finding.subject) == (Kind.STORE, "drift", "puerto")
    assert abs((finding.since - (UNTIL - timedelta(days=9))).days) <= 1
    assert finding.usual == pytest.approx(40, rel=0.15)
    assert finding.now == pytest.approx(16, rel=0.2)
    assert finding.sure >= 0.99
    assert finding.text.parameters["subject"] == "puerto"


def test_points_that_are_issued_twice_as_fast_are_found_and_what_is_owed_with_them():
    shop = Books()
    moves(shop, Place.ISSUED, Place.AVAILABLE, 500, seed=3, last=(9, 2.0))
    moves(shop, Place.AVAILABLE, Place.REDEEMED, 300, seed=4)

    found = {finding.kind: finding for finding in look(shop).findings}

    assert set(found) == {Kind.ISSUANCE, Kind.LIABILITY}
    assert found[Kind.ISSUANCE].subject == "points"
    assert found[Kind.ISSUANCE].now == pytest.approx(2 * found[Kind.ISSUANCE].usual, rel=0.2)
    assert found[Kind.LIABILITY].since >= UNTIL - timedelta(days=11)


def test_redemptions_that_stop_are_found():
    shop = Books()
    moves(shop, Place.ISSUED, Place.AVAILABLE, 500, seed=5)
    moves(shop, Place.AVAILABLE, Place.REDEEMED, 300, seed=6, last=(7, 0.0))

    kinds = {finding.kind for finding in look(shop).findings}

    assert Kind.REDEMPTION in kinds
    assert Kind.ISSUANCE not in kinds


def test_units_are_looked_at_one_by_one():
    shop = Books()
    moves(shop, Place.ISSUED, Place.AVAILABLE, 500, seed=7)
    moves(shop, Place.ISSUED, Place.AVAILABLE, 80, seed=8, unit="stamps", last=(9, 0.2))

    assert {finding.subject for finding in look(shop).findings} == {"stamps"}


def test_today_which_is_not_over_is_not_looked_at():
    shop = Books()
    sells(shop, "centro", 40, seed=1)
    yesterday = drifted(shop, until=UNTIL - timedelta(days=1))

    assert yesterday.findings == ()


def test_a_shop_without_a_drift_is_silent():
    for seed in range(6):
        shop = Books()
        for number, store in enumerate(("centro", "puerto", "norte")):
            sells(shop, store, 15, seed=10 * seed + number)
        moves(shop, Place.ISSUED, Place.AVAILABLE, 500, seed=100 + seed)
        moves(shop, Place.AVAILABLE, Place.REDEEMED, 300, seed=200 + seed)

        assert look(shop).findings == ()


@pytest.mark.parametrize("days", [0, 1, 55])
def test_too_few_days_are_said_to_be_too_few(days):
    shop = Books()
    for back in range(days):
        for _ in range(20):
            shop.sells(1, UNTIL - timedelta(days=back), 500, store="centro")

    looked = look(shop)

    assert looked.findings == ()
    assert [statement.code for statement in looked.statements] == ["too_few_days"]


def test_a_store_that_opened_meanwhile_is_no_drift():
    shop = Books()
    sells(shop, "centro", 30, seed=9)
    for back in range(20):
        for _ in range(30):
            shop.sells(None, UNTIL - timedelta(days=back), 500, store="nueva")

    assert look(shop).findings == ()


def sells(
    shop: Books, store: str, level: int, *, seed: int, last: tuple[int, float] = (0, 1.0)
) -> None:
    for day, many in daily(level, seed, last):
        for _ in range(many):
            shop.sells(None, day, 500, store=store)


def moves(
    shop: Books, debit: Place, credit: Place, level: int, *, seed: int, unit: str = "points",
    last: tuple[int, float] = (0, 1.0),
) -> None:  # fmt: skip
    for day, points in daily(level, seed, last):
        shop.adds(
            "movements", day=day, debit=debit.value, credit=credit.value, points=points, unit=unit,
            member=1, kind="sale",
        )  # fmt: skip


def daily(level: int, seed: int, last: tuple[int, float]) -> list[tuple[date, int]]:
    chance = np.random.default_rng(seed)
    changed, times = last
    told = []
    for number in range(DAYS):
        usual = level * WEEK[number % 7] * (times if number >= DAYS - changed else 1.0)
        told.append((UNTIL - timedelta(days=DAYS - 1 - number), int(chance.poisson(usual))))
    return told


def look(shop: Books) -> Looked:
    return drifted(shop, until=UNTIL)


def drifted(shop: Books, *, until: date) -> Looked:
    with shop.opened() as columns:
        return drifts(columns, until=until)
