"""What a person is in which program."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from fiel.staff.accounts import create_account
from fiel.staff.memberships import is_anybody_here, memberships_of, put_membership
from fiel.staff.roles import Right, Role

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def test_a_person_is_one_thing_in_a_program(database):
    program = uuid4()
    async with database.owner() as owner:
        assert not await is_anybody_here(owner)
        ana = await create_account(
            owner, email="ana@example.com", name="Ana", password_hash="!", now=NOW
        )
        await put_membership(owner, program, ana, Role.SUPPORT, ["centro"])
        await put_membership(owner, program, ana, Role.OWNER)

        [membership] = await memberships_of(owner, ana)

        assert await is_anybody_here(owner)
    assert (membership.program_id, membership.role, membership.stores) == (program, Role.OWNER, ())
    assert membership.may(Right.MANAGE_STAFF)
