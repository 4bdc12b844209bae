"""What is simulated and reviewed: the draft, or where there is none the program in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from fiel.domain.document import Document, DocumentRefused, Format, read_document
from fiel.programs.drafts import Draft, draft_of_program
from fiel.programs.launching.facts import began_at
from fiel.programs.queries import document_in_force
from fiel.web.ui.visit import Visit

SOLD: LiteralString = """
SELECT EXISTS (SELECT FROM activity WHERE program_id = %s AND kind = 'sale')
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A document to be tried; None where the draft has faults, or there is nothing at all.

    It is tried alone when it is in force itself, or when nothing but sales was recorded before.
    """

    document: Document | None
    is_draft: bool
    has_sales: bool
    is_alone: bool


async def subject_of(visit: Visit, *, wants_draft: bool = True) -> Subject:
    """What a visit is about."""
    async with visit.reading() as connection:
        row = await (await connection.execute(SOLD, (visit.program_id,))).fetchone()
        has_sales = bool(row and row[0])
        began = await began_at(connection, visit.program_id)
        draft = await draft_of_program(connection, visit.program_id)
        if draft is not None and (wants_draft or began is None):
            return Subject(read_quietly(draft), True, has_sales, began is None)
        if visit.published is None:
            return Subject(None, False, has_sales, True)
        found = await document_in_force(connection, visit.program_id)
    document = read_document(found.content, format=Format.JSON)
    return Subject(document, False, has_sales, True)


def read_quietly(draft: Draft) -> Document | None:
    """A draft, read; None while it has faults."""
    try:
        return read_document(draft.source, format=draft.format)
    except DocumentRefused:
        return None
