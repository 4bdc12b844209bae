"""The first account of a server: made by whoever runs it, once, and by nobody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.staff.accounts import create_account
from fiel.staff.memberships import is_anybody_here

# Two that come at once: the second waits, and finds the first.
_ONE_AT_A_TIME: LiteralString = "LOCK TABLE staff_user IN SHARE ROW EXCLUSIVE MODE"
_TOKEN_BYTES = 15  # as many letters as nobody guesses, and a person can still copy


def first_run_token(secret: str) -> str:
    """What `fiel up` prints, and whoever is not at the machine itself has to bring."""
    digest = hmac.digest(secret.encode(), b"the first account", hashlib.sha256)
    return base64.b32encode(digest[:_TOKEN_BYTES]).decode().lower()


def is_first_run_token(told: str, secret: str) -> bool:
    """Whether somebody brings it."""
    return hmac.compare_digest(told.strip().lower().encode(), first_run_token(secret).encode())


async def create_first_account(
    owner: Connection, *, email: str, name: str, password_hash: str, language: str, now: datetime
) -> UUID | None:
    """Make the first account of the server; None when there is one already.

    Raises:
        Invalid: the e-mail address is none.
    """
    async with owner.transaction():
        await owner.execute(_ONE_AT_A_TIME)
        if await is_anybody_here(owner):
            return None
        return await create_account(
            owner, email=email, name=name, password_hash=password_hash, now=now, language=language
        )
