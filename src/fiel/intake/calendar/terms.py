"""Terms of tiers that were held without one: the program lets them fall only since a change."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from fiel.intake.calendar.errand import Errand
from fiel.ledger.due import begin_terms, tiers_without_term
from fiel.ledger.opening import Place
from fiel.ledger.posting import Version
from fiel.ledger.scope import program_transaction
from fiel.programs.clock import day_done, keep_day_done

MEMBERS_AT_ONCE = 500
_NOBODY = UUID(int=0)


class Terms:
    """Gives everybody a whole term from the day on which a program begins to let tiers fall.

    Every member is looked at, once for each change of the ladder.
    """

    async def run(self, errand: Errand) -> int:
        """Begin the terms that are missing; how many those were."""
        tiers = errand.published.program.tiers
        if tiers is None or tiers.downgrade is None:
            return 0
        name = "terms " + blake2b(repr(tiers).encode(), digest_size=8).hexdigest()
        async with (
            errand.lend() as connection,
            program_transaction(connection, errand.program_id),
        ):
            if await day_done(connection, errand.program_id, name) is not None:
                return 0
        fall = [level.id for level in tiers.levels[1:]]
        begun = 0
        for shard in range(errand.published.shards):
            begun += await _begin(errand, shard, fall)
        async with (
            errand.lend() as connection,
            program_transaction(connection, errand.program_id),
        ):
            await keep_day_done(connection, errand.program_id, name, errand.today)
        return begun

    async def next_at(self, _errand: Errand) -> datetime | None:
        """Never: a change of the program is not a matter of time."""
        return None


async def _begin(errand: Errand, shard: int, tiers: list[str]) -> int:
    published = errand.published
    place, version = Place(errand.program_id, shard), Version(published.number, published.program)
    begun, after = 0, _NOBODY
    while True:
        async with (
            errand.lend() as connection,
            program_transaction(connection, errand.program_id),
        ):
            members = await tiers_without_term(
                connection, place, tiers, after=after, most=MEMBERS_AT_ONCE
            )
            if not members:
                return begun
            begun += await begin_terms(connection, place, version, members, errand.until)
        after = members[-1]
