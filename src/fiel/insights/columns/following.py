"""Following: what has become visible in the database since the last time comes into the copy."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import UUID

from fiel.domain.program import Program
from fiel.insights.columns.opening import Columns, columns_of_copy
from fiel.insights.columns.parts import Copy, Generation
from fiel.insights.columns.shaping import Shaping, grown, statement_text, told_options
from fiel.insights.columns.telling import told_into
from fiel.ledger.scope import Connection, program_snapshot
from fiel.programs.versions import Published, Versions

type Connect = Callable[[], AbstractAsyncContextManager[Connection]]

# An age of rows is told in half of what a transaction's number can be.
_OLDEST = 1 << 30
_SECONDS_BETWEEN_LOOKS = 0.1
# The tables of the database in the order in which they are told.
_FIRST = ("people", "activities")
_THEN = ("transfers", "lots", "redemptions", "gift_cards")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh came to: up to when the copy tells, and whether it was made anew."""

    as_of: datetime
    rebuilt: bool
    rows: dict[str, int]


@asynccontextmanager
async def refreshed_columns(
    connect: Connect,
    versions: Versions,
    program_id: UUID,
    folder: Path,
    *,
    at_most: timedelta = timedelta(0),
    memory: str = "3GB",
) -> AsyncIterator[Columns]:
    """A program's columns, brought up to date first unless they are `at_most` so old.

    `folder` is where the copies of all programs lie.

    Raises:
        NoProgram: there is no such program, or it was never published.
    """
    await refresh_columns(connect, versions, program_id, folder, at_most=at_most, memory=memory)
    async with opened_columns(program_id, folder, memory=memory) as columns:
        yield columns


@asynccontextmanager
async def opened_columns(
    program_id: UUID, folder: Path, *, memory: str = "3GB"
) -> AsyncIterator[Columns]:
    """A program's columns as they are; empty where nobody has refreshed them."""
    opening = columns_of_copy(copy_of(program_id, folder).folder, memory=memory)
    columns = await asyncio.to_thread(opening.__enter__)
    try:
        yield columns
    finally:
        await asyncio.to_thread(opening.__exit__, None, None, None)


def copy_of(program_id: UUID, folder: Path) -> Copy:
    """Where a program's copy lies."""
    return Copy(folder / str(program_id))


def copied_programs(folder: Path) -> list[UUID]:
    """The programs that have a copy."""
    return sorted(UUID(path.name) for path in folder.iterdir() if path.is_dir())


async def refresh_columns(
    connect: Connect,
    versions: Versions,
    program_id: UUID,
    folder: Path,
    *,
    at_most: timedelta = timedelta(0),
    anew: bool = False,
    memory: str = "3GB",
) -> Refreshed:
    """Bring a program's copy up to date; `anew` forgets what it was.

    Where another process refreshes, its result is waited for, and taken if it began after this was
    asked for.

    Raises:
        NoProgram: there is no such program, or it was never published.
    """
    copy = copy_of(program_id, folder)
    async with connect() as connection:
        asked = await _clock(connection)
    while True:
        before = await asyncio.to_thread(copy.current)
        if not anew and before is not None and before.as_of >= asked - at_most:
            return _told(before, rebuilt=False)
        with copy.refreshing() as is_mine:
            if is_mine:
                before = None if anew else await asyncio.to_thread(copy.current)
                async with connect() as connection:
                    return await _refresh(connection, versions, program_id, copy, before, memory)
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)


async def _clock(connection: Connection) -> datetime:
    row = await (await connection.execute("SELECT clock_timestamp()")).fetchone()
    assert row is not None, "a clock always tells"
    at: datetime = row[0]
    return at


def _told(generation: Generation, *, rebuilt: bool) -> Refreshed:
    rows = {table: generation.rows(table) for table in generation.parts}
    return Refreshed(generation.as_of, rebuilt, rows)


async def _refresh(
    connection: Connection,
    versions: Versions,
    program_id: UUID,
    copy: Copy,
    before: Generation | None,
    memory: str,
) -> Refreshed:
    async with program_snapshot(connection, program_id):
        published = await versions.in_force(connection, program_id)
        asked = {"program": program_id, "shards": published.shards}
        row = await (await connection.execute(statement_text("state.sql"), asked)).fetchone()
        assert row is not None, "the state is one row"
        snapshot, as_of, first, is_ahead = row
        origin = f"{first}/{_zones_digest(published.program)}"
        follows = before is not None and _can_follow(before, snapshot, origin, is_ahead=is_ahead)
        if before is not None and not follows:
            _log.info("the columns of program %s are made anew", program_id)
        number = 1 + max((_number_of(path) for path in copy.folder.glob("generation-*")), default=0)
        base = before if follows and before is not None else _empty(as_of)
        telling = _Telling(connection, copy, await _asked(connection, published, base))
        generation = await telling.tell(base, number, as_of, snapshot, origin, memory)
    await asyncio.to_thread(copy.swap, generation)
    return _told(generation, rebuilt=not follows)


