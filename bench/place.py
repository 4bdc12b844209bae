"""Where a measurement takes place: a database server and a Fiel of its own, gone afterwards."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bench.machine import family
from fiel.platform.postgres.home import find_home, read_state
from fiel.platform.postgres.server import embedded_server
from tests.support.servers import eventually, processes_in, remove

_SECONDS_TO_START = 60


class BenchFailed(Exception):
    """What was measured did not do what it should: there is no figure to tell."""


@dataclass
class Place:
    """A durable database server in a folder of its own, and the commands that work on it."""

    folder: Path
    url: str
    pgbench_url: str | None = None  # once its tables are there
    made: list[str] = field(default_factory=list)

    def fiel(self, *arguments: str | Path, url: str | None = None) -> Any:  # noqa: ANN401 - what JSON says
        """Run a command to its end, and read its answer; `url` names another database."""
        command = [fiel_program(), *map(str, arguments), "--json"]
        done = subprocess.run(  # noqa: S603 - our own command
            command,
            env=self.environment(url),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BenchFailed(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def new_database(self, name: str) -> str:
        """The URL of an empty database on the same server."""
        with psycopg.connect(self.url, autocommit=True) as owner:
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        self.made.append(name)
        return make_conninfo(self.url, dbname=name)

    def drop_database(self, name: str) -> None:
        """Give the room back."""
        with psycopg.connect(self.url, autocommit=True) as owner:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            owner.execute(drop.format(sql.Identifier(name)))

    def ask(self, statement: LiteralString, url: str | None = None) -> list[tuple[Any, ...]]:
        """Ask the database something that sees every program."""
        with psycopg.connect(url or self.url, autocommit=True) as owner:
            cursor = owner.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def environment(self, url: str | None) -> dict[str, str]:
        """The environment of a command that works on a database, this server's first if none."""
        return {**os.environ, **({"DATABASE_URL": url} if url else {})}

    def prove(self, url: str | None = None) -> None:
        """Make sure that the ledger adds up."""
        proof = self.fiel("audit", url=url)
        if not proof["ok"]:
            raise BenchFailed(f"the audit found differences: {proof['differences'][:5]}")

    def version(self) -> str:
        """The server's version."""
        return str(self.ask("SHOW server_version")[0][0]).split()[0]

    def server_processes(self) -> list[psutil.Process]:
        """The database server and all its children."""
        home = find_home(self.folder)
        assert home is not None, "it runs"
        return family(psutil.Process(read_state(home)["server"]))


def fiel_program() -> str:
    """The `fiel` that belongs to this Python."""
    return str(Path(sys.executable).with_name("fiel"))


@contextmanager
def place(*, statements: bool = False) -> Iterator[Place]:
    """A place for as long as it is held, which this process and its commands work on.

    With `statements`, the server counts what each costs.
    """
    folder = Path(tempfile.mkdtemp(prefix="fiel-bench-"))
    before = {name: os.environ.pop(name, None) for name in ("FIEL_DATA", "DATABASE_URL")}
    os.environ["FIEL_DATA"] = str(folder)
    try:
        if statements:
            _count_statements(folder)
        with embedded_server(folder) as url:
            here = Place(folder, url)
            _make_sure_of_durability(here)
            yield here
    finally:
        os.environ.update({name: value for name, value in before.items() if value is not None})
        remove(folder)


def _count_statements(folder: Path) -> None:
    with embedded_server(folder) as url, psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
        owner.execute("ALTER SYSTEM SET pg_stat_statements.track_planning = on")
    eventually(lambda: not processes_in(folder))  # only a start loads the library


def _make_sure_of_durability(here: Place) -> None:
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        ((value,),) = here.ask(f"SHOW {name}")
        if value != "on":
            raise BenchFailed(f"{name} is {value}: what is measured would not be durable")


@dataclass(frozen=True, slots=True)
class Served:
    """A running Fiel."""

    address: tuple[str, int]
    process: psutil.Process


@contextmanager
def served(*, workers: int) -> Iterator[Served]:
    """`fiel up` on the place that is held, with no limit on how much a key may ask."""
    port = _free_port()
    command = [fiel_program(), "up", "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env={**os.environ, "FIEL_RATE_LIMIT": "1000000000"}, stdout=subprocess.DEVNULL
    )
    try:
        _wait_until_healthy(process, port)
        yield Served(("127.0.0.1", port), psutil.Process(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            for one in family(psutil.Process(process.pid)):
                one.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchFailed("fiel up ended by itself")
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (URLError, ConnectionError):
            time.sleep(0.05)
    raise BenchFailed("fiel up did not become healthy")
