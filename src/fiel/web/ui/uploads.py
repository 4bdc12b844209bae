"""Uploads: files that people bring in, kept beside the columns until somebody has read them."""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.ledger.ids import new_id
from fiel.web.doors import database

LARGEST_MEGABYTES = 200
SECONDS_KEPT = 2 * 24 * 60 * 60
ENDINGS = (".csv", ".txt", ".parquet")
_PARQUET = b"PAR1"
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was brought: its id, its own name, where it lies."""

    id: UUID
    name: str
    path: Path


def keep_upload(program_id: UUID, file: UploadedFile[Any]) -> Upload:
    """Keep a file; those that nobody came back to are thrown away.

    Raises:
        Invalid: it is empty, too large, or no table of rows.
    """
    name = _plain(file.name or "")
    _refuse(file, name)
    folder = _folder(program_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget_old(folder)
    upload_id = new_id()
    place = folder / str(upload_id)
    place.mkdir(mode=0o700)
    path = place / name
    with path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return Upload(upload_id, name, path)


def upload_named(program_id: UUID, upload_id: UUID) -> Upload:
    """A file of a program.

    Raises:
        Http404: it is not there, or no more.
    """
    place = _folder(program_id) / str(upload_id)
    found = [each for each in place.glob("*") if each.suffix.lower() in ENDINGS]
    files = [each for each in found if not each.name.endswith(".refused.csv")]
    if not files:
        raise Http404
    return Upload(upload_id, files[0].name, files[0])


def forget_upload(program_id: UUID, upload_id: UUID) -> None:
    """Throw a file away."""
    shutil.rmtree(_folder(program_id) / str(upload_id), ignore_errors=True)


def _refuse(file: UploadedFile[Any], name: str) -> None:
    problem: FieldProblem | None = None
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        text = N_("Choose a CSV or Parquet file. From a spreadsheet, save it as CSV.")
        problem = FieldProblem("file", "ending", text)
    elif not file.size:
        problem = FieldProblem("file", "empty", N_("The file is empty."))
    elif file.size > LARGEST_MEGABYTES * _MEGABYTE:
        text = N_("The file is larger than {most} MB. Bring it in parts, or by the command line.")
        problem = FieldProblem("file", "too_large", text, {"most": LARGEST_MEGABYTES})
    else:
        head = file.read(len(_PARQUET))
        file.seek(0)
        if (head == _PARQUET) != (ending == ".parquet"):
            problem = FieldProblem(
                "file", "kind", N_("What is in the file is not what its name says.")
            )
    if problem is not None:
        raise Invalid(N_("Some fields are not valid."), problems=[problem])


def _plain(name: str) -> str:
    """A name that means nothing to any file system: "../ventas 2026.csv" → "ventas_2026.csv"."""
    own = re.sub(r"[^\w.-]+", "_", Path(name.replace("\\", "/")).name).strip("._")[-80:]
    return own if not own.endswith(".refused.csv") else own.replace(".refused", "")


def _folder(program_id: UUID) -> Path:
    return database().columns_folder().parent / "uploads" / str(program_id)


def _forget_old(folder: Path) -> None:
    before = time.time() - SECONDS_KEPT
    for place in folder.iterdir():
        if place.stat().st_mtime < before:
            shutil.rmtree(place, ignore_errors=True)
