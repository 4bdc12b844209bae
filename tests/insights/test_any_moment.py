"""Whatever happens to members, what is told of any moment, of any time and of any balance ties."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.insights.explanation import explanation_of_member
from fiel.insights.member_story.happenings import told_happenings
from fiel.insights.movements import Narrator, total_of
from fiel.insights.statement import statement_of_member
from fiel.insights.summary import program_summary
from fiel.intake.calendar import Errand, run_calendar
from fiel.ledger.accounts import Balance
from fiel.ledger.entries import entries_of_member
from fiel.ledger.history import stood_at
from fiel.ledger.opening import Place
from fiel.ledger.queries import book_now
from fiel.ledger.scope import Connection, program_transaction
from fiel.ledger.timeline import timeline_of_member
from fiel.members.queries import member
from fiel.platform.database import open_database
from tests.ledger.counter import Counter
from tests.support.database import empty_all_tables
from tests.support.till import named

PROGRAM = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {{name: puntos, value: "0.01", expiry: {{after: 6 days}}, pending: 1 days, {points}}}
  stamps: {{name: sellos, {stamps}}}
earn:
  - {{id: base, event: sale, give: {{points: 1, per: "1.00"}}}}
  - {{id: sello, event: sale, give: {{stamps: 1}}}}
  - {{id: resena, event: activity, activity: review, give: {{points: 7}}}}
rewards:
  - {{id: cafe, kind: access, price: {{points: 10}}}}
pay_with_points: {{unit: points, min: 1}}
"""
OWING = PROGRAM.format(points="negative: debt", stamps="expiry: never")
LETTING_GO = PROGRAM.format(
    points="negative: clamp, grace: 2 days", stamps="expiry: {inactivity: 4 days}, pending: 2 days"
)
CAST = ("ana", "berta")
BEGINNING = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)

PICKS = st.integers(0, 1000)
NAMES = st.sampled_from(CAST)
STEPS = st.one_of(
    st.tuples(st.just("sell"), NAMES, st.sampled_from([333, 1999, 4500]), st.integers(0, 30)),
    st.tuples(st.just("take back"), PICKS),
    st.tuples(st.just("review"), NAMES),
    st.tuples(st.just("adjust"), NAMES, st.integers(-30, 30).filter(bool)),
    st.tuples(st.just("redeem"), NAMES, st.booleans()),
    st.tuples(st.just("capture"), PICKS),
    st.tuples(st.just("cancel"), PICKS),
    st.tuples(st.just("transfer"), st.booleans(), st.integers(1, 20)),
    st.tuples(st.just("wait"), st.integers(1, 40)),
    st.tuples(st.just("wait days"), st.integers(1, 9)),
)


@dataclass
class Shop:
    """The Café Sol, at a counter whose clock goes on, and what it told its members when."""

    counter: Counter
    now: datetime = BEGINNING
    count: int = 0
    told: dict[tuple[str, datetime], dict[str, Balance]] = field(default_factory=dict)

    async def does(self, step: Sequence[Any]) -> None:
        """Do a step; what cannot be done is refused."""
        self.count += 1
        number = f"N-{self.count}"
        with suppress(Refusal):
            match step:
                case ("sell", name, cents, paid):
                    await self.counter.sells(name, cents, 2, paid, number, self.now)
                case ("take back", pick) if self.counter.sales:
                    sale = _picked(self.counter.sales, pick)
                    await self.counter.takes_back(sale, 1, number, self.now)
                case ("review", name):
                    await self.counter.hears_a_review(name, self.now)
                case ("adjust", name, points):
                    await self.counter.adjusts(name, points, self.now)
                case ("redeem", name, held):
                    await self.counter.redeems(name, number, self.now, held=held)
                case ("capture", pick) if self.counter.redemptions:
                    await self.counter.captures(_picked(self.counter.redemptions, pick), self.now)
                case ("cancel", pick) if self.counter.redemptions:
                    await self.counter.cancels(_picked(self.counter.redemptions, pick), self.now)
                case ("transfer", from_ana, points):
                    giver, taker = CAST if from_ana else CAST[::-1]
                    await self.counter.transfers(giver, taker, points, number, self.now)
                case ("wait", hours):
                    await self.waits(timedelta(hours=hours))
                case ("wait days", days):
                    await self.waits(timedelta(days=days))

    async def waits(self, time: timedelta) -> None:
        """Let time pass; what was foreseen is what is told then."""
        foreseen = {name: await self.stood(name, self.now + time) for name in CAST}
        self.now += time
        for name in CAST:
            assert numbers(await self.has(name)) == numbers(foreseen[name]), name

    async def tells(self) -> None:
        """Tell everybody what they have, and remember it."""
        for name in CAST:
            self.told[name, self.now] = await self.has(name)

    async def has(self, name: str) -> dict[str, Balance]:
        """What a member is told to have now."""
        async with self.reads(name) as (connection, place, member_id):
            program = await self.program(connection)
            book = await book_now(connection, place, member_id, self.now, program)
        assert book is not None
        return {unit: account.balance() for unit, account in book.accounts.items()}

    async def stood(self, name: str, at: datetime) -> dict[str, Balance]:
        """What is told that a member had, or will have, at a moment."""
        async with self.reads(name) as (connection, place, member_id):
            program = await self.program(connection)
            return dict((await stood_at(connection, place, member_id, at, program)).balances)

    async def program(self, connection: Connection) -> Program:
        """The program in force."""
        till = self.counter.till
        return (await till.versions.in_force(connection, till.program_id)).program

    @asynccontextmanager
    async def reads(self, name: str) -> AsyncIterator[tuple[Connection, Place, UUID]]:
        """Look at a member's rows."""
        program_id = self.counter.till.program_id
        async with (
            self.counter.database.connection() as connection,
            program_transaction(connection, program_id),
        ):
            found = await member(connection, program_id, named(name))
            assert found is not None
            yield connection, Place(program_id, found.shard), found.id

    async def narrator(self, connection: Connection, place: Place, member_id: UUID) -> Narrator:
        """Tells in English."""
        versions = self.counter.till.versions
        published = await versions.in_force(connection, self.counter.till.program_id)
        return Narrator(connection, versions, published, "en", place=place, member_id=member_id)


