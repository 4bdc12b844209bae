from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from fiel.platform.database import Connection, Database, open_database
from fiel.platform.migrate import APP_ROLE
from tests.support.servers import kill, processes_in, server_of

pytestmark = pytest.mark.anyio


async def first(connection: Connection, statement: str) -> object:
    row = await (await connection.execute(statement.encode())).fetchone()
    return row[0] if row else None


async def test_the_application_works_as_a_role_that_owns_nothing(database: Database) -> None:
    async with database.connection() as connection:
        cursor = await connection.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcanlogin "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert await cursor.fetchone() == (APP_ROLE, False, False, False)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE transfer SET points = 1",
        "DELETE FROM transfer",
        "UPDATE activity SET net = 0",
        "DELETE FROM account",
        "UPDATE program_version SET document = ''",
        "TRUNCATE standing",
        "DROP TABLE draw",
        "ALTER TABLE program DISABLE ROW LEVEL SECURITY",
    ],
)
async def test_what_is_final_cannot_be_changed_by_the_application(
    database: Database, statement: str
) -> None:
    async with database.connection() as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(statement.encode())


async def test_the_owner_sees_every_program(database: Database) -> None:
    async with database.owner() as owner:
        for slug in ("cafe-sol", "cafe-luna"):
            await owner.execute(
                "INSERT INTO program (id, slug, name, sandbox, shards, created_at) "
                "VALUES (gen_random_uuid(), %s, %s, false, 1, now())",
                [slug, slug],
            )
        assert await first(owner, "SELECT count(*) FROM program") == 2
    async with database.connection() as connection:
        assert await first(connection, "SELECT count(*) FROM program") == 0


async def test_a_database_without_a_url_is_found_or_started_and_ends_with_its_user(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIEL_DATA", str(folder))

    async with open_database() as first_one, open_database() as second:
        assert first_one.url == second.url
        async with second.connection() as connection:
            assert await first(connection, "SELECT current_user") == APP_ROLE
        assert processes_in(folder) != []


async def test_database_url_replaces_the_embedded_server(
    database_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIEL_DATA", str(folder))
    monkeypatch.setenv("DATABASE_URL", database_url)

    async with open_database() as database, database.connection() as connection:
        assert database.url == database_url
        assert await first(connection, "SELECT current_user") == APP_ROLE
    assert not (folder / "postgres").exists()


async def test_one_request_fails_when_the_server_is_killed_and_not_one_for_each_connection(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIEL_DATA", str(folder))
    async with open_database(connections=4) as database:
        await database.pool.resize(4, 4)
        await database.pool.wait()
        server = server_of(folder)
        answering = server.children()
        kill(server)
        psutil.wait_procs(answering)

        failed = 0
        for _ in range(10):
            with suppress(psycopg.OperationalError):
                async with database.connection() as connection:
                    await first(connection, "SELECT 1")
                continue
            failed += 1
        assert failed == 1
