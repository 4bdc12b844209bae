"""Invitations: a link that lets one person join a program's staff, once, for a while."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString, cast
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import NotFound, Refusal
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.staff.accounts import read_email
from fiel.staff.memberships import put_membership
from fiel.staff.roles import Role

LASTS = timedelta(days=7)

IS_ON_STAFF: LiteralString = """
SELECT FROM staff_membership JOIN staff_user ON staff_user.id = user_id
WHERE program_id = %s AND email = %s
"""
WITHDRAW_FORMER: LiteralString = """
UPDATE staff_invitation SET withdrawn_at = %s
WHERE program_id = %s AND email = %s AND accepted_at IS NULL AND withdrawn_at IS NULL
"""
INSERT: LiteralString = """
INSERT INTO staff_invitation
  (id, program_id, email, role, stores, hash, invited_by, created_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
WAITING: LiteralString = """
SELECT id, program_id, email, role, stores, created_at, expires_at FROM staff_invitation
WHERE program_id = %s AND accepted_at IS NULL AND withdrawn_at IS NULL ORDER BY created_at, id
"""
WITHDRAW: LiteralString = """
UPDATE staff_invitation SET withdrawn_at = %s
WHERE program_id = %s AND id = %s AND accepted_at IS NULL AND withdrawn_at IS NULL
RETURNING id, program_id, email, role, stores, created_at, expires_at
"""
BY_HASH: LiteralString = """
SELECT id, program_id, email, role, stores, created_at, expires_at FROM staff_invitation
WHERE hash = %s AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > %s
"""
ACCEPT: LiteralString = """
UPDATE staff_invitation SET accepted_at = %s
WHERE hash = %s AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > %s
RETURNING id, program_id, email, role, stores, created_at, expires_at
"""


class AlreadyOnStaff(Refusal):
    """The person who is invited is there already."""

    code = "already_on_staff"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation without its secret."""

    id: UUID
    program_id: UUID
    email: str
    role: Role
    stores: tuple[str, ...]
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation that was just made, with the secret of its link, which is never shown again."""

    invitation: Invitation
    secret: str


async def invite(
    connection: Connection,
    *,
    program_id: UUID,
    email: str,
    role: Role,
    stores: Iterable[str] = (),
    invited_by: UUID | None,
    now: datetime,
) -> NewInvitation:
    """Invite somebody to a program's staff; an earlier invitation to that address ends.

    Raises:
        Invalid: the e-mail address is none.
        AlreadyOnStaff: an account of that address is on the staff.
    """
    address = read_email(email)
    async with connection.transaction():
        if (await connection.execute(IS_ON_STAFF, [program_id, address])).rowcount:
            raise AlreadyOnStaff(N_("{email} is on the staff already."), email=address)
        await connection.execute(WITHDRAW_FORMER, [now, program_id, address])
        seen = () if role is Role.OWNER else tuple(sorted(set(stores)))
        made = Invitation(new_id(), program_id, address, role, seen, now, now + LASTS)
        secret = secrets.token_urlsafe(32)
        await connection.execute(
            INSERT,
            [
                made.id, program_id, address, str(role), list(seen), secret_hash(secret),
                invited_by, now, made.expires_at,
            ],
        )  # fmt: skip
    return NewInvitation(made, secret)


async def waiting_invitations(connection: Connection, program_id: UUID) -> list[Invitation]:
    """A program's invitations that nobody has accepted, those that have run out too."""
    rows = await (await connection.execute(WAITING, [program_id])).fetchall()
    return [_invitation(row) for row in rows]


async def withdraw_invitation(
    connection: Connection, program_id: UUID, invitation_id: UUID, *, now: datetime
) -> Invitation:
    """Let an invitation's link lead nowhere.

    Raises:
        NotFound: no such invitation waits.
    """
    row = await (await connection.execute(WITHDRAW, [now, program_id, invitation_id])).fetchone()
    if row is None:
        raise NotFound(N_("There is no such invitation any more."))
    return _invitation(row)


async def invitation_of(connection: Connection, secret: str, *, now: datetime) -> Invitation | None:
    """The invitation that a link names; None when it ran out, was used or was withdrawn."""
    row = await (await connection.execute(BY_HASH, [secret_hash(secret), now])).fetchone()
    return None if row is None else _invitation(row)


async def accept_invitation(
    connection: Connection, secret: str, user_id: UUID, *, now: datetime
) -> Invitation:
    """Put an account on the staff that it was invited to; a link does this once.

    Raises:
        NotFound: the link leads nowhere any more.
    """
    async with connection.transaction():
        row = await (await connection.execute(ACCEPT, [now, secret_hash(secret), now])).fetchone()
        if row is None:
            raise NotFound(N_("This invitation was used, withdrawn, or has run out."))
        accepted = _invitation(row)
        await put_membership(
            connection, accepted.program_id, user_id, accepted.role, accepted.stores
        )
    return accepted


def secret_hash(secret: str) -> bytes:
    """What is kept of a link. A secret of 256 chance bits needs no slow hash."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


def _invitation(row: tuple[object, ...]) -> Invitation:
    return Invitation(
        id=cast(UUID, row[0]),
        program_id=cast(UUID, row[1]),
        email=cast(str, row[2]),
        role=Role(cast(str, row[3])),
        stores=tuple(cast("list[str]", row[4])),
        created_at=cast(datetime, row[5]),
        expires_at=cast(datetime, row[6]),
    )