def _picked(numbers: dict[str, UUID], pick: int) -> str:
    return sorted(numbers)[pick % len(numbers)]


def numbers(balances: dict[str, Balance]) -> dict[str, tuple[int, ...]]:
    """The numbers of balances; a unit of which there never was anything counts as none."""
    found = {
        unit: (b.available, b.pending, b.held, b.debt, b.lifetime) for unit, b in balances.items()
    }
    return {unit: told for unit, told in found.items() if any(told)}


def dates(balances: dict[str, Balance]) -> dict[str, Any]:
    return {unit: balance.expiring for unit, balance in balances.items() if balance.expiring}


async def _history(url: str, program: str, steps: Sequence[Sequence[Any]]):
    empty_all_tables(url)
    async with open_database(url, connections=2) as database:
        shop = Shop(Counter(database))
        await shop.counter.till.publishes(program, now=BEGINNING)
        for name in CAST:
            await shop.counter.till.enrols(name, now=BEGINNING)
            await shop.counter.adjusts(name, 60, BEGINNING)
        for step in steps:
            await shop.does(step)
            await shop.tells()
        await _every_moment_is_told_as_it_was_then(shop)
        for name in CAST:
            await _every_time_ties(shop, name)
            await _every_balance_is_explained(shop, name)
            await _the_ledger_runs(shop, name)
        await _the_summary_ties(shop)
        assert (await shop.counter.till.proof()).differences == []


async def _the_summary_ties(shop: Shop) -> None:
    """What became of all that was given is what members have, and what they have is told."""
    till = shop.counter.till
    async with shop.counter.database.connection() as connection:
        async with program_transaction(connection, till.program_id):
            published = await till.versions.in_force(connection, till.program_id)
        for is_booked in (False, True):
            if is_booked:
                lend = shop.counter.database.posting
                await run_calendar(
                    Errand(lend, till.versions, published, until=shop.now, since=BEGINNING)
                )
            summary = await program_summary(
                connection, program_id=till.program_id, program=published.program, now=shop.now
            )
            for unit in summary.units:
                came = unit.given + unit.brought + unit.restored + unit.uncollected + unit.adjusted
                went = unit.taken_back + unit.redeemed + unit.expired
                assert unit.outstanding == came - went - unit.held + unit.owed, unit
    balances = [await shop.has(name) for name in CAST]
    for unit in summary.units:
        mine = [balance[unit.unit] for balance in balances if unit.unit in balance]
        assert unit.outstanding == sum(each.available + each.pending for each in mine)
        assert (unit.held, unit.owed) == (
            sum(each.held for each in mine),
            sum(each.debt for each in mine),
        )


async def _every_moment_is_told_as_it_was_then(shop: Shop) -> None:
    for (name, at), told in shop.told.items():
        stood = await shop.stood(name, at)
        assert numbers(stood) == numbers(told), (name, at)
        assert dates(stood) == dates(told), (name, at)


