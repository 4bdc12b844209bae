"""Memberships: which person is what in which program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import LiteralString, cast
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.staff.roles import Right, Role, rights_of

OF_USER: LiteralString = """
SELECT program_id, role, stores FROM staff_membership WHERE user_id = %s
"""
PUT: LiteralString = """
INSERT INTO staff_membership (program_id, user_id, role, stores) VALUES (%s, %s, %s, %s)
ON CONFLICT (program_id, user_id) DO UPDATE SET role = excluded.role, stores = excluded.stores
"""


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person is in a program; without `stores` she sees all of them."""

    program_id: UUID
    role: Role
    stores: tuple[str, ...]

    def may(self, right: Right) -> bool:
        """Whether the role has a right."""
        return right in rights_of(self.role)


async def memberships_of(connection: Connection, user_id: UUID) -> list[Membership]:
    """Everything that a person is."""
    rows = await (await connection.execute(OF_USER, [user_id])).fetchall()
    return [
        Membership(cast(UUID, row[0]), Role(cast(str, row[1])), tuple(cast("list[str]", row[2])))
        for row in rows
    ]


async def put_membership(
    connection: Connection,
    program_id: UUID,
    user_id: UUID,
    role: Role,
    stores: Iterable[str] = (),
) -> None:
    """Let a person be something in a program, whatever she was there before."""
    await connection.execute(PUT, [program_id, user_id, str(role), list(stores)])


async def is_anybody_here(connection: Connection) -> bool:
    """Whether any account was made on this server yet."""
    row = await (await connection.execute("SELECT EXISTS (SELECT FROM staff_user)")).fetchone()
    return bool(row and row[0])
