"""Files that people bring: kept apart by program, under harmless names, and not for ever."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from fiel.domain.refusal import Invalid
from fiel.ledger.ids import new_id
from fiel.web.ui import uploads

OURS, THEIRS = UUID(int=1), UUID(int=2)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(uploads, "_folder", lambda program_id: tmp_path / str(program_id))
    return tmp_path


def file(name: str, content: bytes = b"a,b\n1,2\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("ventas.csv", "ventas.csv"), ("../../etc/cron.csv", "cron.csv"),
     ("C:\\Mis ventas\\año 2026.csv", "año_2026.csv"), ("a.refused.csv", "a.csv")],
)  # fmt: skip
def test_a_file_is_kept_under_a_harmless_name(folder: Path, name: str, kept: str) -> None:
    made = uploads.keep_upload(OURS, file(name))
    assert made.name == kept
    assert made.path.parent.parent == folder / str(OURS)
    assert uploads.upload_named(OURS, made.id).path.read_bytes() == b"a,b\n1,2\n"


def test_a_file_is_of_one_program() -> None:
    made = uploads.keep_upload(OURS, file("ventas.csv"))
    with pytest.raises(Http404):
        uploads.upload_named(THEIRS, made.id)
    with pytest.raises(Http404):
        uploads.upload_named(OURS, new_id())


def test_a_file_that_is_forgotten_is_gone() -> None:
    made = uploads.keep_upload(OURS, file("ventas.csv"))
    uploads.forget_upload(OURS, made.id)
    with pytest.raises(Http404):
        uploads.upload_named(OURS, made.id)


def test_what_nobody_came_back_to_is_thrown_away() -> None:
    old = uploads.keep_upload(OURS, file("ventas.csv"))
    long_ago = old.path.stat().st_mtime - uploads.SECONDS_KEPT - 60
    os.utime(old.path.parent, (long_ago, long_ago))
    uploads.keep_upload(OURS, file("otras.csv"))
    with pytest.raises(Http404):
        uploads.upload_named(OURS, old.id)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("ventas.xlsx", b"PK", "ending"), ("ventas.csv", b"", "empty"), ("a.csv", b"PAR1", "kind"),
     ("a.parquet", b"a,b\n", "kind")],
)  # fmt: skip
def test_what_is_no_table_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        uploads.keep_upload(OURS, file(name, content))
    assert [problem.code for problem in refused.value.problems] == [code]
