"""The calendar is repeatable: late, twice, by two at once or cut off, it ends the same."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fiel.intake.calendar import Errand, run_calendar
from fiel.ledger.scope import program_transaction
from tests.support.till import Till

pytestmark = pytest.mark.anyio

FIEL = str(Path(sys.executable).with_name("fiel"))
SHOP = """
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {pending: 5 days, expiry: {after: 60 days}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
tiers:
  window: 30 days
  downgrade: {grace: 3 days, one_step: true}
  levels: [{id: bronce, from: 0}, {id: plata, from: 50}, {id: oro, from: 100}]
"""
FIRST = datetime(2026, 3, 1, 11, tzinfo=UTC)


async def a_year(till: Till, *, members: int) -> None:
    """Members who bought on different days and then did nothing more."""
    await till.publishes(SHOP, now=FIRST)
    for number in range(members):
        await till.enrols(f"socio-{number}", now=FIRST)
    for day in range(40):
        now = FIRST + timedelta(days=day)
        asks = [
            till.sale(f"{10 + number}.00", to=f"socio-{number}", now=now)
            for number in range(members)
            if number % 40 == day or number % 7 == day % 7
        ]
        if asks:
            await till.recorder.record_all(till.program_id, asks)


async def goes_through(till: Till, until: datetime, *, waits: bool = False) -> int:
    async with (
        till.database.connection() as connection,
        program_transaction(connection, till.program_id),
    ):
        published = await till.versions.in_force(connection, till.program_id)
    errand = Errand(
        till.database.posting, till.versions, published, until, since=FIRST, waits=waits
    )
    return await run_calendar(errand)


STATE = """
SELECT 'lots', l.unit, sum(l.points - l.drawn)::bigint, count(*) FROM lot l GROUP BY l.unit
UNION ALL
SELECT 'moved', debit || '>' || credit || '@' || occurred_at, sum(points)::bigint, count(*)
FROM transfer GROUP BY 2
UNION ALL
SELECT 'tiers', tier || ' until ' || coalesce(tier_until::text, 'ever'),
       count(*), count(review_at) FROM standing GROUP BY 2
UNION ALL
SELECT 'reviews', kind || (decision -> 'tier' ->> 'holds') || '@' || occurred_at, count(*), 0
FROM activity WHERE kind = 'tier' GROUP BY 2
ORDER BY 1, 2
"""


async def state(till: Till) -> list[tuple[Any, ...]]:
    """What stands and what was moved when, whoever booked it in how many goes."""
    async with till.database.owner() as owner:
        return list(await (await owner.execute(STATE)).fetchall())


async def is_sound(till: Till) -> bool:
    return (await till.proof()).ok


HALF_A_YEAR_ON = FIRST + timedelta(days=180)


async def test_going_through_it_again_changes_nothing_more(database):
    till = Till(database)
    await a_year(till, members=14)

    done = await goes_through(till, HALF_A_YEAR_ON)
    once = await state(till)

    assert done >= 14
    assert await goes_through(till, HALF_A_YEAR_ON) == 0
    assert await state(till) == once
    assert await is_sound(till)


async def test_late_at_one_go_is_the_same_as_in_many(database):
    till = Till(database)
    await a_year(till, members=10)
    await goes_through(till, HALF_A_YEAR_ON)
    at_one_go = await state(till)
    async with database.owner() as owner:
        tables = "activity, activity_key, standing, account, transfer, lot, draw, outbox, member"
        await owner.execute(f"TRUNCATE {tables}, member_key, program_version, calendar_day")
        await owner.execute("DELETE FROM program")

    again = Till(database)
    await a_year(again, members=10)
    for day in [*range(0, 180, 6), 180]:
        await goes_through(again, FIRST + timedelta(days=day))

    assert await state(again) == at_one_go
    assert await is_sound(again)


async def test_settled_by_a_sale_or_by_the_calendar_it_is_the_same(database):
    # The members of even numbers buy again before the calendar comes, the others after it.
    till = Till(database)
    await till.publishes(SHOP, now=FIRST)
    for number in range(8):
        await till.enrols(f"socio-{number}", now=FIRST)
        await till.sells("120.00", to=f"socio-{number}", now=FIRST)
    later = FIRST + timedelta(days=70)

    for number in range(0, 8, 2):
        await till.sells("1.00", to=f"socio-{number}", now=later)
    await goes_through(till, later)
    for number in range(1, 8, 2):
        await till.sells("1.00", to=f"socio-{number}", now=later)
    await goes_through(till, later)

    balances = {await _told(till, f"socio-{number}", later) for number in range(8)}
    assert balances == {(0, 1, "bronce")}  # what was bought last is pending; two steps down
    assert await is_sound(till)


async def _told(till: Till, name: str, now: datetime) -> tuple[int, int, str | None]:
    balance = await till.balance(name, now=now)
    return balance.available, balance.pending, await till.tier(name, now=now)


async def test_two_at_once_share_the_work_and_do_it_once(database):
    till = Till(database)
    await a_year(till, members=40)

    await asyncio.gather(*(goes_through(till, HALF_A_YEAR_ON) for _ in range(3)))
    await goes_through(till, HALF_A_YEAR_ON)

    together = await state(till)
    assert await goes_through(till, HALF_A_YEAR_ON, waits=True) == 0
    assert await state(till) == together
    reviews = await _count(till, "SELECT count(*) FROM activity WHERE kind = 'tier'")
    apart = "SELECT count(DISTINCT (member_id, occurred_at)) FROM activity WHERE kind = 'tier'"
    assert reviews == await _count(till, apart) > 0
    assert await is_sound(till)


async def test_broken_off_and_gone_through_again_it_is_whole(database):
    till = Till(database)
    await a_year(till, members=40)
    task = asyncio.create_task(goes_through(till, HALF_A_YEAR_ON))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await goes_through(till, HALF_A_YEAR_ON)

    assert await goes_through(till, HALF_A_YEAR_ON) == 0
    assert await is_sound(till)


async def test_two_processes_at_once_and_one_killed_do_it_once(database, database_url):
    # By the time on the wall all of it is long due.
    till = Till(database)
    await a_year(till, members=60)
    expected = 60  # everybody's points have ended
    command = [FIEL, "calendar", "run", "--json"]
    environment = {**os.environ, "DATABASE_URL": database_url}

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    killed, other = start(), start()
    await _until(till, "SELECT count(*) FROM activity WHERE kind IN ('calendar', 'tier')")
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    _, errors = await asyncio.to_thread(other.communicate)
    assert other.returncode == 0, errors
    finished = await asyncio.to_thread(start().communicate)

    assert finished is not None
    open_ = await _count(till, "SELECT count(*) FROM lot WHERE drawn < points")
    emptied = await _count(till, "SELECT count(DISTINCT member_id) FROM lot WHERE drawn = points")
    assert (open_, emptied) == (0, expected)
    assert await is_sound(till)


async def _count(till: Till, query: str) -> int:
    async with till.database.owner() as owner:
        row = await (await owner.execute(query)).fetchone()
    assert row is not None
    return int(row[0])


async def _until(till: Till, query: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not await _count(till, query) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def test_a_birthday_is_honoured_once_a_year_by_whoever_goes_through(database):
    till = Till(database)
    birthday = "  - {id: cumple, event: birthday, give: {points: 100}}\n"
    await till.publishes(SHOP.replace("tiers:", birthday + "tiers:"), now=FIRST)
    await till.enrols("ana", now=FIRST)
    async with database.owner() as owner:
        await owner.execute("UPDATE member SET birthday = '1990-03-10'")

    await asyncio.gather(*(goes_through(till, FIRST + timedelta(days=20)) for _ in range(3)))

    assert await _count(till, "SELECT count(*) FROM activity WHERE kind = 'birthday'") == 1
    assert (await till.balance("ana", now=FIRST + timedelta(days=20))).available == 100
