"""Where the server's socket is: in a private folder whose path is short enough."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

from fiel.platform.postgres.home import Home, group_of, read_state

# What the system allows for a socket's path, less the name that PostgreSQL gives the socket.
_LONGEST = (107 if sys.platform == "linux" else 103) - len("/.s.PGSQL.5432.lock")


def make_socket_folder(home: Home, owner: int) -> Path:
    """A folder for the socket that only the server's user and root may enter.

    It is `run` in the home. Where that path is too long for a socket, it is a folder for temporary
    files with a random name; the same as before, if it is still there and still private.
    """
    place = home.folder / "run"
    if len(os.fsencode(place)) <= _LONGEST:
        place.mkdir(mode=0o700, exist_ok=True)
    else:
        former = read_state(home).get("socket_folder")
        if former and _is_private(Path(former), owner):
            return Path(former)
        place = Path(tempfile.mkdtemp(prefix="fiel-", dir=_short_folder()))
    if os.geteuid() == 0:
        os.chown(place, owner, group_of(owner), follow_symlinks=False)
    return place


def _is_private(folder: Path, owner: int) -> bool:
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o077


def _short_folder() -> str:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.geteuid() != 0 and Path(runtime).is_dir() and len(os.fsencode(runtime)) <= _LONGEST - 14:
        return runtime or "/tmp"  # noqa: S108 the folder made in it has a random name
    return "/tmp"  # noqa: S108 the folder made in it has a random name
