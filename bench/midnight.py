"""How long a midnight takes at which something falls due for every member at once.

    python -m bench.midnight [--quick] [--copies N]

Every member has points that start, points that end and a tier whose term is over, all at the same
midnight. Some are booked one by one, each in a transaction of its own; then one process of
`fiel calendar run` does the rest. Afterwards the ledger is proved. Run from the root of the
repository.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psutil

from bench.filling import PATTERNS, Filling, copy_members, name_of
from bench.menu import Article
from bench.place import BenchFailed, Place, fiel_program, place
from bench.report import Row, Section, table, thousands
from bench.shop import Shop, sale
from fiel.ledger.due import FROM_THE_START, DueKind, due_members, settle_members
from fiel.ledger.opening import Place as Where
from fiel.ledger.posting import Version
from fiel.ledger.scope import program_transaction
from fiel.platform.database import open_database

DATABASE = "midnight"
_MIB = 1024**2
_ZONE = ZoneInfo("Europe/Madrid")
_DOCUMENT = """\
program: cafe-medianoche
name: Café Medianoche
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos, en: points}, pending: 14 days, expiry: {after: 30 days}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
tiers:
  by: spend
  window: 30 days
  downgrade: {one_step: true}
  levels:
    - {id: bronce, from: 0}
    - {id: plata, from: 300}
"""
# The first is worth a tier, and ends at that midnight; the second starts at it.
_LARGE = Article("MES-01", "Mesa", "muebles", "400.00", "84.00", "210.00")
_SMALL = Article("CAF-01", "Café", "cafe", "20.00", "2.00", "6.00")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many members there are, and how many are booked one by one beside that."""

    copies: int = 1_999
    one_by_one: int = 2_000

    @classmethod
    def quick(cls) -> Plan:
        """Enough to see that all works."""
        return cls(copies=19, one_by_one=500)


@dataclass(frozen=True, slots=True)
class _Ran:
    """What one process did: members booked, seconds, and the most memory it held."""

    members: int
    seconds: float
    memory: int

    @property
    def per_second(self) -> float:
        """Members booked in a second."""
        return self.members / self.seconds


def measure(here: Place, plan: Plan, say: Callable[[str], None]) -> Section:
    """Fill, book some one by one, then all the others, and prove the ledger."""
    url = here.new_database(DATABASE)
    filling = Filling(copies=plan.copies, sales=2)
    say(f"midnight: filling {thousands(filling.members)} members")
    midnight = _midnight()
    asyncio.run(_live(url, midnight))
    copy_members(url, filling)
    say(f"midnight: {thousands(plan.one_by_one)} one by one")
    alone = asyncio.run(_one_by_one(url, plan.one_by_one, midnight))
    say("midnight: everybody else")
    together = _together(here, url)
    if together.members < filling.members - plan.one_by_one:
        raise BenchFailed(f"only {together.members} members were booked")
    left = here.fiel("calendar", "run", url=url)["done"]
    if any(left.values()):
        raise BenchFailed(f"something was left: {left}")
    here.prove(url)
    here.drop_database(DATABASE)
    return _section(filling.members, alone, together)


def _midnight() -> datetime:
    """The midnight that has just been, in the program's zone."""
    today = datetime.now(_ZONE).date()
    return datetime(today.year, today.month, today.day, tzinfo=_ZONE).astimezone(UTC)


async def _live(url: str, midnight: datetime) -> None:
    """Let the pattern members join and buy twice."""
    last_day = midnight.astimezone(_ZONE) - timedelta(hours=12)
    large, small = last_day - timedelta(days=30), last_day - timedelta(days=14)
    async with open_database(url) as database:
        shop = await Shop.opened(database, now=large - timedelta(days=1), source=_DOCUMENT)
        for pattern in range(PATTERNS):
            await shop.enrols(name_of(pattern), now=large)
        for article, at in ((_LARGE, large), (_SMALL, small)):
            asks = [
                sale(
                    article, name=f"{article.sku}-{pattern:05d}", member=name_of(pattern),
                    store="centro", now=at.astimezone(UTC),
                )
                for pattern in range(PATTERNS)
            ]  # fmt: skip
            await shop.sells_together(asks)


async def _one_by_one(url: str, count: int, midnight: datetime) -> _Ran:
    """Book members as a job for each of them would."""
    async with open_database(url) as database:
        shop = await Shop.reopened(database)
        here = Where(shop.program_id, 0)
        async with database.posting() as connection:
            async with program_transaction(connection, shop.program_id):
                published = await shop.versions.in_force(connection, shop.program_id)
                due = await due_members(
                    connection, here, DueKind.POINTS,
                    until=midnight, after=FROM_THE_START, most=count,
                )  # fmt: skip
            version = Version(published.number, published.program)
            begun = time.monotonic()
            for each in due:
                async with program_transaction(connection, shop.program_id):
                    await settle_members(
                        connection, here, version, [each.member_id], midnight, waits=True
                    )
    return _Ran(len(due), time.monotonic() - begun, 0)


def _together(here: Place, url: str) -> _Ran:
    """Book everybody else, as the calendar does."""
    before = here.ask(_BOOKED, url)[0][0]
    begun = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [fiel_program(), "calendar", "run", "--json"],
        env=here.environment(url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    most, watched = 0, psutil.Process(process.pid)
    while process.poll() is None:
        try:
            most = max(most, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.2)
    _, errors = process.communicate()
    seconds = time.monotonic() - begun
    if process.returncode:
        raise BenchFailed(errors.decode())
    return _Ran(here.ask(_BOOKED, url)[0][0] - before, seconds, most)


_BOOKED = "SELECT count(*)::bigint FROM standing WHERE review_at IS NULL"


def _section(members: int, alone: _Ran, together: _Ran) -> Section:
    rows = (
        Row(
            f"{thousands(members)} members, points start and end, tiers fall",
            f"{together.seconds:,.0f} s, {together.memory / _MIB:,.0f} MiB",
            f"{thousands(int(together.per_second))} members a second; one by one "
            f"{thousands(int(alone.per_second))}",
        ),
    )
    note = (
        "One process, with the time it takes to start. Each member has points that start, points "
        "that end and a tier to look at, and afterwards what says so on record: two transfers of "
        "points, three activities, four events. `fiel audit` proves the ledger then."
    )
    return Section("Midnight", rows, (note,))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--copies", type=int)
    told = parser.parse_args()
    plan = Plan.quick() if told.quick else Plan()
    if told.copies is not None:
        plan = Plan(copies=told.copies, one_by_one=plan.one_by_one)
    with place() as here:
        print(table([measure(here, plan, print)]))


if __name__ == "__main__":
    main()
