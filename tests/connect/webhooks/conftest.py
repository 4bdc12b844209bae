"""A café whose sales are told to receivers, at moments that the tests choose."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from fiel.connect.webhooks.addresses import Allowed
from fiel.connect.webhooks.attempts import Attempt, attempts_before
from fiel.connect.webhooks.deliverer import Deliverer
from fiel.connect.webhooks.endpoints import (
    Backlog,
    Changes,
    Endpoint,
    Wishes,
    backlogs,
    change_endpoint,
    create_endpoint,
    endpoint_named,
    replay_after,
)
from fiel.connect.webhooks.sending import Sender
from fiel.ledger.ids import new_id
from fiel.ledger.queries import Event, events_after
from fiel.ledger.scope import program_transaction
from fiel.platform.database import Database
from tests.support.database import TestDatabases, empty_all_tables
from tests.support.program import CAFE_SOL
from tests.support.receiver import Receiver, running_receiver
from tests.support.till import Till

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def quiet_database_url(databases: TestDatabases) -> str:
    """A database that no server delivers from."""
    return databases.new()


@pytest.fixture
def database_url(quiet_database_url: str) -> str:
    """The same, with every table empty."""
    empty_all_tables(quiet_database_url)
    return quiet_database_url


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The receiver of the Café Sol."""
    with running_receiver() as one:
        yield one


@dataclass
class Cafe:
    """A shop and its deliverer, with a clock that the test sets."""

    database: Database
    till: Till
    sender: Sender
    now: datetime = NOW
    others: list[Sender] = field(default_factory=list)

    def deliverer(self, sender: Sender | None = None) -> Deliverer:
        """One more deliverer."""
        return Deliverer(
            self.database.owner,
            self.database.connection,
            self.till.versions,
            sender or self.sender,
            clock=lambda: self.now,
        )

    def passes(self, **time: float) -> None:
        """Let time go by."""
        self.now += timedelta(**time)

    async def listens(self, url: str, *types: str) -> Endpoint:
        """Make an endpoint."""
        async with (
            self.database.connection() as connection,
            program_transaction(connection, self.till.program_id),
        ):
            wishes = Wishes(url, list(types) or None, "")
            return await create_endpoint(
                connection, self.till.program_id, wishes, id_=new_id(), now=self.now
            )

    async def changes(self, endpoint: Endpoint, changes: Changes) -> Endpoint:
        """Change an endpoint."""
        async with (
            self.database.connection() as connection,
            program_transaction(connection, self.till.program_id),
        ):
            return await change_endpoint(
                connection, self.till.program_id, endpoint.id, changes, now=self.now
            )

    async def replays(self, endpoint: Endpoint, *, after: int) -> Endpoint:
        """Tell an endpoint again what came after a sequence."""
        async with (
            self.database.connection() as connection,
            program_transaction(connection, self.till.program_id),
        ):
            return await replay_after(connection, self.till.program_id, endpoint.id, after=after)

    async def stands(self, endpoint: Endpoint) -> tuple[Endpoint, Backlog]:
        """How an endpoint fares."""
        async with (
            self.database.connection() as connection,
            program_transaction(connection, self.till.program_id),
        ):
            found = await endpoint_named(connection, self.till.program_id, endpoint.id)
            left = await backlogs(connection, self.till.program_id, [endpoint.id])
        return found, left.get(endpoint.id, Backlog())

    async def attempts(self, endpoint: Endpoint) -> list[Attempt]:
        """What was tried, newest first."""
        async with (
            self.database.connection() as connection,
            program_transaction(connection, self.till.program_id),
        ):
            return await attempts_before(
                connection, self.till.program_id, endpoint.id, None, limit=1000
            )

    async def events(self) -> list[Event]:
        """Everything that happened."""
        async with (
            self.database.connection() as connection,
            program_transaction(connection, self.till.program_id),
        ):
            return await events_after(connection, self.till.program_id, 1, after=0, limit=500)

    async def sells(self, count: int = 1, *, to: str = "ana") -> None:
        """Sell for one euro, so often; the events can be seen when it is over."""
        before = len(await self.events())
        for _ in range(count):
            await self.till.sells("1.00", to=to, now=self.now)
        await self.sees(before + count)

    async def sees(self, count: int) -> None:
        """Wait until no transaction elsewhere on the server hides what has happened."""
        while len(await self.events()) < count:
            pass


@pytest.fixture
async def cafe(database: Database) -> AsyncIterator[Cafe]:
    """The Café Sol, where Ana is a member."""
    till, sender = Till(database), Sender(Allowed(), seconds=5)
    await till.publishes(CAFE_SOL, now=NOW)
    await till.enrols("ana", now=NOW)
    cafe = Cafe(database, till, sender)
    await cafe.sees(1)
    yield cafe
    for each in (sender, *cafe.others):
        await each.aclose()
