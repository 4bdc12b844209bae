"""How long a program's columns take to be made, followed and opened.

    python -m bench.columns [--sales 1000000]

A ledger is filled, its columns are made from nothing, a thousand sales more are recorded, and the
columns follow them.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bench.filling import PATTERNS, Filling, fill, name_of
from bench.machine import machine
from bench.menu import STORES, baskets
from bench.place import place
from bench.shop import Shop, sale
from fiel.insights.columns.following import copy_of, opened_columns, refresh_columns
from fiel.platform.database import Database, open_database
from fiel.programs.known import known_programs
from fiel.programs.versions import Versions

_EACH = 10  # sales of a member
_MORE = 1_000


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured, in seconds; sizes in bytes."""

    sales: int
    anew: float
    followed: float
    nothing: float
    opened: float
    size: int
    memory: int


async def measured(url: str, folder: Path) -> Result:
    """Make, follow and open the columns of the only program of a database."""
    async with open_database(url) as database:
        async with database.owner() as owner:
            (known,) = await known_programs(owner)

        async def refresh() -> tuple[float, int]:
            begun = time.monotonic()
            done = await refresh_columns(database.connection, Versions(), known.id, folder)
            return time.monotonic() - begun, done.rows.get("sales", 0)

        anew, sales = await refresh()
        await _sell_more(database)
        followed, _ = await refresh()
        nothing, _ = await refresh()
        begun = time.monotonic()
        async with opened_columns(known.id, folder) as columns:
            await asyncio.to_thread(columns["sales"].net.sum().execute)
        opened = time.monotonic() - begun
        copy = copy_of(known.id, folder).folder
        size = sum(file.stat().st_size for file in copy.rglob("*.parquet"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Result(sales, anew, followed, nothing, opened, size, memory)


async def _sell_more(database: Database) -> None:
    shop, now = await Shop.reopened(database), datetime.now(UTC)
    articles = baskets(Random(7), _MORE)
    asks = [
        sale(
            article,
            name=f"M-{number}",
            member=name_of(number % PATTERNS),
            store=STORES[number % len(STORES)],
            now=now,
        )
        for number, article in enumerate(articles)
    ]
    for start in range(0, _MORE, 250):
        await shop.sells_together(asks[start : start + 250])


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sales", type=int, default=1_000_000)
    told = parser.parse_args()
    with place() as here, tempfile.TemporaryDirectory(prefix="fiel-columns-") as folder:
        print(machine(here.version()))
        url = here.new_database("columns")
        begun = time.monotonic()
        copies = max(0, told.sales // (_EACH * PATTERNS) - 1)
        asyncio.run(fill(url, Filling(copies, _EACH)))
        print(f"  filled in {time.monotonic() - begun:.0f} s")
        result = asyncio.run(measured(url, Path(folder)))
    print(
        f"{result.sales:,} sales: made in {result.anew:.1f} s; {_MORE:,} more followed in"
        f" {result.followed:.2f} s; nothing new in {result.nothing:.2f} s; opened and summed in"
        f" {result.opened:.2f} s; {result.size / 1e6:,.0f} MB, at most"
        f" {result.memory / 1e6:,.0f} MB of memory"
    )


if __name__ == "__main__":
    main()
