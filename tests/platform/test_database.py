from __future__ import annotations

import psycopg
import pytest

from fiel.platform.database import Database
from fiel.platform.migrate import APP_ROLE, Isolation, migrate

pytestmark = pytest.mark.anyio


async def test_the_application_works_as_a_role_that_owns_nothing(database: Database) -> None:
    async with database.connection() as connection:
        cursor = await connection.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcanlogin "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert await cursor.fetchone() == (APP_ROLE, False, False, False)


async def test_what_is_final_cannot_be_changed_by_the_application(database: Database) -> None:
    async with database.connection() as connection:
        for statement in ("UPDATE transfer SET points = 1", "DELETE FROM program_version"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(statement)


async def test_migrating_again_changes_nothing(database: Database) -> None:
    assert migrate(database.url) is Isolation.ROLE
