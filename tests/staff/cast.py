"""The staff of the Café Sol and of its rival, as accounts in a database."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from fiel.ledger.scope import Connection
from fiel.staff.accounts import create_account
from fiel.staff.memberships import put_membership
from fiel.staff.roles import Role

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAFE_SOL, RIVAL = uuid4(), uuid4()


async def account(connection: Connection, name: str) -> UUID:
    """An account by whose password nobody signs in."""
    return await create_account(
        connection, email=f"{name}@example.com", name=name.title(), password_hash="!", now=NOW
    )


async def hired(connection: Connection, name: str, role: Role, program_id: UUID = CAFE_SOL) -> UUID:
    """Somebody on the staff of a program."""
    user_id = await account(connection, name)
    await put_membership(connection, program_id, user_id, role)
    return user_id
