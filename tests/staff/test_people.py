"""People of a staff: what they become, how they go, and that an owner always stays."""

from __future__ import annotations

import asyncio

import pytest

from fiel.domain.refusal import Invalid, NotFound
from fiel.staff.accounts import AccountExists, account_of, create_account
from fiel.staff.memberships import memberships_of
from fiel.staff.people import (
    LastOwner,
    change_person,
    people_of,
    person_of,
    remove_person,
    sign_out_everywhere,
)
from fiel.staff.roles import Role
from tests.staff.cast import CAFE_SOL, NOW, RIVAL, account, hired

pytestmark = pytest.mark.anyio


async def test_a_program_sees_its_own_staff_alone(database):
    async with database.connection() as connection:
        await hired(connection, "ana", Role.OWNER)
        await hired(connection, "berta", Role.SUPPORT)
        await hired(connection, "carla", Role.OWNER, RIVAL)

        people = await people_of(connection, CAFE_SOL, now=NOW)

    assert [(person.email, person.role) for person in people] == [
        ("ana@example.com", Role.OWNER),
        ("berta@example.com", Role.SUPPORT),
    ]


async def test_the_last_owner_neither_goes_nor_becomes_anything_else(database):
    async with database.connection() as connection:
        ana = await hired(connection, "ana", Role.OWNER)
        await hired(connection, "berta", Role.MANAGER)

        with pytest.raises(LastOwner):
            await remove_person(connection, CAFE_SOL, ana)
        with pytest.raises(LastOwner):
            await change_person(connection, CAFE_SOL, ana, role=Role.FINANCE)
        assert (await person_of(connection, CAFE_SOL, ana, now=NOW)).role is Role.OWNER


async def test_of_two_owners_who_go_at_once_one_stays(database):
    async with database.connection() as connection:
        ana = await hired(connection, "ana", Role.OWNER)
        berta = await hired(connection, "berta", Role.OWNER)

    async def goes(user_id):
        async with database.connection() as connection:
            await remove_person(connection, CAFE_SOL, user_id)

    ends = await asyncio.gather(goes(ana), goes(berta), return_exceptions=True)

    assert sorted(type(end).__name__ for end in ends) == ["LastOwner", "NoneType"]


async def test_a_person_changes_role_and_stores_and_an_owner_sees_all_stores(database):
    async with database.connection() as connection:
        await hired(connection, "ana", Role.OWNER)
        berta = await hired(connection, "berta", Role.SUPPORT)

        await change_person(
            connection, CAFE_SOL, berta, role=Role.MANAGER, stores=["norte", "centro"]
        )
        (managing,) = await memberships_of(connection, berta)
        await change_person(connection, CAFE_SOL, berta, role=Role.OWNER, stores=["norte"])
        (owning,) = await memberships_of(connection, berta)

    assert (managing.role, managing.stores) == (Role.MANAGER, ("centro", "norte"))
    assert (owning.role, owning.stores) == (Role.OWNER, ())


async def test_a_rival_changes_removes_and_signs_out_nobody(database):
    async with database.connection() as connection:
        await hired(connection, "ana", Role.OWNER)
        berta = await hired(connection, "berta", Role.SUPPORT)
        await hired(connection, "carla", Role.OWNER, RIVAL)

        for attempt in (
            change_person(connection, RIVAL, berta, role=Role.CASHIER),
            remove_person(connection, RIVAL, berta),
            sign_out_everywhere(connection, RIVAL, berta),
        ):
            with pytest.raises(NotFound):
                await attempt


async def test_sessions_end_for_one_person_and_no_other(database):
    async with database.connection() as connection:
        ana = await hired(connection, "ana", Role.OWNER)
        berta = await hired(connection, "berta", Role.SUPPORT)
        for key, user_id in (("a1", ana), ("b1", berta), ("b2", berta)):
            await connection.execute(
                "INSERT INTO django_session (session_key, session_data, expire_date) "
                "VALUES (%s, '', %s + interval '1 day')",
                [key, NOW],
            )
            await connection.execute(
                "INSERT INTO usersessions_usersession "
                "(user_id, created_at, ip, last_seen_at, session_key, user_agent, data) "
                "VALUES (%s, %s, '127.0.0.1', %s, %s, '', '{}')",
                [user_id, NOW, NOW, key],
            )

        before = await person_of(connection, CAFE_SOL, berta, now=NOW)
        ended = await sign_out_everywhere(connection, CAFE_SOL, berta)
        left = await (await connection.execute("SELECT session_key FROM django_session")).fetchall()

    assert (before.sessions, ended, left) == (2, 2, [("a1",)])


async def test_one_address_is_one_account_however_it_is_written(database):
    async with database.connection() as connection:
        await account(connection, "ana")

        with pytest.raises(AccountExists):
            await create_account(
                connection, email=" ANA@Example.com ", name="", password_hash="!", now=NOW
            )
        assert (await account_of(connection, "Ana@example.com")).name == "Ana"


async def test_what_is_no_address_is_no_account(database):
    async with database.connection() as connection:
        with pytest.raises(Invalid) as refused:
            await create_account(connection, email="ana", name="", password_hash="!", now=NOW)

    assert [problem.field for problem in refused.value.problems] == ["email"]