def _empty(as_of: datetime) -> Generation:
    return Generation(0, as_of, "", "", {})


def _number_of(path: Path) -> int:
    return int(path.stem.removeprefix("generation-"))


def _can_follow(before: Generation, snapshot: str, origin: str, *, is_ahead: bool) -> bool:
    """Whether what was copied is of this database, and near enough."""
    oldest, newest = _xmin(before.snapshot), int(snapshot.split(":")[1])
    if before.origin.startswith("/"):  # there was no event yet to know the database by
        same = before.origin.split("/")[1] == origin.split("/")[1]
    else:
        same = before.origin == origin
    return same and not is_ahead and oldest <= newest < oldest + _OLDEST


def _xmin(snapshot: str) -> int:
    return int(snapshot.split(":", maxsplit=1)[0])


def _zones_digest(program: Program) -> str:
    told = repr((str(program.timezone), sorted(_zones(program).items())))
    return blake2b(told.encode(), digest_size=8).hexdigest()


def _zones(program: Program) -> dict[str, str]:
    """The zones of stores whose day is not the program's."""
    zones = {store: program.zone_of(store) for store in program.stores}
    return {store: str(zone) for store, zone in zones.items() if zone != program.timezone}


def _take_first(shaping: Shaping) -> list[str]:
    """Take what was told first, and shape it; where somebody was erased, who that was."""
    for table in _FIRST:
        shaping.take(table)
    erased = shaping.number_people()
    if not erased:
        shaping.shape_activities()
    return erased


async def _asked(connection: Connection, published: Published, base: Generation) -> dict[str, Any]:
    """What all statements are asked with; the program comes with it."""
    zones = _zones(published.program)
    since_age = None
    if base.snapshot:
        oldest = _xmin(base.snapshot) % (1 << 32)
        row = await (await connection.execute("SELECT age(%s::text::xid)", [oldest])).fetchone()
        assert row is not None, "an age is always told"
        since_age = row[0]
    return {
        "program": published.program_id,
        "currency": published.program.currency,
        "shards": published.shards,
        "zone": str(published.program.timezone),
        "stores": list(zones),
        "zones": list(zones.values()),
        "since": base.snapshot or None,
        "since_sequence": _xmin(base.snapshot) << 16 if base.snapshot else -(1 << 63),
        "since_age": since_age,
    }


@dataclass(frozen=True, slots=True)
class _Telling:
    """What one refresh reads of the database, all of it as of one snapshot."""

    connection: Connection
    copy: Copy
    asked: dict[str, Any]

    async def tell(
        self,
        base: Generation,
        number: int,
        as_of: datetime,
        snapshot: str,
        origin: str,
        memory: str,
    ) -> Generation:
        """The next generation; its files are written, but it is not the current one yet."""
        with Shaping(self.copy, base, number, memory=memory) as shaping:
            await asyncio.to_thread(shaping.begin, self.asked["currency"])
            told = 0
            for table in _FIRST:
                told += await self._read(f"{table}.sql", shaping.file(table))
            # The database tells on while what it told first is taken, and then shaped.
            taken = asyncio.create_task(asyncio.to_thread(_take_first, shaping))
            try:
                for table in _THEN:
                    told += await self._read(self._statement(table), shaping.file(table))
            finally:
                erased = await taken
            if erased:
                self.asked["members"] = erased
                await self._read("activities_of.sql", shaping.file("activities_of"))
                await asyncio.to_thread(shaping.shape_again)
            if not told and base.snapshot:
                return grown(base, number, as_of, snapshot, origin)
            for table in _THEN:
                await asyncio.to_thread(shaping.take, table)
            await asyncio.to_thread(shaping.shape_ledger)
            return await asyncio.to_thread(
                shaping.write, as_of=as_of, snapshot=snapshot, origin=origin
            )

    def _statement(self, table: str) -> str:
        """What tells a table; all transfers are told without asking whose they are."""
        if table == "transfers" and self.asked["since"] is None and not self.asked["stores"]:
            return "all_transfers.sql"
        return f"{table}.sql"

    async def _read(self, statement: str, file: Path) -> int:
        """Let the database write what a statement tells into a file; how many bytes it was."""
        query = f"COPY ({statement_text(statement)}) TO STDOUT {told_options()}"
        with file.open("wb", buffering=1 << 20) as into:
            return await told_into(into, self.connection, query, self.asked)
