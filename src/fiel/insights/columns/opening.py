"""A columnar copy, opened: its tables as Ibis expressions, and until when it tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import ibis

from fiel.insights.columns.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis import Table
    from ibis.backends import BaseBackend

LAMBDAS = "ENABLE_SINGLE_ARROW"  # how Ibis 12 writes them; DuckDB 2 must be told that it may


@dataclass(frozen=True, slots=True)
class Columns:
    """The tables of one program, in whichever engine they are read with.

    `tables` has an Ibis table for each name of `columns.tables.TABLES`; `as_of` is the moment up to
    which everything recorded is in it (None: a copy that nobody follows, as of a file).
    """

    backend: BaseBackend
    tables: Mapping[str, Table]
    as_of: datetime | None = None

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]


@contextmanager
def columns_of_arrow(given: Mapping[str, pa.Table]) -> Iterator[Columns]:
    """Open tables that are in memory; those that are not given are empty."""
    backend = ibis.duckdb.connect(lambda_syntax=LAMBDAS)
    try:
        tables = {
            name: backend.create_table(
                name, (given[name] if name in given else schema.empty_table()).cast(schema)
            )
            for name, schema in TABLES.items()
        }
        yield Columns(backend, tables)
    finally:
        backend.disconnect()


@contextmanager
def columns_of_folder(folder: Path, *, memory: str = "3GB") -> Iterator[Columns]:
    """Open Parquet files that lie in one folder a table; a table without any is empty."""
    backend = ibis.duckdb.connect(memory_limit=memory, lambda_syntax=LAMBDAS)
    try:
        tables = {}
        for name, schema in TABLES.items():
            files = sorted((folder / name).glob("*.parquet"))
            tables[name] = (
                backend.read_parquet([str(file) for file in files], table_name=name)
                if files
                else backend.create_table(name, schema.empty_table())
            )
        yield Columns(backend, tables)
    finally:
        backend.disconnect()
