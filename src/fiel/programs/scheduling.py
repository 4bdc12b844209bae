"""Publishing at a date: a draft waits, and becomes the next version when its moment comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, LiteralString
from uuid import UUID

from fiel.domain.document import Document, DocumentRefused, read_document
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid, NotFound
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.programs.drafts import Draft, draft_of_program, forget_draft
from fiel.programs.publishing import Publication, publish

FARTHEST = timedelta(days=2 * 366)

_COLUMNS: LiteralString = (
    "id, document, format, author, made_at, publish_at, state, ended_at, version, problem"
)
INSERT: LiteralString = """
INSERT INTO program_scheduled (program_id, id, document, format, author, made_at, publish_at, state)
VALUES (%s, %s, %s, %s, %s, %s, %s, 'waiting')
ON CONFLICT (program_id) WHERE state = 'waiting' DO NOTHING
"""
WAITING: LiteralString = (
    f"SELECT {_COLUMNS} FROM program_scheduled WHERE program_id = %s AND state = 'waiting'"
)
LATEST: LiteralString = (
    f"SELECT {_COLUMNS} FROM program_scheduled WHERE program_id = %s ORDER BY id DESC LIMIT %s"
)
END: LiteralString = """
UPDATE program_scheduled SET state = %s, ended_at = %s, version = %s, problem = %s
WHERE program_id = %s AND id = %s AND state = 'waiting'
"""
LOCK_PROGRAM: LiteralString = "SELECT FROM program WHERE id = %s FOR NO KEY UPDATE"
# By each program's own time: a sandbox may stand at another moment than the world.
DUE: LiteralString = """
SELECT s.program_id, coalesce(p.clock_at, %(wall)s)
FROM program_scheduled s JOIN program p ON p.id = s.program_id
WHERE s.state = 'waiting' AND s.publish_at <= coalesce(p.clock_at, %(wall)s)
"""


class State(StrEnum):
    """What became of a publication that was to wait."""

    WAITING = "waiting"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A publication that waits, or waited. `problem` is the code of why it was refused."""

    id: UUID
    source: str
    format: str
    author: str
    made_at: datetime
    publish_at: datetime
    state: State
    ended_at: datetime | None
    version: int | None
    problem: str


async def schedule_publication(
    connection: Connection,
    program_id: UUID,
    draft: Draft,
    *,
    at: datetime,
    author: str,
    now: datetime,
) -> UUID:
    """Let a draft wait for its moment; `connection` is inside the program's transaction.

    Raises:
        Invalid: the moment is not in the two years to come, or another publication waits already.
    """
    if not now < at <= now + FARTHEST:
        text = N_("Choose a moment in the two years to come.")
        raise _not_valid(FieldProblem("at", "out_of_range", text))
    id_ = new_id()
    row = (program_id, id_, draft.source, draft.format, author, now, at)
    made = await connection.execute(INSERT, row)
    if not made.rowcount:
        text = N_("Another publication waits already: cancel it first.")
        raise _not_valid(FieldProblem("at", "waits_already", text))
    return id_


async def waiting_publication(connection: Connection, program_id: UUID) -> Scheduled | None:
    """The publication that waits; None when there is none."""
    row = await (await connection.execute(WAITING, (program_id,))).fetchone()
    return None if row is None else _scheduled(row)


async def latest_publications(
    connection: Connection, program_id: UUID, *, most: int = 5
) -> list[Scheduled]:
    """The publications that waited last, the newest first."""
    rows = await (await connection.execute(LATEST, (program_id, most))).fetchall()
    return [_scheduled(row) for row in rows]


async def cancel_publication(
    connection: Connection, program_id: UUID, scheduled_id: UUID, *, now: datetime
) -> None:
    """Let a publication not be made.

    Raises:
        NotFound: it does not wait: it was made, refused or cancelled already.
    """
    if not await _end(connection, program_id, scheduled_id, State.CANCELLED, now):
        raise NotFound(N_("This publication does not wait any more."))


async def publish_due(
    connection: Connection, program_id: UUID, *, now: datetime
) -> tuple[Scheduled, Publication | None] | None:
    """Make the publication whose moment has come, of the draft that it was made from.

    The answer is None when nothing was due; without a publication it was refused: somebody changed
    or dropped the draft meanwhile, or it cannot be published any more. `connection` is inside the
    program's transaction.
    """
    await connection.execute(LOCK_PROGRAM, (program_id,))
    found = await waiting_publication(connection, program_id)
    if found is None or found.publish_at > now:
        return None
    draft = await draft_of_program(connection, program_id)
    if draft is None or (draft.source, draft.format) != (found.source, found.format):
        await _end(connection, program_id, found.id, State.REFUSED, now, problem="draft_changed")
        return found, None
    try:
        document = read_document(found.source, format=found.format, today=now.date())
        publication = await _publish(connection, program_id, found, document, now)
    except (DocumentRefused, Invalid):
        await _end(connection, program_id, found.id, State.REFUSED, now, problem="invalid")
        return found, None
    await forget_draft(connection, program_id)
    number = publication.number
    await _end(connection, program_id, found.id, State.PUBLISHED, now, version=number)
    return found, publication


async def programs_with_due(owner: Connection, wall: datetime) -> list[tuple[UUID, datetime]]:
    """Programs with a publication whose moment has come, and their time; `owner` sees them all."""
    rows: list[tuple[Any, ...]] = await (await owner.execute(DUE, {"wall": wall})).fetchall()
    return [(row[0], row[1]) for row in rows]


async def _publish(
    connection: Connection, program_id: UUID, found: Scheduled, document: Document, now: datetime
) -> Publication:
    return await publish(
        connection, program_id, document,
        source=found.source, format=found.format, author=found.author, now=now,
    )  # fmt: skip


async def _end(
    connection: Connection,
    program_id: UUID,
    scheduled_id: UUID,
    state: State,
    now: datetime,
    *,
    version: int | None = None,
    problem: str = "",
) -> bool:
    values = (str(state), now, version, problem, program_id, scheduled_id)
    ended = await connection.execute(END, values)
    return bool(ended.rowcount)


def _scheduled(row: tuple[Any, ...]) -> Scheduled:
    id_, source, format_, author, made_at, publish_at, state, *ended = row
    return Scheduled(id_, source, format_, author, made_at, publish_at, State(state), *ended)


def _not_valid(problem: FieldProblem) -> Invalid:
    return Invalid(N_("Some fields are not valid."), problems=[problem])