async def _every_time_ties(shop: Shop, name: str) -> None:
    ends = {shop.now + timedelta(days=days) for days in (1, 30)}
    moments = sorted({at for _, at in shop.told} | ends | {BEGINNING - timedelta(days=1)})
    async with shop.reads(name) as (connection, place, member_id):
        narrator = await shop.narrator(connection, place, member_id)
        closing: dict[str, Balance] = {}
        for since, until in pairwise(moments[:: max(1, len(moments) // 6)]):
            statement = await statement_of_member(narrator, since=since, until=until, now=shop.now)
            for unit, told in statement.units.items():
                assert told.opening == closing.get(unit, told.opening)
                assert total_of(told.opening) + sum(told.totals.values()) == total_of(
                    told.closing
                ), (name, unit, since, until)
                last = told.movements[-1].balance if told.movements else total_of(told.opening)
                assert last == total_of(told.closing)
                kept = sum(lot.lot.left for lot in told.lots)
                assert kept == told.closing.available + told.closing.pending
            closing = {unit: told.closing for unit, told in statement.units.items()}


async def _every_balance_is_explained(shop: Shop, name: str) -> None:
    moments = [*sorted({at for _, at in shop.told}), shop.now + timedelta(days=2)]
    async with shop.reads(name) as (connection, place, member_id):
        narrator = await shop.narrator(connection, place, member_id)
        for at in moments[:: max(1, len(moments) // 6)] + moments[-1:]:
            explained = await explanation_of_member(narrator, at=at, now=shop.now)
            for unit in explained.values():
                told = unit.balance
                assert sum(lot.lot.left for lot in unit.lots) == told.available + told.pending
                assert sum(part.points for part in unit.held) == told.held
                assert sum(part.points for part in unit.owed) == told.debt
                for lot in unit.lots:
                    drawn = sum(draw.points for draw in lot.drawn)
                    assert lot.lot.points == lot.lot.left + drawn


async def _the_ledger_runs(shop: Shop, name: str) -> None:
    async with shop.reads(name) as (connection, place, member_id):
        whole = await entries_of_member(connection, place, member_id, before=None, limit=1000)
        paged, before = [], None
        while page := await entries_of_member(connection, place, member_id, before=before, limit=3):
            paged += page
            before = page[-1].id
    assert [entry.balance for entry in paged] == [entry.balance for entry in whole]
    running: dict[str, int] = {}
    for entry in reversed(whole):
        running[entry.unit] = running.get(entry.unit, 0) + entry.change
        assert entry.balance == running[entry.unit]


@pytest.mark.parametrize("program", [OWING, LETTING_GO], ids=["owing", "letting go"])
def test_what_is_told_of_any_moment_ties(database_url: str, program: str) -> None:
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=st.lists(STEPS, min_size=5, max_size=30))
    def any_history(steps: list[tuple[Any, ...]]) -> None:
        asyncio.run(_history(database_url, program, steps))

    any_history()


def test_the_story_tells_points_that_ended_on_the_day_on_which_they_did(database_url: str) -> None:
    async def ended() -> tuple[list[tuple[datetime, int]], list[tuple[datetime, int]]]:
        empty_all_tables(database_url)
        async with open_database(database_url, connections=2) as database:
            shop = Shop(Counter(database))
            await shop.counter.till.publishes(OWING, now=BEGINNING)
            await shop.counter.till.enrols("ana", now=BEGINNING)
            for day, points in enumerate((165, 20, 3)):
                await shop.counter.adjusts("ana", points, BEGINNING + timedelta(days=day))
            shop.now = BEGINNING + timedelta(days=30)
            await shop.counter.goes_through_the_calendar(shop.now)
            async with shop.reads("ana") as (connection, place, member_id):
                narrator = await shop.narrator(connection, place, member_id)
                rows = await timeline_of_member(
                    connection, place, member_id, before=None, limit=50, kinds=["calendar"]
                )
                story = await told_happenings(narrator, rows)
                statement = await statement_of_member(
                    narrator, since=BEGINNING, until=shop.now, now=shop.now
                )
        movements = statement.units["points"].movements
        return (
            [(each.at, change.points) for each in story for change in each.changes],
            [(each.occurred_at, each.change) for each in movements if each.category == "expired"],
        )

    story, stated = asyncio.run(ended())
    assert [points for _, points in story] == [-3, -20, -165]
    assert story[::-1] == stated
