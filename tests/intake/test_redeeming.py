"""Redemptions in time: holds that end, codes that run out, points that go back to their lots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fiel.domain.lots import InsufficientPoints
from fiel.domain.redeeming import (
    AlreadyCancelled,
    NeedsManager,
    RedemptionExpired,
    Status,
)
from tests.api.rewards import REWARDS
from tests.support.redeeming import Counter
from tests.support.till import Till

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
GRACE = REWARDS.replace("{after: 12 months}", "{after: 12 months}\n    grace: 10 days")


async def opened(database, source=REWARDS):
    till = Till(database)
    await till.publishes(source, now=NOON)
    await till.enrols("ana", now=NOON)
    return Counter(till)


async def brings(counter, points, *, lasts=None, number="B-1", now=NOON):
    await counter.till.brings("ana", points, lasts=lasts, number=number, now=now)


async def balance(counter, *, now):
    found = await counter.till.balance("ana", now=now)
    return found.available, found.held


async def clean(counter):
    proof = await counter.till.proof()
    return proof.differences


async def test_a_hold_lasts_a_quarter_of_an_hour_and_everything_comes_back(database):
    counter = await opened(database)
    await brings(counter, 60)
    cata = await counter.redeems("ana", "cata", now=NOON, capture=False)
    assert await balance(counter, now=NOON) == (10, 50)

    assert await counter.midnight(now=NOON + 15 * MINUTE - timedelta(seconds=1)) == 0
    assert await counter.midnight(now=NOON + 15 * MINUTE) == 1

    assert await balance(counter, now=NOON + HOUR) == (60, 0)
    ended = await counter.redemption(cata)
    assert (ended.status, ended.ended_at) == (Status.EXPIRED, NOON + 15 * MINUTE)
    assert await counter.midnight(now=NOON + HOUR) == 0
    # The only place of the tasting is free again.
    await counter.redeems("ana", "cata", now=NOON + HOUR)
    assert await clean(counter) == []


async def test_a_hold_lasts_as_long_as_it_is_told(database):
    counter = await opened(database)
    await brings(counter, 60)

    held = await counter.redeems(
        "ana", "cafe-gratis", now=NOON, capture=False, hold_minutes=2 * 24 * 60
    )

    assert await counter.midnight(now=NOON + DAY) == 0
    await counter.captures(held, now=NOON + DAY)
    assert await balance(counter, now=NOON + DAY) == (10, 0)
    assert await clean(counter) == []


async def test_what_was_held_too_long_is_free_for_the_next_redemption_without_the_calendar(
    database,
):
    counter = await opened(database)
    await brings(counter, 60)
    first = await counter.redeems("ana", "masaje", now=NOON, capture=False, hold_minutes=5)
    await counter.redeems("ana", "cafe-gratis", now=NOON, capture=False)
    with pytest.raises(InsufficientPoints):
        await counter.redeems("ana", "cafe-gratis", now=NOON + MINUTE)

    await counter.redeems("ana", "masaje", now=NOON + HOUR)
    await counter.redeems("ana", "cafe-gratis", now=NOON + HOUR)

    assert await balance(counter, now=NOON + HOUR) == (0, 0)
    assert (await counter.redemption(first)).status is Status.EXPIRED
    assert await clean(counter) == []


@pytest.mark.parametrize("what", ["captures", "uses", "cancels"])
async def test_who_comes_too_late_is_told_and_it_is_booked(database, what):
    counter = await opened(database)
    await brings(counter, 50)
    held = await counter.redeems("ana", "cafe-gratis", now=NOON, capture=False)

    with pytest.raises(RedemptionExpired):
        await getattr(counter, what)(held, now=NOON + HOUR)

    assert await balance(counter, now=NOON + HOUR) == (50, 0)
    assert await clean(counter) == []


async def test_a_code_that_is_not_used_in_time_runs_out_and_its_points_are_gone(database):
    counter = await opened(database)
    await brings(counter, 60)
    access = await counter.redeems("ana", "preventa", now=NOON)  # valid for 7 days: to 8 March
    end = datetime(2026, 3, 8, 23, 0, tzinfo=UTC)
    assert (await counter.redemption(access)).expires_at == end

    assert await counter.midnight(now=end - timedelta(seconds=1)) == 0
    assert await counter.midnight(now=end + DAY) == 1

    ran_out = await counter.redemption(access)
    assert (ran_out.status, ran_out.ended_at) == (Status.EXPIRED, end)
    assert await balance(counter, now=end + DAY) == (40, 0)
    with pytest.raises(RedemptionExpired):
        await counter.cancels(access, now=end + DAY, manager=True)
    assert await clean(counter) == []


async def test_points_go_back_to_the_lots_they_came_from(database):
    counter = await opened(database)
    january = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    await brings(counter, 30, lasts=january)
    await brings(counter, 30, number="B-2")
    coffee = await counter.redeems("ana", "cafe-gratis", now=NOON)

    await counter.cancels(coffee, now=NOON + DAY)

    before = await counter.till.balance("ana", now=january - DAY)
    assert (before.available, [(e.points, e.at) for e in before.expiring]) == (60, [(30, january)])
    assert (await counter.till.balance("ana", now=january)).available == 30
    assert await clean(counter) == []


@pytest.mark.parametrize("capture", [False, True])
async def test_points_that_come_back_to_a_lot_that_ended_end_at_once(database, capture):
    counter = await opened(database)
    ends = NOON + DAY
    await brings(counter, 50, lasts=ends)
    coffee = await counter.redeems(
        "ana", "cafe-gratis", now=NOON, capture=capture,
        hold_minutes=None if capture else 3 * 24 * 60,
    )  # fmt: skip

    cancelled = await counter.cancels(coffee, now=ends + HOUR)

    assert cancelled.decision["restored"] == {"points": 50}
    assert cancelled.decision["expired"] == {"points": 50}
    assert await balance(counter, now=ends + HOUR) == (0, 0)
    assert await clean(counter) == []


async def test_points_that_come_back_to_a_lot_that_ended_have_the_days_of_grace(database):
    counter = await opened(database, GRACE)
    ends = NOON + DAY
    await brings(counter, 50, lasts=ends)
    coffee = await counter.redeems("ana", "cafe-gratis", now=NOON)

    await counter.cancels(coffee, now=ends + HOUR)

    grace_ends = datetime(2026, 3, 12, 23, 0, tzinfo=UTC)  # ten days after 2 March, in Madrid
    assert await balance(counter, now=grace_ends - MINUTE) == (50, 0)
    assert await balance(counter, now=grace_ends) == (0, 0)
    assert await clean(counter) == []


async def test_what_a_version_promised_is_kept_though_the_program_has_changed(database):
    counter = await opened(database)
    await brings(counter, 60)
    held = await counter.redeems("ana", "cafe-gratis", now=NOON, capture=False)
    await counter.till.publishes(REWARDS.replace("cafe-gratis", "otro-cafe"), now=NOON)

    captured = await counter.captures(held, now=NOON + MINUTE)

    assert captured.decision["redemption"]["code"] is not None
    await counter.cancels(held, now=NOON + MINUTE)
    assert await balance(counter, now=NOON + HOUR) == (60, 0)
    assert await clean(counter) == []


async def test_a_used_one_comes_back_only_by_who_runs_the_program(database):
    counter = await opened(database)
    await brings(counter, 60)
    coffee = await counter.redeems("ana", "cafe-gratis", now=NOON)
    await counter.uses(coffee, now=NOON + MINUTE)

    with pytest.raises(NeedsManager):
        await counter.cancels(coffee, now=NOON + HOUR)
    await counter.cancels(coffee, now=NOON + HOUR, manager=True)

    with pytest.raises(AlreadyCancelled):
        await counter.cancels(coffee, now=NOON + HOUR, manager=True)
    assert await balance(counter, now=NOON + HOUR) == (60, 0)
    assert await clean(counter) == []


async def test_a_held_one_that_is_used_is_captured_by_it(database):
    counter = await opened(database)
    await brings(counter, 60)
    held = await counter.redeems("ana", "cafe-gratis", now=NOON, capture=False)

    await counter.uses(held, now=NOON + MINUTE)

    used = await counter.redemption(held)
    assert (used.status, used.captured_at) == (Status.USED, NOON + MINUTE)
    assert await balance(counter, now=NOON + MINUTE) == (10, 0)
    assert await clean(counter) == []


async def test_a_crowd_of_holds_ends_in_pieces(database):
    counter = await opened(database)
    await brings(counter, 90)
    for _ in range(9):
        await counter.redeems("ana", None, points=10, now=NOON, capture=False)

    later = NOON + HOUR

    assert [await counter.midnight(now=later, most=4) for _ in range(4)] == [4, 4, 1, 0]
    assert await balance(counter, now=later) == (90, 0)
    assert await clean(counter) == []
