"""Where the embedded server keeps what: its files, its locks, its state.

A home holds `data` (the cluster), `log`, `run` (the socket), two locks, the state and the
password. It is `postgres` inside the data folder. When root's data folder lies where only root
can go, the server, which never runs as root, could not reach it; then `postgres` is a symbolic
link to a home of its own below one of `SHARED_PLACES`. No existing folder is opened up.

For root the home itself stays root's: the server's user owns only `data`, `log` and `run` in it,
and root writes through no link that this user could have made.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fiel.platform.postgres.faults import Fault, ServerFailed

# Folders that root makes for itself, and through which anybody may pass.
SHARED_PLACES = (Path("/var/lib/fiel"), Path("/var/tmp/fiel"))  # noqa: S108 checked when used


@dataclass(frozen=True, slots=True)
class Home:
    """The files of one embedded server."""

    folder: Path

    @property
    def data(self) -> Path:
        """The cluster itself."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The folder of the server's logs, rotated."""
        return self.folder / "log"

    @property
    def start_log(self) -> Path:
        """What the server said before it had its log open."""
        return self.folder / "start.log"

    @property
    def guardian_log(self) -> Path:
        """What the guardian could tell nobody."""
        return self.folder / "guardian.log"

    @property
    def password(self) -> Path:
        """The owner's password, as libpq reads it."""
        return self.folder / "password"

    @property
    def users_lock(self) -> Path:
        """Held, shared, by every process that uses the server."""
        return self.folder / "users.lock"

    @property
    def guardian_lock(self) -> Path:
        """Held by the guardian for as long as it lives."""
        return self.folder / "guardian.lock"

    @property
    def state_file(self) -> Path:
        """What the guardian last said of the server."""
        return self.folder / "state.json"


def find_home(data_folder: Path) -> Home | None:
    """The home of a data folder, if it was made."""
    place = data_folder / "postgres"
    try:
        return Home(place.resolve(strict=True))
    except FileNotFoundError:
        return None


def make_home(data_folder: Path) -> Home:
    """The home of a data folder; made where the server can reach it."""
    data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if home := find_home(data_folder):
        return home

    with _alone_in(data_folder):
        if home := find_home(data_folder):  # another process was first
            return home
        place = data_folder / "postgres"
        place.unlink(missing_ok=True)  # a link to a home that is no more
        owner = acting_owner(data_folder)
        if owner == 0 and not everybody_may_reach(data_folder):
            folder = shared_place() / secrets.token_hex(6)
            _make_passable(folder)
            # For whoever looks after the machine: the link leads only the other way.
            (folder / "belongs_to").write_text(f"{data_folder}\n", encoding="utf-8")
            place.symlink_to(folder)
        elif owner == 0:
            _make_passable(place)
        else:
            place.mkdir(mode=0o700)
            give_to(place, owner)
        return Home(place.resolve(strict=True))


def acting_owner(folder: Path) -> int:
    """Whose the files are: root acts for the owner of the folder, others for themselves."""
    return folder.stat().st_uid if os.geteuid() == 0 else os.geteuid()


def give_to(path: Path, owner: int) -> None:
    """Let a file that root made for somebody belong to them."""
    if os.geteuid() == 0 and owner != 0:
        os.chown(path, owner, group_of(owner), follow_symlinks=False)


def group_of(owner: int) -> int:
    """The group that goes with a user: their own, or one of the same number."""
    try:
        return pwd.getpwuid(owner).pw_gid
    except KeyError:
        return owner


def everybody_may_reach(path: Path) -> bool:
    """Whether any user may pass through a folder and all that it lies in."""
    real = path.resolve()
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (real, *real.parents))


def shared_place() -> Path:
    """A folder of root's own through which anybody may pass; made if need be."""
    for place in SHARED_PLACES:
        with contextlib.suppress(OSError):
            if not place.exists():
                _make_passable(place)
            found = place.lstat()
            # Somebody else's folder, or a link, in a place where all may write, is a trap.
            own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
            if own and not found.st_mode & 0o022 and everybody_may_reach(place):
                return place
    raise ServerFailed(Fault.NO_PLACE, places=", ".join(map(str, SHARED_PLACES)))


def _make_passable(folder: Path) -> None:
    """Make a folder that others may pass through but not list, whatever the umask is."""
    folder.mkdir(mode=0o711)
    folder.chmod(0o711)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def open_lock(path: Path) -> int:
    """An open lock file, which belongs to the owner of its home and closes with the process."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:
        owner = path.parent.stat().st_uid
        os.fchown(lock, owner, group_of(owner))
    return lock


def close_lock(lock: int) -> None:
    """Let go of a lock, also for processes that were forked meanwhile and have a copy of it."""
    fcntl.flock(lock, fcntl.LOCK_UN)
    os.close(lock)


def try_lock(lock: int, kind: int) -> bool:
    """Take a lock if nobody stands in the way."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_state(home: Home) -> dict[str, Any]:
    """What the guardian last said; empty if it never spoke."""
    try:
        state: dict[str, Any] = json.loads(home.state_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return state


def write_state(home: Home, state: dict[str, Any]) -> None:
    """Say how the server is, in one piece."""
    new = home.state_file.with_suffix(".new")
    new.write_text(json.dumps(state), encoding="utf-8")
    give_to(new, home.folder.stat().st_uid)
    new.replace(home.state_file)
