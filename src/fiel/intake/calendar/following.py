"""What other rooms let fall due: rewards that were not used, and returns that were left over."""

from __future__ import annotations

from datetime import datetime

from fiel.intake.calendar.errand import Errand
from fiel.intake.parking import apply_left_over
from fiel.intake.redeeming_ends import expire_redemptions
from fiel.ledger.opening import Place
from fiel.ledger.scope import program_transaction
from fiel.rewards.redemptions import next_redemption_due


class Redemptions:
    """Ends what was held or promised until a moment: everything comes back."""

    async def run(self, errand: Errand) -> int:
        """End what is due, a batch at a time; how many redemptions that were."""
        ended = 0
        for shard in range(errand.published.shards):
            while now_ended := await expire_redemptions(
                errand.lend, errand.versions, errand.program_id, shard, now=errand.until
            ):
                ended += now_ended
        return ended

    async def next_at(self, errand: Errand) -> datetime | None:
        """When the next one is due."""
        found = []
        async with errand.lend() as connection, program_transaction(connection, errand.program_id):
            for shard in range(errand.published.shards):
                place = Place(errand.program_id, shard)
                found.append(await next_redemption_due(connection, place, errand.until))
        return min((at for at in found if at is not None), default=None)


class LeftOver:
    """Applies returns that wait though their sale is there, because somebody was cut off."""

    async def run(self, errand: Errand) -> int:
        """Apply them; nobody counts what should not have been left."""
        await apply_left_over(errand.lend, errand.versions, errand.program_id, now=errand.until)
        return 0

    async def next_at(self, _errand: Errand) -> datetime | None:
        """Never: what waits for its sale waits for no moment."""
        return None
