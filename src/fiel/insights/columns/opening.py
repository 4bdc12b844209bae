"""A columnar copy, opened: its tables as Ibis expressions, and until when it tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from fiel.insights.columns.parts import Copy, Generation
from fiel.insights.columns.tables import LEADS, TABLES, kept_schema

if TYPE_CHECKING:
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


def connected(memory: str = "3GB") -> BaseBackend:
    """DuckDB behind Ibis; what does not fit in `memory` goes to the system's temporary folder."""
    return ibis.duckdb.connect(
        memory_limit=memory, temp_directory=gettempdir(), lambda_syntax=LAMBDAS
    )


@contextmanager
def columns_of_arrow(given: Mapping[str, pa.Table]) -> Iterator[Columns]:
    """Open tables that are in memory; those that are not given are empty."""
    backend = connected()
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
    backend = connected(memory)
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


@contextmanager
def columns_of_copy(folder: Path, *, memory: str = "3GB") -> Iterator[Columns]:
    """Open a program's copy as it is; its files stay until it is left, whoever refreshes it."""
    copy = Copy(folder)
    with copy.reading() as generation:
        backend = connected(memory)
        try:
            tables = tables_of(backend, copy, generation)
            yield Columns(backend, tables, generation.as_of if generation else None)
        finally:
            backend.disconnect()


def tables_of(
    backend: BaseBackend, copy: Copy, generation: Generation | None
) -> Mapping[str, Table]:
    """The tables of a generation: whoever was merged bears the number of the survivor."""
    leads = _kept(backend, copy, generation, "leads", LEADS)
    is_led = generation is not None and generation.rows("leads") > 0
    tables = {}
    for name, schema in TABLES.items():
        kept = _kept(backend, copy, generation, name, kept_schema(name))
        told = of_people(kept, leads if is_led else None, name)
        tables[name] = backend.create_view(name, told.select(schema.names), overwrite=True)
    return tables


def _kept(
    backend: BaseBackend, copy: Copy, generation: Generation | None, name: str, schema: pa.Schema
) -> Table:
    parts = generation.parts.get(name, ()) if generation else ()
    if not parts:
        return backend.create_table(f"kept_{name}", schema.empty_table())
    files = [copy.file(part) for part in parts]
    return backend.read_parquet(files, table_name=f"kept_{name}")


def of_people(kept: Table, leads: Table | None, name: str) -> Table:
    """Rows with the number of the person; who has no name has a number below zero here."""
    if "holder" not in kept.columns:
        return kept
    named = (kept.holder > 0).ifelse(kept.holder, ibis.null("int64"))
    if leads is None:
        told = kept.mutate(member=named)
    else:
        joined = kept.left_join(leads, kept.holder == leads.holder)
        told = joined.mutate(member=ibis.coalesce(leads.member, named))
    if name == "sales":
        told = told.mutate(recorded_for=named)
    return told
