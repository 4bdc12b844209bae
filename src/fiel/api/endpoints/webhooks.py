"""Operations about webhook endpoints."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from fiel.api.answers import Answer, created, ok, page
from fiel.api.bodies.queries import Page
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import webhooks as schemas
from fiel.api.telling import Told, told_time
from fiel.connect.webhooks import endpoints as services
from fiel.connect.webhooks.addresses import Reach, check_url
from fiel.connect.webhooks.attempts import Attempt, attempts_before
from fiel.connect.webhooks.contents import EndpointBody, EndpointPatch, ReplayBody, changes_of
from fiel.connect.webhooks.endpoints import Backlog, Endpoint, Wishes
from fiel.connect.webhooks.trying import try_endpoint
from fiel.ledger.scope import Connection
from fiel.staff.keys import Scope

# Receivers live by the clock on the wall, also those of a program whose time is set.


async def create_endpoint(call: Call, body: EndpointBody) -> Answer:
    """Tell a receiver from now on what happens. The answer alone shows the secret that signs."""
    await check_url(body.url, _reach(call))
    wishes = Wishes(body.url, body.types, body.description)
    async with call.writing() as connection:
        made = await services.create_endpoint(
            connection, call.program_id, wishes, id_=call.id_to_make(), now=call.house.now()
        )
        told = await _told(call, connection, made)
    return created(told | {"secret": made.secret})


async def list_endpoints(call: Call, query: Annotated[Page, Query()]) -> Answer:
    """Every receiver of the program, oldest first."""
    cursors, after = call.house.cursors, None
    if query.cursor is not None:
        after = UUID(str(cursors.read("webhook-endpoints", query.cursor)[0]))
    async with call.reading() as connection:
        found = await services.endpoints_after(
            connection, call.program_id, after, limit=query.limit + 1
        )
        shown = found[: query.limit]
        ids = [endpoint.id for endpoint in shown]
        backlogs = await services.backlogs(connection, call.program_id, ids)
    items = [_told_endpoint(call, each, backlogs.get(each.id, Backlog())) for each in shown]
    more = len(found) > query.limit
    return page(items, cursors.write("webhook-endpoints", [str(ids[-1])]) if more else None)


async def read_endpoint(call: Call, endpoint_id: UUID) -> Answer:
    """A receiver and how it fares, without its secret."""
    async with call.reading() as connection:
        found = await services.endpoint_named(connection, call.program_id, endpoint_id)
        return ok(await _told(call, connection, found))


async def change_endpoint(call: Call, endpoint_id: UUID, body: EndpointPatch) -> Answer:
    """Change a receiver, disable it, or enable it: it is then told all that it missed."""
    if body.url is not None:
        await check_url(body.url, _reach(call))
    async with call.writing() as connection:
        changed = await services.change_endpoint(
            connection, call.program_id, endpoint_id, changes_of(body), now=call.house.now()
        )
        return ok(await _told(call, connection, changed))


async def delete_endpoint(call: Call, endpoint_id: UUID) -> Answer:
    """Tell a receiver nothing any more, and forget what it was told."""
    async with call.writing() as connection:
        await services.delete_endpoint(connection, call.program_id, endpoint_id)
    return ok({"id": endpoint_id, "deleted": True})


async def rotate_secret(call: Call, endpoint_id: UUID) -> Answer:
    """Give a receiver a new secret, shown once; until the time told the former signs as well."""
    async with call.writing() as connection:
        rotated = await services.rotate_secret(
            connection, call.program_id, endpoint_id, now=call.house.now()
        )
        told = await _told(call, connection, rotated)
    return ok(told | {"secret": rotated.secret})


async def replay_events(call: Call, endpoint_id: UUID, body: ReplayBody) -> Answer:
    """Tell a receiver again everything after an event or a cursor of `GET /events`."""
    after = 0 if body.after is None else call.house.cursors.event(body.after)
    async with call.writing() as connection:
        replayed = await services.replay_after(
            connection, call.program_id, endpoint_id, after=after
        )
        return ok(await _told(call, connection, replayed))


async def list_deliveries(call: Call, endpoint_id: UUID, query: Annotated[Page, Query()]) -> Answer:
    """The newest attempts to deliver to a receiver, newest first."""
    cursors, before = call.house.cursors, None
    if query.cursor is not None:
        before = UUID(str(cursors.read("deliveries", query.cursor)[0]))
    async with call.reading() as connection:
        await services.endpoint_named(connection, call.program_id, endpoint_id)
        found = await attempts_before(
            connection, call.program_id, endpoint_id, before, limit=query.limit + 1
        )
    shown = found[: query.limit]
    more = len(found) > query.limit
    cursor = cursors.write("deliveries", [str(shown[-1].id)]) if more else None
    return page([_told_attempt(each) for each in shown], cursor)


async def try_an_endpoint(call: Call, endpoint_id: UUID) -> Answer:
    """Send a receiver a message of the type `webhook.test` now, and say what came of it."""
    house = call.house
    tried = await try_endpoint(
        house.connect, house.webhooks, call.program_id, endpoint_id, _reach(call), now=house.now()
    )
    return ok(_told_attempt(tried))


def _reach(call: Call) -> Reach:
    sandbox = call.version is not None and call.version.sandbox
    return call.house.webhooks.allowed.reach(sandbox=sandbox)


async def _told(call: Call, connection: Connection, endpoint: Endpoint) -> Told:
    backlogs = await services.backlogs(connection, call.program_id, [endpoint.id])
    return _told_endpoint(call, endpoint, backlogs.get(endpoint.id, Backlog()))


def _told_endpoint(call: Call, endpoint: Endpoint, backlog: Backlog) -> Told:
    previous_until = endpoint.previous_until
    if previous_until is not None and previous_until <= call.house.now():
        previous_until = None
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "types": endpoint.types,
        "description": endpoint.description,
        "enabled": endpoint.enabled,
        "disabled_at": told_time(endpoint.disabled_at),
        "disabled_because": endpoint.disabled_because,
        "created_at": told_time(endpoint.created_at),
        "delivered_at": told_time(endpoint.delivered_at),
        "failing_since": told_time(endpoint.failing_since),
        "waiting": backlog.waiting,
        "given_up": backlog.given_up,
        "previous_secret_until": told_time(previous_until),
        "cursor": call.house.cursors.write("events", [endpoint.reached]),
    }


def _told_attempt(attempt: Attempt) -> Told:
    return {
        "id": attempt.id,
        "webhook_id": attempt.message,
        "type": attempt.type,
        "sequence": attempt.sequence,
        "attempt": attempt.number,
        "attempted_at": told_time(attempt.attempted_at),
        "milliseconds": attempt.milliseconds,
        "outcome": attempt.outcome,
        "status": attempt.status,
        "error": attempt.error or None,
        "next_attempt_at": told_time(attempt.next_at),
    }


_READ = Manner(Scope.MANAGE)
_WRITE = Manner(Scope.MANAGE, writes=True)
_ONE = "/webhook-endpoints/{endpoint_id}"
OFFERS = (
    Offer(
        "POST", "/webhook-endpoints", create_endpoint, _WRITE, "Make a webhook endpoint",
        schemas.EndpointWithSecret, 201, tag="webhooks",
    ),
    Offer(
        "GET", "/webhook-endpoints", list_endpoints, _READ, "List webhook endpoints",
        schemas.EndpointList, tag="webhooks",
    ),
    Offer(
        "GET", _ONE, read_endpoint, _READ, "Read a webhook endpoint", schemas.Endpoint,
        refusals=(404,), tag="webhooks",
    ),
    Offer(
        "PATCH", _ONE, change_endpoint, _WRITE, "Change a webhook endpoint", schemas.Endpoint,
        refusals=(404,), tag="webhooks",
    ),
    Offer(
        "DELETE", _ONE, delete_endpoint, _WRITE, "Delete a webhook endpoint",
        schemas.DeletedEndpoint, refusals=(404,), tag="webhooks",
    ),
    Offer(
        "POST", f"{_ONE}/rotate", rotate_secret, _WRITE, "Give a webhook endpoint a new secret",
        schemas.EndpointWithSecret, refusals=(404,), tag="webhooks",
    ),
    Offer(
        "POST", f"{_ONE}/replay", replay_events, _WRITE, "Tell a webhook endpoint events again",
        schemas.Endpoint, refusals=(404,), tag="webhooks",
    ),
    Offer(
        "GET", f"{_ONE}/deliveries", list_deliveries, _READ, "List attempts to deliver",
        schemas.AttemptList, refusals=(404,), tag="webhooks",
    ),
    Offer(
        "POST", f"{_ONE}/test", try_an_endpoint, _WRITE, "Try a webhook endpoint out",
        schemas.Attempt, refusals=(404,), tag="webhooks",
    ),
)  # fmt: skip
