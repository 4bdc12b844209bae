"""What happens at the Café Sol, one step after the other, and what members are told of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from fiel.domain.refusal import Refusal
from fiel.insights.accounts.books import Accountant
from fiel.insights.accounts.moment import month_after
from fiel.insights.accounts.periods import close_month
from fiel.insights.movements import total_of
from fiel.ledger.history import stood_before
from fiel.ledger.opening import Place
from tests.ledger.counter import Counter

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
OWING = (
    PROGRAM.format(points="negative: debt", stamps="expiry: never")
    + """
accounting:
  units: {points: {redeemed: 80}, stamps: {redeemed: 50, value: "0.30"}}
  without_sale: expense
"""
)
LETTING_GO = PROGRAM.format(
    points="negative: clamp, grace: 2 days", stamps="expiry: {inactivity: 4 days}, pending: 2 days"
)
CAST = ("ana", "berta")
BEGINNING = datetime(2026, 3, 26, 9, 0, tzinfo=UTC)
MARCH = date(2026, 3, 1)

PICKS = st.integers(0, 1000)
NAMES = st.sampled_from(CAST)
STEPS = st.one_of(
    st.tuples(st.just("sell"), NAMES, st.sampled_from([333, 1999, 4500]), st.integers(0, 30)),
    st.tuples(st.just("sell late"), NAMES, st.integers(1, 200)),
    st.tuples(st.just("take back"), PICKS),
    st.tuples(st.just("review"), NAMES),
    st.tuples(st.just("adjust"), NAMES, st.integers(-30, 30).filter(bool)),
    st.tuples(st.just("redeem"), NAMES, st.booleans()),
    st.tuples(st.just("capture"), PICKS),
    st.tuples(st.just("cancel"), PICKS),
    st.tuples(st.just("transfer"), st.booleans(), st.integers(1, 20)),
    st.tuples(st.just("merge"), NAMES, st.integers(1, 40)),
    st.tuples(st.just("calendar")),
    st.tuples(st.just("close")),
    st.tuples(st.just("wait"), st.integers(1, 60)),
    st.tuples(st.just("wait days"), st.integers(1, 20)),
)


@dataclass
class Story:
    """What happens at the Café Sol, one step after the other."""

    counter: Counter
    now: datetime = BEGINNING
    count: int = 0
    to_close: date = MARCH

    async def does(self, step: Sequence[Any]) -> None:  # noqa: C901
        """Do a step; what cannot be done is refused."""
        self.count += 1
        number = f"N-{self.count}"
        with suppress(Refusal):
            match step:
                case ("sell", name, cents, paid):
                    await self.counter.sells(name, cents, 2, paid, number, self.now)
                case ("sell late", name, hours):
                    at = self.now - timedelta(hours=hours)
                    ask = self.counter.till.sale(
                        "20.00", to=name, now=self.now, number=number, at=at
                    )
                    done = await self.counter.till.records(ask)
                    self.counter.sales[number] = done.recorded.id
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
                case ("merge", name, points):
                    await self.counter.merges_a_newcomer(name, points, number, self.now)
                case ("calendar",):
                    await self.counter.goes_through_the_calendar(self.now)
                case ("close",):
                    await close_month(
                        self.counter.database.connection, self.counter.till.versions,
                        self.counter.till.program_id, self.to_close, author="Berta",
                        wall=self.now,
                    )  # fmt: skip
                    self.to_close = month_after(self.to_close)
                case ("wait", hours):
                    self.now += timedelta(hours=hours)
                case ("wait days", days):
                    self.now += timedelta(days=days)


def _picked(numbers: dict[str, UUID], pick: int) -> str:
    return sorted(numbers)[pick % len(numbers)]


async def told_by_members(books: Accountant, day: date) -> dict[str, int]:
    """What each member is told to have had when a day was over, added up by unit."""
    until = books.over(day)
    cursor = await books.connection.execute("SELECT shard, member_id FROM standing")
    total: dict[str, int] = {}
    for shard, member_id in await cursor.fetchall():
        place = Place(books.program_id, shard)
        stood = await stood_before(books.connection, place, member_id, until, books.program)
        for unit, balance in stood.balances.items():
            total[unit] = total.get(unit, 0) + total_of(balance)
    return {unit: points for unit, points in total.items() if points}


async def owed_on(books: Accountant, day: date) -> dict[str, int]:
    """What members owe of each unit when a day is over."""
    until = books.over(day)
    cursor = await books.connection.execute("SELECT shard, member_id FROM standing")
    total: dict[str, int] = {}
    for shard, member_id in await cursor.fetchall():
        place = Place(books.program_id, shard)
        stood = await stood_before(books.connection, place, member_id, until, books.program)
        for unit, balance in stood.balances.items():
            total[unit] = total.get(unit, 0) + balance.debt
    return total
