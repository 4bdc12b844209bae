"""Figures of made-up books, against the definitions written out one member at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from fiel.insights.figures.measuring import measured
from fiel.insights.figures.narrowing import By
from fiel.insights.figures.periods import Every, Period, before, periods
from tests.insights.figures.book import CAFE_SOL, Book

DAYS = 40
BEGINNING = date(2026, 1, 1)
STORES = ("centro", "norte")
TOLD = list(periods(date(2026, 3, 1), date(2026, 8, 20), Every.MONTH))
ALL = [before(TOLD[0], Every.MONTH), *TOLD, before(TOLD[-1], Every.MONTH)]

type Purchase = tuple[int | None, date, int, str]


def made(seed: int) -> tuple[Book, list[Purchase]]:
    """A book of random sales and returns, and what is left of them."""
    random = Random(seed)
    book, left = Book(), []
    for _ in range(120):
        member = random.choice((None, *range(1, 13)))
        on = BEGINNING + timedelta(days=int(230 * random.random() ** 1.5))
        net, store = random.randrange(100), random.choice(STORES)
        sale = book.sells(on.isoformat(), net, member, store=store)
        back = [random.randrange(net) for _ in range(random.choice((0, 0, 0, 1, 2))) if net]
        cancels = random.random() < 0.05
        if sum(back) > net:
            back = [net]
        for index, amount in enumerate(back or [0] * cancels):
            book.takes_back(sale, amount, "2026-12-01", cancels=cancels and not index)
        if not cancels and not (net > 0 and sum(back) >= net):
            left.append((member, on, net - sum(back), store))
    return book, left


def naive(left: list[Purchase], period: Period) -> dict[str, object]:
    """The definitions, written out."""
    people: dict[int, list[tuple[date, int]]] = {}
    for member, on, net, _ in left:
        if member is not None and on <= period.until:
            people.setdefault(member, []).append((on, net))

    def customers(day: date) -> set[int]:
        return {
            member
            for member, bought in people.items()
            if any(day - timedelta(days=DAYS) < on <= day for on, _ in bought)
        }

    start, end = customers(period.since - timedelta(days=1)), customers(period.until)
    new = {member for member in end if min(people[member])[0] >= period.since}
    within = [(on, net) for bought in people.values() for on, net in bought if on >= period.since]
    lives = 0
    for bought in people.values():
        first, last = min(bought)[0], max(bought)[0]
        lives += (min(last + timedelta(days=DAYS - 1), period.until) - first).days + 1
    everything = [net for bought in people.values() for _, net in bought]
    return {
        "start": len(start),
        "end": len(end),
        "new": len(new),
        "reactivated": len(end - new - start),
        "stayed": len(start & end),
        "active": sum(any(on >= period.since for on, _ in each) for each in people.values()),
        "purchases": len(within),
        "net": sum(net for _, net in within),
        "lives": lives,
        "value": Fraction(sum(everything), len(people)) if people else None,
    }


def told(book: Book) -> Iterator[tuple[str | None, Period, dict[str, object]]]:
    with (
        book.opened() as columns,
        measured(columns, CAFE_SOL, ALL, customer_days=DAYS) as read,
    ):
        by_store = read.by(By.STORE, ALL)
        found = [(None, each) for each in read.of(ALL)]
        found += [(store, each) for store, all_of in by_store.items() for each in all_of]
    for store, each in found:
        who, what = each.customers, each.sold.members
        yield (
            store,
            each.period,
            {
                "start": who.at_start,
                "end": who.at_end,
                "new": who.new,
                "reactivated": each.reactivated,
                "stayed": who.stayed,
                "active": who.active,
                "purchases": what.purchases,
                "net": what.net,
                "lives": who.lifetime_days,
                "value": each.lifetime_value if each.knows_lifetime else None,
            },
        )


@pytest.mark.parametrize("seed", range(6))
def test_figures_are_what_their_definitions_say_one_member_at_a_time(seed):
    book, left = made(seed)
    lifetimes = 0

    for store, period, figures in told(book):
        expected = naive([each for each in left if store in (None, each[3])], period)
        if figures["value"] is None:
            expected["value"] = None
        lifetimes += figures["value"] is not None
        assert figures == expected, (store, period)

    assert lifetimes
