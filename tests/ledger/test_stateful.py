"""The ledger against a small model: any operations, in any order, over any time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from fiel.intake.asking import Outcome
from fiel.intake.groups import ExternalIdReused
from fiel.ledger.audit import audit
from fiel.platform.database import open_database
from tests.support.database import empty_all_tables
from tests.support.till import Till, balance_in

PROGRAM = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, expiry: {after: 3 days}, pending: 1 days}
  stamps: {name: sellos, expiry: {inactivity: 4 days}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: sello, event: sale, give: {stamps: 1}}
  - {id: gran-compra, event: sale, give: {points: 30}, where: sale.net >= 40,
     budget: {points: 100}}
  - {id: resena, event: activity, activity: review, give: {points: 7},
     limit: {per_member: 2, every: week}}
tiers:
  by: spend
  window: 5 days
  downgrade: never
  levels: [{id: bronce, from: 0}, {id: oro, from: 60, multiply: 2}]
"""
MADRID = ZoneInfo("Europe/Madrid")
NAMES = st.sampled_from(["ana", "berta", "carla"])


@dataclass
class Lot:
    unit: str
    points: int
    starts: datetime | None = None
    ends: datetime | None = None

    def is_pending(self, now: datetime) -> bool:
        return self.starts is not None and self.starts > now

    def is_over(self, now: datetime) -> bool:
        return self.ends is not None and self.ends <= now


@dataclass
class Person:
    """What the model knows of a member: what was bought when, and what is left of it."""

    bought: list[tuple[date, int]] = field(default_factory=list)
    reviews: list[date] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    tier: str | None = None
    last: datetime | None = None

    def stamps_end(self) -> datetime | None:
        return None if self.last is None else midnight_after(self.last, 4)

    def has(self, unit: str, now: datetime) -> tuple[int, int]:
        ends = self.stamps_end()
        if unit == "stamps" and ends is not None and ends <= now:
            return 0, 0
        lots = [lot for lot in self.lots if lot.unit == unit and not lot.is_over(now)]
        pending = sum(lot.points for lot in lots if lot.is_pending(now))
        return sum(lot.points for lot in lots) - pending, pending


def midnight_after(moment: datetime, days: int) -> datetime:
    day = moment.astimezone(MADRID).date() + timedelta(days=days + 1)
    return datetime(day.year, day.month, day.day, tzinfo=MADRID)


