"""The audit trail: what people did in the console, and to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString
from uuid import UUID

import orjson

from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection, program_transaction

INSERT: LiteralString = """
INSERT INTO audit_entry (program_id, id, at, user_id, actor, action, about, details, address)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: an account, with the name that stays when the account goes."""

    user_id: UUID | None
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: an action such as "member.merged", to what, with its particulars."""

    action: str
    about: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


async def keep_deed(
    connection: Connection, program_id: UUID, actor: Actor, deed: Deed, *, at: datetime
) -> UUID:
    """Write a deed into a program's audit trail; its id."""
    id_ = new_id()
    told = orjson.dumps(dict(deed.details), default=str).decode()
    async with program_transaction(connection, program_id):
        await connection.execute(
            INSERT,
            [
                program_id, id_, at, actor.user_id, actor.name, deed.action, deed.about, told,
                actor.address,
            ],
        )  # fmt: skip
    return id_
