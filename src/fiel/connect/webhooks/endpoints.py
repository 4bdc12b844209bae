"""Webhook endpoints: who is told what happens in a program, and how far they have been told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString, TypedDict
from uuid import UUID

from psycopg.rows import class_row

from fiel.connect.webhooks.signing import new_secret
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, NotFound
from fiel.intake.contents.errors import invalid
from fiel.ledger.scope import Connection

MOST_ENDPOINTS = 50
OVERLAP = timedelta(hours=24)

COLUMNS: LiteralString = """
id, url, types, description, secret, previous_secret, previous_until, enabled, disabled_at,
disabled_because, created_at, reached, failures, failing_since, delivered_at, not_before
"""
# Below the oldest transaction that still runs nothing can appear any more: a new endpoint misses
# nothing that happens from now on, and may be told what was written at this very moment.
INSERT: LiteralString = f"""
INSERT INTO webhook_endpoint
  (program_id, id, url, types, description, secret, created_at, reached)
VALUES (%(program)s, %(id)s, %(url)s, %(types)s, %(description)s, %(secret)s, %(now)s,
        pg_snapshot_xmin(pg_current_snapshot())::text::bigint * 65536 - 1)
ON CONFLICT (program_id, id) DO UPDATE SET id = excluded.id
RETURNING {COLUMNS}
"""
COUNT: LiteralString = "SELECT count(*) FROM webhook_endpoint WHERE program_id = %s AND id <> %s"
ONE: LiteralString = f"SELECT {COLUMNS} FROM webhook_endpoint WHERE program_id = %s AND id = %s"
ONE_LOCKED: LiteralString = f"{ONE} FOR NO KEY UPDATE"
AFTER: LiteralString = f"""
SELECT {COLUMNS} FROM webhook_endpoint
WHERE program_id = %s AND (%s::uuid IS NULL OR id > %s::uuid)
ORDER BY id
LIMIT %s
"""
# A turn that is under way loses its hold: what it has to say is of yesterday.
CHANGE: LiteralString = f"""
UPDATE webhook_endpoint
SET url = %(url)s, types = %(types)s, description = %(description)s,
    failures = 0, failing_since = NULL, not_before = NULL, holder = NULL
WHERE program_id = %(program)s AND id = %(id)s
RETURNING {COLUMNS}
"""
DISABLE: LiteralString = f"""
UPDATE webhook_endpoint SET enabled = false, disabled_at = %(now)s, disabled_because = 'asked'
WHERE program_id = %(program)s AND id = %(id)s
RETURNING {COLUMNS}
"""
ENABLE: LiteralString = f"""
UPDATE webhook_endpoint SET enabled = true, disabled_at = NULL, disabled_because = NULL
WHERE program_id = %(program)s AND id = %(id)s
RETURNING {COLUMNS}
"""
TRY_ALL_AGAIN: LiteralString = """
UPDATE webhook_retry SET attempts = 0, first_at = %(now)s, next_at = %(now)s
WHERE program_id = %(program)s AND endpoint_id = %(id)s
"""
ROTATE: LiteralString = f"""
UPDATE webhook_endpoint
SET previous_secret = secret, previous_until = %(until)s, secret = %(secret)s
WHERE program_id = %(program)s AND id = %(id)s
RETURNING {COLUMNS}
"""
REPLAY: LiteralString = f"""
UPDATE webhook_endpoint
SET reached = least(reached, %(after)s), failures = 0, failing_since = NULL, holder = NULL
WHERE program_id = %(program)s AND id = %(id)s
RETURNING {COLUMNS}
"""
# What the replay brings again need not be tried again besides.
FORGET_RETRIES: LiteralString = """
DELETE FROM webhook_retry
WHERE program_id = %(program)s AND endpoint_id = %(id)s AND sequence > %(after)s
"""
DELETE: tuple[LiteralString, ...] = (
    "DELETE FROM webhook_retry WHERE program_id = %(program)s AND endpoint_id = %(id)s",
    "DELETE FROM webhook_attempt WHERE program_id = %(program)s AND endpoint_id = %(id)s",
)
DELETE_ENDPOINT: LiteralString = (
    "DELETE FROM webhook_endpoint WHERE program_id = %(program)s AND id = %(id)s"
)
WAITING: LiteralString = """
SELECT endpoint_id, count(next_at), count(*) - count(next_at) FROM webhook_retry
WHERE program_id = %s AND endpoint_id = ANY(%s)
GROUP BY endpoint_id
"""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A receiver. Every event up to the sequence `reached` was tried; `types` None means all."""

    id: UUID
    url: str
    types: list[str] | None
    description: str
    secret: str
    previous_secret: str | None
    previous_until: datetime | None
    enabled: bool
    disabled_at: datetime | None
    disabled_because: str | None
    created_at: datetime
    reached: int
    failures: int
    failing_since: datetime | None
    delivered_at: datetime | None
    not_before: datetime | None

    def secrets_at(self, now: datetime) -> list[str]:
        """The secrets that are valid at a moment, the newest first."""
        if self.previous_secret and self.previous_until and now < self.previous_until:
            return [self.secret, self.previous_secret]
        return [self.secret]

    def wants(self, type_: str) -> bool:
        """Whether the receiver asked for events of a type."""
        return self.types is None or any(_is_meant(type_, wanted) for wanted in self.types)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an endpoint is made of by whoever asks for it."""

    url: str
    types: list[str] | None
    description: str


class Changes(TypedDict, total=False):
    """What is to be changed of an endpoint; what is left out stays."""

    url: str
    types: list[str] | None
    description: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many events an endpoint did not take: those that wait, and those that were given up."""

    waiting: int = 0
    given_up: int = 0