class Model:
    """The Café Sol's program in plain Python."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.budget = 100
        self.told: dict[str, tuple[str, int]] = {}

    def sells(self, name: str, cents: int, number: str, now: datetime) -> None:
        person, day = self.people[name], now.astimezone(MADRID).date()
        self._touches(person, now)
        points = cents * (2 if person.tier == "oro" else 1) // 100
        if cents >= 4000 and self.budget >= 30:
            self.budget -= 30
            points += 30
        self._earns(person, points, now)
        person.lots.append(Lot("stamps", 1))
        person.bought.append((day, cents))
        window = day - timedelta(days=4)
        if sum(spent for on, spent in person.bought if on >= window) >= 6000:
            person.tier = "oro"
        elif person.tier is None:
            person.tier = "bronce"
        self.told[number] = (name, cents)

    def reviews(self, name: str, now: datetime) -> None:
        person, day = self.people[name], now.astimezone(MADRID).date()
        self._touches(person, now)
        monday = day - timedelta(days=day.weekday())
        if sum(1 for on in person.reviews if on >= monday) < 2:
            person.reviews.append(day)
            self._earns(person, 7, now)

    def _touches(self, person: Person, now: datetime) -> None:
        ends = person.stamps_end()
        if ends is not None and ends <= now:
            person.lots = [lot for lot in person.lots if lot.unit != "stamps"]
        person.last = now

    def _earns(self, person: Person, points: int, now: datetime) -> None:
        if points:
            starts, ends = midnight_after(now, 1), midnight_after(now, 3)
            person.lots.append(Lot("points", points, starts, ends))


class ShopOverTime(RuleBasedStateMachine):
    """Whatever is done, each member has what the model says and the ledger is proved."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        empty_all_tables(self.url)
        self.model, self.now = Model(), datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
        self.count = 0
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        database = self.do(self.stack.enter_async_context(open_database(self.url, connections=2)))
        self.owner = self.do(self.stack.enter_async_context(database.owner()))
        self.till = Till(database)
        self.do(self.till.publishes(PROGRAM, now=self.now))

    def do(self, work: Awaitable[Any]) -> Any:  # whatever the service answers
        async def run() -> Any:
            return await work

        return self.runner.run(run())

    def teardown(self) -> None:
        self.do(self.stack.aclose())
        self.runner.close()

    def enrolled(self, name: str) -> None:
        if name not in self.model.people:
            self.do(self.till.enrols(name, now=self.now))
            self.model.people[name] = Person(tier="bronce", last=self.now)

    @rule(name=NAMES, cents=st.integers(1, 9000))
    def sell(self, name: str, cents: int) -> None:
        self.enrolled(name)
        self.count += 1
        number = f"T-{self.count}"
        price = f"{cents // 100}.{cents % 100:02d}"
        self.do(self.till.sells(price, to=name, number=number, now=self.now))
        self.model.sells(name, cents, number, self.now)

    @rule(sales=st.lists(st.tuples(NAMES, st.integers(1, 9000)), min_size=2, max_size=6))
    def sell_many_at_once(self, sales: list[tuple[str, int]]) -> None:
        asks = []
        for name, cents in sales:
            self.enrolled(name)
            self.count += 1
            price = f"{cents // 100}.{cents % 100:02d}"
            asks.append(self.till.sale(price, to=name, number=f"T-{self.count}", now=self.now))
        outcomes = self.do(self.till.recorder.record_all(self.till.program_id, asks))
        assert all(isinstance(outcome, Outcome) for outcome in outcomes)
        for ask, (name, cents) in zip(asks, sales, strict=True):
            self.model.sells(name, cents, str(ask.external_id), self.now)

    @rule(pick=st.integers(0, 10_000))
    def send_an_old_sale_again(self, pick: int) -> None:
        if not self.model.told:
            return
        number = sorted(self.model.told)[pick % len(self.model.told)]
        name, cents = self.model.told[number]
        price = f"{cents // 100}.{cents % 100:02d}"
        outcome = self.do(self.till.sells(price, to=name, number=number, now=self.now))
        assert outcome.repeated

    @rule(pick=st.integers(0, 10_000))
    def send_another_sale_under_an_old_number(self, pick: int) -> None:
        if not self.model.told:
            return
        number = sorted(self.model.told)[pick % len(self.model.told)]
        name, _ = self.model.told[number]
        with pytest.raises(ExternalIdReused):
            self.do(self.till.sells("123.45", to=name, number=number, now=self.now))

    @rule(name=NAMES)
    def review(self, name: str) -> None:
        self.enrolled(name)
        self.do(self.till.records(self.till.activity("review", by=name, now=self.now)))
        self.model.reviews(name, self.now)

    @rule(name=NAMES, points=st.integers(1, 500), days=st.none() | st.integers(-1, 5))
    def bring_points_from_elsewhere(self, name: str, points: int, days: int | None) -> None:
        self.enrolled(name)
        self.count += 1
        ends = None if days is None else self.now + timedelta(days=days, hours=1)
        for _ in range(2):  # the second time changes nothing
            self.do(
                self.till.brings(name, points, lasts=ends, number=f"B-{self.count}", now=self.now)
            )
        self.model._touches(self.model.people[name], self.now)
        self.model.people[name].lots.append(Lot("points", points, None, ends))

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def each_member_has_what_the_model_says(self) -> None:
        for name, person in self.model.people.items():
            book = self.do(self.till.book(name, now=self.now))
            for unit in ("points", "stamps"):
                balance = balance_in(book, unit)
                found = (balance.available, balance.pending)
                assert found == person.has(unit, self.now), (name, unit)
            assert book.standing.tier == person.tier

    @invariant()
    def the_ledger_is_proved(self) -> None:
        proof = self.do(audit(self.owner))
        assert proof.differences == []
        assert proof.members == len(self.model.people)


def test_the_ledger_does_what_a_small_model_says(database_url: str) -> None:
    machine = type("OnThisDatabase", (ShopOverTime,), {"url": database_url})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
