"""The columns on Spark: the same tables, for programs that outgrow one machine.

Whoever has a cluster brings PySpark and a session; figures, cohorts and segments are computed from
what is opened here by the very expressions that DuckDB runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from fiel.insights.columns.opening import Columns, of_people
from fiel.insights.columns.parts import Copy
from fiel.insights.columns.tables import LEADS, TABLES, kept_schema

if TYPE_CHECKING:
    from ibis import Table
    from ibis.backends import BaseBackend
    from pyspark.sql import SparkSession

# Without these Spark would answer otherwise than DuckDB: wrap sums silently, and move moments.
SETTINGS: Mapping[str, str] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


def spark_session(name: str = "fiel", **settings: str) -> SparkSession:
    """A session as its configuration says (spark-defaults.conf), else on this machine.

    `settings` come on top, with underscores for the points of their names.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415 - few have it

    builder = SparkSession.builder.appName(name)
    given = {key.replace("_", "."): value for key, value in settings.items()}
    for key, value in {**given, **SETTINGS}.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


@contextmanager
def columns_of_spark(
    folder: Path, session: SparkSession, *, seen_at: str | None = None
) -> Iterator[Columns]:
    """Open a program's copy on Spark, as it is; its files stay until it is left.

    `seen_at` is where the cluster finds the same folder, a path or a URL; left out, at its path.
    """
    copy = Copy(folder)
    with copy.reading() as generation:
        at = seen_at or str(folder)
        parts = generation.parts if generation else {}
        files = {
            name: [f"{at}/{part.file}" for part in parts.get(name, ())]
            for name in (*TABLES, "leads")
        }
        backend = _backend(session)
        leads = _read(session, backend, "leads", files["leads"], LEADS) if files["leads"] else None
        tables = {}
        for name, schema in TABLES.items():
            kept = _read(session, backend, f"kept_{name}", files[name], kept_schema(name))
            told = of_people(kept, leads, name).select(schema.names)
            tables[name] = backend.create_view(name, told, overwrite=True)
        yield Columns(backend, tables, generation.as_of if generation else None)


@contextmanager
def spark_columns_of_folder(folder: Path, session: SparkSession) -> Iterator[Columns]:
    """Open Parquet files that lie in one folder a table, as `columns_of_folder` does."""
    backend = _backend(session)
    tables = {
        name: _read(session, backend, name, sorted(map(str, (folder / name).glob("*.parquet"))), of)
        for name, of in TABLES.items()
    }
    yield Columns(backend, tables)


def _backend(session: SparkSession) -> BaseBackend:
    for key, value in SETTINGS.items():
        session.conf.set(key, value)
    return ibis.pyspark.connect(session)


def _read(
    session: SparkSession, backend: BaseBackend, name: str, files: list[str], schema: pa.Schema
) -> Table:
    from pyspark.sql import functions  # noqa: PLC0415 - few have it
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - few have it

    # Told rather than found out: a table without files has its columns too.
    types = from_arrow_schema(schema, prefer_timestamp_ntz=True)
    if files:
        read = session.read.schema(types).parquet(*files)
    else:
        read = session.range(0).select(
            [functions.lit(None).cast(of.dataType).alias(of.name) for of in types]
        )
    read.createOrReplaceTempView(name)
    return backend.table(name)
