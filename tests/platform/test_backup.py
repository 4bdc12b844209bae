"""A backup put into another database is the same: a round trip through PostgreSQL's programs."""

from __future__ import annotations

import asyncio
import tarfile
from pathlib import Path

import psycopg
import pytest

from fiel.platform.backup import BackupFailed, NotABackup, NotEmpty, StillInUse, back_up, restore
from fiel.platform.database import open_database
from fiel.platform.folders import secret_key
from fiel.programs.known import known_programs
from tests.support.database import TestDatabases

ADD = """
INSERT INTO program (id, slug, name, sandbox, shards, created_at)
VALUES (gen_random_uuid(), %s, %s, false, 1, now())
"""


def add_program(url: str, slug: str) -> None:
    with psycopg.connect(url) as owner:
        owner.execute(ADD, [slug, "Café: “Sol” \\ y\tsombra"])


def tables(url: str) -> dict[str, int]:
    with psycopg.connect(url) as owner:
        names = owner.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') AND relname <> 'fiel_state'"
        ).fetchall()
        return {
            name: owner.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # type: ignore[index, call-overload]
            for (name,) in names
        }


def test_what_was_backed_up_comes_back_whole_on_another_machine(
    databases: TestDatabases, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_program(database_url, "cafe-sol")
    key, file, elsewhere = secret_key(), tmp_path / "sol.fiel", databases.new(migrated=False)

    made = back_up(database_url, file)
    monkeypatch.setenv("FIEL_DATA", str(tmp_path / "another"))
    assert secret_key() != key
    restored = restore(elsewhere, file, replace=False)

    assert made["programs"] == restored["programs"] == ["cafe-sol"]
    assert tables(elsewhere) == tables(database_url)
    assert secret_key() == key
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.anyio
async def test_the_application_may_work_with_what_was_restored(
    databases: TestDatabases, database_url: str, tmp_path: Path
) -> None:
    add_program(database_url, "cafe-sol")
    elsewhere, file = databases.new(migrated=False), tmp_path / "sol.fiel"
    await asyncio.to_thread(back_up, database_url, file)
    await asyncio.to_thread(restore, elsewhere, file, replace=False)

    async with open_database(elsewhere) as database:
        async with database.connection() as connection:
            assert await known_programs(connection) == []  # one program at a time, and none named
        async with database.owner() as owner:
            assert [program.slug for program in await known_programs(owner)] == ["cafe-sol"]


def test_data_is_replaced_only_where_that_was_asked_for(
    databases: TestDatabases, database_url: str, tmp_path: Path
) -> None:
    file, elsewhere = tmp_path / "sol.fiel", databases.new()
    add_program(database_url, "cafe-sol")
    add_program(elsewhere, "cafe-luna")
    back_up(database_url, file)

    with pytest.raises(NotEmpty):
        restore(elsewhere, file, replace=False)
    assert restore(elsewhere, file, replace=True)["programs"] == ["cafe-sol"]


def test_a_database_in_use_is_left_alone(
    databases: TestDatabases, database_url: str, tmp_path: Path
) -> None:
    file, elsewhere = tmp_path / "sol.fiel", databases.new()
    back_up(database_url, file)

    with psycopg.connect(elsewhere), pytest.raises(StillInUse):
        restore(elsewhere, file, replace=True)


def test_what_is_no_backup_changes_nothing(databases: TestDatabases, tmp_path: Path) -> None:
    database_url = databases.new()  # its own: the tests' lines to the one they share are kept
    add_program(database_url, "cafe-sol")
    text, cut = tmp_path / "carta.txt", tmp_path / "cut.fiel"
    text.write_text("Querida Ana")
    whole = tmp_path / "sol.fiel"
    back_up(database_url, whole)
    with tarfile.open(whole) as archive:
        archive.extractall(tmp_path / "open", filter="data")
    dump = tmp_path / "open" / "database.dump"
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    with tarfile.open(cut, "w") as archive:
        for part in sorted((tmp_path / "open").iterdir()):
            archive.add(part, part.name)

    with pytest.raises(NotABackup):
        restore(database_url, text, replace=True)
    with pytest.raises(BackupFailed):
        restore(database_url, cut, replace=True)

    with psycopg.connect(database_url) as owner:
        assert owner.execute("SELECT slug FROM program").fetchall() == [("cafe-sol",)]
