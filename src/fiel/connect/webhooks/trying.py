"""Try an endpoint out: one message that is about nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from fiel.connect.webhooks.addresses import Reach
from fiel.connect.webhooks.attempts import Attempt, Outcome, attempt, keep_attempts
from fiel.connect.webhooks.endpoints import endpoint_named
from fiel.connect.webhooks.sending import Sender
from fiel.connect.webhooks.signing import signed_headers
from fiel.connect.webhooks.turns import body_of
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.staff.keyring import Connect

TYPE = "webhook.test"


async def try_endpoint(
    connect: Connect, sender: Sender, program_id: UUID, id_: UUID, reach: Reach, *, now: datetime
) -> Attempt:
    """Send a receiver a message of a type that nothing else has; also one that is disabled.

    Whatever comes of it changes nothing about the endpoint.

    Raises:
        NotFound: the program has none of this id.
    """
    async with connect() as connection, program_transaction(connection, program_id):
        endpoint = await endpoint_named(connection, program_id, id_)
    told = {
        "type": TYPE,
        "sequence": 0,
        "member_sequence": 0,
        "timestamp": now.astimezone(UTC),
        "data": {},
    }
    body, message = body_of(told), f"msg_{id_.hex}_test_{new_id().hex}"
    headers = signed_headers(endpoint.secrets_at(now), message, body, now=now)
    answer = await sender.send(endpoint.url, headers, body, reach)
    outcome = Outcome.DELIVERED if answer.is_delivered else Outcome.FAILED
    tried = attempt(message, TYPE, 0, answer, number=1, at=now, outcome=outcome)
    async with connect() as connection, program_transaction(connection, program_id):
        await endpoint_named(connection, program_id, id_)  # it may be gone by now
        await keep_attempts(connection, program_id, id_, [tried])
    return tried
