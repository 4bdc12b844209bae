"""What the staff keeps about a member: notes, and who looks after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid, NotFound
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.members.queries import Whereabouts, member
from fiel.members.refusals import no_such_member

LONGEST_NOTE = 2_000
KEEP: LiteralString = """
INSERT INTO member_note (program_id, shard, member_id, id, text, user_id, author, made_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
OF_MEMBERS: LiteralString = """
SELECT id, text, user_id, author, made_at FROM member_note
WHERE program_id = %s AND member_id = ANY(%s)
ORDER BY made_at DESC, id DESC
LIMIT %s
"""
DROP: LiteralString = """
DELETE FROM member_note WHERE program_id = %s AND member_id = ANY(%s) AND id = %s RETURNING id
"""
ASSIGN: LiteralString = """
INSERT INTO member_manager (program_id, shard, member_id, user_id, name, since)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (shard, member_id)
DO UPDATE SET user_id = excluded.user_id, name = excluded.name, since = excluded.since
"""
RELEASE: LiteralString = """
DELETE FROM member_manager WHERE program_id = %s AND shard = %s AND member_id = %s
"""
MANAGER: LiteralString = """
SELECT user_id, name, since FROM member_manager
WHERE program_id = %s AND shard = %s AND member_id = %s
"""
FORGET: tuple[LiteralString, ...] = (
    "DELETE FROM member_note WHERE program_id = %s AND shard = %s AND member_id = %s",
    RELEASE,
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: an account, and the name that stays when the account goes."""

    user_id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote down about a member, and when."""

    id: UUID
    text: str
    author: Author
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AccountManager:
    """Who looks after a member, and since when."""

    user_id: UUID
    name: str
    since: datetime


async def write_note(
    connection: Connection,
    program_id: UUID,
    member_id: UUID,
    text: str,
    *,
    author: Author,
    now: datetime,
) -> Note:
    """Keep a note about a member, or about the survivor of one who was merged.

    Raises:
        NotFound: there is no such member.
        Invalid: the note is empty, or too long.
    """
    plain = text.strip()
    if not plain or len(plain) > LONGEST_NOTE:
        said = N_("Write a note of at most {most} characters.")
        problem = FieldProblem("text", "length", said, {"most": LONGEST_NOTE})
        raise Invalid(N_("Some fields are not valid."), problems=[problem])
    found = await member(connection, program_id, member_id)
    if found is None:
        raise no_such_member()
    note = Note(new_id(), plain, author, now)
    await connection.execute(
        KEEP,
        (
            program_id, found.shard, found.id, note.id, plain, author.user_id, author.name, now,
        ),
    )  # fmt: skip
    return note


async def notes_about(
    connection: Connection, program_id: UUID, members: Sequence[UUID], *, limit: int = 50
) -> list[Note]:
    """The notes about a member and whoever was merged into it, newest first."""
    cursor = await connection.execute(OF_MEMBERS, (program_id, list(members), limit))
    return [
        Note(id_, text, Author(user_id, author), made_at)
        for id_, text, user_id, author, made_at in await cursor.fetchall()
    ]


async def drop_note(
    connection: Connection, program_id: UUID, members: Sequence[UUID], note_id: UUID
) -> None:
    """Throw a note away.

    Raises:
        NotFound: there is no such note about these members.
    """
    cursor = await connection.execute(DROP, (program_id, list(members), note_id))
    if await cursor.fetchone() is None:
        raise NotFound(N_("There is no such note."))


async def assign_manager(
    connection: Connection,
    program_id: UUID,
    member_id: UUID,
    manager: Author | None,
    *,
    now: datetime,
) -> None:
    """Let somebody look after a member from now on; None for nobody.

    Raises:
        NotFound: there is no such member.
    """
    found = await member(connection, program_id, member_id)
    if found is None:
        raise no_such_member()
    here = (program_id, found.shard, found.id)
    if manager is None:
        await connection.execute(RELEASE, here)
    else:
        await connection.execute(ASSIGN, (*here, manager.user_id, manager.name, now))


async def manager_of(
    connection: Connection, program_id: UUID, place: Whereabouts
) -> AccountManager | None:
    """Who looks after a member."""
    asked = (program_id, place.shard, place.member_id)
    row = await (await connection.execute(MANAGER, asked)).fetchone()
    return None if row is None else AccountManager(*row)


async def forget_notes(
    connection: Connection, program_id: UUID, members: Sequence[Whereabouts]
) -> None:
    """Forget what the staff kept about people who are erased."""
    for place in members:
        for statement in FORGET:
            await connection.execute(statement, (program_id, place.shard, place.member_id))
