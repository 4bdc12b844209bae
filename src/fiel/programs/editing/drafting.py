"""Drafts that several people work on: a change is made of what stands there; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.programs.drafts import (
    Draft,
    draft_of_program,
    forget_draft,
    lock_draft,
    save_draft,
    start_draft,
)
from fiel.programs.editing.written import Written
from fiel.programs.queries import PublishedDocument, document_in_force
from fiel.programs.versions import NoProgram

_TRIES = 3


@dataclass(frozen=True)
class Worked:
    """The document that is worked on, and the version in force beside it, if there is one.

    Without a draft it is the version's own document, and `draft` is None.
    """

    written: Written
    draft: Draft | None
    in_force: PublishedDocument | None


async def worked_on(connection: Connection, program_id: UUID) -> Worked | None:
    """The document that is worked on; None where there is neither a draft nor a version.

    `connection` is in the program's transaction.
    """
    return _worked(
        await draft_of_program(connection, program_id), await _in_force(connection, program_id)
    )


async def change_draft(
    connection: Connection,
    program_id: UUID,
    change: Callable[[Written | None], Written],
    *,
    author: str,
    now: datetime,
) -> Worked:
    """Change the document as it stands now; others wait meanwhile.

    A document that says again, to the letter, what is in force is a draft no more. `connection` is
    in the program's transaction.
    """
    in_force = await _in_force(connection, program_id)
    for _ in range(_TRIES):
        before = _worked(await lock_draft(connection, program_id), in_force)
        after = change(before.written if before else None)
        if before and after == before.written:
            return before
        draft = Draft(after.source, str(after.format), author, now)
        if in_force and (after.source, after.format) == (in_force.source, in_force.format):
            await forget_draft(connection, program_id)
            return Worked(after, None, in_force)
        if before is None or before.draft is None:
            if await start_draft(connection, program_id, draft):
                return Worked(after, draft, in_force)
            continue  # somebody began one meanwhile: the change is made of theirs
        await save_draft(connection, program_id, draft)
        return Worked(after, draft, in_force)
    raise AssertionError("a draft that was begun meanwhile is there to be locked")


def _worked(draft: Draft | None, in_force: PublishedDocument | None) -> Worked | None:
    if draft is not None:
        return Worked(Written(draft.source, draft.format), draft, in_force)
    if in_force is not None:
        return Worked(Written(in_force.source, in_force.format), None, in_force)
    return None


async def _in_force(connection: Connection, program_id: UUID) -> PublishedDocument | None:
    try:
        return await document_in_force(connection, program_id)
    except NoProgram:
        return None
