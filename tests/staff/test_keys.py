"""API keys: shown once, kept as a hash, revoked for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from fiel.domain.refusal import Invalid, NotFound
from fiel.staff.keys import (
    Scope,
    caller_of_hash,
    create_key,
    key_hash,
    keys_of_program,
    revoke_key,
)

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAFE_SOL, RIVAL = uuid4(), uuid4()


async def make(connection, scopes=("till", "read"), program_id=CAFE_SOL):
    return await create_key(
        connection, program_id=program_id, name="till 1", scopes=scopes, now=NOW
    )


async def test_a_key_says_who_calls_and_what_they_may_do(database):
    async with database.connection() as connection:
        made = await make(connection)
        caller = await caller_of_hash(connection, key_hash(made.secret))

    assert caller is not None
    assert (caller.program_id, caller.key_id) == (CAFE_SOL, made.key.id)
    assert caller.scopes == {Scope.READ, Scope.TILL}


async def test_the_secret_is_kept_nowhere(database):
    async with database.connection() as connection:
        made = await make(connection)
        row = await (await connection.execute("SELECT api_key::text FROM api_key")).fetchone()

    assert made.secret.startswith("fiel_")
    assert made.secret not in row[0]
    assert made.secret[11:] not in row[0]


async def test_keys_are_listed_for_their_program_alone(database):
    async with database.connection() as connection:
        made = await make(connection)
        await make(connection, program_id=RIVAL)

        assert await keys_of_program(connection, CAFE_SOL) == [made.key]


async def test_a_revoked_key_opens_nothing_and_stays_revoked_since_then(database):
    async with database.connection() as connection:
        made = await make(connection)
        first = await revoke_key(connection, program_id=CAFE_SOL, key_id=made.key.id, now=NOW)
        again = await revoke_key(
            connection, program_id=CAFE_SOL, key_id=made.key.id, now=NOW + timedelta(days=1)
        )

        assert await caller_of_hash(connection, key_hash(made.secret)) is None
    assert first.revoked_at == again.revoked_at == NOW


async def test_a_rival_cannot_revoke_a_key(database):
    async with database.connection() as connection:
        made = await make(connection)

        with pytest.raises(NotFound):
            await revoke_key(connection, program_id=RIVAL, key_id=made.key.id, now=NOW)
        assert await caller_of_hash(connection, key_hash(made.secret)) is not None


@pytest.mark.parametrize("scopes", [[], ["root"], ["till", "root"], [""]])
async def test_a_key_has_known_scopes_and_at_least_one(database, scopes):
    async with database.connection() as connection:
        with pytest.raises(Invalid) as refusal:
            await make(connection, scopes)

    assert [problem.field for problem in refusal.value.problems] == ["scopes"]


async def test_scopes_stand_in_one_order_however_they_are_asked(database):
    async with database.connection() as connection:
        made = await make(connection, ["manage", " read", "till"])

    assert made.key.scopes == (Scope.READ, Scope.TILL, Scope.MANAGE)
