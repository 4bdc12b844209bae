from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fiel.domain.language import LANGUAGES, say
from fiel.platform.database import database_url
from fiel.platform.postgres import home as homes
from fiel.platform.postgres.faults import Fault, ServerFailed
from fiel.platform.postgres.home import make_home
from fiel.platform.postgres.phases import Phase
from fiel.platform.unavailable import DatabaseUnavailable, progress_in, unavailable_server
from tests.support.servers import application, eventually, home_of, processes_in


@pytest.fixture
def used_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of this process, in which a server has run."""
    monkeypatch.setenv("FIEL_DATA", str(folder))
    with application(folder) as till:
        till.leaves()
    eventually(lambda: not processes_in(folder))
    return folder


def refusal() -> str:
    with pytest.raises(DatabaseUnavailable) as refused, database_url():
        pass
    assert refused.value.code == "unavailable"
    return say("en", refused.value.text, **refused.value.parameters)


def test_a_server_that_does_not_start_says_what_postgresql_said(used_folder: Path) -> None:
    settings = home_of(used_folder).data / "postgresql.auto.conf"
    settings.write_text("shared_bufers = 1\n")

    assert "shared_bufers" in refusal()
    eventually(lambda: not processes_in(used_folder))

    settings.write_text("")
    with database_url() as url:
        assert url


def test_a_database_of_another_version_is_left_alone(used_folder: Path) -> None:
    home = home_of(used_folder)
    (home.data / "PG_VERSION").write_text("17\n")

    told = refusal()

    assert "is of PostgreSQL 17" in told
    assert str(home.data) in told


def test_a_place_where_root_cannot_make_a_reachable_folder_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = tmp_path / "file"
    nowhere.touch()
    monkeypatch.setattr(homes, "SHARED_PLACES", (nowhere / "fiel",))

    with pytest.raises(ServerFailed) as failed:
        homes.shared_place()

    assert failed.value.fault is Fault.NO_PLACE
    assert str(nowhere) in say("en", *_words(failed.value))


def test_a_folder_that_others_may_write_to_is_no_place_for_a_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "fiel"
    trap.mkdir()
    trap.chmod(0o777)
    monkeypatch.setattr(homes, "SHARED_PLACES", (trap,))

    with pytest.raises(ServerFailed):
        homes.shared_place()


def test_a_home_that_was_removed_is_made_again(folder: Path) -> None:
    shutil.rmtree(make_home(folder).folder)

    assert make_home(folder).folder.is_dir()


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_words(fault: Fault) -> None:
    refused = unavailable_server(ServerFailed(fault))

    assert refused.text


def test_who_waits_long_is_told_now_and_again_in_their_language() -> None:
    told: list[str] = []
    progress = progress_in("en", told.append)

    for second in range(25):
        progress(Phase.RECOVERING, second)

    assert [text[text.index("(") :][:9] for text in told] == ["(2 s so f", "(12 s so ", "(22 s so "]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_waits_a_moment_is_told_nothing(language: str) -> None:
    told: list[str] = []

    progress_in(language, told.append)(Phase.STARTING, 0.5)

    assert told == []


def test_waiting_for_a_recovery_can_be_given_up(used_folder: Path) -> None:
    # Held up at its very start, by a lock that a guardian keeps while it stops a server.
    lock = os.open(home_of(used_folder).users_lock, os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    waits = (
        "import asyncio\n"
        "from fiel.platform.database import open_database\n"
        "async def wait():\n"
        "    print('waiting', flush=True)\n"
        "    async with open_database(): pass\n"
        "asyncio.run(wait())"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", waits], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout
    assert process.stdout.readline() == b"waiting\n"
    time.sleep(0.3)
    process.send_signal(2)

    assert process.wait(10) != 0
    os.close(lock)


def _words(failure: ServerFailed) -> tuple[str]:
    refused = unavailable_server(failure)
    return (refused.text.format(**refused.parameters),)
