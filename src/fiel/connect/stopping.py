"""Stopping between pieces of work rather than inside one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def to_its_end[T](work: Coroutine[Any, Any, T]) -> T:
    """Let a piece of work come to its end, though whoever waits for it is stopped meanwhile.

    Raises:
        CancelledError: it was stopped; the work is done all the same.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await task
        raise
