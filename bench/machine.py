"""The machine that a measurement was made on, and how much of it was used."""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_GIB = 1024**3


def machine(postgresql: str) -> str:
    """One line that names the machine; `postgresql` is the server's version."""
    memory = psutil.virtual_memory().total / _GIB
    return (
        f"{_processor()}, {psutil.cpu_count()} cores, {memory:.0f} GiB of memory, "
        f"{platform.system()} {platform.release()}, "
        f"{platform.python_implementation()} {platform.python_version()}, PostgreSQL {postgresql}"
    )


def _processor() -> str:
    if platform.system() == "Linux":
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        found = re.search(r"^model name\s*: (.+)$", told, re.MULTILINE)
        if found:
            return found[1].strip()
    return platform.processor() or platform.machine()


@dataclass
class CpuMeter:
    """How much processor time groups of processes use between two moments.

    What others on the machine do hardly changes it, unlike a rate.
    """

    groups: dict[str, Callable[[], Iterable[psutil.Process]]]
    _before: dict[str, float] = field(default_factory=dict)

    def start(self) -> None:
        """Begin to count."""
        self._before = self._now()

    def seconds(self) -> dict[str, float]:
        """What each group has used since the start."""
        return {name: used - self._before[name] for name, used in self._now().items()}

    def _now(self) -> dict[str, float]:
        return {
            name: sum(_used(process) for process in processes())
            for name, processes in self.groups.items()
        }


def _used(process: psutil.Process) -> float:
    """What a process has used, with those of its children that have ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return float(times.user + times.system + ended)


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that it started."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def resident_bytes(processes: Iterable[psutil.Process]) -> int:
    """The memory that processes have in use together."""
    total = 0
    for process in processes:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
