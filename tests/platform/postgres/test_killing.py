from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg

from fiel.platform.postgres.home import Home
from fiel.platform.postgres.phases import Phase
from fiel.platform.postgres.postmaster import living_postmaster
from fiel.platform.postgres.server import embedded_server
from tests.support.servers import (
    APPLICATION,
    Application,
    application,
    eventually,
    guardian_of,
    home_of,
    kill,
    processes_in,
    server_of,
)


def test_the_server_ends_with_an_application_that_is_killed_and_keeps_its_data(
    folder: Path,
) -> None:
    with application(folder) as till:
        till.asks("CREATE TABLE kept AS SELECT 7 AS points")
        till.is_killed()
    eventually(lambda: not processes_in(folder))

    with application(folder) as till:
        assert till.asks("SELECT points FROM kept") == 7


def test_an_application_whose_guardian_is_killed_gets_another_and_its_data(folder: Path) -> None:
    with application(folder) as till:
        till.asks("CREATE TABLE kept AS SELECT 7 AS points")
        former = guardian_of(folder)
        kill(former)

        _works_again(till)
        assert guardian_of(folder).pid != former.pid
        assert till.asks("SELECT points FROM kept") == 7
        till.leaves()
    eventually(lambda: not processes_in(folder))


def test_nothing_is_left_when_application_and_guardian_are_killed_together(folder: Path) -> None:
    with application(folder) as till:
        kill(psutil.Process(till.process.pid), guardian_of(folder))
    eventually(lambda: not processes_in(folder))


def test_a_server_that_is_killed_comes_back(folder: Path) -> None:
    with application(folder) as till:
        till.asks("CREATE TABLE kept AS SELECT 7 AS points")
        former = server_of(folder)
        kill(former)

        _works_again(till)
        assert server_of(folder).pid != former.pid
        assert till.asks("SELECT points FROM kept") == 7


def test_a_killed_servers_orphan_that_is_busy_does_not_keep_it_from_coming_back(
    folder: Path,
) -> None:
    with application(folder) as till:
        busy = threading.Thread(target=_work_long, args=(till,))
        busy.start()
        server = server_of(folder)
        eventually(lambda: till.asks(_BUSY) == 1)
        former = set(server.children())
        kill(server)

        _works_again(till)
        busy.join()
        assert not any(process.is_running() for process in former)


def test_everything_killed_at_once_recovers_at_the_next_start(folder: Path) -> None:
    with application(folder) as till:
        till.asks("CREATE TABLE kept AS SELECT 7 AS points")
        server = server_of(folder)
        kill(psutil.Process(till.process.pid), guardian_of(folder), server)

    with application(folder) as till:
        assert till.asks("SELECT points FROM kept") == 7


def test_a_recovery_may_take_longer_than_anybody_would_wait(folder: Path) -> None:
    with application(folder) as till:
        till.asks(
            "CREATE TABLE kept AS SELECT i, repeat('x', 500) FROM generate_series(1, 200000) i"
        )
        kill(psutil.Process(till.process.pid), guardian_of(folder), server_of(folder))
    eventually(lambda: living_postmaster(home_of(folder)) is None)

    told: list[tuple[Phase, float]] = []
    held = threading.Thread(target=_hold_recovery_up, args=(home_of(folder), 12))
    held.start()
    with embedded_server(
        folder, progress=lambda phase, waited: told.append((phase, waited))
    ) as url:
        held.join()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (200000,)

    assert max(waited for phase, waited in told if phase is Phase.RECOVERING) > 10


def test_a_pid_file_whose_number_now_belongs_to_another_process_is_not_believed(
    folder: Path,
) -> None:
    with application(folder) as till:
        pid_file = (home_of(folder).data / "postmaster.pid").read_text()
        owner = server_of(folder).uids().effective
        till.leaves()
    eventually(lambda: not processes_in(folder))

    # PostgreSQL itself takes any process of its own user that has the number for a server.
    become = {"user": owner, "group": owner} if os.geteuid() == 0 else {}
    sleeper = subprocess.Popen(["sleep", "600"], cwd="/", **become)
    try:
        _leave_pid_file(home_of(folder), pid_file, sleeper.pid)
        with application(folder) as till:
            assert till.asks("SELECT 1") == 1
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_another_server_that_has_the_number_of_a_stale_pid_file_is_left_alone(
    new_folder: Callable[..., Path],
) -> None:
    cafe, rival = new_folder(), new_folder()
    with application(cafe) as till:
        pid_file = (home_of(cafe).data / "postmaster.pid").read_text()
        till.leaves()
    eventually(lambda: not processes_in(cafe))

    with application(rival) as its_rival:
        began = its_rival.asks("SELECT pg_postmaster_start_time()")
        _leave_pid_file(home_of(cafe), pid_file, server_of(rival).pid)
        with application(cafe) as till:
            assert till.asks("SELECT 1") == 1
        assert its_rival.asks("SELECT pg_postmaster_start_time()") == began


def test_initialising_that_was_cut_short_starts_anew(folder: Path) -> None:
    for pause in (0.15, 0.3, 0.45):
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", APPLICATION, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )
        time.sleep(pause)
        process.kill()
        process.communicate()
        for one in _all_of(folder):
            with suppress(psutil.NoSuchProcess):
                one.kill()

    with application(folder) as till:
        assert till.asks("SELECT 1") == 1


def test_a_guardian_told_to_stop_stops_the_server_cleanly(folder: Path) -> None:
    with application(folder) as till:
        till.process.send_signal(signal.SIGSTOP)  # it would want another guardian
        guardian_of(folder).terminate()
        eventually(lambda: not _all_of(folder))
        newest = max(home_of(folder).log.glob("postgres-*.log"))

        assert "database system is shut down" in newest.read_text()


_BUSY = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE query LIKE '%generate_series%' AND pid <> pg_backend_pid()"
)


def _work_long(till: Application) -> None:
    with suppress(psycopg.OperationalError):
        till.asks("SELECT count(*) FROM generate_series(1, 1000000000)")


def _works_again(till: Application) -> None:
    def answers() -> bool:
        with suppress(psycopg.OperationalError):
            return till.asks("SELECT 1") == 1
        return False

    # The server that is about to end may still answer; what comes after is what counts.
    time.sleep(0.3)
    eventually(answers)


def _hold_recovery_up(home: Home, seconds: float) -> None:
    """Stop the process that recovers as soon as it is there, for a while."""
    while True:
        for process in psutil.process_iter(["cmdline", "ppid"]):
            words = " ".join(process.info["cmdline"] or [])
            if words.startswith("postgres: startup") and _works_in(process, home):
                process.send_signal(signal.SIGSTOP)
                time.sleep(seconds)
                process.send_signal(signal.SIGCONT)
                return
        time.sleep(0.002)


def _works_in(process: psutil.Process, home: Home) -> bool:
    with suppress(psutil.Error):
        return Path(process.cwd()) == home.data
    return False


def _leave_pid_file(home: Home, text: str, pid: int) -> None:
    lines = text.splitlines(keepends=True)
    file = home.data / "postmaster.pid"
    file.write_text("".join([f"{pid}\n", *lines[1:]]))
    owner = home.data.stat()
    os.chown(file, owner.st_uid, owner.st_gid)
    file.chmod(0o600)


def _all_of(folder: Path) -> list[psutil.Process]:
    try:
        return processes_in(folder)
    except AssertionError:  # there is no home yet
        return []
