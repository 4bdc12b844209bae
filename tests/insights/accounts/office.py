"""The Café Sol at its counter, with its books open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from fiel.insights.accounts.books import Accountant, accountant
from fiel.ledger.scope import program_transaction
from tests.ledger.counter import Counter


@asynccontextmanager
async def office(counter: Counter, now: datetime) -> AsyncIterator[Accountant]:
    """Whoever reads the books, at a moment."""
    program_id = counter.till.program_id
    async with (
        counter.database.connection() as connection,
        program_transaction(connection, program_id),
    ):
        published = await counter.till.versions.in_force(connection, program_id)
        yield await accountant(
            connection, program_id, published.program, shards=published.shards, now=now
        )
