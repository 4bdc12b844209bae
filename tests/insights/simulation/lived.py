"""A past that is lived twice: by the real services, and in the columns that a replay reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pyarrow as pa

from fiel.domain.activity import LineKind, Sale
from fiel.domain.document import read_document
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.insights.columns.tables import TABLES
from fiel.intake.asking import Ask
from fiel.intake.calendar import Errand, run_calendar
from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.contents.returns import ReturnBody
from fiel.intake.contents.sales import ActivityBody, SaleBody
from fiel.intake.enrolling import Enrolment, enrol_member
from fiel.intake.redeeming import redeem
from fiel.intake.returning import return_goods
from fiel.intake.returning_told import return_facts
from fiel.intake.sales import understood_action, understood_sale
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.members.records import Person
from fiel.platform.database import Database
from tests.support.till import Till, named

MOVED = """
SELECT m.external_id, t.unit, t.debit, t.credit, sum(t.points)::bigint
FROM transfer t JOIN member m ON m.id = t.member_id
WHERE t.program_id = %s GROUP BY 1, 2, 3, 4
"""
TIERS = """
SELECT m.external_id, s.tier FROM standing s JOIN member m ON m.id = s.member_id
WHERE s.program_id = %s
"""


@dataclass
class Lived:
    """A shop whose past is recorded for real, and told in columns beside it."""

    database: Database
    document: str
    program: Program = field(init=False)
    till: Till = field(init=False)
    members: dict[str, tuple[int, UUID]] = field(default_factory=dict)
    sales: dict[int, tuple[UUID, Sale]] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in TABLES}
    )

    async def opens(self, now: datetime) -> None:
        """Publish the program."""
        self.program = read_document(self.document).program
        self.till = Till(self.database)
        await self.till.publishes(self.document, now=now)

    def tables(self) -> dict[str, pa.Table]:
        """What was lived, as the columnar copy has it."""
        return {
            name: pa.Table.from_pylist(rows, schema=TABLES[name])
            for name, rows in self.rows.items()
            if rows
        }

    async def enrols(self, name: str, now: datetime, **told: Any) -> None:
        """Enrol one of the cast."""
        number, member_id = len(self.members) + 1, new_id()
        self.members[name] = number, member_id
        person = Person(external_id=name, name=name, **told)
        await enrol_member(
            self.database.posting,
            self.till.versions,
            self.till.program_id,
            Enrolment(member_id, person, b"", now),
        )
        self._tell(
            "members",
            member=number, member_id=str(member_id), status="active", joined_at=now,
            joined_on=self._day(now), birthday=told.get("birthday"), segments="[]",
            attributes=orjson.dumps(told.get("attributes", {})).decode(),
            email_consent=False, spend=0, visits=0,
        )  # fmt: skip
        self._activity("enrolment", "", number, now, {})

    async def sells(
        self, name: str, lines: list[dict[str, Any]], now: datetime, *, paid: int = 0, **told: Any
    ) -> int | None:
        """Sell; the number of the sale, or None where it was refused."""
        body = SaleBody.model_validate(
            {"lines": lines, "member": {"external_id": name}, **told}
            | ({"points_payment": {"unit": "points", "points": paid}} if paid else {})
        )
        try:
            understood = understood_sale(body, self.program, now)
            ask = Ask("sale", named(name), lambda _p, _n: understood, now)
            await self.till.records(ask)
        except Refusal:
            return None
        whole = understood_sale(
            body.model_copy(update={"points_payment": None}), self.program, now
        ).activity
        assert isinstance(whole, Sale)
        number = len(self.sales) + 1
        self.sales[number] = ask.id, whole
        self._tell_sale(number, self.members[name][0], whole, now, paid)
        return number

    async def does(self, name: str, type_: str, now: datetime) -> None:
        """Record an activity that is no sale."""
        body = ActivityBody.model_validate({"type": type_, "member": {"external_id": name}})
        understood = understood_action(body, now)
        await self.till.records(Ask("activity", named(name), lambda _p, _n: understood, now))
        self._activity("activity", type_, self.members[name][0], now, {})

    async def redeems(self, name: str, reward: str, now: datetime) -> bool:
        """Redeem a reward, captured at once; whether the member could have it."""
        body = RedemptionBody.model_validate(
            {"member": {"external_id": name}, "reward": reward, "capture": True}
        )
        try:
            done = await redeem(
                self.database.posting, self.till.versions, self.till.program_id, body,
                request_id=new_id(), author="tests", now=now,
            )  # fmt: skip
        except Refusal:
            return False
        for unit, points in self.program.rewards[reward].price.items():
            self._tell(
                "redemptions",
                redemption_id=str(done.recorded.id), member=self.members[name][0], reward=reward,
                kind="product", quantity=1, status="captured", unit=unit, points=points,
                made_at=now, captured_at=now, day=self._day(now), store="", author="tests",
                version=1,
            )  # fmt: skip
        return True

    async def takes_back(
        self, name: str, sale: int, told: dict[str, Any] | None, now: datetime
    ) -> bool:
        """Take goods back; without a word what is left of the sale is called off."""
        sale_id, _ = self.sales[sale]
        body = None if told is None else ReturnBody.model_validate(told)
        try:
            done = await return_goods(
                self.database.posting, self.till.versions, self.till.program_id, sale_id, body,
                request_id=new_id(), now=now,
            )  # fmt: skip
        except Refusal:
            return False
        recorded = done.recorded
        self._tell(
            "returns",
            return_id=str(recorded.id), sale=sale, member=self.members[name][0], occurred_at=now,
            recorded_at=now, day=self._day(now), store="", cashier="", net=recorded.net,
            gross=recorded.gross, margin=None, cancels=body is None,
            content=orjson.dumps(return_facts(sale_id, body, self.program.currency)).decode(),
        )  # fmt: skip
        return True

    async def waits_until(self, until: datetime, since: datetime) -> None:
        """Let everything happen that falls due until then."""
        async with (
            self.database.connection() as connection,
            program_transaction(connection, self.till.program_id),
        ):
            published = await self.till.versions.in_force(connection, self.till.program_id)
        await run_calendar(
            Errand(
                self.database.posting, self.till.versions, published,
                until=until, since=since, waits=True,
            )
        )  # fmt: skip

    async def moved(self) -> dict[tuple[str, str, int, int], int]:
        """What the ledger moved: by member, unit and the places."""
        async with self.database.owner() as owner:
            cursor = await owner.execute(MOVED, (self.till.program_id,))
            return {tuple(row[:4]): row[4] for row in await cursor.fetchall()}

    async def tiers(self) -> dict[str, str | None]:
        """The tier that each holds."""
        async with self.database.owner() as owner:
            cursor = await owner.execute(TIERS, (self.till.program_id,))
            return dict(await cursor.fetchall())

    def _tell(self, table: str, **row: Any) -> None:
        plain = {
            name: value.astimezone(UTC).replace(tzinfo=None)
            if isinstance(value, datetime)
            else value
            for name, value in row.items()
        }
        self.rows[table].append(plain)

    def _activity(
        self, kind: str, type_: str, member: int, now: datetime, properties: dict[str, Any]
    ) -> None:
        self._tell(
            "activities",
            activity_id=f"{len(self.rows['activities']):08}", member=member, kind=kind, type=type_,
            occurred_at=now, recorded_at=now, day=self._day(now), store="", author="",
            properties=orjson.dumps(properties).decode(), version=1,
        )  # fmt: skip

    def _tell_sale(self, number: int, member: int, sale: Sale, now: datetime, paid: int) -> None:
        self._tell(
            "sales",
            sale=number, sale_id=str(self.sales[number][0]), member=member, recorded_for=member,
            occurred_at=sale.occurred_at, recorded_at=now, counts_at=sale.occurred_at,
            day=self._day(sale.occurred_at), store=sale.store, channel=sale.channel, cashier="",
            source="", external_id=None, net=sale.net, gross=sale.gross, shipping=sale.shipping,
            margin=None, items=Decimal(sale.items), lines=len(sale.lines), version=1,
            coupons="[]", paid_points=paid,
        )  # fmt: skip
        for line in sale.lines:
            self._tell(
                "lines",
                sale=number, number=line.number, member=member, day=self._day(sale.occurred_at),
                sku=line.sku, name=line.name, category=line.category,
                kind=LineKind(line.kind).value, quantity=Decimal(line.quantity),
                unit_price=line.unit_price, discount=0, net=line.net, gross=line.gross,
                cost=line.net - line.margin,
            )  # fmt: skip

    def _day(self, moment: datetime) -> Any:
        return moment.astimezone(self.program.timezone).date()
