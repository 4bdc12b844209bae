"""Webhooks, delivered by every process that serves, for as long as it does."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fiel.connect.webhooks.addresses import Allowed
from fiel.connect.webhooks.deliverer import Deliverer
from fiel.connect.webhooks.sending import Sender
from fiel.platform.database import Database
from fiel.programs.versions import Versions

# 1: webhooks of every program may go to private addresses; 0: of none; else: of sandboxes.
PRIVATE_VARIABLE = "FIEL_WEBHOOKS_PRIVATE"


def sender_of_webhooks() -> Sender:
    """What sends webhooks, as far as the environment lets them go."""
    told = os.environ.get(PRIVATE_VARIABLE)
    return Sender(Allowed(private=told == "1" if told else None))


@asynccontextmanager
async def webhooks_delivered(
    database: Database, versions: Versions, sender: Sender
) -> AsyncIterator[None]:
    """Deliver webhooks meanwhile; afterwards what was done is written down."""
    deliverer = Deliverer(database.owner, database.connection, versions, sender)
    delivering = asyncio.create_task(deliverer.run())
    try:
        yield
    finally:
        delivering.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await delivering
        await sender.aclose()
