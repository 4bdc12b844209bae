"""What one earning costs with a large ledger on disk, against a small one.

    python -m bench.growth [--quick] [--copies N]

Two databases of the same server are filled alike, one with ten thousand members and one with as
many as told. Then the same sales are recorded in both, taking turns, down the road that the API
uses but without the network, which would hide what the database does. Run from the root of the
repository.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

import psutil

from bench.filling import PATTERNS, Filling, fill
from bench.machine import CpuMeter
from bench.menu import STORES, baskets
from bench.place import Place, place
from bench.report import Row, Section, middle, table, thousands
from bench.shop import Shop, sale
from bench.statements import counted_statements, forget_statements
from fiel.platform.database import open_database

CLIENTS = 32
SALES = 10  # that each member has made before
_SMALL = 10_000 // PATTERNS - 1


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to fill in, and how long to measure."""

    copies: int = 399
    rounds: int = 5
    seconds: float = 5.0
    profile: bool = False

    @classmethod
    def quick(cls) -> Plan:
        """Enough to see that all works."""
        return cls(copies=59, rounds=2, seconds=3.0)


@dataclass
class _Ledger:
    """One of the two, with what was measured on it."""

    name: str
    url: str
    filling: Filling
    size: str = ""
    transfers: int = 0
    per_second: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    cpu: list[dict[str, float]] = field(default_factory=list)
    sold: int = 0


def measure(here: Place, plan: Plan, say: Callable[[str], None] = print) -> Section:
    """Fill both, let both earn in turns, and tell the ratio."""
    ledgers = [
        _Ledger(name, here.new_database(name), Filling(copies, SALES))
        for name, copies in (("small", _SMALL), ("large", plan.copies))
    ]
    for ledger in ledgers:
        begun = time.monotonic()
        asyncio.run(fill(ledger.url, ledger.filling))
        ((ledger.transfers, ledger.size),) = here.ask(
            "SELECT (SELECT count(*) FROM transfer),"
            " pg_size_pretty(pg_database_size(current_database()))",
            ledger.url,
        )
        say(
            f"{ledger.name}: {ledger.filling.members:,} members, {ledger.transfers:,} transfers, "
            f"{ledger.size}, filled in {time.monotonic() - begun:.0f} s"
        )
    asyncio.run(_rounds(here, plan, ledgers, say))
    here.prove(ledgers[0].url)  # the other was filled by the same statements
    for ledger in ledgers:
        here.drop_database(ledger.name)
    small, large = ledgers
    return _section(small, large, plan)


async def _rounds(
    here: Place, plan: Plan, ledgers: list[_Ledger], say: Callable[[str], None]
) -> None:
    for number in range(plan.rounds + 1):
        for ledger in ledgers:
            if plan.profile:
                forget_statements(here)
            await _round(here, ledger, plan.seconds)
            if plan.profile and number == plan.rounds:
                say(counted_statements(here, round(ledger.per_second[-1] * plan.seconds)))
        if not number:  # to warm up
            for ledger in ledgers:
                ledger.per_second.clear()
                ledger.milliseconds.clear()
                ledger.cpu.clear()
        else:
            say(
                f"round {number}: "
                + ", ".join(f"{led.name} {led.per_second[-1]:,.0f} a second" for led in ledgers)
            )


async def _round(here: Place, ledger: _Ledger, seconds: float) -> None:
    """Let so many clients sell, each one sale after the other, for some seconds."""
    random = Random(ledger.sold)
    async with open_database(ledger.url) as database:
        shop = await Shop.reopened(database)
        meter = CpuMeter(
            {"PostgreSQL": here.server_processes, "Python": lambda: [psutil.Process()]}
        )
        begun = time.monotonic()
        waits: list[float] = []

        async def client() -> None:
            while (started := time.monotonic()) < begun + seconds:
                ledger.sold += 1
                (article,) = baskets(random, 1)
                await shop.sells(
                    sale(
                        article,
                        name=f"G-{ledger.sold:08d}",
                        member=ledger.filling.member(random.randrange(ledger.filling.members)),
                        store=random.choice(STORES),
                        now=datetime.now(UTC),
                    )
                )
                waits.append(time.monotonic() - started)

        meter.start()
        async with asyncio.TaskGroup() as clients:
            for _ in range(CLIENTS):
                clients.create_task(client())
        took = time.monotonic() - begun
        used = meter.seconds()
    ledger.per_second.append(len(waits) / took)
    ledger.milliseconds.append(middle(waits) * 1e3)
    ledger.cpu.append({name: spent / len(waits) * 1e6 for name, spent in used.items()})


def _section(small: _Ledger, large: _Ledger, plan: Plan) -> Section:
    rows = []
    for ledger in (small, large):
        used = {name: middle([turn[name] for turn in ledger.cpu]) for name in ledger.cpu[0]}
        rows.append(
            Row(
                f"{ledger.filling.members:,} members, {ledger.transfers:,} transfers, "
                f"{ledger.size}",
                f"{thousands(middle(ledger.per_second))} a second, "
                f"p50 {middle(ledger.milliseconds):.1f} ms",
                "µs of processor each: "
                + ", ".join(f"{name} {value:.0f}" for name, value in used.items()),
            )
        )
    ratio = middle(
        [few / many for few, many in zip(small.per_second, large.per_second, strict=True)]
    )
    rows.append(
        Row("cost of one earning, large ÷ small", f"{ratio:.2f}", "", "≤ 1.3", ratio <= 1.3)
    )
    note = (
        f"{CLIENTS} clients in one process, no network, members at random; median of "
        f"{plan.rounds} rounds of {plan.seconds:.0f} s for each, in turns. The target speaks of "
        "5 million members and 50 million transfers."
    )
    return Section("A ledger that has grown", rows, (note,))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument(
        "--copies", type=int, help=f"of {PATTERNS} members with {SALES} sales: 9999 are 5 million"
    )
    parser.add_argument("--profile", action="store_true")
    told = parser.parse_args()
    base = Plan.quick() if told.quick else Plan()
    plan = Plan(told.copies or base.copies, base.rounds, base.seconds, told.profile)
    with place(statements=plan.profile) as here:
        print(table([measure(here, plan)]))


if __name__ == "__main__":
    main()
