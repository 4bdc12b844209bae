"""The cluster: how its files are made, and how it is set."""

from __future__ import annotations

import contextlib
import locale
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import psutil

from fiel.platform.postgres.faults import Fault, ServerFailed
from fiel.platform.postgres.home import Home
from fiel.platform.postgres.owner import become, give_tree, initdb_owner

ROLE = "fiel"
DATABASE = "fiel"
_MIB = 1024 * 1024
_SETTINGS_FILE = "fiel.conf"


def make_cluster(home: Home, programs: Path, owner: int) -> None:
    """Make the cluster of a home, whole or not at all."""
    maker = initdb_owner(owner)
    new = home.data.with_name("data.new")
    shutil.rmtree(new, ignore_errors=True)  # of an attempt that was cut short
    password = _password(home)
    given = home.folder / "data.new.password"
    given.write_text(password, encoding="utf-8")
    given.chmod(0o600)
    new.mkdir(mode=0o700)
    if os.geteuid() == 0:
        for path in (new, given):
            os.chown(path, maker, -1)
    try:
        _run([programs / "initdb", *_initdb_arguments(new, given)], as_user=maker)
        with (new / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"\ninclude_if_exists = '{_SETTINGS_FILE}'\n")
        # Without a server: the single-user mode reads statements from standard input.
        alone: list[str | Path] = [programs / "postgres", "--single", "-D", new, "template1"]
        _run(alone, as_user=maker, text=f'CREATE DATABASE "{DATABASE}"')
    finally:
        given.unlink()
    if os.geteuid() == 0:
        give_tree(new, owner)
    new.rename(home.data)
    folder = os.open(home.folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(folder)
    os.close(folder)


def check_version(home: Home, programs: Path) -> None:
    """Make sure that the cluster is of the version that the programs are."""
    made_by = (home.data / "PG_VERSION").read_text(encoding="utf-8").strip()
    told = _run([programs / "postgres", "--version"], as_user=os.geteuid())
    present = told.split()[-1].split(".")[0]
    if made_by != present:
        raise ServerFailed(
            Fault.OTHER_VERSION, folder=str(home.data), made_by=made_by, present=present
        )


def write_settings(home: Home, owner: int, *, durable: bool) -> None:
    """Say how the server is to work on this machine; ALTER SYSTEM may say otherwise."""
    file = home.data / _SETTINGS_FILE
    lines = [f"{name} = '{value}'\n" for name, value in settings(home, durable=durable).items()]
    file.unlink(missing_ok=True)
    # The folder is the server's user's: a link that they may have put there is not followed.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        os.write(descriptor, "".join(lines).encode())
        if os.geteuid() == 0:
            os.fchown(descriptor, owner, -1)
    finally:
        os.close(descriptor)


def settings(home: Home, *, durable: bool = True) -> dict[str, str]:
    """The server's settings for this machine's memory."""
    memory = _memory_mib()
    kept = "on" if durable else "off"
    return {
        "fsync": kept,
        "synchronous_commit": kept,
        "full_page_writes": kept,
        "shared_buffers": f"{min(max(memory // 8, 64), 2048)}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "work_mem": f"{min(max(memory // 500, 4), 32)}MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 64), 512)}MB",
        "max_connections": "200",
        "min_wal_size": "256MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "off",
        "random_page_cost": "1.1",
        # Our statements are short and many: compiling them costs more than it brings.
        "jit": "off",
        "dynamic_shared_memory_type": _shared_memory_type(),
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "logging_collector": "on",
        "log_directory": str(home.log).replace("'", "''"),
        "log_filename": "postgres-%Y-%m-%dT%H%M%S.log",
        "log_rotation_age": "1d",
        "log_rotation_size": "10MB",
        "log_line_prefix": "%m [%p] ",
        "log_startup_progress_interval": "2s",
        # Where nothing need last, tests ask how many statements a page sent.
        **({} if durable else {"shared_preload_libraries": "pg_stat_statements"}),
    }


def _initdb_arguments(data: Path, password: Path) -> list[str | Path]:
    return [
        *("-D", data),
        f"--username={ROLE}",
        f"--pwfile={password}",
        "--auth-local=scram-sha-256",
        "--auth-host=reject",
        # The password is random and long; hashing it four thousand times only slows connecting.
        *("--set", "scram_iterations=64"),
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        f"--locale={'C.UTF-8' if _knows_c_utf8() else 'C'}",
        "--data-checksums",
    ]


def _run(command: list[str | Path], *, as_user: int, text: str = "") -> str:
    done = subprocess.run(  # noqa: S603 our own arguments to PostgreSQL's programs
        command,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        env={"LC_ALL": "C"},
        preexec_fn=become(as_user),
    )
    # In single-user mode a statement that fails leaves the exit code at zero.
    if done.returncode or " ERROR: " in done.stdout:
        program = Path(command[0]).name
        raise ServerFailed(Fault.PROGRAM_FAILED, program=program, output=done.stdout[-2000:])
    return done.stdout


def _password(home: Home) -> str:
    """The owner's password; written where libpq finds it."""
    password = secrets.token_hex(32)
    home.password.unlink(missing_ok=True)
    home.password.touch(mode=0o600, exist_ok=False)
    home.password.write_text(f"*:*:*:{ROLE}:{password}\n", encoding="utf-8")
    return password


def _memory_mib() -> int:
    memory = psutil.virtual_memory().total
    for limit in ("memory.max", "memory/memory.limit_in_bytes"):  # a container may have less
        with contextlib.suppress(OSError, ValueError):
            memory = min(memory, int(Path("/sys/fs/cgroup", limit).read_text(encoding="utf-8")))
    return memory // _MIB


def _shared_memory_type() -> str:
    # Containers often get 64 MB of /dev/shm, too little for a parallel query.
    if sys.platform != "linux":
        return "posix"
    try:
        room = os.statvfs("/dev/shm")  # noqa: S108 only its size is asked for
    except OSError:
        return "sysv"
    return "posix" if room.f_frsize * room.f_blocks >= 512 * _MIB else "sysv"


def _knows_c_utf8() -> bool:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return True
