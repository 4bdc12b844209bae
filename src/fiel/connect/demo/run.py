"""Make the demo shop: publish its program, enrol its households, sell its year."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import LiteralString, Protocol
from uuid import UUID
from zlib import crc32

from fiel.connect.demo.purchases import Purchases, load_purchases, weeks_until
from fiel.connect.demo.shop import SLUG, Content, Enrolment, Purchase, happenings, program_document
from fiel.connect.importing.reading import read_member, read_sale
from fiel.connect.importing.roads import enrolment, sale_ask
from fiel.connect.stopping import to_its_end
from fiel.domain.document import read_document
from fiel.domain.refusal import Refusal
from fiel.intake.asking import Outcome
from fiel.intake.enrolling_many import enrol_members
from fiel.intake.recording import Lend, Recorder
from fiel.ledger.scope import Connection, program_transaction
from fiel.programs.known import KnownProgram, program_named
from fiel.programs.publishing import open_program, publish
from fiel.programs.versions import Published, Versions

_AT_ONCE = 1000
_LANES = 2
# Plans made for empty tables are slow ones: the tables are looked at once they hold something.
_ANALYSE_AFTER = 5_000

KNOWN_NAMES: LiteralString = """
SELECT external_id FROM activity_key WHERE program_id = %s AND kind = %s AND source = ''
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
    """The demo's program, and what this run had to do for its year of sales."""

    program: KnownProgram
    published: Published
    enrolled: int
    sold: int
    seconds: float


@dataclass(slots=True)
class _Shopkeeper:
    """Sends the shop's year down the one road."""

    lend: Lend
    versions: Versions
    published: Published
    now: Callable[[], datetime]
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.lend, self.versions)

    @property
    def program_id(self) -> UUID:
        """The demo's program."""
        return self.published.program_id

    async def enrol(self, contents: Iterable[Content]) -> None:
        """Enrol households."""
        now, program = self.now(), self.published.program
        enrolments = [
            enrolment(content, read_member(content, program, now), now) for content in contents
        ]
        for answer in await enrol_members(self.lend, self.versions, self.program_id, enrolments):
            if isinstance(answer, Refusal):
                raise answer

    async def sell(self, contents: Sequence[Content]) -> None:
        """Record baskets; those of one household stay in their order."""
        lanes: list[list[Content]] = [[] for _ in range(_LANES)]
        for content in contents:
            lanes[crc32(repr(content["member"]).encode()) % _LANES].append(content)
        await asyncio.gather(*(self._record(lane) for lane in lanes if lane))

    async def _record(self, contents: Sequence[Content]) -> None:
        now = self.now()
        asks = [sale_ask(read_sale(content), now) for content in contents]
        for outcome in await self.recorder.record_all(self.program_id, asks):
            if not isinstance(outcome, Outcome):
                raise outcome


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
    program, published = await _published(database, versions, now())
    keeper = _Shopkeeper(database.posting, versions, published, now)
    enrolled, sold = await _known(database, program.id)
    purchases = await asyncio.to_thread(load)
    total = len(purchases.baskets)
    if len(sold) >= total:
        return DemoShop(program, published, enrolled=0, sold=0, seconds=0)
    begun = time.monotonic()
    # The year lies before the day the shop was made, however often the demo is run.
    weeks = weeks_until(program.created_at, purchases)
    joined = await _live_the_year(
        database, keeper, purchases, weeks, enrolled, sold, lambda done: progress(done, total)
    )
    seconds = time.monotonic() - begun
    return DemoShop(program, published, joined, total - len(sold), seconds)


async def _live_the_year(
    database: Database,
    keeper: _Shopkeeper,
    purchases: Purchases,
    weeks: int,
    enrolled: set[str],
    sold: set[str],
    progress: Callable[[int], None],
) -> int:
    """Let everything happen that has not yet, in order of time; answers how many joined."""
    done, joined, analysed = 0, 0, bool(sold)
    for some in batched(happenings(purchases, weeks=weeks), _AT_ONCE):
        # Households join before anybody buys: a little early for some, by the same clock.
        joining = [
            happening.content
            for happening in some
            if isinstance(happening, Enrolment) and happening.content["external_id"] not in enrolled
        ]
        buying = [happening.content for happening in some if isinstance(happening, Purchase)]
        await to_its_end(keeper.enrol(joining))
        await to_its_end(keeper.sell([one for one in buying if one["external_id"] not in sold]))
        done, joined = done + len(buying), joined + len(joining)
        if not analysed and done >= _ANALYSE_AFTER:
            await _analyse(database)
            analysed = True
        progress(done)
    await _analyse(database)
    return joined


async def _published(
    database: Database, versions: Versions, now: datetime
) -> tuple[KnownProgram, Published]:
    source = program_document()
    document = read_document(source)
    async with database.owner() as owner:
        program_id = await open_program(owner, document, sandbox=True, now=now)
        async with program_transaction(owner, program_id):
            await publish(
                owner, program_id, document,
                source=source, format="yaml", author="fiel demo", now=now,
            )  # fmt: skip
            published = await versions.in_force(owner, program_id)
        return await program_named(owner, SLUG), published


async def _known(database: Database, program_id: UUID) -> tuple[set[str], set[str]]:
    """The households and baskets that an earlier run has recorded."""
    found = []
    async with database.connection() as connection, program_transaction(connection, program_id):
        for kind in ("enrolment", "sale"):
            cursor = await connection.execute(KNOWN_NAMES, (program_id, kind))
            found.append({str(name) for (name,) in await cursor.fetchall()})
    return found[0], found[1]


async def _analyse(database: Database) -> None:
    async with database.owner() as owner:
        await owner.execute("ANALYZE")
