"""Memberships: which person is what in which program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import LiteralString, cast
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.staff.roles import Right, Role, rights_of

# What a program asks of its staff is told to an owner's connection, which sees every program.
OF_USER: LiteralString = """
SELECT program_id, role, stores, coalesce(second_factor, false) AND NOT EXISTS (
  SELECT FROM mfa_authenticator AS factor
  WHERE factor.user_id = staff_membership.user_id AND factor.type <> 'recovery_codes'
) FROM staff_membership LEFT JOIN staff_policy USING (program_id) WHERE user_id = %s
"""
PUT: LiteralString = """
INSERT INTO staff_membership (program_id, user_id, role, stores) VALUES (%s, %s, %s, %s)
ON CONFLICT (program_id, user_id) DO UPDATE SET role = excluded.role, stores = excluded.stores
"""


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person is in a program; without `stores` she sees all of them.

    She `lacks_second_factor` where the program asks for one and her account has none.
    """

    program_id: UUID
    role: Role
    stores: tuple[str, ...]
    lacks_second_factor: bool = False

    def may(self, right: Right) -> bool:
        """Whether the role has a right."""
        return right in rights_of(self.role)


async def memberships_of(connection: Connection, user_id: UUID) -> list[Membership]:
    """Everything that a person is."""
    rows = await (await connection.execute(OF_USER, [user_id])).fetchall()
    return [
        Membership(
            cast(UUID, row[0]),
            Role(cast(str, row[1])),
            tuple(cast("list[str]", row[2])),
            cast(bool, row[3]),
        )
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
