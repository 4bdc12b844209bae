"""CSV files: their dialect is found by looking, their rows are read as a stream."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TextIO

from fiel.connect.importing.encodings import text_encoding
from fiel.connect.importing.table import BadRow, Row, UnreadableFile, empty_file
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem

DELIMITERS = (",", ";", "\t", "|")


def _delimiter(header_line: str) -> str:
    """The sign that separates most cells of the first line, quoted parts left out."""
    unquoted = "".join(header_line.split('"')[::2])
    return max(DELIMITERS, key=unquoted.count)


@dataclass(slots=True)
class CsvTable:
    """A CSV file under its first row."""

    path: Path
    encoding: str
    delimiter: str
    headers: Sequence[str]
    _file: BinaryIO | None = field(default=None, repr=False)
    _size: int = 1
    _is_read: bool = False

    @property
    def details(self) -> dict[str, str]:
        """The encoding and the delimiter that were found."""
        return {"format": "csv", "encoding": self.encoding, "delimiter": self.delimiter}

    def share_read(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        if self._file is None:
            return 1.0 if self._is_read else 0.0
        return min(1.0, self._file.tell() / self._size)

    def rows(self) -> Iterator[Row]:
        """Read the rows with the line each starts on; blank lines are passed over."""
        width = len(self.headers)
        self._size = max(1, self.path.stat().st_size)
        self._is_read = False
        with self.path.open(encoding=self.encoding, newline="") as text:
            self._file = text.buffer  # type: ignore[assignment]
            try:
                yield from self._rows(text, width)
                self._is_read = True
            finally:
                self._file = None

    def _rows(self, text: TextIO, width: int) -> Iterator[Row]:
        reader = csv.reader(text, delimiter=self.delimiter, strict=True)
        next(reader)
        line = reader.line_num + 1
        while True:
            try:
                for cells in reader:
                    if len(cells) == width:
                        yield line, cells
                    elif cells:
                        yield line, _fitted(cells, width)
                    line = reader.line_num + 1
            except csv.Error as error:
                yield line, _malformed(error)
                line = reader.line_num + 1
            else:
                return


def open_csv(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> CsvTable:
    """Look at a CSV file: its encoding, its delimiter, its headers.

    Raises:
        BrokenEncoding: the bytes are not text.
        UnreadableFile: there is no first row.
    """
    found = text_encoding(path, encoding)
    with path.open(encoding=found, newline="") as text:
        first = text.readline()
        text.seek(0)
        separator = delimiter or _delimiter(first)
        try:
            headers = next(csv.reader(text, delimiter=separator, strict=True), None)
        except csv.Error as error:
            raise UnreadableFile(
                N_("Line {line}: {reason}."), line="1", reason=str(error)
            ) from error
    if not headers or not any(header.strip() for header in headers):
        raise empty_file()
    return CsvTable(path, found, separator, tuple(header.strip() for header in headers))


def _fitted(cells: list[str], width: int) -> list[str] | BadRow:
    """Spreadsheets leave empty cells at the end of a row, or leave them out."""
    if len(cells) > width and not any(cells[width:]):
        return cells[:width]
    return BadRow(
        FieldProblem(
            "", "cells", N_("The row has {found} cells and the first row {expected}."),
            {"found": len(cells), "expected": width},
        )
    )  # fmt: skip


def _malformed(error: csv.Error) -> BadRow:
    text = str(error)
    if "unexpected end" in text or "field limit" in text:
        return BadRow(
            FieldProblem("", "quotes", N_("A quotation mark is opened and never closed."))
        )
    return BadRow(
        FieldProblem(
            "", "quotes", N_("The quotation marks do not fit: {reason}."), {"reason": text}
        )
    )
