from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from tests.support.servers import application, eventually, guardian_of, kill, server_of

# A till: it writes one sale after the other, and notes each that was acknowledged.
TILL = """
import sys
from pathlib import Path
import time
import psycopg
from fiel.platform.postgres.server import embedded_server

folder, till, noted = Path(sys.argv[1]), int(sys.argv[2]), open(sys.argv[3], "a")
sale = 0
with embedded_server(folder) as url:
    while True:
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                while True:
                    sale += 1
                    connection.execute("INSERT INTO sale VALUES (%s, %s)", [till, sale])
                    noted.write(f"{sale}\\n")
                    noted.flush()
        except psycopg.OperationalError:
            time.sleep(0.02)
"""


def test_sales_that_were_acknowledged_survive_kills_under_load(folder: Path) -> None:
    chance = random.Random(20261121)
    with application(folder) as first:
        first.asks("CREATE TABLE sale (till int, sale int, PRIMARY KEY (till, sale))")
        for round_ in range(7):
            with _tills(folder, round_) as tills:
                _wait_for_sales(folder, round_)
                time.sleep(chance.uniform(0.1, 0.5))
                if round_ % 3 == 0:
                    kill(server_of(folder))
                elif round_ % 3 == 1:
                    kill(guardian_of(folder))
                else:
                    kill(*tills, guardian_of(folder), server_of(folder))
                if round_ % 3 != 2:  # the tills go on by themselves
                    _wait_for_sales(folder, round_)

    with application(folder) as office, psycopg.connect(office.url) as connection:
        kept = set(connection.execute("SELECT till, sale FROM sale").fetchall())
    noted = set(_noted(folder))
    assert len({till for till, _ in noted}) == 21
    assert noted - kept == set()
    # A sale may be kept whose acknowledgement was cut off: at most one for each cut.
    assert len(kept - noted) <= 21 * 3


@contextmanager
def _tills(folder: Path, round_: int) -> Iterator[list[psutil.Process]]:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TILL, str(folder), str(till), str(_notes(folder, till))],
            cwd="/",
        )
        for till in range(round_ * 3, round_ * 3 + 3)
    ]
    try:
        yield [psutil.Process(process.pid) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _notes(folder: Path, till: int) -> Path:
    return folder / f"till-{till}.txt"


def _wait_for_sales(folder: Path, round_: int) -> None:
    tills = range(round_ * 3, round_ * 3 + 3)
    before = {till: _size(folder, till) for till in tills}
    eventually(lambda: all(_size(folder, till) > before[till] + 200 for till in tills), 60)


def _size(folder: Path, till: int) -> int:
    notes = _notes(folder, till)
    return notes.stat().st_size if notes.exists() else 0


def _noted(folder: Path) -> Iterator[tuple[int, int]]:
    for notes in folder.glob("till-*.txt"):
        till = int(notes.stem.removeprefix("till-"))
        for line in notes.read_text().splitlines(keepends=True):
            if line.endswith("\n"):  # the last may be cut off
                yield till, int(line)
