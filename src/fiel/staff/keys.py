"""API keys: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import LiteralString, cast
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid, NotFound
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection

PREFIX = "fiel_"
SHOWN = len(PREFIX) + 6

INSERT: LiteralString = """
INSERT INTO api_key (id, program_id, name, prefix, hash, scopes, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
OF_PROGRAM: LiteralString = """
SELECT id, name, prefix, scopes, created_at, revoked_at, last_used_at, device_id
FROM api_key
WHERE program_id = %s ORDER BY created_at, id
"""
REVOKE: LiteralString = """
UPDATE api_key SET revoked_at = coalesce(revoked_at, %s) WHERE program_id = %s AND id = %s
RETURNING id, name, prefix, scopes, created_at, revoked_at, last_used_at, device_id
"""
BY_HASH: LiteralString = """
SELECT id, program_id, scopes, device_id FROM api_key WHERE hash = %s AND revoked_at IS NULL
"""
# Written now and then: a key that works all day is not written all day.
NOTE_USE: LiteralString = """
UPDATE api_key SET last_used_at = now()
WHERE id = %s AND (last_used_at IS NULL OR last_used_at < now() - interval '10 minutes')
"""


class Scope(StrEnum):
    """What a key may do: look, work at the till, or run the program."""

    READ = "read"
    TILL = "till"
    MANAGE = "manage"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is listed: all but its secret; `device_id` is the till that it is of."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None = None
    device_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made, with the secret that is never shown again."""

    key: ApiKey
    secret: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a key is: its program and what it may do there; `device_id` is the till that it is of."""

    key_id: UUID
    program_id: UUID
    scopes: frozenset[Scope]
    device_id: UUID | None = None


async def create_key(
    connection: Connection, *, program_id: UUID, name: str, scopes: Iterable[str], now: datetime
) -> NewKey:
    """Make a key for a program.

    Raises:
        Invalid: a scope is unknown, or there is none.
    """
    known = read_scopes(scopes)
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(new_id(), name, secret[:SHOWN], known, now, None)
    await connection.execute(
        INSERT,
        (key.id, program_id, name, key.prefix, key_hash(secret), [*map(str, known)], now),
    )
    return NewKey(key, secret)


async def keys_of_program(connection: Connection, program_id: UUID) -> list[ApiKey]:
    """All keys of a program, the revoked ones too, oldest first."""
    cursor = await connection.execute(OF_PROGRAM, (program_id,))
    return [_key(row) for row in await cursor.fetchall()]


async def revoke_key(
    connection: Connection, *, program_id: UUID, key_id: UUID, now: datetime
) -> ApiKey:
    """Revoke a key; once revoked it stays so, since the first time.

    Raises:
        NotFound: the program has no such key.
    """
    row = await (await connection.execute(REVOKE, (now, program_id, key_id))).fetchone()
    if row is None:
        raise NotFound(N_("There is no such key in this program."))
    return _key(row)


async def caller_of_hash(connection: Connection, digest: bytes) -> Caller | None:
    """Who a key is, by its hash, and note that it is used; None when unknown or revoked."""
    row = await (await connection.execute(BY_HASH, (digest,))).fetchone()
    if row is None:
        return None
    scopes = frozenset(map(Scope, cast("list[str]", row[2])))
    await connection.execute(NOTE_USE, (row[0],))
    return Caller(cast(UUID, row[0]), cast(UUID, row[1]), scopes, cast("UUID | None", row[3]))


def key_hash(secret: str) -> bytes:
    """What is kept of a key. A secret of 256 chance bits needs no slow hash."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


def read_scopes(scopes: Iterable[str]) -> tuple[Scope, ...]:
    """Read the names of scopes, in their usual order.

    Raises:
        Invalid: a name is unknown, or there is none.
    """
    asked = {name.strip() for name in scopes}
    unknown = sorted(asked.difference(Scope))
    if unknown or not asked:
        problem = FieldProblem(
            "scopes", "choice", N_("It must be one of: {choices}."), {"choices": ", ".join(Scope)}
        )
        raise Invalid(N_("Some fields are not valid."), problems=[problem])
    return tuple(scope for scope in Scope if scope in asked)


def _key(row: tuple[object, ...]) -> ApiKey:
    return ApiKey(
        id=cast(UUID, row[0]),
        name=cast(str, row[1]),
        prefix=cast(str, row[2]),
        scopes=tuple(map(Scope, cast("list[str]", row[3]))),
        created_at=cast(datetime, row[4]),
        revoked_at=cast("datetime | None", row[5]),
        last_used_at=cast("datetime | None", row[6]),
        device_id=cast("UUID | None", row[7]),
    )
