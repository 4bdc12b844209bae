"""Tills: a code lets one device in, once, and the device works by a key of its own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from fiel.domain.refusal import Invalid, NotFound
from fiel.ledger.scope import program_transaction
from fiel.staff.keys import Scope, caller_of_hash, key_hash
from fiel.staff.tills.devices import (
    add_device,
    change_device,
    devices_of,
    pair_device,
    program_of_code,
    revoke_device,
    start_pairing,
)
from fiel.staff.tills.refusals import PairingOver

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAFE_SOL, RIVAL = uuid4(), uuid4()


@pytest.fixture
async def connection(database):
    async with database.connection() as connection, program_transaction(connection, CAFE_SOL):
        yield connection


async def counter(connection):
    return await add_device(connection, CAFE_SOL, name="  Caja   1 ", store="centro", now=NOW)


async def paired(connection, device):
    pairing = await start_pairing(connection, CAFE_SOL, device.id, now=NOW)
    return await pair_device(connection, CAFE_SOL, pairing.code, now=NOW)


async def test_a_code_lets_a_device_in_whose_key_works_at_the_till_and_no_further(connection):
    device = await counter(connection)
    pairing = await start_pairing(connection, CAFE_SOL, device.id, now=NOW)

    assert await program_of_code(connection, pairing.code, now=NOW) == CAFE_SOL
    made = await pair_device(connection, CAFE_SOL, pairing.code.lower(), now=NOW)

    caller = await caller_of_hash(connection, key_hash(made.secret))
    assert caller is not None
    assert (caller.device_id, caller.program_id) == (device.id, CAFE_SOL)
    assert caller.scopes == {Scope.READ, Scope.TILL}
    assert (made.device.name, made.device.store, made.device.is_paired) == (
        "Caja 1",
        "centro",
        True,
    )


async def test_a_code_works_once(connection):
    device = await counter(connection)
    pairing = await start_pairing(connection, CAFE_SOL, device.id, now=NOW)
    await pair_device(connection, CAFE_SOL, pairing.code, now=NOW)

    with pytest.raises(PairingOver):
        await pair_device(connection, CAFE_SOL, pairing.code, now=NOW)


async def test_of_two_devices_that_come_with_one_code_one_is_let_in(database):
    async with database.connection() as connection, program_transaction(connection, CAFE_SOL):
        device = await counter(connection)
        pairing = await start_pairing(connection, CAFE_SOL, device.id, now=NOW)

    async def comes():
        async with database.connection() as own, program_transaction(own, CAFE_SOL):
            return await pair_device(own, CAFE_SOL, pairing.code, now=NOW)

    came = await asyncio.gather(*(comes() for _ in range(4)), return_exceptions=True)

    names = sorted(type(each).__name__ for each in came)
    assert names == ["Paired", *["PairingOver"] * 3]


async def test_a_code_is_over_after_minutes_and_when_a_newer_one_is_made(connection):
    device = await counter(connection)
    former = await start_pairing(connection, CAFE_SOL, device.id, now=NOW)
    newer = await start_pairing(connection, CAFE_SOL, device.id, now=NOW)

    with pytest.raises(PairingOver):
        await program_of_code(connection, former.code, now=NOW)
    with pytest.raises(PairingOver):
        await program_of_code(connection, newer.code, now=newer.ends_at)
    assert (
        await program_of_code(connection, newer.code, now=newer.ends_at - timedelta(seconds=1))
        == CAFE_SOL
    )


async def test_a_till_that_is_paired_anew_shuts_out_the_device_that_it_was(connection):
    device = await counter(connection)
    former = await paired(connection, device)
    later = await paired(connection, device)

    assert await caller_of_hash(connection, key_hash(former.secret)) is None
    assert await caller_of_hash(connection, key_hash(later.secret)) is not None


async def test_a_revoked_till_is_out_for_good(connection):
    device = await counter(connection)
    made = await paired(connection, device)
    pairing = await start_pairing(connection, CAFE_SOL, device.id, now=NOW)

    revoked = await revoke_device(connection, CAFE_SOL, device.id, now=NOW)

    assert (revoked.revoked_at, revoked.is_paired) == (NOW, False)
    assert await caller_of_hash(connection, key_hash(made.secret)) is None
    with pytest.raises(PairingOver):
        await pair_device(connection, CAFE_SOL, pairing.code, now=NOW)
    with pytest.raises(NotFound):
        await start_pairing(connection, CAFE_SOL, device.id, now=NOW)


async def test_tills_are_seen_by_their_program_alone(database, connection):
    device = await counter(connection)
    changed = await change_device(connection, CAFE_SOL, device.id, name="Barra", store="playa")

    assert await devices_of(connection, CAFE_SOL) == [changed]
    async with database.connection() as other, program_transaction(other, RIVAL):
        assert await devices_of(other, RIVAL) == []
        with pytest.raises(NotFound):
            await revoke_device(other, RIVAL, device.id, now=NOW)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
async def test_a_till_has_a_name(connection, name):
    with pytest.raises(Invalid) as refused:
        await add_device(connection, CAFE_SOL, name=name, store="", now=NOW)
    assert [problem.field for problem in refused.value.problems] == ["name"]
