"""The demo's doors: whoever comes may step into its console, with one click."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.staff.accounts import account_of, create_account
from fiel.staff.demo import open_demo_door
from fiel.staff.memberships import put_membership
from fiel.staff.roles import Role

EMAIL = "demo@fiel.example"
NAME = "Demo"
# A hash that no password has: nobody signs in to this account by one.
_NO_PASSWORD = "!"  # noqa: S105


async def open_doors_of_demo(owner: Connection, program_id: UUID, *, now: datetime) -> None:
    """Open the demo to all, by an account of its own that owns it."""
    account = await account_of(owner, EMAIL)
    user_id = account.id if account else await create_account(
        owner, email=EMAIL, name=NAME, password_hash=_NO_PASSWORD, now=now
    )  # fmt: skip
    await put_membership(owner, program_id, user_id, Role.OWNER)
    await open_demo_door(owner, program_id, user_id)
