"""What members of each group did, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from fiel.domain.holdout import holdout_of
from fiel.insights.columns.opening import columns_of_arrow
from fiel.insights.impact.experiments import experiments_of
from fiel.insights.impact.samples import drawn, sample_of
from fiel.insights.impact.windows import window_of
from tests.insights.impact.shop import FIRST, TODAY, days, members, rows_of, sales, sides, version

MADRID = ZoneInfo("Europe/Madrid")
BEFORE = date(2025, 12, 1)
LAST = date(2026, 6, 1)  # within the last stretch
OUT, WITHIN = sides(2)
OUT_1, OUT_2, IN_1, IN_2 = 1, 2, 3, 4
MEMBERS = members([*OUT, *WITHIN])
WINDOW = window_of(experiments_of([version()], MADRID)[""], since=None, until=None, today=TODAY)


def sampled(*, apart=(), **tables):
    holdout = holdout_of("cafe-sol", "", Decimal(50))
    assert WINDOW is not None
    with columns_of_arrow({"members": MEMBERS} | tables) as columns:
        return sample_of(columns, holdout, holdout, WINDOW, apart=apart)


@pytest.mark.parametrize("percent", ["0.1", "10", "33.3", "90"])
def test_engines_draw_as_the_till_does(percent):
    ids = [UUID(int=number) for number in range(500)]
    holdout = holdout_of("cafe-sol", "promo", Decimal(percent))
    with columns_of_arrow({"members": members(ids)}) as columns:
        table = columns["members"].order_by("member")
        told = table.select(is_out=drawn(holdout, table.member_id)).to_pyarrow()["is_out"]

    assert told.to_pylist() == [holdout.holds(id_) for id_ in ids]


def test_each_group_has_its_members_whether_they_bought_or_not():
    sample = sampled(sales=sales([(OUT_1, FIRST, 1000), (IN_1, FIRST, 3000), (IN_1, LAST, 500)]))

    assert (sample.out.members, sample.within.members) == (2, 2)
    assert sample.out.everybody.mean("spend") == 500
    assert sample.within.everybody.mean("spend") == 1750
    assert sample.within.everybody.var("spend") == 3500**2 / 2
    assert sample.within.everybody.mean("purchases") == 1
    assert sample.within.everybody.cov("spend", "purchases") == 3500 * 2 / 2


def test_who_buys_in_the_last_stretch_has_stayed():
    sample = sampled(sales=sales([(OUT_1, FIRST, 1000), (IN_1, LAST, 1), (IN_2, LAST, 1)]))

    assert sample.out.stayers.mean("stayed") == 0
    assert sample.within.stayers.mean("stayed") == 1


def test_what_was_before_is_told_apart_and_the_day_it_began_is_of_neither():
    began = FIRST - timedelta(days=1)
    sample = sampled(sales=sales([(IN_1, BEFORE, 400), (IN_1, began, 9000), (IN_2, FIRST, 100)]))

    assert sample.within.everybody.mean("spend_before") == 200
    assert sample.within.everybody.mean("spend") == 50
    assert sample.within.stayers.mean("bought_before") == 0.5


def test_what_came_back_was_not_spent():
    bought = sales([(IN_1, FIRST, 1000), (IN_2, FIRST, 600)])
    back = rows_of("returns", [{"sale": 1, "net": 400, "day": LAST, "margin": 100},
                               {"sale": 2, "net": 600, "day": LAST, "cancels": True}])  # fmt: skip

    sample = sampled(sales=bought, returns=back)

    assert sample.within.everybody.mean("spend") == 300
    assert sample.within.everybody.mean("purchases") == 0.5


def test_who_joined_in_between_counts_and_who_joined_late_says_nothing_about_staying():
    late = members([*OUT, *WITHIN], joined=[FIRST, LAST, FIRST, LAST])
    after = members([*OUT, *WITHIN], joined=TODAY)

    sample = sampled(members=late, sales=sales([(IN_2, LAST, 100)]))

    assert (sample.within.members, sample.within.stayers.count()) == (2, 1)
    assert sampled(members=after).out.members == 0


def test_who_is_kept_out_of_the_whole_program_tells_nothing_about_a_promotion():
    whole = holdout_of("cafe-sol", "", Decimal(50))
    promotion = replace(holdout_of("cafe-sol", "promo", Decimal(50)), id="promo")
    assert WINDOW is not None
    ids = [*OUT, *WITHIN]
    with columns_of_arrow({"members": MEMBERS}) as columns:
        sample = sample_of(columns, promotion, promotion, WINDOW, apart=[whole])

    expected = sum(promotion.holds(id_) for id_ in ids if not whole.holds(id_))
    assert (sample.out.members, sample.out.members + sample.within.members) == (expected, 2)


def test_members_who_changed_sides_are_in_neither_group():
    ids = [UUID(int=number) for number in range(200)]
    least, most = (holdout_of("cafe-sol", "", Decimal(share)) for share in (20, 50))
    assert WINDOW is not None
    with columns_of_arrow({"members": members(ids)}) as columns:
        sample = sample_of(columns, least, most, WINDOW, apart=())

    assert sample.out.members == sum(map(least.holds, ids))
    assert sample.within.members == sum(not most.holds(id_) for id_ in ids)


def test_purchases_without_a_margin_are_counted():
    sample = sampled(sales=sales([(IN_1, day, 100) for day in days(3)], margin=None))

    assert sample.margins_unknown == 3


def test_without_members_or_sales_there_is_nothing_and_no_crash():
    empty = sampled(members=MEMBERS.slice(0, 0))

    assert (empty.out.members, empty.within.members) == (0, 0)
    assert sampled().within.everybody.mean("spend") == 0
