"""Everything that moves points, in any order, over any time, against a small model."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from fiel.domain.refusal import Refusal
from fiel.ledger.audit import audit
from fiel.platform.database import open_database
from tests.ledger.counter import Counter
from tests.ledger.model import UNITS, Model, Person, Refused
from tests.support.database import empty_all_tables
from tests.support.till import balance_in

PROGRAM = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, value: "0.01", expiry: {after: 6 days}, pending: 1 days}
  stamps: {name: sellos}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: sello, event: sale, give: {stamps: 1}}
  - {id: gran-compra, event: sale, give: {points: 30}, where: sale.net >= 40,
     budget: {points: 60, restore_on_return: true}}
  - {id: resena, event: activity, activity: review, give: {points: 7},
     limit: {per_member: 2, every: week}}
rewards:
  - {id: cafe, kind: access, price: {points: 10}, stock: 3}
pay_with_points: {unit: points, min: 1}
"""
CAST = ("ana", "berta", "carla")
NAMES = st.sampled_from(CAST)
PICK = st.integers(0, 10_000)
PRICES = st.sampled_from([333, 1999, 4500])


class ShopOverTime(RuleBasedStateMachine):
    """Whatever is done, each member has what the model says and the ledger is proved."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        empty_all_tables(self.url)
        self.model, self.now = Model(), datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
        self.count, self.members = 0, len(CAST)
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        database = self.do(self.stack.enter_async_context(open_database(self.url, connections=2)))
        self.owner = self.do(self.stack.enter_async_context(database.owner()))
        self.shop = Counter(database)
        self.do(self.shop.till.publishes(PROGRAM, now=self.now))
        for name in CAST:
            self.do(self.shop.till.enrols(name, now=self.now))
            self.model.people[name] = Person()
            self.adjust_by(name, 100)

    def do(self, work: Awaitable[Any]) -> Any:  # whatever the service answers
        async def run() -> Any:
            return await work

        return self.runner.run(run())

    def both(self, work: Awaitable[Any], modelled: Any, *told: Any, **more: Any) -> None:
        """Do it in the shop and in the model: both do it, or both say no."""
        try:
            modelled(*told, self.now, **more)
        except Refused:
            with pytest.raises(Refusal):
                self.do(work)
        else:
            self.do(work)

    def number(self) -> str:
        self.count += 1
        return f"N-{self.count}"

    def teardown(self) -> None:
        self.do(self.stack.aclose())
        self.runner.close()

    @rule(name=NAMES, cents=PRICES, quantity=st.integers(1, 3))
    def sell(self, name: str, cents: int, quantity: int) -> None:
        number = self.number()
        sale = self.shop.sells(name, cents, quantity, 0, number, self.now)
        self.both(sale, self.model.sells, name, cents, quantity, 0, number)

    @rule(name=NAMES, cents=PRICES, quantity=st.integers(1, 3), share=st.integers(1, 11))
    def sell_for_points(self, name: str, cents: int, quantity: int, share: int) -> None:
        available = self.model.person(name, self.now).has("points")[0]
        if not available:
            return
        # Eleven tenths are more than there is.
        number, paid = self.number(), min(1 + available * share // 10, cents * quantity)
        sale = self.shop.sells(name, cents, quantity, paid, number, self.now)
        self.both(sale, self.model.sells, name, cents, quantity, paid, number)

    @rule(pick=PICK, more=st.integers(0, 3))
    def take_back(self, pick: int, more: int) -> None:
        if self.model.sales:
            number = sorted(self.model.sales)[pick % len(self.model.sales)]
            quantity = 1 + more % (self.model.sales[number].left + 1)
            back = self.shop.takes_back(number, quantity, self.number(), self.now)
            self.both(back, self.model.returns, number, quantity)

    @rule(name=NAMES)
    def review(self, name: str) -> None:
        self.both(self.shop.hears_a_review(name, self.now), self.model.reviews, name)

    @rule(name=NAMES, points=st.integers(-60, 60).filter(bool))
    def adjust(self, name: str, points: int) -> None:
        self.adjust_by(name, points)

    def adjust_by(self, name: str, points: int) -> None:
        self.both(self.shop.adjusts(name, points, self.now), self.model.adjusts, name, points)

    @rule(name=NAMES, held=st.booleans())
    def redeem(self, name: str, held: bool) -> None:
        number = self.number()
        redeemed = self.shop.redeems(name, number, self.now, held=held)
        self.both(redeemed, self.model.redeems, name, number, held=held)

    @rule(pick=PICK)
    def capture(self, pick: int) -> None:
        if self.model.redeemed:
            number = sorted(self.model.redeemed)[pick % len(self.model.redeemed)]
            self.both(self.shop.captures(number, self.now), self.model.captures, number)

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        if self.model.redeemed:
            number = sorted(self.model.redeemed)[pick % len(self.model.redeemed)]
            self.both(self.shop.cancels(number, self.now), self.model.cancels, number)

    @rule(name=NAMES, step=st.integers(1, 2), points=st.integers(1, 80))
    def transfer(self, name: str, step: int, points: int) -> None:
        to = CAST[(CAST.index(name) + step) % len(CAST)]
        moved = self.shop.transfers(name, to, points, self.number(), self.now)
        self.both(moved, self.model.transfers, name, to, points)

    @rule(name=NAMES, points=st.integers(1, 60))
    def merge_a_newcomer(self, name: str, points: int) -> None:
        """Who joined twice: the second card's points go over with their dates."""
        self.both(
            self.shop.merges_a_newcomer(name, points, self.number(), self.now),
            self.model.adjusts, name, points,
        )  # fmt: skip
        self.members += 1

    @rule(hours=st.integers(1, 30))
    def hours_pass(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def the_calendar_is_gone_through(self) -> None:
        self.do(self.shop.goes_through_the_calendar(self.now))

    @invariant()
    def each_member_has_what_the_model_says(self) -> None:
        for name in CAST:
            person = self.model.person(name, self.now)
            book = self.do(self.shop.till.book(name, now=self.now))
            for unit in UNITS:
                told = balance_in(book, unit)
                found = (told.available, told.pending, told.held, told.debt)
                assert found == person.has(unit), (name, unit)

    @invariant()
    def the_ledger_is_proved(self) -> None:
        proof = self.do(audit(self.owner))
        assert proof.differences == []
        assert proof.members == self.members


def test_everything_that_moves_points_does_what_a_small_model_says(database_url: str) -> None:
    machine = type("OnThisDatabase", (ShopOverTime,), {"url": database_url})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=60,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
