"""Referrals whose wait is over."""

from __future__ import annotations

from datetime import datetime

from fiel.intake.calendar.errand import Errand
from fiel.intake.referring import due_referrals
from fiel.ledger.scope import program_transaction
from fiel.members.referrals import next_referral


class Referrals:
    """Starts the wait of a referral with a purchase, and rewards both sides when it is over."""

    async def run(self, errand: Errand) -> int:
        """Look at every referral that waits; how many changed."""
        if errand.published.program.referral is None:
            return 0
        return await due_referrals(
            errand.lend, errand.versions, errand.program_id, now=errand.until
        )

    async def next_at(self, errand: Errand) -> datetime | None:
        """When the next wait is over."""
        if errand.published.program.referral is None:
            return None
        async with (
            errand.lend() as connection,
            program_transaction(connection, errand.program_id),
        ):
            return await next_referral(connection, errand.program_id, errand.until)
