"""Where imports stand: kept in the database, so that a stopped one goes on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, LiteralString, cast
from uuid import UUID

import orjson

from fiel.connect.importing.columns import Kind
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection, program_transaction

UNFINISHED: LiteralString = """
SELECT id, rows_done, accepted, repeated, refused FROM import_run
WHERE program_id = %s AND kind = %s AND file_hash = %s AND mapping = %s::jsonb AND state <> 'done'
ORDER BY started_at DESC LIMIT 1
"""
BEGIN: LiteralString = """
INSERT INTO import_run (id, program_id, kind, file_name, file_hash, mapping, state, started_at)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, 'running', %s)
"""
KEEP: LiteralString = """
UPDATE import_run
SET rows_done = %s, accepted = %s, repeated = %s, refused = %s, state = %s, finished_at = %s
WHERE program_id = %s AND id = %s
"""


class State(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Figures:
    """How far an import is. `rows_done` rows from the beginning have their answer."""

    rows_done: int = 0
    accepted: int = 0
    repeated: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One reading of a file, which may have been begun before (`figures`)."""

    id: UUID
    program_id: UUID
    figures: Figures = field(default_factory=Figures)

    @property
    def is_resumed(self) -> bool:
        """Whether an earlier reading left something answered."""
        return self.figures.rows_done > 0


def file_hash(path: Path) -> bytes:
    """What tells one file from another, whatever its name."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


async def begin_run(
    connection: Connection,
    *,
    program_id: UUID,
    kind: Kind,
    path: Path,
    mapping: dict[str, Any],
    now: datetime,
) -> Run:
    """Begin to read a file, or go on where the same reading of the same file was stopped."""
    digest = file_hash(path)
    written = orjson.dumps(mapping, option=orjson.OPT_SORT_KEYS).decode()
    async with program_transaction(connection, program_id):
        cursor = await connection.execute(UNFINISHED, (program_id, str(kind), digest, written))
        row = await cursor.fetchone()
        if row is not None:
            figures = Figures(*cast("tuple[int, int, int, int]", row[1:]))
            return Run(cast(UUID, row[0]), program_id, figures)
        run = Run(new_id(), program_id)
        values = (run.id, program_id, str(kind), path.name, digest, written, now)
        await connection.execute(BEGIN, values)
        return run


async def keep_run(
    connection: Connection, run: Run, figures: Figures, state: State, now: datetime
) -> None:
    """Note how far a run is."""
    finished = now if state is not State.RUNNING else None
    async with program_transaction(connection, run.program_id):
        await connection.execute(
            KEEP,
            (
                figures.rows_done, figures.accepted, figures.repeated, figures.refused,
                str(state), finished,
                run.program_id, run.id,
            ),
        )  # fmt: skip
