"""A file before it is imported: its columns, what each is taken for, and its first records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from fiel.connect.importing.columns import TARGETS, Kind, guessed_columns
from fiel.connect.importing.contents import Record, records
from fiel.connect.importing.mapping import Reading, Wishes, look_at, open_table
from fiel.connect.importing.reading import read_member, read_return, read_sale
from fiel.connect.importing.refused import Reason, RefusedRow, Teller
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal

ROWS_SHOWN = 5
RECORDS_TRIED = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns of a file, its first rows, and which column each value is taken from."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: dict[str, str]  # target → header
    missing: tuple[str, ...]  # targets that an import needs and nothing brings


@dataclass(frozen=True, slots=True)
class Preview:
    """What reading the first records of a file came to."""

    reading: Reading
    tried: int
    refused: tuple[RefusedRow, ...]
    refused_count: int


def sheet_of(path: Path, kind: Kind, wish: Wishes) -> Sheet:
    """Look at a file's columns, whether or not an import could do with them.

    Raises:
        Refusal: the file cannot be read, or a column was named that it does not have.
    """
    table = open_table(path, wish)
    headers = tuple(table.headers)
    columns = guessed_columns(kind, headers, wish.columns)
    rows = (cells for _, cells in table.rows() if isinstance(cells, list))
    missing = [
        target.name
        for target in TARGETS[kind]
        if target.required and target.name not in columns and target.name not in wish.values
    ]
    return Sheet(
        headers,
        tuple(tuple(cells) for cells in islice(rows, ROWS_SHOWN)),
        {target: headers[index] for target, index in columns.items()},
        tuple(missing),
    )


def preview_of(
    path: Path, kind: Kind, wish: Wishes, program: Program, *, language: str, now: datetime
) -> Preview:
    """Read the first records as an import would; nothing is written.

    Raises:
        Refusal: the file cannot be read, or lacks a column.
    """
    reading = look_at(path, kind, wish, zone=program.timezone)
    headers = reading.table.headers
    teller = Teller(language, {target: headers[at] for target, at in reading.columns.items()})
    refused: list[RefusedRow] = []
    count = tried = 0
    for record in islice(records(reading), RECORDS_TRIED):
        tried += 1
        reason = _reason(record, kind, program, now)
        if reason is not None:
            count += 1
            refused += teller.rows(record, reason)
    return Preview(reading, tried, tuple(refused[:ROWS_SHOWN]), count)


def _reason(record: Record, kind: Kind, program: Program, now: datetime) -> Reason | None:
    if record.problems:
        return record.problems
    try:
        match kind:
            case Kind.SALES:
                read_sale(record.content)
            case Kind.RETURNS:
                read_return(record.content)
            case Kind.MEMBERS:
                read_member(record.content, program, now)
            case Kind.BALANCES:
                pass  # read only where the program is asked, as they are brought in
    except Refusal as refusal:
        return refusal
    return None


def targets_of(kind: Kind) -> Sequence[str]:
    """The values that columns of a kind of file can bring."""
    return [target.name for target in TARGETS[kind]]
