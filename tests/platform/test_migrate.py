from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from fiel.platform.isolation import Isolation, isolation_notice
from fiel.platform.migrate import APP_ROLE, migrate
from fiel.platform.postgres.server import embedded_server
from fiel.platform.unavailable import DatabaseUnavailable
from tests.support.database import TestDatabases

CAFE_SOL, ITS_RIVAL = uuid4(), uuid4()


@pytest.fixture
def owner_url(databases: TestDatabases) -> Iterator[str]:
    """A database whose owner may make neither roles nor databases."""
    url = databases.new(migrated=False)
    with plain_owner(url, "") as named:
        yield named


@contextmanager
def plain_owner(url: str, attributes: str) -> Iterator[str]:
    """A login role that owns a database and has the attributes that are given."""
    role = f"owner_{uuid4().hex[:8]}"
    name = sql.Identifier(str(conninfo_to_dict(url)["dbname"]))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} LOGIN {attributes} PASSWORD 'sol'")
        server.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(role)))
    yield make_conninfo(url, user=role, password="sol")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"REASSIGN OWNED BY {role} TO CURRENT_USER")
        server.execute(f"DROP OWNED BY {role}")
        server.execute(f"DROP ROLE {role}")


def add_programs(url: str) -> None:
    with psycopg.connect(url) as owner:
        owner.execute("SET fiel.every_program = 'on'")
        for program, slug in ((CAFE_SOL, "cafe-sol"), (ITS_RIVAL, "cafe-luna")):
            owner.execute(
                "INSERT INTO program (id, slug, name, sandbox, shards, created_at) "
                "VALUES (%s, %s, %s, false, 1, now())",
                [program, slug, slug],
            )


def seen(url: str, program: UUID | None, *, before: str = "") -> list[str]:
    with psycopg.connect(url) as connection:
        if before:
            connection.execute(before)
        if program:
            connection.execute(f"SET LOCAL fiel.program = '{program}'")
        return [slug for (slug,) in connection.execute("SELECT slug FROM program ORDER BY slug")]


def test_migrating_again_does_nothing_and_does_not_even_load_django(database_url: str) -> None:
    again = (
        "import sys; from fiel.platform.migrate import migrate; "
        "print(migrate(sys.argv[1])); assert 'django' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", again, database_url], capture_output=True, check=True, text=True
    )

    assert done.stdout.strip() == Isolation.ROLE


def test_processes_that_migrate_at_once_do_not_get_in_each_others_way(
    databases: TestDatabases,
) -> None:
    url = databases.new(migrated=False)

    with ThreadPoolExecutor(4) as processes:
        assert list(processes.map(migrate, [url] * 4)) == [Isolation.ROLE] * 4


def test_a_change_of_rights_is_brought_to_a_database_that_had_others(
    databases: TestDatabases,
) -> None:
    url = databases.new()
    with psycopg.connect(url) as owner:
        owner.execute(f"GRANT UPDATE ON transfer TO {APP_ROLE}")
        owner.execute("UPDATE fiel_state SET digest = 'of yesterday'")

    migrate(url)

    with psycopg.connect(url) as owner:
        can = f"SELECT has_table_privilege('{APP_ROLE}', 'transfer', 'UPDATE')"
        assert owner.execute(can).fetchone() == (False,)


def test_the_application_sees_the_program_it_names_and_no_other(databases: TestDatabases) -> None:
    url = databases.new()
    add_programs(url)
    as_application = f"SET ROLE {APP_ROLE}"

    assert seen(url, CAFE_SOL, before=as_application) == ["cafe-sol"]
    assert seen(url, None, before=as_application) == []
    assert seen(url, None) == ["cafe-luna", "cafe-sol"]


def test_an_owner_who_may_not_make_roles_is_bound_by_the_policies_too(owner_url: str) -> None:
    assert migrate(owner_url) is Isolation.FORCED
    add_programs(owner_url)

    assert seen(owner_url, CAFE_SOL) == ["cafe-sol"]
    assert seen(owner_url, None) == []
    assert seen(owner_url, None, before="SET fiel.every_program = 'on'") == [
        "cafe-luna",
        "cafe-sol",
    ]
    assert migrate(owner_url) is Isolation.FORCED


def test_an_owner_who_is_granted_the_role_later_uses_it(
    databases: TestDatabases, owner_url: str
) -> None:
    databases.template()  # the role is there
    assert migrate(owner_url) is Isolation.FORCED
    with psycopg.connect(databases.server, autocommit=True) as server:
        role = sql.Identifier(str(conninfo_to_dict(owner_url)["user"]))
        server.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP_ROLE), role))

    assert migrate(owner_url) is Isolation.ROLE
    add_programs(owner_url)
    assert seen(owner_url, CAFE_SOL, before=f"SET ROLE {APP_ROLE}") == ["cafe-sol"]
    assert seen(owner_url, None) == ["cafe-luna", "cafe-sol"]


def test_a_database_whose_role_was_lost_gets_another_with_its_rights(
    new_folder: Callable[..., Path],
) -> None:
    with embedded_server(new_folder(), durable=False) as url:
        migrate(url)
        add_programs(url)
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(f"DROP OWNED BY {APP_ROLE}")
            owner.execute(f"DROP ROLE {APP_ROLE}")

        assert migrate(url) is Isolation.ROLE
        assert seen(url, CAFE_SOL, before=f"SET ROLE {APP_ROLE}") == ["cafe-sol"]


@pytest.mark.parametrize(
    "url", ["postgresql://ana@/fiel?host=/nowhere", "no address", "postgresql://localhost:1/fiel"]
)
def test_a_server_that_cannot_be_reached_is_a_refusal_with_its_reason(url: str) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        migrate(url)

    assert refused.value.code == "unavailable"
    assert refused.value.parameters["reason"]


def test_who_runs_a_server_is_told_when_isolation_is_the_weaker_one() -> None:
    assert isolation_notice(Isolation.ROLE) is None
    assert "fiel_app" in (isolation_notice(Isolation.FORCED) or "")


def test_an_owner_who_may_make_roles_makes_the_applications_role(
    new_folder: Callable[..., Path],
) -> None:
    with (
        embedded_server(new_folder(), durable=False) as url,
        plain_owner(url, "CREATEROLE") as owner_url,
    ):
        assert migrate(owner_url) is Isolation.ROLE
        add_programs(owner_url)

        assert seen(owner_url, CAFE_SOL, before=f"SET ROLE {APP_ROLE}") == ["cafe-sol"]
        assert seen(owner_url, None, before=f"SET ROLE {APP_ROLE}") == []
        assert seen(owner_url, None) == ["cafe-luna", "cafe-sol"]


def test_every_table_with_a_program_keeps_programs_apart_but_the_keys(database_url: str) -> None:
    with psycopg.connect(database_url) as owner:
        open_to_all = owner.execute(
            "SELECT table_name FROM information_schema.columns JOIN pg_class "
            "ON oid = format('public.%I', table_name)::regclass "
            "WHERE table_schema = 'public' AND column_name = 'program_id' "
            "AND relkind IN ('r', 'p') AND NOT relrowsecurity"
        ).fetchall()

    # Each of these is looked up before anybody knows which program it is about.
    assert sorted(name for (name,) in open_to_all) == [
        "api_key", "demo_door", "staff_invitation", "staff_membership", "till_pairing",
    ]  # fmt: skip
