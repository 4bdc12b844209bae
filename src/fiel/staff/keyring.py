"""Who calls, answered from memory: a request costs microseconds, a revocation bites in seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from fiel.ledger.scope import Connection
from fiel.staff.keys import Caller, caller_of_hash, key_hash

type Connect = Callable[[], AbstractAsyncContextManager[Connection]]

SECONDS_TRUSTED = 3.0
MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class _Known:
    caller: Caller | None
    until: float


class KeyRing:
    """Looks keys up and remembers the answer for a few seconds, also that there is no such key."""

    def __init__(
        self,
        connect: Connect,
        *,
        seconds: float = SECONDS_TRUSTED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect = connect
        self._seconds = seconds
        self._clock = clock
        self._known: dict[bytes, _Known] = {}
        self._asking: dict[bytes, asyncio.Task[Caller | None]] = {}

    async def caller(self, secret: str) -> Caller | None:
        """Who this key is; None when it is unknown or revoked."""
        digest = key_hash(secret)
        known = self._known.get(digest)
        if known is not None and known.until > self._clock():
            return known.caller
        # One question for all who wait; a caller that leaves does not take it with him.
        task = self._asking.get(digest)
        if task is None:
            task = self._asking[digest] = asyncio.create_task(self._ask(digest))
            task.add_done_callback(lambda _: self._asking.pop(digest, None))
        return await asyncio.shield(task)

    async def _ask(self, digest: bytes) -> Caller | None:
        async with self._connect() as connection:
            caller = await caller_of_hash(connection, digest)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()  # strangers trying keys must not fill the memory
        self._known[digest] = _Known(caller, self._clock() + self._seconds)
        return caller
