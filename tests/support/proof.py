"""The audit of a test's database."""

from __future__ import annotations

import asyncio

from fiel.ledger.audit import Proof, audit
from fiel.platform.database import open_database


def proof_of(url: str) -> Proof:
    """What the audit says of every program."""

    async def prove() -> Proof:
        async with open_database(url, connections=1) as database, database.owner() as owner:
            return await audit(owner)

    return asyncio.run(prove())
