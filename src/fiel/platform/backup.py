"""Back up and restore: the whole database and the key that signs, in one file.

The file is a tar of what PostgreSQL's own program wrote, the secret key, and a page that says what
it is. Columnar copies are not in it: they are made from the database.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, LiteralString

import psycopg

from fiel import __version__
from fiel.domain.language import N_
from fiel.domain.refusal import Invalid, Refusal
from fiel.platform.columns import columns_folder
from fiel.platform.folders import made_data_folder, secret_key
from fiel.platform.isolation import Isolation
from fiel.platform.migrate import migrate
from fiel.platform.postgres.faults import ServerFailed

_ABOUT, _DUMP, _KEY = "about.json", "database.dump", "secret_key"
_FORMAT = 1
_EVERY_PROGRAM = "-c fiel.every_program=on"
_LINES_OF_SETTINGS = 60


_OTHERS: LiteralString = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_LOOKS, _SECONDS_BETWEEN_LOOKS = 20, 0.1


class BackupFailed(Refusal):
    """A backup could not be made or restored; nothing was changed."""

    code = "backup_failed"


class NotABackup(Invalid):
    """The file is no backup of Fiel's."""


class StillInUse(Refusal):
    """The database is being used by another process."""

    code = "in_use"


class NotEmpty(Refusal):
    """There is data that a restore would replace."""

    code = "not_empty"


def back_up(url: str, file: Path, *, now: datetime | None = None) -> Mapping[str, Any]:
    """Write a database and the secret key into a file that only its owner reads.

    Raises:
        BackupFailed: PostgreSQL's program could not write it; the text says why.
    """
    isolation = migrate(url)
    about = {
        "format": _FORMAT,
        "fiel": __version__,
        "made_at": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "programs": _programs_in(url),
    }
    new = file.with_name(f".{file.name}.{os.getpid()}")
    with tempfile.TemporaryDirectory(prefix="fiel-backup-", dir=file.parent) as folder:
        dump = Path(folder, _DUMP)
        arguments = ["--format=custom", "--schema=public", "--no-owner", "--no-privileges"]
        if isolation is Isolation.FORCED:
            arguments.append("--enable-row-security")
        _run(["pg_dump", *arguments, f"--file={dump}", f"--dbname={url}"])
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as output, tarfile.open(fileobj=output, mode="w") as archive:  # noqa: PTH123 - the descriptor is open
            _put(archive, _ABOUT, json.dumps(about, indent=2).encode())
            _put(archive, _KEY, secret_key().encode())
            archive.add(dump, _DUMP)
    new.replace(file)
    return {**about, "file": str(file), "bytes": file.stat().st_size}


def restore(url: str, file: Path, *, replace: bool) -> Mapping[str, Any]:
    """Put a backup in place of what a database holds; all of it or nothing.

    Raises:
        NotABackup: the file is none.
        NotEmpty: there are programs already, and they were not to be replaced.
        StillInUse: another process uses the database.
        BackupFailed: PostgreSQL's program could not read it; the text says why.
    """
    with tempfile.TemporaryDirectory(prefix="fiel-restore-") as folder:
        about, key = _unpack(file, Path(folder))
        _make_sure_it_is_free(url, replace=replace)
        _replace_database(url, Path(folder, _DUMP))
    _keep_key(key)
    shutil.rmtree(columns_folder(), ignore_errors=True)
    migrate(url)
    return {**about, "programs": _programs_in(url)}


def _programs_in(url: str) -> list[str]:
    with psycopg.connect(url) as owner:
        owner.execute("SET fiel.every_program = 'on'")
        if owner.execute("SELECT to_regclass('program')").fetchone() == (None,):
            return []
        return [row[0] for row in owner.execute("SELECT slug FROM program ORDER BY slug")]


