"""Documents and versions of a program, as they were published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from fiel.domain.language import N_
from fiel.ledger.scope import Connection
from fiel.programs.versions import NoProgram, VersionSummary

IN_FORCE: LiteralString = """
SELECT v.number, v.format, v.document, v.content::text
FROM program p
JOIN program_version v ON v.program_id = p.id AND v.number = p.version
WHERE p.id = %s
"""
BEFORE: LiteralString = """
SELECT number, author, published_at, difference FROM program_version
WHERE program_id = %s AND (%s::integer IS NULL OR number < %s::integer)
ORDER BY number DESC
LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class PublishedDocument:
    """A published document: as its author wrote it, and what it says as JSON."""

    number: int
    format: str
    source: str
    content: str


async def document_in_force(connection: Connection, program_id: UUID) -> PublishedDocument:
    """The document that decides now; `connection` is inside the program's transaction.

    Raises:
        NoProgram: there is no such program, or it was never published.
    """
    cursor = await connection.execute(IN_FORCE, (program_id,))
    row = await cursor.fetchone()
    if row is None:
        raise NoProgram(N_("This program has not been published."))
    fields: tuple[Any, ...] = row
    return PublishedDocument(*fields)


async def versions_before(
    connection: Connection, program_id: UUID, number: int | None, *, limit: int
) -> list[VersionSummary]:
    """A program's versions, newest first, before the one that is named."""
    cursor = await connection.execute(BEFORE, (program_id, number, number, limit))
    rows: list[tuple[Any, ...]] = await cursor.fetchall()
    return [VersionSummary(*row) for row in rows]
