"""Points that start and end, and tiers whose term is over, of members who do nothing themselves."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from psycopg.errors import DeadlockDetected

from fiel.intake.calendar.errand import Errand
from fiel.ledger.due import FROM_THE_START, DueAfter, DueKind, due_members, next_due, settle_members
from fiel.ledger.opening import Place
from fiel.ledger.posting import Version
from fiel.ledger.scope import Connection, program_transaction

# A batch is one transaction: long enough to be cheap, short enough to hold nobody up.
MEMBERS_AT_ONCE = 500
# One is decided while the database writes another.
BATCHES_AT_ONCE = 2

_log = logging.getLogger(__name__)


class Settling:
    """Books what is due of members, a batch in a transaction, each found by its index."""

    async def run(self, errand: Errand) -> int:
        """Settle everybody of whom something is due; how many members that was."""
        settled = 0
        for shard in range(errand.published.shards):
            for kind in DueKind:
                settled += await _sweep(errand, shard, kind)
        return settled

    async def next_at(self, errand: Errand) -> datetime | None:
        """When something of a member falls due next."""
        found = []
        async with (
            errand.lend() as connection,
            program_transaction(connection, errand.program_id),
        ):
            for shard in range(errand.published.shards):
                place = Place(errand.program_id, shard)
                found.append(await next_due(connection, place, errand.until))
        return min((at for at in found if at is not None), default=None)


async def _sweep(errand: Errand, shard: int, kind: DueKind) -> int:
    """Go through one kind on one shard, from what is due longest on."""
    settled, after = 0, FROM_THE_START
    place = Place(errand.program_id, shard)
    under_way: deque[asyncio.Task[int]] = deque()
    try:
        while found := await _due(errand, place, kind, after):
            members = list(dict.fromkeys(due.member_id for due in found))
            under_way.append(asyncio.create_task(_settle_batch(errand, place, members)))
            if len(under_way) == BATCHES_AT_ONCE:
                settled += await under_way.popleft()
            after = found[-1]
        while under_way:
            settled += await under_way.popleft()
    finally:
        for left in under_way:
            left.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
    return settled


async def _due(errand: Errand, place: Place, kind: DueKind, after: DueAfter) -> list[DueAfter]:
    async with errand.lend() as connection, program_transaction(connection, errand.program_id):
        return await due_members(
            connection, place, kind, until=errand.until, after=after, most=MEMBERS_AT_ONCE
        )


async def _settle_batch(errand: Errand, place: Place, members: Sequence[UUID]) -> int:
    while True:
        try:
            async with errand.lend() as connection:
                return await _settle(connection, errand, place, members)
        except DeadlockDetected:
            # Somebody worked on the same members in another order; they come again.
            _log.warning("a batch of the calendar is left for the next round")
            if not errand.waits:
                return 0


async def _settle(
    connection: Connection, errand: Errand, place: Place, members: Sequence[UUID]
) -> int:
    published = errand.published
    version = Version(published.number, published.program)
    async with program_transaction(connection, errand.program_id):
        return await settle_members(
            connection, place, version, members, errand.until, waits=errand.waits
        )
