"""Figures that take a moment: made once in a thread, kept for some minutes, waited for by pages.

What takes long goes on when nobody waits any more: whoever asks again finds it further, or made.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.cache import cache

from fiel.web.ui.visit import Visit

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns

SECONDS_KEPT = 5 * 60
SECONDS_TO_WAIT = 20.0

_log = logging.getLogger(__name__)
_making: dict[str, asyncio.Task[Any]] = {}


@dataclass(frozen=True, slots=True)
class Waited[T]:
    """What waiting came to: the figures, that they could not be made, or neither yet."""

    found: T | None = None
    has_failed: bool = False

    @property
    def is_under_way(self) -> bool:
        """Whether they are still being made."""
        return self.found is None and not self.has_failed


async def wait_for[T](
    visit: Visit, name: str, make: Callable[[Columns], T], *, seconds: float = SECONDS_TO_WAIT
) -> Waited[T]:
    """Figures of this name, kept or made; `make` is called in a thread with the columnar copy."""
    key = _key(visit, name)
    if (kept := await cache.aget(key)) is not None:
        return Waited(cast(T, kept))
    task = _task(visit, key, make)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        return Waited()
    try:
        return Waited(cast(T, task.result()))
    except Exception:  # noqa: BLE001 - it was logged, and the rest of the page stays
        return Waited(has_failed=True)


def _task(visit: Visit, key: str, make: Callable[[Columns], Any]) -> asyncio.Task[Any]:
    """Whoever asks the same at the same time waits for the same."""
    loop = asyncio.get_running_loop()
    running = _making.get(key)
    if running is not None and not running.done() and running.get_loop() is loop:
        return running
    task = loop.create_task(_make_and_keep(visit, key, make))
    _making[key] = task
    task.add_done_callback(lambda done: _made(key, done))
    return task


async def _make_and_keep(visit: Visit, key: str, make: Callable[[Columns], Any]) -> object:
    async with visit.open_columns(visit.program_id) as columns:
        # What it computes must not keep the sales of this process waiting.
        found = await asyncio.to_thread(make, columns)
    await cache.aset(key, found, SECONDS_KEPT)
    return found


def _made(key: str, task: asyncio.Task[Any]) -> None:
    if _making.get(key) is task:
        del _making[key]
    if not task.cancelled() and (problem := task.exception()) is not None:
        _log.error("figures could not be made", exc_info=problem)


def _key(visit: Visit, name: str) -> str:
    """By what figures are kept: the program, its version, its day, and what they are of."""
    version = 0 if visit.published is None else visit.published.number
    told = f"{visit.program_id}:{version}:{visit.now.date()}:{name}"
    return f"offers:{hashlib.blake2b(told.encode(), digest_size=20).hexdigest()}"
