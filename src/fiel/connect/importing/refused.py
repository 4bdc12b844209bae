"""The report of refused rows: a CSV file beside the one that was imported."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from fiel.connect.importing.contents import Record
from fiel.domain.language import say
from fiel.domain.refusal import FieldProblem, Refusal

type Reason = Refusal | tuple[FieldProblem, ...]

HEADERS = ("line", "external_id", "field", "column", "code", "reason")
_KEPT_FOR_SUMMARY = 20


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One reason why a row was refused."""

    line: int
    external_id: str
    field: str
    column: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Teller:
    """Says why records were refused. `columns` has the file's header for each value."""

    language: str
    columns: Mapping[str, str]

    def rows(self, record: Record, reason: Reason) -> list[RefusedRow]:
        """The reasons why a record was refused, one by one."""
        external_id = str(record.content.get("external_id", ""))
        problems = reason.problems if isinstance(reason, Refusal) else reason
        if isinstance(reason, Refusal) and not problems:
            text = say(self.language, reason.text, **reason.parameters)
            return [RefusedRow(record.line, external_id, "", "", reason.code, text)]
        return [
            RefusedRow(
                record.line,
                external_id,
                problem.field,
                self._column(problem.field),
                problem.code,
                say(self.language, problem.text, **problem.parameters),
            )
            for problem in problems
        ]

    def _column(self, field_name: str) -> str:
        """The header of the column that a problem is about: `lines[0].sku` came from one too."""
        name = field_name
        if name.startswith("lines["):
            name = name.partition("].")[2]
        return self.columns.get(name) or self.columns.get(f"{name}.external_id", "")


@dataclass(slots=True)
class RefusedReport:
    """Writes the reasons as they come; the file exists only when there is one."""

    path: Path
    goes_on: bool = False
    first: list[RefusedRow] = field(default_factory=list)
    by_code: dict[str, int] = field(default_factory=dict)
    _file: TextIO | None = None

    def __post_init__(self) -> None:
        """A report of an earlier reading says nothing about this one."""
        if not self.goes_on:
            self.path.unlink(missing_ok=True)

    def add(self, rows: Sequence[RefusedRow]) -> None:
        """Write why a record was refused."""
        for row in rows:
            if len(self.first) < _KEPT_FOR_SUMMARY:
                self.first.append(row)
            self.by_code[row.code] = self.by_code.get(row.code, 0) + 1
            self._write(row)

    def flush(self) -> None:
        """Put on disk what was written, so that a run that is stopped keeps it."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, row: RefusedRow) -> None:
        if self._file is None:
            is_new = not self.path.exists()
            # With a mark, so that spreadsheets know it for UTF-8.
            encoding = "utf-8-sig" if is_new else "utf-8"
            self._file = self.path.open("a", encoding=encoding, newline="")
            if is_new:
                csv.writer(self._file).writerow(HEADERS)
        csv.writer(self._file).writerow(
            (row.line, row.external_id, row.field, row.column, row.code, row.reason)
        )


def report_path(path: Path) -> Path:
    """Where the refused rows of a file are reported: beside it."""
    return path.with_name(f"{path.name}.refused.csv")