def _put(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _unpack(file: Path, folder: Path) -> tuple[dict[str, Any], str]:
    """What a backup says of itself, and its key; the dump lies in the folder then."""
    try:
        with tarfile.open(file) as archive:
            about = json.loads(_read(archive, _ABOUT).read())
            key = _read(archive, _KEY).read().decode("ascii")
            with _read(archive, _DUMP) as dump, Path(folder, _DUMP).open("wb") as output:
                shutil.copyfileobj(dump, output)
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise NotABackup(N_("{file} is no backup of Fiel's."), file=str(file)) from error
    if not isinstance(about, dict) or about.get("format") != _FORMAT:
        raise NotABackup(N_("{file} is no backup that this Fiel can read."), file=str(file))
    return about, key


def _read(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


def _make_sure_it_is_free(url: str, *, replace: bool) -> None:
    programs = _programs_in(url)
    if programs and not replace:
        raise NotEmpty(
            N_("There is data already, of {slugs}. To put the backup in its place, add --replace."),
            slugs=", ".join(programs),
        )
    with psycopg.connect(url, autocommit=True) as owner:
        for _ in range(_LOOKS):
            if owner.execute(_OTHERS).fetchone() == (0,):
                return
            # Whoever hung up a moment ago, as we did above, may still be on its way out.
            time.sleep(_SECONDS_BETWEEN_LOOKS)
    raise StillInUse(N_("Another process uses the database. Stop Fiel first, then try again."))


def _replace_database(url: str, dump: Path) -> None:
    """Run the dump in one transaction that begins by dropping all there is."""
    with (
        subprocess.Popen(  # noqa: S603 - our own arguments to PostgreSQL's program
            [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as script,
        subprocess.Popen(  # noqa: S603 - our own arguments to PostgreSQL's program
            [
                _program("psql"), "--quiet", "--no-psqlrc", "--single-transaction",
                "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-", f"--dbname={url}",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "PGOPTIONS": _EVERY_PROGRAM},
        ) as reader,
    ):  # fmt: skip
        assert script.stdout is not None
        assert script.stderr is not None
        assert reader.stdin is not None
        assert reader.stderr is not None
        try:
            _copy_script(script.stdout, reader.stdin)
            reader.stdin.close()
        except BrokenPipeError:
            pass  # it says why below
        said = script.stderr.read() + reader.stderr.read()
        failed = script.wait() or reader.wait()
    if failed:
        raise _failed("pg_restore", said)


def _copy_script(script: IO[bytes], reader: IO[bytes]) -> None:
    reader.write(b"SET client_min_messages = warning;\n")
    reader.write(b"DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n")
    for number, line in enumerate(script):
        # Programs of version 17 and later set what servers before it do not know.
        at_the_top = number < _LINES_OF_SETTINGS
        if at_the_top and line.startswith((b"SET transaction_timeout", b"CREATE SCHEMA public;")):
            continue
        reader.write(line)
    # Rights are given anew by the next start: they are the server's, and not in the file.
    reader.write(b"\nDELETE FROM public.fiel_state;\n")


def _keep_key(key: str) -> None:
    place = made_data_folder() / "secret_key"
    new = place.with_name(f"secret_key.{os.getpid()}")
    new.touch(mode=0o600)
    new.write_text(key, encoding="ascii")
    new.replace(place)


def _run(command: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own arguments to PostgreSQL's program
        [_program(command[0]), *command[1:]],
        capture_output=True,
        check=False,
        env={**os.environ, "PGOPTIONS": _EVERY_PROGRAM},
    )
    if done.returncode:
        raise _failed(command[0], done.stderr)


def _failed(program: str, said: bytes) -> BackupFailed:
    words = said.decode(errors="replace").strip()[-2000:]
    return BackupFailed(N_("PostgreSQL's program {program} failed. It said:\n{output}"),
                        program=program, output=words)  # fmt: skip


def _program(name: str) -> str:
    """Where one of PostgreSQL's programs is: the embedded one, else the one on PATH.

    Raises:
        BackupFailed: there is none.
    """
    try:
        # Loaded late: what it stands on is not there on every system.
        from fiel.platform.postgres.binaries import installed_programs  # noqa: PLC0415

        embedded = installed_programs() / name
        if embedded.exists():
            return str(embedded)
    except (ImportError, ServerFailed):
        pass  # PATH may have it
    found = shutil.which(name)
    if found is None:
        raise BackupFailed(
            N_("PostgreSQL's program {program} is needed and is not on PATH."), program=name
        )
    return found
