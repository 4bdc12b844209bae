"""A changed rule of expiry gives open lots new dates only when that is asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fiel.domain.time import NO_TIME, Duration, DurationUnit
from fiel.intake.redating import redate_lots
from fiel.ledger.redating import Redating
from fiel.ledger.scope import program_transaction
from tests.support.program import CAFE_SOL
from tests.support.till import Till

pytestmark = pytest.mark.anyio

# The Café Sol's points last 12 months; now they are to last one.
SHORTER = CAFE_SOL.replace("after: 12 months", "after: 1 month")
IDLE = CAFE_SOL.replace("after: 12 months", "inactivity: 1 month")
NOON = datetime(2026, 3, 1, 11, tzinfo=UTC)
LATER = NOON + timedelta(days=60)  # 30 April


@pytest.fixture
async def till(database):
    """Ana earned 40 on 1 March and 7 on 20 April; Berta was brought 5 with a date of their own."""
    till = Till(database)
    await till.publishes(CAFE_SOL, now=NOON)
    for name in ("ana", "berta"):
        await till.enrols(name, now=NOON)
    await till.sells("40.00", to="ana", now=NOON)
    await till.sells("7.00", to="ana", now=NOON + timedelta(days=50))
    await till.brings("berta", 5, lasts=NOON + timedelta(days=300), number="B-1", now=NOON)
    return till


async def redate(till: Till, *, is_done: bool, notice: Duration = NO_TIME) -> Redating:
    async with (
        till.database.connection() as connection,
        program_transaction(connection, till.program_id),
    ):
        published = await till.versions.in_force(connection, till.program_id)
    return await redate_lots(
        till.database.posting, published, now=LATER, notice=notice, is_done=is_done
    )


async def ends(till: Till) -> list[tuple[str, int]]:
    balance = await till.balance("ana", now=LATER)
    return [(each.at.isoformat(), each.points) for each in balance.expiring]


AS_EARNED = [("2027-03-01T23:00:00+00:00", 40), ("2027-04-20T22:00:00+00:00", 7)]


async def test_looking_changes_nothing(till):
    await till.publishes(SHORTER, now=LATER)

    seen = await redate(till, is_done=False)

    assert (seen.members, seen.lots, seen.points) == (1, 2, 47)
    assert seen.by_end == {
        ("points", datetime(2026, 4, 30, 22, tzinfo=UTC)): (1, 40),  # over: the end of today
        ("points", datetime(2026, 5, 20, 22, tzinfo=UTC)): (1, 7),
    }
    assert await ends(till) == AS_EARNED


async def test_done_it_is_as_it_was_seen_and_on_record(till):
    await till.publishes(SHORTER, now=LATER)
    seen = await redate(till, is_done=False)

    done = await redate(till, is_done=True)

    assert done == seen
    assert await ends(till) == [
        ("2026-04-30T22:00:00+00:00", 40),
        ("2026-05-20T22:00:00+00:00", 7),
    ]
    async with till.database.owner() as owner:
        query = (
            "SELECT jsonb_array_length(decision -> 'redated') FROM activity WHERE kind = 'redate'"
        )
        assert await (await owner.execute(query)).fetchall() == [(2,)]
    assert (await till.proof()).ok


async def test_done_again_it_changes_nothing_more(till):
    await till.publishes(SHORTER, now=LATER)
    await redate(till, is_done=True)

    again = await redate(till, is_done=True)

    assert (again.members, again.lots) == (0, 0)


async def test_days_of_notice_are_kept(till):
    await till.publishes(SHORTER, now=LATER)

    seen = await redate(till, is_done=False, notice=Duration(30, DurationUnit.DAYS))

    assert seen.by_end == {("points", datetime(2026, 5, 30, 22, tzinfo=UTC)): (2, 47)}


async def test_what_was_brought_with_a_date_of_its_own_keeps_it(till):
    await till.publishes(SHORTER, now=LATER)

    await redate(till, is_done=True)

    (told,) = (await till.balance("berta", now=LATER)).expiring
    assert told.at == NOON + timedelta(days=300)


async def test_a_rule_by_inactivity_takes_the_place_of_dates(till):
    await till.publishes(IDLE, now=LATER)

    done = await redate(till, is_done=True)

    # Two lots of Ana's have no date any more, and the accounts of both have one.
    assert (done.members, done.lots) == (2, 4)
    assert await ends(till) == [("2026-05-20T22:00:00+00:00", 47)]
    assert (await till.proof()).ok
