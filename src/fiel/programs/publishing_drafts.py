"""Publishing the draft that somebody has looked at, and making a draft of an earlier version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from fiel.domain.document import Document, read_document
from fiel.domain.language import N_
from fiel.domain.refusal import Invalid, NotFound
from fiel.ledger.scope import Connection
from fiel.programs.drafts import Draft, draft_of_program, forget_draft, save_draft
from fiel.programs.publishing import Publication, publish
from fiel.programs.scheduling import cancel_publication, schedule_publication, waiting_publication

VERSION: LiteralString = """
SELECT number, document, format, content::text, author, published_at FROM program_version
WHERE program_id = %s AND number = %s
"""


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version as it was published: as its author wrote it, and what it says as JSON."""

    number: int
    source: str
    format: str
    content: str
    author: str
    published_at: datetime


def mark_of(draft: Draft) -> str:
    """What tells a draft from what it was, or will be: a page carries it to the next."""
    told = f"{draft.format}\n{draft.source}".encode(errors="surrogatepass")
    return hashlib.sha256(told).hexdigest()[:20]


async def publish_draft(
    connection: Connection, program_id: UUID, *, mark: str, author: str, now: datetime
) -> Publication:
    """Make the draft of that mark the version in force; inside the program's transaction.

    A publication that waits is cancelled: what it was to publish is published.

    Raises:
        Invalid: the draft was changed meanwhile, or cannot be published.
    """
    draft, document = await _draft_of_mark(connection, program_id, mark, now)
    publication = await publish(
        connection, program_id, document,
        source=draft.source, format=draft.format, author=author, now=now,
    )  # fmt: skip
    waiting = await waiting_publication(connection, program_id)
    if waiting is not None:
        await cancel_publication(connection, program_id, waiting.id, now=now)
    await forget_draft(connection, program_id)
    return publication


async def publish_draft_at(
    connection: Connection,
    program_id: UUID,
    *,
    mark: str,
    at: datetime,
    author: str,
    now: datetime,
) -> UUID:
    """Let the draft of that mark wait for its moment; inside the program's transaction.

    Raises:
        Invalid: the draft was changed meanwhile or cannot be published; the moment is over or too
            far; another publication waits already.
    """
    draft, _document = await _draft_of_mark(connection, program_id, mark, now)
    return await schedule_publication(connection, program_id, draft, at=at, author=author, now=now)


async def version_numbered(connection: Connection, program_id: UUID, number: int) -> KeptVersion:
    """A version as it was published.

    Raises:
        NotFound: the program has no such version.
    """
    cursor = await connection.execute(VERSION, (program_id, number))
    row: tuple[Any, ...] | None = await cursor.fetchone()
    if row is None:
        raise NotFound(N_("This program has no version {number}."), number=number)
    return KeptVersion(*row)


async def draft_from_version(
    connection: Connection, program_id: UUID, number: int, *, author: str, now: datetime
) -> Draft:
    """Make the draft what an earlier version says, in place of the one that was.

    Raises:
        NotFound: the program has no such version.
    """
    kept = await version_numbered(connection, program_id, number)
    draft = Draft(kept.source, kept.format, author, now)
    await save_draft(connection, program_id, draft)
    return draft


async def _draft_of_mark(
    connection: Connection, program_id: UUID, mark: str, now: datetime
) -> tuple[Draft, Document]:
    draft = await draft_of_program(connection, program_id)
    if draft is None or mark_of(draft) != mark:
        raise Invalid(N_("The draft was changed meanwhile. Look at it again, then publish it."))
    return draft, read_document(draft.source, format=draft.format, today=now.date())
