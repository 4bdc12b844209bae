"""Compiling: the kernel's functions as machine code, kept between processes.

What is compiled is kept in the user's cache, in a folder named after the sources, since Numba does
not see that a function which another one calls has changed. Where nothing can be written the
kernel is compiled anew in each process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import numba
from numba.core import config
from platformdirs import user_cache_path

_config: Any = config
_OWN_FOLDER = _config.CACHE_DIR  # what NUMBA_CACHE_DIR says


def compiled[Function: Callable[..., Any]](function: Function) -> Function:
    """Compile a function when it is first called; threads run it side by side.

    Nothing in the kernel makes arrays: without counting who refers to them it is as safe. What is
    called becomes a part of what calls it: to hand the past over takes longer than most calls do.
    """
    compile_: Any = numba.njit
    options = {"nogil": True, "error_model": "numpy", "_nrt": False, "forceinline": True}
    folder = kept_in()
    if folder is None:
        return cast("Function", compile_(**options)(function))
    earlier = _config.CACHE_DIR
    _config.CACHE_DIR = str(folder)
    try:
        return cast("Function", compile_(cache=True, **options)(function))
    finally:
        _config.CACHE_DIR = earlier


@cache
def kept_in() -> Path | None:
    """The folder that keeps what was compiled; None where none can be written."""
    base = Path(_OWN_FOLDER) if _OWN_FOLDER else user_cache_path("fiel") / "kernel"
    return _writable(base / _digest())


def is_compiled() -> bool:
    """Whether this version compiled the fold already: else the first run takes longer."""
    folder = kept_in()
    return folder is not None and any(folder.rglob("folding.fold-*.nbi"))


def _digest() -> str:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> Path | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".written"
        probe.write_bytes(b"")
    except OSError:
        return None
    return folder
