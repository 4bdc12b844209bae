"""What is too large for one person waits for another, and is decided on once."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import psycopg
import pytest

from fiel.domain.refusal import NotFound
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.staff.approvals import (
    CLOSED,
    AlreadyDecided,
    ApprovalKind,
    ApprovalState,
    Asker,
    OwnApproval,
    Wanted,
    approval_named,
    approvals_of,
    approve,
    ask_for,
    finish,
    refuse,
    waiting_approvals,
)
from fiel.staff.policy import StaffPolicy, put_staff_policy, staff_policy
from fiel.staff.roles import Role
from tests.staff.cast import CAFE_SOL, NOW, RIVAL

pytestmark = pytest.mark.anyio

ANA, BERTA, CARLA = Asker(uuid4(), "Ana"), Asker(uuid4(), "Berta"), Asker(uuid4(), "Carla")


async def asked(connection, by=BERTA):
    id_, content = new_id(), {"points": 5000, "reason": "lost card"}
    wanted = Wanted(ApprovalKind.ADJUSTMENT, "member:1", content, "points", 5000, "lost card")
    asks = [
        await ask_for(connection, CAFE_SOL, wanted, request_id=id_, asked_by=by, now=NOW)
        for _ in range(2)
    ]
    assert asks == [True, False]  # sent twice, it waits once
    return id_


async def test_what_one_asks_for_another_approves(database):
    async with database.connection() as connection, program_transaction(connection, CAFE_SOL):
        id_ = await asked(connection)
        assert await waiting_approvals(connection, CAFE_SOL) == 1

        approved = await approve(connection, CAFE_SOL, id_, by=ANA, now=NOW)
        await finish(connection, CAFE_SOL, id_)

        (done,) = await approvals_of(connection, CAFE_SOL, CLOSED)
        assert await waiting_approvals(connection, CAFE_SOL) == 0
    assert approved.content == {"points": 5000, "reason": "lost card"}
    assert (done.state, done.decided_by_name) == (ApprovalState.DONE, "Ana")


async def test_nobody_approves_her_own_but_she_may_take_it_back(database):
    async with database.connection() as connection, program_transaction(connection, CAFE_SOL):
        id_ = await asked(connection)

        with pytest.raises(OwnApproval):
            await approve(connection, CAFE_SOL, id_, by=BERTA, now=NOW)
        taken_back = await refuse(connection, CAFE_SOL, id_, by=BERTA, note="a mistake", now=NOW)

    assert (taken_back.state, taken_back.note) == (ApprovalState.REFUSED, "a mistake")


async def test_the_table_itself_lets_nobody_approve_her_own(database):
    cheat = "UPDATE approval SET state = 'done', decided_by = asked_by, decided_at = now()"
    async with database.connection() as connection:
        async with program_transaction(connection, CAFE_SOL):
            await asked(connection)
        async with program_transaction(connection, CAFE_SOL):
            with pytest.raises(psycopg.errors.CheckViolation):
                async with connection.transaction():
                    await connection.execute(cheat)


async def test_what_was_refused_or_done_is_not_decided_again(database):
    async with database.connection() as connection, program_transaction(connection, CAFE_SOL):
        refused, done = await asked(connection), await asked(connection)
        await refuse(connection, CAFE_SOL, refused, by=ANA, note="", now=NOW)
        await approve(connection, CAFE_SOL, done, by=ANA, now=NOW)
        await finish(connection, CAFE_SOL, done)

        for id_ in (refused, done):
            with pytest.raises(AlreadyDecided):
                await approve(connection, CAFE_SOL, id_, by=CARLA, now=NOW)
            with pytest.raises(AlreadyDecided):
                await refuse(connection, CAFE_SOL, id_, by=CARLA, note="", now=NOW)


async def test_what_was_approved_and_never_done_may_be_approved_again(database):
    async with database.connection() as connection, program_transaction(connection, CAFE_SOL):
        id_ = await asked(connection)
        await approve(connection, CAFE_SOL, id_, by=ANA, now=NOW)

        again = await approve(connection, CAFE_SOL, id_, by=CARLA, now=NOW)

    assert (again.state, again.decided_by_name) == (ApprovalState.APPROVED, "Ana")


async def test_of_an_approval_and_a_refusal_at_once_one_holds(database):
    async with database.connection() as connection, program_transaction(connection, CAFE_SOL):
        id_ = await asked(connection)

    async def decides(decide, **told):
        async with database.connection() as connection, program_transaction(connection, CAFE_SOL):
            return (await decide(connection, CAFE_SOL, id_, now=NOW, **told)).state

    ends = await asyncio.gather(
        decides(approve, by=ANA), decides(refuse, by=CARLA, note=""), return_exceptions=True
    )

    assert sum(isinstance(end, AlreadyDecided) for end in ends) == 1


async def test_a_rival_sees_and_decides_nothing(database):
    async with database.connection() as connection:
        async with program_transaction(connection, CAFE_SOL):
            id_ = await asked(connection)
        async with program_transaction(connection, RIVAL):
            assert await approvals_of(connection, RIVAL) == []
            with pytest.raises(NotFound):
                await approval_named(connection, CAFE_SOL, id_)


async def test_a_limit_holds_for_its_role_and_unit_both_ways(database):
    policy = StaffPolicy(
        second_factor=True,
        limits={Role.SUPPORT: {"points": 500}},
        card_limits={Role.MANAGER: 10_000},
    )
    async with database.connection() as connection:
        async with program_transaction(connection, CAFE_SOL):
            assert await staff_policy(connection, CAFE_SOL) == StaffPolicy()
            await put_staff_policy(connection, CAFE_SOL, policy, now=NOW)
            kept = await staff_policy(connection, CAFE_SOL)
        async with program_transaction(connection, RIVAL):
            assert await staff_policy(connection, RIVAL) == StaffPolicy()

    assert kept == policy
    assert [kept.needs_approval(Role.SUPPORT, "points", n) for n in (500, 501, -501)] == [
        False, True, True,
    ]  # fmt: skip
    assert not kept.needs_approval(Role.SUPPORT, "stamps", 501)
    assert not kept.needs_approval(Role.MANAGER, "points", 501)
    assert [kept.card_needs_approval(Role.MANAGER, n) for n in (10_000, 10_001)] == [False, True]
    assert not kept.card_needs_approval(Role.MARKETER, 10_001)
