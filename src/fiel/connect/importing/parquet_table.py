"""Parquet files: read column by column, in groups of rows that fit in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fiel.connect.importing.table import Row, UnreadableFile
from fiel.domain.language import N_

_ROWS_AT_ONCE = 8192


@dataclass(slots=True)
class ParquetTable:
    """A Parquet file. Rows count from 1."""

    path: Path
    headers: Sequence[str]
    row_count: int
    _read: int = 0

    @property
    def details(self) -> dict[str, str]:
        """The format; Parquet says everything else itself."""
        return {"format": "parquet"}

    def share_read(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return self._read / self.row_count if self.row_count else 1.0

    def rows(self) -> Iterator[Row]:
        """Read the rows, every cell as the text that CSV would have."""
        self._read = 0
        with pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
                columns = [_texts(column) for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    self._read += 1
                    yield self._read, list(cells)


def open_parquet(path: Path) -> ParquetTable:
    """Look at a Parquet file: its columns and how many rows it has.

    Raises:
        UnreadableFile: it is no Parquet file.
    """
    try:
        with pq.ParquetFile(path) as file:
            return ParquetTable(path, tuple(file.schema_arrow.names), file.metadata.num_rows)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFile(
            N_("The file is no readable Parquet file: {reason}."), reason=str(error)
        ) from error


def _texts(column: pa.Array) -> list[str]:
    """A column as texts; doubles in their shortest exact writing, nothing as an empty text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _texts(column.dictionary_decode())
    if pa.types.is_nested(kind):
        return [""] * len(column)
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    elif pa.types.is_floating(kind):
        # A count kept as a double ("2.0") is the whole number it stands for.
        whole = pc.equal(column, pc.floor(column))
        small = pc.less(pc.abs(column), 1e15)
        if pc.all(pc.fill_null(pc.and_(whole, small), True)).as_py():
            column = column.cast(pa.int64())
    texts: list[str] = pc.fill_null(column.cast(pa.string()), "").to_pylist()
    return texts
