"""The weaker way, week by week and counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from bench.history import UNTIL, made_history
from fiel.insights.columns.opening import columns_of_arrow, columns_of_folder
from fiel.insights.impact.differences import Weeks, difference_of, weeks_around
from tests.insights.impact.shop import members, sales

START = date(2026, 3, 2)
WEEKS = Weeks(START, 8)
OLD, NEW, NOBODY = 1, 2, None
MEMBERS = members([UUID(int=1), UUID(int=2)], joined=[date(2025, 1, 1), START - timedelta(weeks=2)])
WOBBLE = (0, 3, -2, 1, -3, 2, -1, 0)


def difference(old_since: int, others_since: int, *, old_later: int | None = None, lost: int = 0):
    """Of a hundred a week before, what it makes of so much a week since; a little varies.

    `lost` percent of the members' purchases are lost each week.
    """
    bought = []
    for week in range(16):
        day = WEEKS.since + timedelta(weeks=week)
        old, others = (old_since, others_since) if week >= 8 else (10_000, 10_000)
        if old_later is not None and 4 <= week < 8:
            old = old_later
        old = old * (100 - lost) ** week // 100**week
        bought.append((OLD, day, old + 10 * WOBBLE[week % 8]))
        bought.append((NOBODY if week % 2 else NEW, day, others))
    with columns_of_arrow({"members": MEMBERS, "sales": sales(bought)}) as columns:
        return difference_of(columns, WEEKS)


def test_what_members_gain_beyond_everybody_else_is_the_difference():
    found = difference(13_000, 10_000)

    assert found is not None
    assert found.members == 1  # who joined within half a year is not of those compared
    assert found.lift == pytest.approx(0.3, abs=0.005)
    assert found.low < 0.3 < found.high
    assert found.is_seen
    assert found.drift > 0.05


def test_what_both_gain_is_not():
    found = difference(13_000, 13_000)

    assert found is not None
    assert found.lift == pytest.approx(0, abs=0.005)
    assert not found.is_seen


def test_that_fewer_of_them_buy_with_every_week_is_no_difference():
    found = difference(10_000, 10_000, lost=3)

    assert found is not None
    assert found.lift == pytest.approx(0, abs=0.005)
    assert not found.is_seen


def test_what_was_caused_is_found_beside_a_steady_loss():
    found = difference(13_000, 10_000, lost=3)

    assert found is not None
    assert found.lift == pytest.approx(0.3, abs=0.005)


def test_groups_that_parted_before_are_told():
    found = difference(13_000, 10_000, old_later=12_000)

    assert found is not None
    assert found.drift < 0.01


def test_a_week_without_purchases_of_one_group_cannot_be_compared():
    assert difference(0, 10_000) is None
    assert difference(13_000, 0) is None


def test_without_anything_sold_nothing_is_said():
    with columns_of_arrow({}) as columns:
        assert difference_of(columns, WEEKS) is None


def test_as_many_whole_weeks_before_as_since():
    today = START + timedelta(days=60)  # eight weeks and four days

    assert weeks_around(START, until=None, today=today) == WEEKS
    assert (WEEKS.since, WEEKS.until) == (date(2026, 1, 5), date(2026, 4, 26))
    assert weeks_around(START, until=START + timedelta(weeks=7), today=today) is None
    assert weeks_around(START, until=None, today=START) is None


def test_in_a_history_where_nothing_was_caused_nothing_is_seen():
    """Members come less the longer they are members, and others join all the time."""
    with made_history(sales=100_000, members=5_000) as folder, columns_of_folder(folder) as columns:
        starts = [UNTIL - timedelta(weeks=weeks) for weeks in (8, 20, 32)]
        found = [difference_of(columns, Weeks(start, 8)) for start in starts]

    assert [one is not None and one.is_seen for one in found] == [False, False, False]
