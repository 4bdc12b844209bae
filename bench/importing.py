"""How fast a file of sales is imported, and in how much memory.

    python -m bench.importing [--quick] [--sales N] [--profile]

The real `fiel import sales`, on CSV and on Parquet, of single-line sales of many members over most
of a year. Beside it, in the same run, the same file is copied as text into a table without a
single index, and pgbench runs. Run from the root of the repository.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import psutil
import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from bench import pgbench
from bench.filling import PATTERNS, Filling, fill
from bench.machine import CpuMeter, family, resident_bytes
from bench.menu import STORES, baskets
from bench.place import BenchFailed, Place, fiel_program, place
from bench.report import Row, Section, table, thousands
from bench.statements import counted_statements, forget_statements

_COLUMNS = (
    "external_id", "occurred_at", "member", "store", "channel", "sku", "name", "category",
    "quantity", "unit_price", "discount", "tax", "cost",
)  # fmt: skip
_DAYS = 300
_SECONDS_BETWEEN_LOOKS = 0.1
_MIB = 1024 * 1024
_BLOCK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to import."""

    sales: int = 1_000_000
    members: int = 100_000
    reference_seconds: float = 6.0
    profile: bool = False

    @classmethod
    def quick(cls) -> Plan:
        """Enough to see that all works."""
        return cls(sales=100_000, members=10_000, reference_seconds=3.0)


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import took."""

    format: str
    per_second: float
    peak_mib: float
    cpu: dict[str, float]  # microseconds for each sale
    copied_per_second: float  # the same file, by COPY


def measure(here: Place, plan: Plan, say: Callable[[str], None] = print) -> Section:
    """Import the same sales from both kinds of file, and tell the figures."""
    pgbench.prepare(here)
    filling = Filling(plan.members // PATTERNS - 1, sales=0)
    csv_file = here.folder / "sales.csv"
    parquet_file = here.folder / "sales.parquet"
    _write_files(csv_file, parquet_file, filling, plan.sales)
    reference = pgbench.tpcb(here, seconds=plan.reference_seconds)
    told = []
    for file in (csv_file, parquet_file):
        name = f"import_{file.suffix[1:]}"
        url = here.new_database(name)
        asyncio.run(fill(url, filling))
        if plan.profile:
            forget_statements(here)
        imported = _import(here, url, file, csv_file, plan.sales)
        say(
            f"{imported.format}: {imported.per_second:,.0f} a second, "
            f"{imported.peak_mib:,.0f} MiB; COPY {imported.copied_per_second:,.0f}"
        )
        if plan.profile:
            say(counted_statements(here, plan.sales))
        here.prove(url)
        here.drop_database(name)
        told.append(imported)
    return _section(told, reference, plan, filling)


def _write_files(csv_file: Path, parquet_file: Path, filling: Filling, count: int) -> None:
    with csv_file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(_COLUMNS)
        writer.writerows(_rows(filling, count))
    text = pa.csv.ConvertOptions(column_types=dict.fromkeys(_COLUMNS, pa.string()))
    pa.parquet.write_table(pa.csv.read_csv(csv_file, convert_options=text), parquet_file)


def _rows(filling: Filling, count: int) -> Iterator[tuple[str, ...]]:
    random = Random(20260301)
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(days=_DAYS)
    for number, article in enumerate(baskets(random, count)):
        at = begun + timedelta(seconds=number * _DAYS * 86400 // count)
        member = filling.member(random.randrange(filling.members))
        yield (
            f"T-{number:08d}", at.isoformat(), member, random.choice(STORES), "pos",
            article.sku, article.name, article.category, "1", article.price, "0.00",
            article.tax, article.cost,
        )  # fmt: skip


def _import(here: Place, url: str, file: Path, csv_file: Path, count: int) -> Imported:
    command = [fiel_program(), "import", "sales", str(file), "--rows", "sale", "--json"]
    output = here.folder / "import.json"
    meter = CpuMeter({"PostgreSQL": here.server_processes})
    meter.start()
    before = psutil.Process().cpu_times()
    begun = time.monotonic()
    with output.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env=here.environment(url), stdout=out
        )
        peak = _peak_bytes(process)
    took = time.monotonic() - begun
    after = psutil.Process().cpu_times()
    used = {
        "import": after.children_user + after.children_system
        - before.children_user - before.children_system,
        **meter.seconds(),
    }  # fmt: skip
    told = output.read_text(encoding="utf-8")
    if process.returncode:
        raise BenchFailed(f"{' '.join(command)} ended with {process.returncode}: {told}")
    ((recorded,),) = here.ask("SELECT count(*) FROM activity WHERE kind = 'sale'", url)
    if recorded != count:
        raise BenchFailed(f"{recorded} of {count} sales are there:\n{told}")
    return Imported(
        file.suffix[1:].upper() if file is csv_file else "Parquet",
        count / took,
        peak / _MIB,
        {name: spent / count * 1e6 for name, spent in used.items()},
        _copy(url, csv_file, count),
    )


def _peak_bytes(process: subprocess.Popen[bytes]) -> int:
    """The most memory that the import and its children ever had in use, until it ends."""
    whole, peak = psutil.Process(process.pid), 0
    while process.poll() is None:
        peak = max(peak, resident_bytes(family(whole)))
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return peak


def _copy(url: str, csv_file: Path, count: int) -> float:
    """The rows of the file a second when it is only copied."""
    columns = ", ".join(f"{column} text" for column in _COLUMNS)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"CREATE TABLE copied ({columns})".encode())
        begun = time.monotonic()
        with (
            csv_file.open("rb") as file,
            owner.cursor().copy("COPY copied FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while block := file.read(_BLOCK):
                copy.write(block)
        took = time.monotonic() - begun
        owner.execute("DROP TABLE copied")
    return count / took


def _section(
    told: list[Imported], reference: pgbench.Round, plan: Plan, filling: Filling
) -> Section:
    rows = [
        Row("pgbench TPC-B, prepared, 32 clients", f"{thousands(reference.per_second)} a second")
    ]
    for imported in told:
        rate, copied = imported.per_second, imported.copied_per_second
        used = ", ".join(f"{name} {value:.0f}" for name, value in imported.cpu.items())
        rows += [
            Row(
                f"{imported.format}, sales a second",
                thousands(rate),
                f"{rate / reference.per_second:.1f} × pgbench; 1 ÷ {copied / rate:.0f} of COPY "
                f"({thousands(copied)}); µs of processor each: {used}",
                "≥ 30,000",
                rate >= 30_000,
            ),
            Row(
                f"{imported.format}, most memory in use",
                f"{imported.peak_mib:,.0f} MiB",
                "",
                "< 1,024 MiB",
                imported.peak_mib < 1024,
            ),
        ]
    note = (
        f"{plan.sales:,} sales of one line, {filling.members:,} members, from the start of the "
        "command to its end; memory is that of the import and its children, not the database's. "
        "Every sale was found, and the audit was clean."
    )
    return Section("Import", rows, (note,))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--sales", type=int)
    parser.add_argument("--profile", action="store_true")
    told = parser.parse_args()
    base = Plan.quick() if told.quick else Plan()
    plan = Plan(told.sales or base.sales, base.members, base.reference_seconds, told.profile)
    with place(statements=plan.profile) as here:
        print(table([measure(here, plan)]))


if __name__ == "__main__":
    main()
