"""The reference that everything is told beside: pgbench's TPC-B on the same server."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

import psutil

from bench.machine import CpuMeter
from bench.place import BenchFailed, Place
from fiel.platform.postgres.binaries import installed_programs

SCALE = 50
CLIENTS = 32


@dataclass(frozen=True, slots=True)
class Round:
    """One run of the reference."""

    per_second: float
    cpu_seconds: dict[str, float]
    transactions: int


def prepare(here: Place, *, scale: int = SCALE) -> None:
    """Make pgbench's tables in a database of their own, once."""
    if here.pgbench_url is None:
        url = here.new_database("pgbench")
        _run("-i", "-q", "-s", str(scale), "-I", "dtgvp", url)
        here.pgbench_url = url


def tpcb(here: Place, *, seconds: float) -> Round:
    """Run TPC-B transactions with prepared statements for some seconds."""
    assert here.pgbench_url is not None, "prepared before"
    meter = CpuMeter({"PostgreSQL": here.server_processes})
    meter.start()
    command = ("-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", f"{seconds:.0f}")
    before = psutil.Process().cpu_times()
    told = _run(*command, here.pgbench_url)
    after = psutil.Process().cpu_times()
    used = meter.seconds()
    used["client"] = (after.children_user + after.children_system) - (
        before.children_user + before.children_system
    )
    rate = re.search(r"tps = ([0-9.]+)", told)
    count = re.search(r"transactions actually processed: (\d+)", told)
    failed = re.search(r"failed transactions: (\d+)", told)
    if rate is None or count is None or (failed is not None and int(failed[1])):
        raise BenchFailed(told)
    return Round(float(rate[1]), used, int(count[1]))


def _run(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [installed_programs() / "pgbench", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(done.stderr)
    return done.stdout
