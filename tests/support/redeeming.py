"""The counter where rewards are handed out, at any time: services without a network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.contents.sales import PointsPayment
from fiel.intake.redeeming import redeem
from fiel.intake.redeeming_changes import (
    Asking,
    cancel_redemption,
    capture_redemption,
    use_redemption,
)
from fiel.intake.redeeming_ends import expire_redemptions
from fiel.ledger.ids import new_id
from fiel.ledger.posting import Recorded
from fiel.ledger.scope import program_transaction
from fiel.rewards.redemptions import Redemption, redemption_by_id
from tests.support.till import Till, named


@dataclass
class Counter:
    """Where a till's members redeem."""

    till: Till

    async def redeems(
        self,
        name: str,
        reward: str | None,
        *,
        now: datetime,
        capture: bool = True,
        points: int | None = None,
        hold_minutes: int | None = None,
    ) -> UUID:
        """Redeem a reward, or hold points that are to pay; the redemption's id."""
        body = RedemptionBody.model_construct(
            external_id=None,
            source="",
            member=named(name),
            reward=reward,
            quantity=1,
            points_payment=None if points is None else PointsPayment(unit="points", points=points),
            capture=capture,
            hold_minutes=hold_minutes,
            store="",
        )
        done = await redeem(
            self.till.database.posting, self.till.versions, self.till.program_id, body,
            request_id=new_id(), author="tests", now=now,
        )  # fmt: skip
        return UUID(done.recorded.decision["redemption"]["id"])

    async def captures(self, redemption: UUID, *, now: datetime) -> Recorded:
        """Capture a redemption."""
        lend, versions = self.till.database.posting, self.till.versions
        return (await capture_redemption(lend, versions, self._asking(redemption, now))).recorded

    async def uses(self, redemption: UUID, *, now: datetime) -> Recorded:
        """Use a redemption."""
        lend, versions = self.till.database.posting, self.till.versions
        return (await use_redemption(lend, versions, self._asking(redemption, now))).recorded

    async def cancels(self, redemption: UUID, *, now: datetime, manager: bool = False) -> Recorded:
        """Cancel a redemption."""
        lend, versions = self.till.database.posting, self.till.versions
        asking = self._asking(redemption, now)
        done = await cancel_redemption(lend, versions, asking, may_cancel_used=manager)
        return done.recorded

    async def midnight(self, *, now: datetime, most: int = 200) -> int:
        """End what is due, as the calendar does; how much was ended."""
        return await expire_redemptions(
            self.till.database.posting, self.till.versions, self.till.program_id, 0,
            now=now, most=most,
        )  # fmt: skip

    async def redemption(self, redemption: UUID) -> Redemption:
        """A redemption as it is kept."""
        async with (
            self.till.database.connection() as connection,
            program_transaction(connection, self.till.program_id),
        ):
            found = await redemption_by_id(connection, self.till.program_id, redemption)
        assert found is not None, "it was made"
        return found

    def _asking(self, redemption: UUID, now: datetime) -> Asking:
        return Asking(self.till.program_id, redemption, new_id(), "tests", now)
