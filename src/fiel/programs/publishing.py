"""Publishing: a document becomes the next version of its program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import orjson

from fiel.domain.document import Document
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.programs.difference import difference_record

LOCK: LiteralString = "SELECT slug, version FROM program WHERE id = %s FOR NO KEY UPDATE"
LATEST: LiteralString = (
    "SELECT document, format, content FROM program_version WHERE program_id = %s AND number = %s"
)
INSERT_VERSION: LiteralString = """
INSERT INTO program_version (id, program_id, number, document, format, content, difference, author,
                             published_at)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s, %s)
"""
# Who only joined has no amounts yet.
HAS_AMOUNTS: LiteralString = """
SELECT EXISTS (SELECT FROM activity WHERE program_id = %(program)s AND kind <> 'enrolment')
    OR EXISTS (SELECT FROM gift_card WHERE program_id = %(program)s)
"""
PUT_IN_FORCE: LiteralString = "UPDATE program SET version = %s, name = %s WHERE id = %s"
BY_SLUG: LiteralString = "SELECT id, sandbox FROM program WHERE slug = %s"
INSERT_PROGRAM: LiteralString = """
INSERT INTO program (id, slug, name, sandbox, shards, version, created_at)
VALUES (%s, %s, %s, %s, %s, NULL, %s)
ON CONFLICT (slug) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing came to; `is_new` is False when the document was in force already."""

    program_id: UUID
    number: int
    is_new: bool
    difference: list[dict[str, Any]]


async def publish(
    connection: Connection,
    program_id: UUID,
    document: Document,
    *,
    source: str,
    format: str,
    author: str,
    now: datetime,
) -> Publication:
    """Make a document the version in force; one that says the same changes nothing.

    `connection` is inside the program's transaction.

    Raises:
        Invalid: the document names another program, or another currency than what is recorded.
    """
    row = await (await connection.execute(LOCK, [program_id])).fetchone()
    assert row is not None, "a key or a slug led here"
    slug, number = row
    if document.program.slug != slug:
        text = N_("This program is “{slug}”; the document names another.")
        raise Invalid(
            N_("The document cannot be published."),
            problems=[FieldProblem("program", "other_program", text, {"slug": slug})],
        )
    before: dict[str, Any] = {}
    if number is not None:
        latest = await (await connection.execute(LATEST, [program_id, number])).fetchone()
        assert latest is not None, "the version in force is kept"
        if (latest[0], latest[1]) == (source, format) or latest[2] == document.plain:
            return Publication(program_id, number, is_new=False, difference=[])
        before = latest[2]
        await _refuse_another_currency(connection, program_id, before["currency"], document)
    difference = difference_record(before, document.plain)
    number = (number or 0) + 1
    version = (
        new_id(),
        program_id,
        number,
        source,
        format,
        orjson.dumps(document.plain, default=str).decode(),
        orjson.dumps(difference).decode(),
        author,
        now,
    )
    await connection.execute(INSERT_VERSION, version)
    await connection.execute(PUT_IN_FORCE, (number, document.program.name, program_id))
    return Publication(program_id, number, is_new=True, difference=difference)


async def _refuse_another_currency(
    connection: Connection, program_id: UUID, currency: str, document: Document
) -> None:
    """Amounts are kept as minor units: under another currency each would be another amount."""
    if document.program.currency.code == currency:
        return
    row = await (await connection.execute(HAS_AMOUNTS, {"program": program_id})).fetchone()
    if row is not None and row[0]:
        text = N_("What is recorded is in {currency}; it cannot become another currency's.")
        raise Invalid(
            N_("The document cannot be published."),
            problems=[FieldProblem("currency", "differs", text, {"currency": currency})],
        )


async def program_of_slug(owner: Connection, slug: str) -> UUID | None:
    """The program that has this slug; `owner` sees every program."""
    row = await (await owner.execute(BY_SLUG, [slug])).fetchone()
    return None if row is None else row[0]


async def new_program(
    owner: Connection, document: Document, *, sandbox: bool, now: datetime, shards: int = 1
) -> UUID | None:
    """Make the program that a document names; None when there is one of its slug already."""
    program_id = new_id()
    row = (program_id, document.program.slug, document.program.name, sandbox, shards, now)
    made = await owner.execute(INSERT_PROGRAM, row)
    return program_id if made.rowcount else None


async def open_program(
    owner: Connection, document: Document, *, sandbox: bool, now: datetime, shards: int = 1
) -> UUID:
    """The program that a document names, made when there is none; `owner` sees every program.

    Raises:
        Invalid: it exists, and is a sandbox where a live program is meant, or the other way round.
    """
    slug = document.program.slug
    await new_program(owner, document, sandbox=sandbox, now=now, shards=shards)
    found = await (await owner.execute(BY_SLUG, [slug])).fetchone()
    assert found is not None, "it was just made, if it was not there"
    if sandbox and not found[1]:
        raise Invalid(N_("“{slug}” is a live program; it cannot become a sandbox."), slug=slug)
    return UUID(str(found[0]))