async def create_endpoint(
    connection: Connection, program_id: UUID, wishes: Wishes, *, id_: UUID, now: datetime
) -> Endpoint:
    """Make an endpoint; the same id again is the same endpoint.

    Raises:
        Invalid: the program has as many as it may have.
    """
    count = await (await connection.execute(COUNT, (program_id, id_))).fetchone()
    if count is not None and count[0] >= MOST_ENDPOINTS:
        text = N_("There can be at most {limit} webhook endpoints.")
        raise invalid([FieldProblem("body", "too_many", text, {"limit": MOST_ENDPOINTS})])
    told = _told(program_id, id_) | {
        "url": wishes.url,
        "types": wishes.types,
        "description": wishes.description,
        "secret": new_secret(),
        "now": now,
    }
    return await _one(connection, INSERT, told)


async def endpoint_named(connection: Connection, program_id: UUID, id_: UUID) -> Endpoint:
    """One endpoint.

    Raises:
        NotFound: the program has none of this id.
    """
    return await _one(connection, ONE, (program_id, id_))


async def endpoints_after(
    connection: Connection, program_id: UUID, after: UUID | None, *, limit: int
) -> list[Endpoint]:
    """A program's endpoints, oldest first, after the one that is named."""
    async with connection.cursor(row_factory=class_row(Endpoint)) as cursor:
        await cursor.execute(AFTER, (program_id, after, after, limit))
        return await cursor.fetchall()


async def change_endpoint(
    connection: Connection, program_id: UUID, id_: UUID, changes: Changes, *, now: datetime
) -> Endpoint:
    """Change what is told of an endpoint; one that is enabled goes on where it stopped.

    Raises:
        NotFound: the program has none of this id.
    """
    before = await _one(connection, ONE_LOCKED, (program_id, id_))
    told = _told(program_id, id_) | {
        "url": changes.get("url", before.url),
        "types": changes.get("types", before.types),
        "description": changes.get("description", before.description),
        "now": now,
    }
    changed = await _one(connection, CHANGE, told)
    enabled = changes.get("enabled", before.enabled)
    if enabled == before.enabled:
        return changed
    if enabled:
        await connection.execute(TRY_ALL_AGAIN, told)
    return await _one(connection, ENABLE if enabled else DISABLE, told)


async def delete_endpoint(connection: Connection, program_id: UUID, id_: UUID) -> None:
    """Delete an endpoint with all that is known of its deliveries.

    Raises:
        NotFound: the program has none of this id.
    """
    told = _told(program_id, id_)
    cursor = await connection.execute(DELETE_ENDPOINT, told)
    if not cursor.rowcount:
        raise _no_such_endpoint()
    for statement in DELETE:
        await connection.execute(statement, told)


async def rotate_secret(
    connection: Connection, program_id: UUID, id_: UUID, *, now: datetime
) -> Endpoint:
    """Give an endpoint a new secret; the one it had signs as well for the time of the overlap.

    Raises:
        NotFound: the program has none of this id.
    """
    told = _told(program_id, id_) | {"secret": new_secret(), "until": now + OVERLAP}
    return await _one(connection, ROTATE, told)


async def replay_after(
    connection: Connection, program_id: UUID, id_: UUID, *, after: int
) -> Endpoint:
    """Tell an endpoint again what came after a sequence; nothing is ever passed over by it.

    Raises:
        NotFound: the program has none of this id.
    """
    told = _told(program_id, id_) | {"after": after}
    replayed = await _one(connection, REPLAY, told)
    await connection.execute(FORGET_RETRIES, told)
    return replayed


async def backlogs(
    connection: Connection, program_id: UUID, ids: Sequence[UUID]
) -> Mapping[UUID, Backlog]:
    """What each of some endpoints did not take; one that took all is left out."""
    cursor = await connection.execute(WAITING, (program_id, list(ids)))
    rows: list[tuple[Any, ...]] = await cursor.fetchall()
    return {id_: Backlog(waiting, given_up) for id_, waiting, given_up in rows}


def _is_meant(type_: str, wanted: str) -> bool:
    return type_.startswith(wanted[:-1]) if wanted.endswith(".*") else type_ == wanted


def _told(program_id: UUID, id_: UUID) -> dict[str, object]:
    return {"program": program_id, "id": id_}


async def _one(
    connection: Connection,
    statement: LiteralString,
    told: Mapping[str, object] | Sequence[object],
) -> Endpoint:
    async with connection.cursor(row_factory=class_row(Endpoint)) as cursor:
        await cursor.execute(statement, told)
        found = await cursor.fetchone()
    if found is None:
        raise _no_such_endpoint()
    return found


def _no_such_endpoint() -> NotFound:
    return NotFound(N_("There is no such webhook endpoint in this program."))
