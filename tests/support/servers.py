"""Embedded servers for tests: applications that use one, in processes that can be killed."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from fiel.platform.postgres.home import Home, everybody_may_reach, find_home, read_state
from fiel.platform.postgres.phases import Phase

# An application: it holds the server, prints its URL, and ends when its input does.
APPLICATION = """
import sys
from pathlib import Path
from fiel.platform.postgres.server import embedded_server

with embedded_server(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""
SOME_USER = 65534


@dataclass
class Application:
    """A process that uses an embedded server."""

    process: subprocess.Popen[str]
    folder: Path
    url: str

    def is_killed(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def leaves(self) -> None:
        """End as applications should."""
        assert self.process.stdin
        self.process.stdin.close()
        assert self.process.wait(30) == 0

    def asks(self, statement: str) -> object:
        """The first value of the first row, asked over a new connection."""
        return ask(self.url, statement)


def ask(url: str, statement: str) -> object:
    """The first value of the first row that a statement gives, if it gives any."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


@contextmanager
def application(
    folder: Path, user: int | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Application]:
    """An application on a data folder, run by a user; killed at the end if it still is there."""
    process = subprocess.Popen(
        [*as_user(user), sys.executable, "-P", "-c", APPLICATION, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env={**os.environ, **(environment or {})},
    )
    try:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert url, "the application could not start"
        yield Application(process, folder, url)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe
            pipe.close()


def as_user(user: int | None) -> list[str]:
    """What makes a command run as somebody else, who may read where Python lies."""
    if user is None or user == os.geteuid():
        return []
    command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    if not everybody_may_reach(Path(sys.executable)):
        command += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return command


def home_of(folder: Path) -> Home:
    """The home that was made for a data folder."""
    home = find_home(folder)
    assert home
    return home


def server_of(folder: Path) -> psutil.Process:
    """The server process of a data folder."""
    return psutil.Process(read_state(home_of(folder))["server"])


def guardian_of(folder: Path) -> psutil.Process:
    """The guardian process of a data folder."""
    return psutil.Process(read_state(home_of(folder))["guardian"])


def kill(*processes: psutil.Process) -> None:
    """kill -9, all of them, before any can react to the end of another."""
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    for process in processes:
        process.kill()


def processes_in(folder: Path) -> list[psutil.Process]:
    """Every process that has to do with a data folder's server."""
    home = str(home_of(folder).folder)
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or []
        if any(home in word for word in words) and process.info["status"] != "zombie":
            found.append(process)
    return found


def eventually(so: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so; fail if it does not come to be."""
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.02)


def remove(folder: Path) -> None:
    """Remove a data folder and its home, once nothing runs there any more."""
    home = find_home(folder)
    if home is not None:
        # A guardian that has yet to start says nothing.
        eventually(lambda: not processes_in(folder) or stopped(home), 60)
        eventually(lambda: not processes_in(folder), 60)
        shutil.rmtree(home.folder)
    shutil.rmtree(folder, ignore_errors=True)


def stopped(home: Home) -> bool:
    """Whether the guardian says that the server has stopped."""
    return read_state(home).get("phase") in (None, Phase.STOPPED, Phase.FAILED)


def mode(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)
