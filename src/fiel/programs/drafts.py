"""Drafts: a document is kept while somebody works on it, with whatever faults it still has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection

SAVE: LiteralString = """
INSERT INTO program_draft (program_id, document, format, author, saved_at)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (program_id) DO UPDATE
SET document = excluded.document, format = excluded.format, author = excluded.author,
    saved_at = excluded.saved_at
"""
OF_PROGRAM: LiteralString = (
    "SELECT document, format, author, saved_at FROM program_draft WHERE program_id = %s"
)
LOCKED: LiteralString = OF_PROGRAM + " FOR UPDATE"
START: LiteralString = """
INSERT INTO program_draft (program_id, document, format, author, saved_at)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (program_id) DO NOTHING
"""
FORGET: LiteralString = "DELETE FROM program_draft WHERE program_id = %s"


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as somebody left it."""

    source: str
    format: str
    author: str
    saved_at: datetime


async def save_draft(connection: Connection, program_id: UUID, draft: Draft) -> None:
    """Keep a draft in place of the one before; `connection` is in the program's transaction."""
    row = (program_id, draft.source, draft.format, draft.author, draft.saved_at)
    await connection.execute(SAVE, row)


async def draft_of_program(connection: Connection, program_id: UUID) -> Draft | None:
    """The draft that was left; None when there is none."""
    row = await (await connection.execute(OF_PROGRAM, (program_id,))).fetchone()
    if row is None:
        return None
    fields: tuple[Any, ...] = row
    return Draft(*fields)


async def lock_draft(connection: Connection, program_id: UUID) -> Draft | None:
    """The draft that was left, which nobody else changes before the transaction is over."""
    row = await (await connection.execute(LOCKED, (program_id,))).fetchone()
    if row is None:
        return None
    fields: tuple[Any, ...] = row
    return Draft(*fields)


async def start_draft(connection: Connection, program_id: UUID, draft: Draft) -> bool:
    """Keep a draft where there is none; False where somebody was quicker."""
    row = (program_id, draft.source, draft.format, draft.author, draft.saved_at)
    return (await connection.execute(START, row)).rowcount == 1


async def forget_draft(connection: Connection, program_id: UUID) -> None:
    """Let the draft go: it was published, or is not wanted any more."""
    await connection.execute(FORGET, (program_id,))
