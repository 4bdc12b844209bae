"""The people of a program's staff: who they are, what they may become, and how they go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, cast
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import NotFound, Refusal
from fiel.ledger.scope import Connection
from fiel.staff.roles import Role

OF_PROGRAM: LiteralString = """
SELECT staff_user.id, email, name, is_active, last_login, role, stores, since,
  EXISTS (SELECT FROM mfa_authenticator
          WHERE mfa_authenticator.user_id = staff_user.id AND type <> 'recovery_codes'),
  (SELECT count(*) FROM usersessions_usersession AS open
   JOIN django_session ON django_session.session_key = open.session_key
   WHERE open.user_id = staff_user.id AND expire_date > %s)
FROM staff_membership JOIN staff_user ON staff_user.id = user_id
WHERE program_id = %s ORDER BY email
"""
# Whoever changes an owner holds all owners: of two that go at once, the second sees the first gone.
OWNERS: LiteralString = """
SELECT user_id FROM staff_membership WHERE program_id = %s AND role = 'owner'
ORDER BY user_id FOR UPDATE
"""
CHANGE: LiteralString = """
UPDATE staff_membership SET role = %s, stores = %s WHERE program_id = %s AND user_id = %s
"""
REMOVE: LiteralString = "DELETE FROM staff_membership WHERE program_id = %s AND user_id = %s"
IS_THERE: LiteralString = """
SELECT FROM staff_membership WHERE program_id = %s AND user_id = %s
"""
END_SESSIONS: LiteralString = """
WITH ended AS (
  DELETE FROM usersessions_usersession WHERE user_id = %s RETURNING session_key
)
DELETE FROM django_session USING ended WHERE django_session.session_key = ended.session_key
"""


class LastOwner(Refusal):
    """A program cannot be without an owner."""

    code = "last_owner"


@dataclass(frozen=True, slots=True)
class Person:
    """One of a program's staff, as a list tells of her; without `stores` she sees all of them."""

    user_id: UUID
    email: str
    name: str
    is_open: bool
    last_sign_in: datetime | None
    role: Role
    stores: tuple[str, ...]
    since: datetime
    has_second_factor: bool
    sessions: int


async def people_of(connection: Connection, program_id: UUID, *, now: datetime) -> list[Person]:
    """A program's staff, by e-mail address."""
    rows = await (await connection.execute(OF_PROGRAM, [now, program_id])).fetchall()
    return [_person(row) for row in rows]


async def person_of(
    connection: Connection, program_id: UUID, user_id: UUID, *, now: datetime
) -> Person:
    """One of a program's staff.

    Raises:
        NotFound: nobody of the program's staff has that id.
    """
    for person in await people_of(connection, program_id, now=now):
        if person.user_id == user_id:
            return person
    raise NotFound(N_("There is no such person on the staff of this program."))


async def change_person(
    connection: Connection,
    program_id: UUID,
    user_id: UUID,
    *,
    role: Role,
    stores: Iterable[str] = (),
) -> None:
    """Make a person something else, or let her see other stores.

    Raises:
        NotFound: nobody of the program's staff has that id.
        LastOwner: she is the only owner and would be one no more.
    """
    async with connection.transaction():
        if role is not Role.OWNER:
            await _another_owner(connection, program_id, user_id)
        seen = [] if role is Role.OWNER else sorted(set(stores))
        done = await connection.execute(CHANGE, [str(role), seen, program_id, user_id])
        if not done.rowcount:
            raise NotFound(N_("There is no such person on the staff of this program."))


async def remove_person(connection: Connection, program_id: UUID, user_id: UUID) -> None:
    """Take a person off the staff; her account and her trail stay.

    Raises:
        NotFound: nobody of the program's staff has that id.
        LastOwner: she is the only owner.
    """
    async with connection.transaction():
        await _another_owner(connection, program_id, user_id)
        done = await connection.execute(REMOVE, [program_id, user_id])
        if not done.rowcount:
            raise NotFound(N_("There is no such person on the staff of this program."))


async def sign_out_everywhere(connection: Connection, program_id: UUID, user_id: UUID) -> int:
    """End every session of a person of a program's staff; how many there were.

    Raises:
        NotFound: nobody of the program's staff has that id.
    """
    found = await connection.execute(IS_THERE, [program_id, user_id])
    if not found.rowcount:
        raise NotFound(N_("There is no such person on the staff of this program."))
    return await end_sessions(connection, user_id)


async def end_sessions(connection: Connection, user_id: UUID) -> int:
    """End every session of an account; how many there were."""
    return (await connection.execute(END_SESSIONS, [user_id])).rowcount


async def _another_owner(connection: Connection, program_id: UUID, user_id: UUID) -> None:
    rows = await (await connection.execute(OWNERS, [program_id])).fetchall()
    owners = [cast(UUID, row[0]) for row in rows]
    if owners == [user_id]:
        raise LastOwner(
            N_("This is the only owner. Make somebody else an owner first, then try again.")
        )


def _person(row: tuple[object, ...]) -> Person:
    return Person(
        user_id=cast(UUID, row[0]),
        email=cast(str, row[1]),
        name=cast(str, row[2]),
        is_open=cast(bool, row[3]),
        last_sign_in=cast("datetime | None", row[4]),
        role=Role(cast(str, row[5])),
        stores=tuple(cast("list[str]", row[6])),
        since=cast(datetime, row[7]),
        has_second_factor=cast(bool, row[8]),
        sessions=cast(int, row[9]),
    )
