"""Hard case 57: whatever happens to members, their points on any day are what the books say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fiel.domain.accounting.settings import Account
from fiel.insights.accounts.asking import Span
from fiel.insights.accounts.journal import journal
from fiel.insights.accounts.moment import month_after
from fiel.insights.accounts.roll_forward import roll_forward
from fiel.insights.accounts.standing import balance_of
from fiel.platform.database import open_database
from tests.insights.accounts.office import office
from tests.insights.accounts.story import (
    BEGINNING,
    CAST,
    LETTING_GO,
    OWING,
    STEPS,
    Story,
    owed_on,
    told_by_members,
)
from tests.ledger.counter import Counter
from tests.support.database import empty_all_tables


async def _every_day_ties(story: Story) -> None:
    today = story.now.astimezone().date()
    first = BEGINNING.date() - timedelta(days=10)
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    async with office(story.counter, story.now) as books:
        at_once = await books.live(days)
        for day, live in zip(days, at_once, strict=True):
            told = await told_by_members(books, day)
            if day.day % 4 == 0:
                assert await books.live([day]) == [live], day
            said = {unit: balance_of(live.totals, unit) for unit in live.totals}
            assert {unit: points for unit, points in said.items() if points} == told, day
            owed = await owed_on(books, day)
            for unit in live.totals:
                standing = sum(each.outstanding for each in live.positions if each.unit == unit)
                assert standing - owed.get(unit, 0) == told.get(unit, 0), (day, unit)


async def _months_tie(story: Story) -> None:
    """Closed or open, months follow on each other, and the journal leaves what is owed."""
    month, today = BEGINNING.date().replace(day=1), story.now.astimezone().date()
    spans = []
    while month <= today:
        spans.append(Span(month, month_after(month) - timedelta(days=1)))
        month = month_after(month)
    async with office(story.counter, story.now) as books:
        rolled = await roll_forward(books, spans)
        told = [await told_by_members(books, span.until) for span in spans]
        entered = await journal(books, spans)
    for unit in books.program.units:
        rows = [row for row in rolled.rows if row.unit == unit]
        for before, after in pairwise(rows):
            assert after.opening == before.closing
        for row, members in zip(rows, told, strict=True):
            assert row.opening + sum(row.changes.values()) == row.closing
            assert row.balance == members.get(unit, 0), (row.span, unit)
        last = len(books.closed) - 1
        late = sum(
            each.points
            for each in rolled.late
            if each.unit == unit and each not in [old for c in books.closed for old in c.late]
        )
        if last >= 0 and len(spans) > len(books.closed):
            assert late == rows[last].told_later, (unit, rolled.late)
    lines = [line for _, lines in entered.spans for line in lines]
    assert sum(line[4] for line in lines) == sum(line[5] for line in lines)
    left = sum(line[5] - line[4] for line in lines if line[2] == Account.DEFERRED.value)
    assert left == sum(position.deferred for position in entered.after.positions)


async def _history(url: str, program: str, steps: Sequence[Sequence[Any]]) -> None:
    empty_all_tables(url)
    async with open_database(url, connections=2) as database:
        story = Story(Counter(database))
        await story.counter.till.publishes(program, now=BEGINNING)
        for name in CAST:
            await story.counter.till.enrols(name, now=BEGINNING)
            await story.counter.adjusts(name, 60, BEGINNING)
        for step in steps:
            await story.does(step)
        await _every_day_ties(story)
        await _months_tie(story)


@pytest.mark.parametrize("program", [OWING, LETTING_GO], ids=["owing", "letting go"])
def test_57_the_books_tie_to_the_members_on_any_day(database_url: str, program: str) -> None:
    @settings(
        max_examples=8,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=st.lists(STEPS, min_size=5, max_size=30))
    def any_history(steps: list[tuple[Any, ...]]) -> None:
        asyncio.run(_history(database_url, program, steps))

    any_history()
