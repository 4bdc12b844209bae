"""A deliverer that is killed with kill -9 loses nothing, and another goes on."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.anyio

DELIVERER = """
import asyncio, sys
from fiel.connect.webhooks.addresses import Allowed
from fiel.connect.webhooks.deliverer import Deliverer
from fiel.connect.webhooks.sending import Sender
from fiel.platform.database import open_database
from fiel.programs.versions import Versions

async def main():
    async with open_database(sys.argv[1]) as database:
        sender = Sender(Allowed())
        await Deliverer(database.owner, database.connection, Versions(), sender).run()

asyncio.run(main())
"""


def starts(url):
    """A process that delivers."""
    return subprocess.Popen([sys.executable, "-c", DELIVERER, url])


async def test_what_a_killed_process_did_not_write_down_is_told_again(cafe, receiver, database_url):
    await cafe.listens(receiver.url)
    await cafe.sells(8)
    process = starts(database_url)

    def kills_at_the_fifth(told):
        if len(receiver.received) == 5:
            process.kill()
            process.wait()
        return 200, {}

    receiver.answer = kills_at_the_fifth
    try:
        await asyncio.to_thread(process.wait, 30)
    finally:
        process.kill()

    cafe.now = datetime.now(UTC)
    await cafe.deliverer().deliver_due()
    assert len(receiver.received) == 5, "the dead still hold the endpoint"
    cafe.now += timedelta(seconds=41)
    await cafe.deliverer().deliver_due()

    events = [event.sequence for event in (await cafe.events())[1:]]
    assert receiver.sequences == [*events[:5], *events]
    assert [m.id for m in receiver.received[:5]] == [m.id for m in receiver.received[5:10]]
