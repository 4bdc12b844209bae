from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fiel.platform.migrate import ROOMS
from fiel.platform.settings import INSTALLED_APPS
from fiel.platform.settings.database import django_database, known_database_url
from tests.support.servers import application, eventually, processes_in


def django(*arguments: str, database: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "fiel.platform.settings",
            "DATABASE_URL": database,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_django_finds_nothing_to_complain_about(database_url: str) -> None:
    done = django("check", database=database_url)

    assert done.stdout + done.stderr == "System check identified no issues (0 silenced).\n"


def test_the_migrations_say_what_the_models_say_and_all_are_applied(database_url: str) -> None:
    drift = django("makemigrations", "--check", "--dry-run", database=database_url)
    plan = django("migrate", "--check", database=database_url)

    assert drift.stdout + drift.stderr == "No changes detected\n"
    assert plan.returncode == 0


def test_every_room_with_tables_is_brought_up_to_date_and_kept_in_the_digest() -> None:
    # The frame of the pages is an application for its tags alone.
    ours = [name for name in INSTALLED_APPS if name.startswith("fiel.") and name != "fiel.web.ui"]
    assert sorted(f"fiel.{room}" for room in ROOMS) == sorted(ours)


def test_the_database_of_a_running_server_is_found_and_none_is_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIEL_DATA", str(folder))
    assert "not-running" in known_database_url()

    with application(folder) as till:
        assert known_database_url() == till.url
        till.leaves()
    eventually(lambda: not processes_in(folder))
    assert "not-running" in known_database_url()


def test_a_url_is_told_to_django_part_by_part() -> None:
    told = django_database("postgresql://ana:sol@db.example:5433/cafe?sslmode=require")

    assert {name: told[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "cafe",
        "USER": "ana",
        "PASSWORD": "sol",
        "HOST": "db.example",
        "PORT": "5433",
    }
    assert told["OPTIONS"] == {"sslmode": "require"}
