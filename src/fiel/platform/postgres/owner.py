"""As whom the server runs: never as root, and without adding a user to the system."""

from __future__ import annotations

import ctypes
import hashlib
import os
import pwd
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

from fiel.platform.postgres.faults import Fault, ServerFailed
from fiel.platform.postgres.home import Home, group_of

# Numbers that systemd sets aside for services without a name; none needs an entry anywhere.
_UNNAMED = range(61184, 65000)
_PR_SET_PDEATHSIG = 1


def server_owner(home: Home) -> int:
    """The user that the server of a home runs as.

    An ordinary user runs it as themselves. For root it is whoever owns the cluster, and for a new
    one a user number that has no name, no process, and so nothing else to lose.
    """
    if os.geteuid() != 0:
        return os.geteuid()
    for place in (home.data, home.folder):
        if place.exists() and (owner := place.stat().st_uid) != 0:
            return owner
    return _unnamed_user(home.folder)


def initdb_owner(owner: int) -> int:
    """Who makes the cluster: `initdb` asks for the name of its user, so one that has a name."""
    if _has_name(owner):
        return owner
    if os.geteuid() == 0:
        for entry in [*_nobody(), *pwd.getpwall()]:
            if entry.pw_uid != 0:
                return entry.pw_uid
    raise ServerFailed(Fault.NO_NAME, user=str(owner))


def become(owner: int, *, die_with: int | None = None) -> Callable[[], None]:
    """What a child does before it becomes PostgreSQL: give up root, and end with its parent."""
    as_root = os.geteuid() == 0
    group = group_of(owner) if as_root else 0
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def child() -> None:
        os.umask(0o077)
        if as_root:
            os.setgroups([])
            os.setgid(group)
            os.setuid(owner)
        if die_with is not None and library is not None:
            # SIGINT asks PostgreSQL for a fast, clean shutdown. Set after setuid, which clears it.
            library.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
            if os.getppid() != die_with:
                os._exit(1)

    return child


def give_tree(folder: Path, owner: int) -> None:
    """Let everything in a folder, and the folder, belong to the server's user; root's right."""
    group = group_of(owner)
    for _, folders, files, descriptor in os.fwalk(folder, follow_symlinks=False):
        for name in (*folders, *files):
            os.chown(name, owner, group, dir_fd=descriptor, follow_symlinks=False)
    os.chown(folder, owner, group, follow_symlinks=False)


def _unnamed_user(folder: Path) -> int:
    busy = {process.info["uids"].real for process in psutil.process_iter(["uids"])}
    start = int.from_bytes(hashlib.sha256(os.fsencode(folder)).digest()[:4])
    for step in range(len(_UNNAMED)):
        candidate = _UNNAMED[(start + step) % len(_UNNAMED)]
        if candidate not in busy and not _has_name(candidate):
            return candidate
    raise ServerFailed(Fault.NO_FREE_USER)


def _has_name(owner: int) -> bool:
    try:
        pwd.getpwuid(owner)
    except KeyError:
        return False
    return True


def _nobody() -> list[pwd.struct_passwd]:
    try:
        return [pwd.getpwnam("nobody")]
    except KeyError:
        return []
