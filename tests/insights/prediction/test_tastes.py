"""The next best reward, from shops whose tastes can be counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fiel.insights.prediction import tastes as module
from fiel.insights.prediction.tastes import Of, Tastes, Thing, read_own, read_tastes
from tests.insights.prediction.shop import Books

UNTIL = date(2026, 6, 30)
COFFEE, TEA = Thing(Of.CATEGORY, "coffee"), Thing(Of.CATEGORY, "tea")
MUG, POT = Thing(Of.REWARD, "mug"), Thing(Of.REWARD, "pot")
REWARDS = (MUG, POT)


def test_a_coffee_drinker_is_offered_what_coffee_drinkers_took_and_told_so():
    shop = drinkers()  # 40 drink coffee, 30 of them took the mug; 40 drink tea, 20 took the pot

    best = told(shop).suggested({COFFEE}, possible=REWARDS)[0]

    assert (best.thing, best.because) == (MUG, COFFEE)
    assert (best.takers, best.sharers) == (30, 40)
    assert best.of_all == 30 / 80


def test_a_tea_drinker_is_offered_something_else():
    best = told(drinkers()).suggested({TEA}, possible=REWARDS)[0]

    assert (best.thing, best.because, best.takers, best.sharers) == (POT, TEA, 20, 40)


def test_what_a_member_has_taken_is_not_suggested():
    offered = told(drinkers()).suggested({COFFEE, MUG}, possible=REWARDS)

    assert [one.thing for one in offered] == [POT]


def test_of_whom_nothing_is_known_the_most_taken_of_all_is_offered():
    best = told(drinkers()).suggested(set(), possible=REWARDS)[0]

    assert (best.thing, best.because, best.takers, best.sharers) == (MUG, None, 30, 80)


def test_a_taste_whose_sharers_take_it_no_more_than_others_is_no_reason():
    # Half of all took the mug, whatever they drink.
    shop = Books()
    for member in range(1, 81):
        shop.has_members(member)
        drinks(shop, member, "coffee" if member % 4 < 2 else "tea")
        if member % 2:
            takes(shop, member, "mug")

    best = told(shop).suggested({COFFEE}, possible=REWARDS)[0]

    assert (best.thing, best.because) == (MUG, None)


def test_a_category_that_members_like_them_buy_can_be_suggested_too():
    shop = Books()
    for member in range(1, 61):
        drinks(shop, member, "coffee")
        if member <= 40:
            drinks(shop, member, "cake")
    for member in range(61, 121):
        drinks(shop, member, "tea")
    cake = Thing(Of.CATEGORY, "cake")

    best = told(shop).suggested({COFFEE}, possible=[cake, TEA])[0]

    assert (best.thing, best.because, best.takers, best.sharers) == (cake, COFFEE, 40, 60)


def test_too_few_takers_are_no_suggestion():
    shop = Books()
    for member in range(1, 41):
        drinks(shop, member, "coffee")
    for member in range(1, 5):
        takes(shop, member, "mug")

    assert told(shop).suggested({COFFEE}, possible=REWARDS) == []


def test_few_who_all_took_it_are_less_sure_than_many_of_whom_most_did():
    shop = Books()
    for member in range(1, 21):
        drinks(shop, member, "juice")
        takes(shop, member, "mug") if member <= 16 else None
    for member in range(21, 421):
        drinks(shop, member, "coffee")
        takes(shop, member, "mug") if member <= 321 else None
    for member in range(421, 821):
        drinks(shop, member, "tea")
    juice = Thing(Of.CATEGORY, "juice")

    best = told(shop).suggested({juice, COFFEE}, possible=REWARDS)[0]

    assert best.because == COFFEE  # 301 of 400 says more than 16 of 20
    assert best.share < 16 / 20


def test_what_was_given_cancelled_or_long_ago_is_not_counted():
    shop = Books()
    for member in range(1, 31):
        drinks(shop, member, "coffee")
        takes(shop, member, "mug", milestone="tenth")
        takes(shop, member, "pot", status="cancelled")
        takes(shop, member, "cup", day=UNTIL - timedelta(days=400))

    assert set(told(shop).having) == {COFFEE}


def test_a_shop_without_anything_suggests_nothing():
    assert told(Books()).suggested({COFFEE}, possible=REWARDS) == []


def test_the_tastes_of_some_members_are_read():
    shop = Books()
    drinks(shop, 1, "coffee")
    drinks(shop, 1, "coffee")
    takes(shop, 1, "mug")
    drinks(shop, 2, "tea")
    drinks(shop, 3, "")

    with shop.opened() as columns:
        own = read_own(columns, [1, 3], until=UNTIL)

    assert own == {1: {COFFEE, MUG}, 3: set()}


def test_of_very_many_members_every_so_manieth_is_asked(monkeypatch):
    monkeypatch.setattr(module, "SAMPLED", 20)

    tastes = told(drinkers())  # 80 members: every fourth

    assert tastes.members == 20
    assert tastes.having[COFFEE] == 10


def test_the_pairs_that_say_something_are_told_the_surest_first():
    pairs = told(drinkers()).pairs()

    assert [(one.because, one.thing, one.takers, one.sharers) for one in pairs] == [
        (MUG, COFFEE, 30, 30),
        (POT, TEA, 20, 20),
        (COFFEE, MUG, 30, 40),
        (TEA, POT, 20, 40),
    ]


def drinkers() -> Books:
    shop = Books()
    for member in range(1, 81):
        shop.has_members(member)
        if member <= 40:
            drinks(shop, member, "coffee")
            takes(shop, member, "mug") if member <= 30 else None
        else:
            drinks(shop, member, "tea")
            takes(shop, member, "pot") if member <= 60 else None
    return shop


def drinks(shop: Books, member: int, category: str) -> None:
    shop.adds(
        "lines", member=member, day=UNTIL, category=category, kind="goods", net=300, sale=member
    )


def takes(
    shop: Books, member: int, reward: str, *, day: date = UNTIL, status: str = "captured",
    milestone: str | None = None,
) -> None:  # fmt: skip
    shop.adds(
        "redemptions", member=member, reward=reward, day=day, status=status, milestone=milestone,
        redemption_id=f"{member}-{reward}",
    )  # fmt: skip


def told(shop: Books) -> Tastes:
    with shop.opened() as columns:
        return read_tastes(columns, until=UNTIL)


@pytest.mark.parametrize(("takers", "sharers"), [(5, 20), (50, 50), (1, 1000)])
def test_what_can_be_counted_on_is_less_than_what_was_seen(takers, sharers):
    one = module.Suggestion(MUG, COFFEE, takers, sharers, 0.1)

    assert 0 < one.surely < one.share
