"""The shop's counter without a network: each service called at a moment of one's choice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from fiel.intake.adjusting import adjust_points
from fiel.intake.calendar.errand import Errand
from fiel.intake.calendar.running import run_calendar
from fiel.intake.contents.adjustments import AdjustmentBody
from fiel.intake.contents.people import TransferBody
from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.contents.returns import LineBackBody, ReturnBody
from fiel.intake.contents.sales import LineBody
from fiel.intake.merging import merge_members
from fiel.intake.redeeming import redeem
from fiel.intake.redeeming_changes import Asking, cancel_redemption, capture_redemption
from fiel.intake.returning import return_goods
from fiel.intake.transferring import transfer_points
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.platform.database import Database
from tests.support.till import Till, named


@dataclass
class Counter:
    """A till that does more than sell."""

    database: Database
    till: Till = field(init=False)
    sales: dict[str, UUID] = field(default_factory=dict)
    redemptions: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.till = Till(self.database)

    @property
    def door(self) -> tuple[Any, ...]:
        """What every service begins with."""
        return self.database.posting, self.till.versions, self.till.program_id

    async def sells(
        self, name: str, cents: int, quantity: int, paid: int, number: str, now: datetime
    ) -> None:
        line = LineBody(quantity=Decimal(quantity), unit_price=Decimal(cents) / 100)
        ask = self.till.sale("0", to=name, now=now, number=number, lines=(line,), paid=paid)
        self.sales[number] = (await self.till.records(ask)).recorded.id

    async def takes_back(self, number: str, quantity: int, name: str, now: datetime) -> None:
        back = [LineBackBody(line=1, quantity=Decimal(quantity))]
        body = ReturnBody(external_id=name, lines=back)
        await return_goods(*self.door, self.sales[number], body, request_id=new_id(), now=now)

    async def hears_a_review(self, name: str, now: datetime) -> None:
        await self.till.records(self.till.activity("review", by=name, now=now))

    async def adjusts(self, name: str, points: int, now: datetime) -> None:
        body = AdjustmentBody.model_construct(
            external_id=None, source="", member=named(name), unit="points", points=points,
            reason="una disculpa", author="", expires_at=None,
        )  # fmt: skip
        await adjust_points(*self.door, body, request_id=new_id(), author="Berta", now=now)

    async def redeems(self, name: str, number: str, now: datetime, *, held: bool) -> None:
        body = RedemptionBody.model_construct(
            external_id=number, source="", member=named(name), reward="cafe", quantity=1,
            points_payment=None, capture=not held, hold_minutes=43_200 if held else None, store="",
        )  # fmt: skip
        done = await redeem(*self.door, body, request_id=new_id(), author="Berta", now=now)
        self.redemptions[number] = done.recorded.id

    async def captures(self, number: str, now: datetime) -> None:
        await capture_redemption(*self.door[:2], self._asking(number, now))

    async def cancels(self, number: str, now: datetime) -> None:
        asking = self._asking(number, now)
        await cancel_redemption(*self.door[:2], asking, may_cancel_used=False)

    async def transfers(self, name: str, to: str, points: int, number: str, now: datetime) -> None:
        body = TransferBody.model_construct(
            external_id=number, source="", from_=named(name), to=named(to), unit="points",
            points=points, reason="",
        )  # fmt: skip
        await transfer_points(*self.door, body, request_id=new_id(), author="Berta", now=now)

    async def merges_a_newcomer(self, name: str, points: int, newcomer: str, now: datetime) -> None:
        enrolled = await self.till.enrols(newcomer, now=now)
        await self.adjusts(newcomer, points, now)
        await merge_members(
            *self.door, enrolled.member.id, named(name), request_id=new_id(), now=now
        )

    async def goes_through_the_calendar(self, now: datetime) -> None:
        program_id = self.till.program_id
        async with (
            self.database.connection() as connection,
            program_transaction(connection, program_id),
        ):
            published = await self.till.versions.in_force(connection, program_id)
        errand = Errand(*self.door[:2], published, until=now, since=now - timedelta(days=1))
        await run_calendar(errand)

    def _asking(self, number: str, now: datetime) -> Asking:
        return Asking(self.till.program_id, self.redemptions[number], new_id(), "Berta", now)
