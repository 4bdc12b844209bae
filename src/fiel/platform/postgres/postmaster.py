"""The server process itself: started, recognised, asked to stop."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

from fiel.platform.postgres.home import Home
from fiel.platform.postgres.owner import become

_MIB = 1024**2
# A session gives memory back to the system after each statement, and asks for it again with the
# next, page by page: of a statement that writes to many tables that was two thirds of its time.
# These tell the allocator of Linux to keep some of it; others do not know them.
_KEPT_MEMORY = {
    "MALLOC_TRIM_THRESHOLD_": str(32 * _MIB),
    "MALLOC_MMAP_THRESHOLD_": str(8 * _MIB),
    "MALLOC_TOP_PAD_": str(_MIB),
}

# Seconds by which the start that a process wrote down and the one the system tells may differ.
_CLOCK_SLACK = 3.0


@dataclass(frozen=True, slots=True)
class PidFile:
    """What `postmaster.pid` says: which process, since when, and whether it takes connections."""

    pid: int
    started: int
    ready: bool


def read_pid_file(home: Home) -> PidFile | None:
    """The server's pid file; nothing while it is not there or not whole."""
    try:
        lines = (home.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        status = lines[7].strip() if len(lines) > 7 else ""
        return PidFile(int(lines[0]), int(lines[2]), ready=status == "ready")
    except (FileNotFoundError, IndexError, ValueError):
        return None


def living_postmaster(home: Home) -> psutil.Process | None:
    """The server that the pid file names, if that process is really it.

    The number may long belong to another process: it must be called postgres and either work in
    the cluster's folder or have started when the file says.
    """
    named = read_pid_file(home)
    if named is None:
        return None
    try:
        process = psutil.Process(named.pid)
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
            return None
        with contextlib.suppress(psutil.AccessDenied):
            return process if Path(process.cwd()) == home.data else None
        began = process.create_time()
    except psutil.NoSuchProcess:
        return None
    return process if abs(began - named.started) <= _CLOCK_SLACK else None


def clear_stale_pid_file(home: Home) -> bool:
    """Remove a pid file whose server is no more; PostgreSQL itself believes any living number."""
    pid_file = home.data / "postmaster.pid"
    if not pid_file.exists() or living_postmaster(home):
        return False
    pid_file.unlink(missing_ok=True)
    return True


def end_former_servers(home: Home) -> None:
    """See off what is left of servers before: one whose guardian was killed, or its orphans.

    A process of a killed server goes on with its statement; until it ends, PostgreSQL refuses to
    start on the same files.
    """
    if former := living_postmaster(home):
        with contextlib.suppress(psutil.NoSuchProcess):
            former.send_signal(signal.SIGINT)
            former.wait()
    orphans = [process for process in psutil.process_iter() if _serves(process, home)]
    for orphan in orphans:
        with contextlib.suppress(psutil.NoSuchProcess):
            orphan.terminate()
    psutil.wait_procs(orphans)


def start_postmaster(
    home: Home, programs: Path, owner: int, socket_folder: Path
) -> subprocess.Popen[bytes]:
    """Start the server as a child that ends when this process does."""
    with home.start_log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 our own arguments to PostgreSQL's program
            [
                programs / "postgres",
                *("-D", home.data),
                *("-c", "listen_addresses="),
                *("-c", f"unix_socket_directories={_quoted(socket_folder)}"),
                *("-c", "unix_socket_permissions=0700"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"LC_ALL": "C", **_KEPT_MEMORY},
            preexec_fn=become(owner, die_with=os.getpid()),  # noqa: PLW1509 there is one thread
        )


def stop_postmaster(process: subprocess.Popen[bytes]) -> None:
    """Shut down cleanly; however long the last checkpoint takes, it is worth the wait."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.wait()


def _serves(process: psutil.Process, home: Home) -> bool:
    try:
        return process.name() == "postgres" and Path(process.cwd()) == home.data
    except psutil.Error:
        return False


def last_words(home: Home, lines: int = 15) -> str:
    """The end of what was logged, for a message that says why the server is not there."""
    newest = sorted(home.log.glob("postgres-*.log"))[-1:]
    logs = [log for log in (home.guardian_log, home.start_log, *newest) if log.exists()]
    texts = [log.read_text(encoding="utf-8", errors="replace") for log in logs]
    return "\n".join("".join(texts).splitlines()[-lines:])


def prune_logs(home: Home, keep: int = 8) -> None:
    """Delete all but the newest of the server's logs."""
    for log in sorted(home.log.glob("postgres-*.log"))[:-keep]:
        log.unlink(missing_ok=True)


def _quoted(folder: Path) -> str:
    return '"' + str(folder).replace('"', '""') + '"'
