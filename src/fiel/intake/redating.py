"""Migrate the dates of lots after a rule of expiry was changed: previewed, or run."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fiel.domain.time import NO_TIME, Duration
from fiel.intake.recording import Lend
from fiel.ledger.opening import Place
from fiel.ledger.posting import Version
from fiel.ledger.redating import Redating, members_with_lots, redate_members
from fiel.ledger.scope import program_transaction
from fiel.programs.versions import Published

MEMBERS_AT_ONCE = 500
_NOBODY = UUID(int=0)


async def redate_lots(
    lend: Lend,
    published: Published,
    *,
    now: datetime,
    notice: Duration = NO_TIME,
    is_done: bool = False,
) -> Redating:
    """What giving all open lots the dates of the rule in force comes to; done only where asked.

    A batch of members is one transaction, and what has its date already is left alone: cut off,
    it is finished by running it again.
    """
    total = Redating()
    version = Version(published.number, published.program)
    for shard in range(published.shards):
        place, after = Place(published.program_id, shard), _NOBODY
        while True:
            async with (
                lend() as connection,
                program_transaction(connection, published.program_id),
            ):
                members = await members_with_lots(
                    connection, place, after=after, most=MEMBERS_AT_ONCE
                )
                if not members:
                    break
                await redate_members(
                    connection, place, version, members, total,
                    now=now, notice=notice, is_done=is_done,
                )  # fmt: skip
            after = members[-1]
    return total
