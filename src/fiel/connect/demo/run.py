"""Make the demo shop: publish its program and live its year, day by day."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import LiteralString, Protocol
from uuid import UUID

from fiel.connect.demo.purchases import ZONE, Purchases, load_purchases, weeks_until
from fiel.connect.demo.shop import SLUG, Purchase, happenings, program_document
from fiel.connect.demo.shopkeeper import Lived, Shopkeeper, pieces
from fiel.connect.stopping import to_its_end
from fiel.domain.document import read_document
from fiel.domain.time import start_of_day
from fiel.ledger.scope import Connection, program_transaction
from fiel.programs.clock import day_done, keep_day_done
from fiel.programs.known import KnownProgram, program_named
from fiel.programs.publishing import open_program, publish
from fiel.programs.versions import NoProgram, Published, Versions

# Plans made for empty tables are slow ones: the tables are looked at once they hold something.
_ANALYSE_AFTER = 5_000
# Under this name the program remembers up to which day its year was lived.
_DAYS = "demo"
# Before the day on which the demo is made: its year is over by then, and goals need months before
# they were stated, and months since.
_BEGUN_BEFORE, _GOALS_BEFORE = timedelta(weeks=54), timedelta(weeks=34)

LATEST_SALE: LiteralString = """
SELECT max(occurred_at) FROM activity WHERE program_id = %s AND kind = 'sale'
"""


class Database(Protocol):
    """What the demo needs of the database."""

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that sees one program at a time."""
        ...

    def posting(self) -> AbstractAsyncContextManager[Connection]:
        """A connection like `connection`, planned for the statements of a posting."""
        ...

    def owner(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that sees every program."""
        ...


@dataclass(frozen=True, slots=True)
class DemoShop:
    """The demo's program, and what this run had to do for its year."""

    program: KnownProgram
    published: Published
    lived: Lived
    seconds: float


async def make_demo_shop(
    database: Database,
    *,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None],
    load: Callable[[], Purchases] = load_purchases,
) -> DemoShop:
    """Make the shop and its year, or what is missing of them; made before, nothing changes.

    `progress` is told how many baskets of how many are sold; `load` reads the purchases.
    """
    versions = Versions()
    program, published = await _opened(database, versions, now())
    keeper = Shopkeeper(database.posting, versions, published)
    # The year lies before the day the shop was made, however often the demo is run.
    made_on = _day_of(program.created_at)
    done = await _lived_until(database, program.id)
    if done is not None and done >= made_on:
        return DemoShop(program, published, keeper.lived, seconds=0)
    purchases = await asyncio.to_thread(load)
    total = len(purchases.baskets)
    begun = time.monotonic()
    await _live_the_year(
        database, keeper, purchases, program.created_at, done, lambda sold: progress(sold, total)
    )
    return DemoShop(program, published, keeper.lived, time.monotonic() - begun)


async def _live_the_year(
    database: Database,
    keeper: Shopkeeper,
    purchases: Purchases,
    made_at: datetime,
    done: date | None,
    progress: Callable[[int], None],
) -> None:
    """Live the days that were not lived yet, each from its midnight on."""
    weeks = weeks_until(made_at, purchases)
    sold, analysed = 0, done is not None
    year = happenings(purchases, weeks=weeks, until=made_at)
    goals_stated = _day_of(made_at - _GOALS_BEFORE)
    for day, some in groupby(year, key=lambda happening: happening.at.date()):
        if done is not None and day <= done:
            sold += sum(isinstance(happening, Purchase) for happening in some)
            continue
        if day >= goals_stated and not keeper.published.program.goals:
            keeper.published = await to_its_end(_state_goals(database, keeper, made_at))
        await to_its_end(keeper.see_midnight(_midnight(day)))
        for piece in pieces(some):
            await to_its_end(keeper.live(piece))
            sold += sum(isinstance(happening, Purchase) for happening in piece)
            progress(sold)
        await to_its_end(_keep_lived(database, keeper.program_id, day))
        if not analysed and sold >= _ANALYSE_AFTER:
            await _analyse(database)
            analysed = True
    await to_its_end(keeper.see_midnight(_midnight(_day_of(made_at))))
    await _keep_lived(database, keeper.program_id, _day_of(made_at))
    await _analyse(database)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def _midnight(day: date) -> datetime:
    """The moment at which a day begins."""
    return start_of_day(day, ZONE).astimezone(UTC)


async def _opened(
    database: Database, versions: Versions, now: datetime
) -> tuple[KnownProgram, Published]:
    """The program, published before its year began; what is in force is left as it is."""
    source = program_document(now.date(), with_goals=False)
    async with database.owner() as owner:
        program_id = await open_program(owner, read_document(source), sandbox=True, now=now)
        async with program_transaction(owner, program_id):
            try:
                published = await versions.in_force(owner, program_id)
            except NoProgram:
                await _publish(owner, program_id, source, now - _BEGUN_BEFORE)
                published = await versions.in_force(owner, program_id)
        return await program_named(owner, SLUG), published


async def _state_goals(database: Database, keeper: Shopkeeper, made_at: datetime) -> Published:
    """Publish the version that states goals: months before it show where each began."""
    source, at = program_document(_day_of(made_at)), _midnight(_day_of(made_at - _GOALS_BEFORE))
    async with database.owner() as owner, program_transaction(owner, keeper.program_id):
        await _publish(owner, keeper.program_id, source, at)
        return await keeper.versions.in_force(owner, keeper.program_id)


async def _publish(owner: Connection, program_id: UUID, source: str, at: datetime) -> None:
    await publish(
        owner, program_id, read_document(source),
        source=source, format="yaml", author="fiel demo", now=at,
    )  # fmt: skip


async def _lived_until(database: Database, program_id: UUID) -> date | None:
    """The last day that an earlier run lived to its end; None where there was none.

    A shop that was made before its days were kept is known by its latest sale.
    """
    async with database.connection() as connection, program_transaction(connection, program_id):
        done = await day_done(connection, program_id, _DAYS)
        if done is None:
            cursor = await connection.execute(LATEST_SALE, (program_id,))
            ((latest,),) = await cursor.fetchall()
            done = None if latest is None else _day_of(latest) - timedelta(days=1)
    return done


async def _keep_lived(database: Database, program_id: UUID, day: date) -> None:
    async with database.connection() as connection, program_transaction(connection, program_id):
        await keep_day_done(connection, program_id, _DAYS, day)


async def _analyse(database: Database) -> None:
    async with database.owner() as owner:
        await owner.execute("ANALYZE")
