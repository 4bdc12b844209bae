"""The deliverer: as many as there are processes, each endpoint with one of them at a time.

An endpoint is held by a row that says until when, so that a deliverer that is killed holds nobody
up for long; what it had told and not yet written down is told again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import psycopg
from psycopg_pool import PoolTimeout

from fiel.connect.webhooks.claims import Claim, claim_endpoints
from fiel.connect.webhooks.sending import Sender
from fiel.connect.webhooks.turns import Turn, tell
from fiel.connect.webhooks.working import keep_turn, let_go, read_work
from fiel.ledger.scope import Connection, program_transaction
from fiel.programs.versions import Versions
from fiel.staff.keyring import Connect

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_AFTER_A_FAULT = 5.0
MOST_TURNS = 200  # at once, in this process
MOST_CONNECTIONS = 2  # of those that requests use too

_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The time on the wall."""
    return datetime.now(UTC)


class Deliverer:
    """Tells receivers what happened. `owner` gives a connection that sees all programs."""

    def __init__(
        self,
        owner: Connect,
        connect: Connect,
        versions: Versions,
        sender: Sender,
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._owner = owner
        self._connect = connect
        self._versions = versions
        self._sender = sender
        self._clock = clock
        self._turns: set[asyncio.Task[bool]] = set()
        self._look = asyncio.Event()
        self._connections = asyncio.Semaphore(MOST_CONNECTIONS)

    async def run(self) -> None:
        """Deliver until cancelled; what a turn has done by then is written down."""
        try:
            while True:
                try:
                    async with self._owner() as owner:
                        await self._follow(owner)
                except (psycopg.Error, PoolTimeout, OSError) as failure:
                    _log.warning("webhooks wait for the database: %s", failure)
                except Exception:  # noqa: BLE001 - the last door: it is logged
                    _log.exception("webhooks wait for a moment")
                await asyncio.sleep(SECONDS_AFTER_A_FAULT)
        finally:
            await self._end_turns()

    async def deliver_due(self) -> int:
        """Deliver all that is due at this moment, and what comes of it; how many turns it took."""
        count = 0
        async with self._owner() as owner:
            while claims := await claim_endpoints(owner, now=self._clock(), limit=MOST_TURNS):
                if not any(await asyncio.gather(*map(self._take, claims))):
                    break
                count += len(claims)
        return count

    async def _follow(self, owner: Connection) -> None:
        while True:
            self._look.clear()
            claims: list[Claim] = []
            if free := MOST_TURNS - len(self._turns):
                claims = await claim_endpoints(owner, now=self._clock(), limit=free)
            for claim in claims:
                turn = asyncio.create_task(self._take_safely(claim))
                self._turns.add(turn)
                turn.add_done_callback(self._turn_ended)
            if not claims:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(SECONDS_BETWEEN_LOOKS):
                        await self._look.wait()

    def _turn_ended(self, turn: asyncio.Task[bool]) -> None:
        self._turns.discard(turn)
        # After a turn that came to nothing the next look is at its usual time.
        if not turn.cancelled() and turn.result():
            self._look.set()

    async def _end_turns(self) -> None:
        turns = list(self._turns)
        for turn in turns:
            turn.cancel()
        await asyncio.gather(*turns, return_exceptions=True)

    async def _take_safely(self, claim: Claim) -> bool:
        """Take a turn; whatever goes wrong in it, others go on, and it is taken again."""
        try:
            return await self._take(claim)
        except Exception:  # noqa: BLE001 - the last door: it is logged
            _log.exception("the turn of webhook endpoint %s failed", claim.endpoint_id)
            return False

    async def _take(self, claim: Claim) -> bool:
        """Take a turn; whether anything was told or passed in it."""
        async with self._lent(claim) as connection:
            work = await read_work(
                connection, self._versions, claim, self._sender.allowed, now=self._clock()
            )
            if work is None:
                await let_go(connection, claim, now=self._clock())
                return False
        turn = Turn.of(work)
        try:
            await tell(turn, self._sender, self._clock)
        finally:
            async with self._lent(claim) as connection:
                if not await keep_turn(connection, turn, now=self._clock()):
                    await let_go(connection, claim, now=self._clock())
        return turn.has_got_on

    @contextlib.asynccontextmanager
    async def _lent(self, claim: Claim) -> AsyncIterator[Connection]:
        async with (
            self._connections,
            self._connect() as connection,
            program_transaction(connection, claim.program_id),
        ):
            yield connection
