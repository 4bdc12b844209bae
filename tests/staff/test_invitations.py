"""An invitation's link lets one person in, once, for a week, to what she was invited to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fiel.domain.refusal import NotFound
from fiel.staff.invitations import (
    AlreadyOnStaff,
    accept_invitation,
    invitation_of,
    invite,
    waiting_invitations,
    withdraw_invitation,
)
from fiel.staff.memberships import memberships_of
from fiel.staff.roles import Role
from tests.staff.cast import CAFE_SOL, NOW, RIVAL, account, hired

pytestmark = pytest.mark.anyio


async def invited(connection, email="berta@example.com", **told):
    given = {"role": Role.MANAGER, "stores": ["centro"], "invited_by": None, "now": NOW} | told
    return await invite(connection, program_id=CAFE_SOL, email=email, **given)


async def test_who_accepts_is_what_she_was_invited_to_be(database):
    async with database.connection() as connection:
        made = await invited(connection)
        berta = await account(connection, "berta")

        await accept_invitation(connection, made.secret, berta, now=NOW)

        (membership,) = await memberships_of(connection, berta)
        assert await waiting_invitations(connection, CAFE_SOL) == []
    assert (membership.program_id, membership.role) == (CAFE_SOL, Role.MANAGER)
    assert membership.stores == ("centro",)


async def test_a_link_works_once_and_for_a_week(database):
    async with database.connection() as connection:
        made = await invited(connection)
        berta, carla = await account(connection, "berta"), await account(connection, "carla")
        late = NOW + timedelta(days=7)

        assert await invitation_of(connection, made.secret, now=late) is None
        with pytest.raises(NotFound):
            await accept_invitation(connection, made.secret, carla, now=late)
        await accept_invitation(connection, made.secret, berta, now=late - timedelta(seconds=1))
        with pytest.raises(NotFound):
            await accept_invitation(connection, made.secret, carla, now=NOW)
        assert await memberships_of(connection, carla) == []


async def test_the_secret_is_kept_nowhere(database):
    async with database.connection() as connection:
        made = await invited(connection)
        row = await (
            await connection.execute("SELECT staff_invitation::text FROM staff_invitation")
        ).fetchone()

    assert made.secret not in row[0]


async def test_who_is_invited_again_has_one_link_that_works(database):
    async with database.connection() as connection:
        first = await invited(connection)
        second = await invited(connection, "BERTA@example.com ", role=Role.FINANCE)

        assert await invitation_of(connection, first.secret, now=NOW) is None
        assert await waiting_invitations(connection, CAFE_SOL) == [second.invitation]


async def test_who_is_there_already_is_not_invited(database):
    async with database.connection() as connection:
        await hired(connection, "berta", Role.SUPPORT)

        with pytest.raises(AlreadyOnStaff):
            await invited(connection)


async def test_a_withdrawn_link_leads_nowhere_and_a_rival_withdraws_none(database):
    async with database.connection() as connection:
        made = await invited(connection)

        with pytest.raises(NotFound):
            await withdraw_invitation(connection, RIVAL, made.invitation.id, now=NOW)
        await withdraw_invitation(connection, CAFE_SOL, made.invitation.id, now=NOW)

        assert await invitation_of(connection, made.secret, now=NOW) is None
