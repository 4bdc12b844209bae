"""Many hands: processes that each take their share of a file, and tell one parent."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from queue import Empty
from typing import Any

from fiel.connect.importing.contents import Record
from fiel.connect.importing.keeping import Keeper
from fiel.connect.importing.refused import Reason, RefusedRow, Teller
from fiel.connect.importing.run import Share
from fiel.connect.importing.runs import Figures

_SECONDS_UNTIL_LOOKED_AFTER = 0.5


class HandLost(Exception):
    """A process of the import ended without a word; what it had answered is kept."""


@dataclass(frozen=True, slots=True)
class _Message:
    """What a hand tells. With `ended` it was the last."""

    hand: int
    figures: Figures | None = None
    share_read: float = 0.0
    refused: tuple[RefusedRow, ...] = ()
    ended: bool = False
    failure: str = ""


type Messages = Queue[_Message]


@dataclass(slots=True)
class Voice:
    """How a hand tells its parent: once for each batch, with what was refused of it."""

    share: Share
    teller: Teller
    messages: Messages
    parent: int = field(default_factory=os.getppid)
    _refused: list[RefusedRow] = field(default_factory=list)

    def tell(self, figures: Figures, share_read: float) -> None:
        """Tell how far it is; where nobody listens any more, stop."""
        if os.getppid() != self.parent:
            raise SystemExit(1)
        self.messages.put(_Message(self.share.index, figures, share_read, tuple(self._refused)))
        self._refused.clear()

    def refuse(self, record: Record, reason: Reason) -> None:
        """Keep what was refused, to be told with the batch."""
        self._refused += self.teller.rows(record, reason)


def work_as_hand(
    share: Share, messages: Messages, work: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    """Do a hand's work in this process, and say good-bye; SIGTERM stops it between batches."""
    # Ctrl-C reaches the whole family: the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A batch leaves hardly any cycle; looking for them at every few hundred rows is in vain.
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)
    failure = ""
    try:
        asyncio.run(_until_told(work()))
    except asyncio.CancelledError:
        pass
    except Exception as error:  # noqa: BLE001  # the parent tells it
        failure = f"{type(error).__name__}: {error}"
    messages.put(_Message(share.index, ended=True, failure=failure))


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task


async def by_processes[Plan](
    keeper: Keeper, plan: Plan, target: Callable[[Plan, Share, Messages], None]
) -> None:
    """Let as many processes as the keeper has hands work, and hear them to the end.

    `target` is a function of a module, called in each process with the plan and its share.

    Raises:
        HandLost: a process ended without a word.
        RuntimeError: a process failed; the text is its error.
    """
    # Not forked: a copy of this process would share its connections.
    context = multiprocessing.get_context("spawn")
    messages: Messages = context.Queue()
    hands: dict[int, BaseProcess] = {}
    for index in range(keeper.hands):
        share = Share(index, keeper.hands)
        hands[index] = context.Process(target=target, args=(plan, share, messages), daemon=True)
        hands[index].start()
    hearing = asyncio.ensure_future(_hear(keeper, hands, messages))
    try:
        await asyncio.shield(hearing)
    except asyncio.CancelledError:
        _stop(hands)
        await hearing
        raise
    finally:
        _stop(hands)
        for hand in hands.values():
            await asyncio.to_thread(hand.join)


async def _hear(keeper: Keeper, hands: dict[int, BaseProcess], messages: Messages) -> None:
    left = set(hands)
    failure: Exception | None = None
    # To the last word, also after a failure: who tells and is not heard cannot end.
    while left:
        try:
            message = await asyncio.to_thread(messages.get, timeout=_SECONDS_UNTIL_LOOKED_AFTER)
        except Empty:
            lost = {hand for hand in left if not hands[hand].is_alive()}
            if lost:
                left -= lost
                failure = failure or HandLost()
                _stop(hands)
            continue
        if message.failure:
            failure = failure or RuntimeError(message.failure)
            _stop(hands)
        if message.ended:
            left.discard(message.hand)
        elif message.figures is not None:
            keeper.report.add(message.refused)
            keeper.hear(message.hand, message.figures, message.share_read)
    if failure is not None:
        raise failure


def _stop(hands: dict[int, BaseProcess]) -> None:
    for hand in hands.values():
        if hand.is_alive():
            hand.terminate()
