"""Databases for tests: one server for all workers, one migrated template, a clean copy for each."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from fiel.platform.migrate import migrate, wanted_state
from fiel.platform.postgres.server import embedded_server


@contextmanager
def test_server(folder: Path) -> Iterator[str]:
    """FIEL_TEST_DATABASE_URL, else an embedded server that all test processes share."""
    configured = os.environ.get("FIEL_TEST_DATABASE_URL")
    if configured:
        yield configured
        return
    with embedded_server(folder, durable=False) as url:
        yield url


@dataclass
class TestDatabases:
    """Makes databases on a server, and drops those it made."""

    __test__ = False

    server: str
    folder: Path
    made: list[str] = field(default_factory=list)

    def new(self, *, migrated: bool = True) -> str:
        """The URL of a new database; a copy of the migrated template, or empty."""
        template = self.template() if migrated else "template0"
        name = f"fiel_test_{os.getpid()}_{secrets.token_hex(6)}"
        with psycopg.connect(self.server, autocommit=True) as server:
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        self.made.append(name)
        return self.named(name)

    def template(self) -> str:
        """The migrated template of today's migrations, made by the first process that asks."""
        name = f"fiel_template_{wanted_state()[:12]}"
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with psycopg.connect(self.server, autocommit=True) as server:
                found = server.execute("SELECT FROM pg_database WHERE datname = %s", [name])
                if found.rowcount:
                    return name
                making = sql.Identifier(f"{name}_new")
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(making))
                server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(making))
                migrate(self.named(f"{name}_new"))
                server.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(making, sql.Identifier(name))
                )
        return name

    def drop_left_over(self) -> None:
        """Drop what runs that were killed could not, and templates that have had their day."""
        with psycopg.connect(self.server, autocommit=True) as server:
            rows = server.execute(
                "SELECT datname, (pg_stat_file(format('base/%s/PG_VERSION', oid), true))"
                ".modification < now() - interval '1 day' FROM pg_database "
                "WHERE starts_with(datname, 'fiel_test_') OR starts_with(datname, 'fiel_template_')"
            ).fetchall()
            for name, is_old in rows:
                words = name.split("_")
                running = words[1] == "test" and psutil.pid_exists(int(words[2]))
                if is_old or (words[1] == "test" and not running):
                    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                    server.execute(drop.format(sql.Identifier(name)))

    def named(self, name: str) -> str:
        """The connection string of a database of this server."""
        return make_conninfo(**{**conninfo_to_dict(self.server), "dbname": name})

    def drop_all(self) -> None:
        """Drop what was made."""
        hang_up()
        with psycopg.connect(self.server, autocommit=True) as server:
            for name in self.made:
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                server.execute(drop.format(sql.Identifier(name)))
        self.made.clear()


def empty_all_tables(url: str) -> None:
    """Delete every row that a test left, in every table but the record of migrations.

    DELETE, not TRUNCATE: for tables this small it is many times as fast. The line to the database
    is kept: a new one takes ten times as long, since it has to get to know every table first.
    """
    try:
        _line_to(url).execute(EMPTY)
    except psycopg.Error:  # the test ended everybody's lines, or was in the middle of something
        hang_up()
        _line_to(url).execute(EMPTY)


def hang_up() -> None:
    """Close the lines that were kept."""
    while _LINES:
        _LINES.popitem()[1].close()


_LINES: dict[str, psycopg.Connection] = {}

EMPTY = """
BEGIN;
SET LOCAL session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
  FOR name IN
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition
    AND relname NOT IN ('django_migrations', 'fiel_state')
    AND (relkind = 'p' OR pg_relation_size(pg_class.oid) > 0) -- else it never had a row
  LOOP
    EXECUTE format('DELETE FROM %I', name);
  END LOOP;
END $$;
COMMIT
"""


def _line_to(url: str) -> psycopg.Connection:
    if url not in _LINES:
        _LINES[url] = psycopg.connect(url, autocommit=True)
    return _LINES[url]
