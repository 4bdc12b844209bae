"""The door to the embedded server: find it running, or start it, and hold it while it is used."""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil

from fiel.platform.postgres.cluster import DATABASE, ROLE
from fiel.platform.postgres.faults import Fault, ServerFailed
from fiel.platform.postgres.guardian import ANOTHER_IS_THERE
from fiel.platform.postgres.home import (
    Home,
    close_lock,
    find_home,
    give_to,
    make_home,
    open_lock,
    read_state,
    try_lock,
)
from fiel.platform.postgres.phases import Phase, Progress, say_nothing
from fiel.platform.postgres.postmaster import last_words

logger = logging.getLogger(__name__)

_GUARDIANS_TRIED = 5
# Seconds between attempts to bring a server back that its users still need.
_PAUSE = 5.0


@contextmanager
def embedded_server(
    data_folder: Path, *, progress: Progress = say_nothing, durable: bool = True
) -> Iterator[str]:
    """The URL of a data folder's server, which runs at least as long as this is held.

    Raises:
        ServerFailed: the server could not be started; its fault says why.
    """
    home = make_home(data_folder)
    users_lock = open_lock(home.users_lock)
    stop_watching = threading.Event()
    try:
        _join_users(users_lock, progress)
        _wait_until_ready(home, progress, durable=durable)
        watcher = threading.Thread(
            target=_replace_guardians,
            args=(home, stop_watching, durable),
            name="fiel-database-watcher",
            daemon=True,
        )
        watcher.start()
        yield url_of(home)
    finally:
        stop_watching.set()
        os.close(users_lock)


def running_url(data_folder: Path) -> str | None:
    """The URL of a data folder's server if it runs; nothing is started or held."""
    home = find_home(data_folder)
    if home is None or read_state(home).get("phase") != Phase.READY or not _has_guardian(home):
        return None
    return url_of(home)


def url_of(home: Home) -> str:
    """How to connect to a home's server."""
    socket_folder = quote(read_state(home)["socket_folder"], safe="")
    password = quote(str(home.password), safe="")
    return f"postgresql://{ROLE}@/{DATABASE}?host={socket_folder}&passfile={password}"


def _join_users(users_lock: int, progress: Progress) -> None:
    began = time.monotonic()
    while not try_lock(users_lock, fcntl.LOCK_SH):  # the guardian has it while it stops the server
        progress(Phase.STOPPING, time.monotonic() - began)
        time.sleep(0.02)


def _wait_until_ready(home: Home, progress: Progress, *, durable: bool) -> None:
    began = time.monotonic()
    guardians = 0
    while True:
        state = read_state(home)
        if not _has_guardian(home):
            if guardians and state.get("phase") == Phase.FAILED:
                raise ServerFailed(Fault(state["fault"]), **state["parameters"])
            if guardians == _GUARDIANS_TRIED:
                raise ServerFailed(Fault.DOES_NOT_START, output=last_words(home))
            guardians += 1
            _start_guardian(home, durable=durable)
        elif state.get("phase") == Phase.READY and psutil.pid_exists(state["server"]):
            return
        elif state:
            progress(Phase(state["phase"]), time.monotonic() - began)
            time.sleep(0.02)


def _start_guardian(home: Home, *, durable: bool) -> None:
    """Start a guardian; it is there, or another is, when this returns."""
    command = [sys.executable, "-P", "-m", "fiel.platform.postgres.guardian", str(home.folder)]
    with home.guardian_log.open("ab") as output:
        give_to(home.guardian_log, home.folder.stat().st_uid)
        done = subprocess.run(  # noqa: S603 our own arguments to our own module
            [*command, *(() if durable else ("--not-durable",))],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            check=False,
        )
    if done.returncode not in (0, ANOTHER_IS_THERE):
        raise ServerFailed(Fault.DOES_NOT_START, output=last_words(home))


def _has_guardian(home: Home) -> bool:
    lock = open_lock(home.guardian_lock)
    try:
        return not try_lock(lock, fcntl.LOCK_SH)
    finally:
        close_lock(lock)


def _replace_guardians(home: Home, stop: threading.Event, durable: bool) -> None:
    """Start another guardian whenever the one there is was killed."""
    while not stop.is_set():
        try:
            lock = open_lock(home.guardian_lock)
        except FileNotFoundError:  # somebody removed the home
            return
        fcntl.flock(lock, fcntl.LOCK_SH)  # comes back when the guardian is no more
        close_lock(lock)
        if stop.is_set():
            return
        try:
            _wait_until_ready(home, say_nothing, durable=durable)
        except ServerFailed:
            logger.exception("The database server could not be started again; trying on.")
            stop.wait(_PAUSE)
