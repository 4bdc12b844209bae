"""Refreshing: members enter the segments that they belong in, and leave the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING
from uuid import UUID

from psycopg.errors import DeadlockDetected

from fiel.insights.segments.live import live_segments
from fiel.intake.placing import shard_of
from fiel.ledger.membership import is_anybody_in, keep_segments
from fiel.ledger.opening import Place
from fiel.ledger.posting import Version
from fiel.ledger.scope import Connection, program_transaction
from fiel.programs.versions import Published

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns

MEMBERS_AT_ONCE = 200
_TRIES = 5

type Connect = Callable[[], AbstractAsyncContextManager[Connection]]
type OpenColumns = Callable[[UUID], AbstractAsyncContextManager[Columns]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh came to: members who moved, and how often a segment was entered or left."""

    members: int
    changes: int
    as_of: datetime | None


async def refresh_segments(
    posting: Connect, open_columns: OpenColumns, published: Published, now: datetime
) -> Refreshed:
    """Find out who belongs in which live segment today, and let whoever does not move.

    `now` is the program's time. A program without live segments is done at once, unless somebody
    is still in one.
    """
    program = published.program
    wanted = live_segments(program)
    if not wanted and not await _is_anybody_in(posting, published):
        return Refreshed(0, 0, None)
    today = now.astimezone(program.timezone).date()
    # What it stands on takes a second to load: not before there is something to do.
    matching = await asyncio.to_thread(import_module, "fiel.insights.segments.matching")
    async with open_columns(published.program_id) as columns:
        changed = await asyncio.to_thread(matching.changed_members, columns, today, wanted)
        as_of = columns.as_of
    moving = {UUID(member_id): segments for member_id, segments in changed.items()}
    by_shard: dict[int, list[UUID]] = {}
    for member_id in sorted(moving):
        by_shard.setdefault(shard_of(member_id, published.shards), []).append(member_id)
    changes = 0
    for shard, members in sorted(by_shard.items()):
        for start in range(0, len(members), MEMBERS_AT_ONCE):
            batch = members[start : start + MEMBERS_AT_ONCE]
            here = {member_id: moving[member_id] for member_id in batch}
            changes += await _keep(posting, published, shard, here, now)
    return Refreshed(len(moving), changes, as_of)


async def _keep(
    posting: Connect,
    published: Published,
    shard: int,
    wanted: Mapping[UUID, frozenset[str]],
    now: datetime,
) -> int:
    place = Place(published.program_id, shard)
    version = Version(published.number, published.program)
    for _ in range(_TRIES):
        try:
            async with (
                posting() as connection,
                program_transaction(connection, published.program_id),
            ):
                return await keep_segments(connection, place, version, wanted, now)
        except DeadlockDetected:
            continue
    _log.warning("segments of %s members are left for the next refresh", len(wanted))
    return 0


async def _is_anybody_in(posting: Connect, published: Published) -> bool:
    async with posting() as connection, program_transaction(connection, published.program_id):
        for shard in range(published.shards):
            if await is_anybody_in(connection, Place(published.program_id, shard)):
                return True
    return False
