"""Group what waits at the same moment, so that it is written by one statement and one flush."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

# Beyond about a hundred there is no gain, and two workers block each other on shared members.
MOST_TOGETHER = 100


class Grouped[Asked, Answer]:
    """A queue whose work takes everything that waits, whenever a lane is free.

    There is no timer: a lone request is served at once, and under load the next group forms
    while the last one is being written. `work` answers each item with a value or an exception of
    its own; where the whole call fails, each item is tried alone, so that one that cannot be
    served does not harm its neighbours.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer | Exception]]],
        *,
        lanes: int = 1,
        most: int = MOST_TOGETHER,
    ) -> None:
        self._work = work
        self._free_lanes = lanes
        self._most = most
        self._waiting: deque[tuple[Asked, asyncio.Future[Answer]]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, item: Asked) -> Answer:
        """Put an item into the next group and wait for its answer."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._free_lanes:
            self._free_lanes -= 1
            task = asyncio.create_task(self._serve())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def _serve(self) -> None:
        try:
            while self._waiting:
                group = [
                    self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))
                ]
                await self._answer(group)
        finally:
            self._free_lanes += 1

    async def _answer(self, group: Sequence[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._work([item for item, _ in group])
        except Exception as error:  # noqa: BLE001 - whatever it is, each waiting caller hears of it
            if len(group) > 1:
                for alone in group:
                    await self._answer([alone])
                return
            answers = [error]
        for (_, future), answer in zip(group, answers, strict=True):
            if future.done():  # the caller went away; what was asked is done all the same
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
