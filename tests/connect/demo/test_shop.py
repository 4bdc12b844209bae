"""The demo's year says what the data says."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice, pairwise

import pytest

from fiel.connect.demo.purchases import ZONE, Purchases, load_purchases, moved, weeks_until
from fiel.connect.demo.shop import (
    Enrolment,
    Happening,
    Purchase,
    Redemption,
    Return,
    happenings,
    sale_content,
)

# Sunday, 14 November 2026: 463 weeks after the last day of the data.
MADE_AT = datetime(2026, 11, 16, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def purchases() -> Purchases:
    return load_purchases()


def test_the_whole_year_is_there(purchases: Purchases) -> None:
    assert len(purchases.baskets) == 155_848
    assert purchases.line_count == 1_469_307
    assert purchases.baskets[-1].last == purchases.line_count
    assert len({basket.household for basket in purchases.baskets}) == 2_469
    assert len({basket.store for basket in purchases.baskets}) == 457


def test_every_line_comes_to_what_the_shop_received_for_it(purchases: Purchases) -> None:
    total = 0
    for basket in islice(purchases.baskets, 0, None, 11):
        content = sale_content(basket, purchases.lines(basket), basket.bought_at)
        lines = content["lines"]
        assert isinstance(lines, list)
        for told, line in zip(lines, purchases.lines(basket), strict=True):
            value = Decimal(told["unit_price"]) * Decimal(told["quantity"])
            shelf = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert (shelf - Decimal(told.get("discount", "0"))) * 100 == line.net
            total += line.net
    assert total > 0


def test_fuel_is_bought_by_the_gallon(purchases: Purchases) -> None:
    fuel = [
        line
        for basket in islice(purchases.baskets, 20_000)
        for line in purchases.lines(basket)
        if line.product.category == "fuel"
    ]

    with_volume = [line for line in fuel if line.volume is not None]
    assert len(with_volume) > 1000
    for line in with_volume:
        assert line.volume is not None
        # Dollars a gallon, in 2017: between one and a half and four.
        assert 1.5 < (line.net + line.discount) / 100 / (line.volume / 1000) < 4
        assert line.quantity == 1


def test_tobacco_and_gift_cards_are_told_apart(purchases: Purchases) -> None:
    categories = Counter(
        line.product.category
        for basket in islice(purchases.baskets, 20_000)
        for line in purchases.lines(basket)
    )

    assert {"tobacco", "gift-card", "produce", "fuel", "grocery"} <= set(categories)


def test_the_year_ends_within_a_week_before_the_day_it_is_made(purchases: Purchases) -> None:
    today = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    weeks = weeks_until(today, purchases)
    latest = moved(purchases.baskets[-1].bought_at, weeks)

    assert today - timedelta(weeks=1, hours=2) < latest < today + timedelta(hours=2)


def test_a_moved_purchase_keeps_its_weekday_and_its_time_on_the_clock() -> None:
    bought = datetime(2017, 7, 3, 22, 30, tzinfo=UTC)  # a Monday, 18:30 in New York

    later = moved(bought, 463).astimezone(ZONE)

    assert (later.weekday(), later.hour, later.minute) == (0, 18, 30)


@pytest.fixture(scope="module")
def year(purchases: Purchases) -> list[Happening]:
    """Everything that happens, without what was bought: that would be a gigabyte."""
    return [
        replace(happening, content={}) if isinstance(happening, Purchase) else happening
        for happening in happenings(purchases, weeks=463, until=MADE_AT)
    ]


def test_it_all_happens_in_order_and_nobody_buys_before_joining(year: list[Happening]) -> None:
    joined: set[int] = set()
    for happening in year:
        if isinstance(happening, Enrolment):
            assert happening.household not in joined
            joined.add(happening.household)
        assert happening.household in joined
    instants = [happening.at.timestamp() for happening in year]
    assert all(before <= after for before, after in pairwise(instants))
    assert instants[-1] <= MADE_AT.timestamp()
    kinds = Counter(type(happening) for happening in year)
    assert (kinds[Purchase], kinds[Enrolment]) == (155_848, 2_469)


def test_who_redeemed_coupons_on_a_day_redeems_points_after_the_last_purchase_of_that_day(
    purchases: Purchases, year: list[Happening]
) -> None:
    redeemed = {
        (happening.household, happening.at.date() - timedelta(weeks=463))
        for happening in year
        if isinstance(happening, Redemption)
    }
    assert redeemed == purchases.coupon_days
    assert len(redeemed) == 1_107

    asked: set[tuple[int, date]] = set()
    for before, happening in pairwise(year):
        day = happening.household, happening.at.date()
        if isinstance(happening, Redemption):
            assert isinstance(before, Purchase)
            assert (before.household, before.at) == (happening.household, happening.at)
            asked.add(day)
        elif isinstance(happening, Purchase):
            assert day not in asked


def test_one_basket_in_400_gives_its_dearest_goods_back_three_days_later(
    purchases: Purchases, year: list[Happening]
) -> None:
    numbers = sorted(basket.number for basket in purchases.baskets)[399::400]
    baskets = {basket.number: basket for basket in purchases.baskets}
    returned = [happening for happening in year if isinstance(happening, Return)]

    for happening in returned:
        basket = baskets[int(str(happening.content["sale_external_id"]))]
        assert basket.number in numbers
        assert happening.household == basket.household
        sold_at = moved(basket.bought_at, 463)
        assert happening.at.replace(tzinfo=None) - sold_at.replace(tzinfo=None) == timedelta(days=3)
        lines = list(purchases.lines(basket))
        content = happening.content["lines"]
        assert isinstance(content, list)
        [told] = content
        line = lines[told["line"] - 1]
        assert told["quantity"] == line.quantity
        assert line.product.category not in ("fuel", "gift-card")
        goods = [one.net for one in lines if one.product.category not in ("fuel", "gift-card")]
        assert line.net == max(goods) > 0
    # The others sold nothing but fuel or gift cards, or would come back after the year.
    assert (len(numbers), len(returned)) == (389, 345)


def test_it_is_the_same_every_time(purchases: Purchases) -> None:
    once, again = (
        list(islice(happenings(purchases, weeks=463, until=MADE_AT), 500)) for _ in range(2)
    )

    assert once == again
