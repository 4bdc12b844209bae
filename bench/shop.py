"""A shop without the network: what happens goes straight down the road that the API uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from bench.menu import Article
from bench.place import BenchFailed
from bench.program import DOCUMENT
from fiel.domain.document import read_document
from fiel.intake.asking import Ask, Outcome
from fiel.intake.contents.sales import LineBody, SaleBody
from fiel.intake.enrolling import Enrolment, enrol_member
from fiel.intake.recording import Recorder
from fiel.intake.sales import understood_sale
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.members.records import Person
from fiel.members.references import KeyKind, MemberKey
from fiel.platform.asgi import house_of
from fiel.platform.database import Database
from fiel.programs.known import program_named
from fiel.programs.publishing import open_program, publish
from fiel.programs.versions import Versions


@dataclass(frozen=True, slots=True)
class Shop:
    """One program in force, and the recorder that the API works with."""

    database: Database
    program_id: UUID
    recorder: Recorder
    versions: Versions

    @classmethod
    async def opened(cls, database: Database, *, now: datetime, source: str = DOCUMENT) -> Shop:
        """A shop whose program is put in force now."""
        document = read_document(source)
        async with database.owner() as owner, owner.transaction():
            program_id = await open_program(owner, document, sandbox=False, now=now)
            async with program_transaction(owner, program_id):
                await publish(
                    owner, program_id, document,
                    source=source, format="yaml", author="bench", now=now,
                )  # fmt: skip
        house = house_of(database)
        return cls(database, program_id, house.recorder, house.versions)

    @classmethod
    async def reopened(cls, database: Database) -> Shop:
        """The shop of a database that has one."""
        async with database.owner() as owner:
            known = await program_named(owner, None)
        house = house_of(database)
        return cls(database, known.id, house.recorder, house.versions)

    async def enrols(self, name: str, *, now: datetime) -> None:
        """Enrol somebody."""
        enrolment = Enrolment(new_id(), Person(external_id=name, name=name), b"", now)
        await enrol_member(self.database.connection, self.versions, self.program_id, enrolment)

    async def sells(self, ask: Ask) -> None:
        """Record one sale, together with what else waits."""
        outcome = await self.recorder.record(self.program_id, ask)
        if outcome.repeated:
            raise BenchFailed(f"the sale {ask.external_id} was there before")

    async def sells_together(self, asks: Sequence[Ask]) -> None:
        """Record many sales as one group."""
        for outcome in await self.recorder.record_all(self.program_id, asks):
            if not isinstance(outcome, Outcome):
                raise outcome


def sale(article: Article, *, name: str, member: str, store: str, now: datetime) -> Ask:
    """A sale of one line that waits to be recorded."""
    line = LineBody.model_construct(
        sku=article.sku,
        name=article.name,
        category=article.category,
        kind=None,
        quantity=Decimal(1),
        unit_price=Decimal(article.price),
        discount=Decimal(0),
        tax=Decimal(article.tax),
        cost=Decimal(article.cost),
    )
    content = SaleBody.model_construct(
        external_id=name,
        source="",
        member=MemberKey(KeyKind.EXTERNAL_ID, member),
        occurred_at=now,
        store=store,
        channel="pos",
        currency=None,
        exchange_rate=None,
        lines=[line],
        shipping=Decimal(0),
        coupons=[],
        points_payment=None,
    )
    return Ask("sale", content.member, partial(understood_sale, content), now, external_id=name)
