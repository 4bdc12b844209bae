"""The files of a copy: generations of them, each named by its list, one of which is current.

A refresh writes files that nobody reads yet, then a list of all files of the new generation, then
the name of that list, in one step. Whoever reads holds a lock on the list it reads; what no list
names any more is removed once its last reader has gone.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

FORMAT = 2
_CURRENT, _REFRESHING, _WORK = "current", "refreshing", "work"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of one table, and how many rows it has."""

    file: str
    rows: int


@dataclass(frozen=True, slots=True)
class Generation:
    """What a copy was after one refresh: until where it tells, and its files.

    `snapshot` is what the database let the refresh see; `origin` tells the database and the zones
    from others; `counters` are the last numbers given.
    """

    number: int
    as_of: datetime
    snapshot: str
    origin: str
    counters: Mapping[str, int]
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return sum(part.rows for part in self.parts.get(table, ()))


class Copy:
    """The folder of one program's copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, part: Part) -> str:
        """Where a part lies."""
        return str(self.folder / part.file)

    def current(self) -> Generation | None:
        """The current generation, looked at without holding it; None where there is none."""
        with self.reading() as generation:
            return generation

    @contextmanager
    def reading(self) -> Iterator[Generation | None]:
        """Hold the current generation: its files stay until this is left."""
        while True:
            try:
                named = (self.folder / _CURRENT).read_text(encoding="ascii")
                listed = os.open(self.folder / named, os.O_RDONLY)
            except FileNotFoundError:
                if (self.folder / _CURRENT).exists():
                    continue  # a refresh came between the name and the list
                yield None
                return
            try:
                fcntl.flock(listed, fcntl.LOCK_SH)
                if not os.fstat(listed).st_nlink:
                    continue  # removed while the lock was waited for
                yield _read(os.pread(listed, os.fstat(listed).st_size, 0))
                return
            finally:
                os.close(listed)

    @contextmanager
    def refreshing(self) -> Iterator[bool]:
        """Be the one who refreshes; False where another process is at it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.folder / _REFRESHING, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            self.sweep()
            yield True
        finally:
            os.close(lock)

    def work(self) -> Path:
        """A folder for what a refresh reads on its way; gone with the next sweep."""
        folder = self.folder / _WORK
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def swap(self, generation: Generation) -> None:
        """Make a generation the current one; its files are written."""
        listed = self.folder / _list_of(generation.number)
        _write(listed, json.dumps(asdict(generation) | {"format": FORMAT}, default=_plain))
        candidate = self.folder / f"{_CURRENT}.next"
        _write(candidate, listed.name)
        candidate.replace(self.folder / _CURRENT)
        self.sweep()

    def sweep(self) -> None:
        """Remove what is of no generation that is current or read. The refresher alone may."""
        try:
            current = (self.folder / _CURRENT).read_text(encoding="ascii")
        except FileNotFoundError:
            current = ""
        named: set[str] = {current, _CURRENT, _REFRESHING}
        for listed in self.folder.glob("generation-*.json"):
            if listed.name != current and _removed_unless_read(listed):
                continue
            named.add(listed.name)
            generation = _read(listed.read_bytes())
            if generation is not None:
                named |= {part.file for parts in generation.parts.values() for part in parts}
        for path in self.folder.iterdir():
            if path.name == _WORK:
                for left in path.iterdir():
                    left.unlink()
            elif path.name not in named:
                path.unlink()


def _list_of(number: int) -> str:
    return f"generation-{number}.json"


def _removed_unless_read(listed: Path) -> bool:
    descriptor = os.open(listed, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        listed.unlink()
        return True
    finally:
        os.close(descriptor)


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _plain(value: object) -> str:
    assert isinstance(value, datetime), "a generation holds nothing else that JSON lacks"
    return value.isoformat()


def _read(listed: bytes) -> Generation | None:
    """Read a list; None for one of another format: the copy is made anew."""
    told = json.loads(listed)
    if told.pop("format") != FORMAT:
        return None
    parts = {
        table: tuple(Part(**part) for part in listed_parts)
        for table, listed_parts in told.pop("parts").items()
    }
    return Generation(**told | {"as_of": datetime.fromisoformat(told["as_of"]), "parts": parts})
