"""What keeps the webhooks of programs apart, beneath the code that does."""

from __future__ import annotations

import pytest

from fiel.connect.webhooks.addresses import Allowed
from fiel.connect.webhooks.sending import Sender
from fiel.ledger.scope import program_transaction
from fiel.platform.database import open_database
from fiel.platform.isolation import Isolation
from tests.connect.webhooks.conftest import NOW, Cafe
from tests.platform.test_migrate import plain_owner
from tests.support.program import CAFE_SOL
from tests.support.till import Till

pytestmark = pytest.mark.anyio
TABLES = ("webhook_endpoint", "webhook_retry", "webhook_attempt")


async def test_a_program_sees_no_row_of_another(cafe, receiver):
    receiver.answer = lambda told: (500 if told["member_sequence"] == 2 else 200, {})
    await cafe.listens(receiver.url)
    await cafe.sells(2)
    await cafe.deliverer().deliver_due()
    rival = Till(cafe.database)
    await rival.publishes(CAFE_SOL.replace("cafe-sol", "cafe-luna"), now=NOW)

    async def counts(program_id):
        async with (
            cafe.database.connection() as connection,
            program_transaction(connection, program_id),
        ):
            return [
                (await (await connection.execute(f"SELECT count(*) FROM {table}")).fetchone())[0]
                for table in TABLES
            ]

    assert await counts(cafe.till.program_id) == [1, 1, 2]
    assert await counts(rival.program_id) == [0, 0, 0]


async def test_webhooks_are_delivered_also_where_no_role_could_be_made(databases, receiver):
    with plain_owner(databases.new(migrated=False), "") as url:
        async with open_database(url) as database:
            assert database.isolation is Isolation.FORCED
            till, sender = Till(database), Sender(Allowed())
            await till.publishes(CAFE_SOL, now=NOW)
            cafe = Cafe(database, till, sender)
            await cafe.listens(receiver.url)
            await till.enrols("ana", now=NOW)
            await cafe.sees(1)

            await cafe.deliverer().deliver_due()

            assert [message.told["type"] for message in receiver.received] == ["member.created"]
            await sender.aclose()
