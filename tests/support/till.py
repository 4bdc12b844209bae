"""A shop without a network: what happens goes straight to the services, at any time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from fiel.domain.document import read_document
from fiel.intake.asking import Ask, Outcome
from fiel.intake.balances import Brought, OpeningBalance, bring_balances
from fiel.intake.contents.sales import ActivityBody, LineBody, PointsPayment, SaleBody
from fiel.intake.enrolling import Enrolled, Enrolment, enrol_member
from fiel.intake.recording import Recorder
from fiel.intake.sales import understood_action, understood_sale
from fiel.ledger.accounts import Balance
from fiel.ledger.audit import Proof, audit
from fiel.ledger.books import Book
from fiel.ledger.ids import new_id
from fiel.ledger.opening import Place
from fiel.ledger.queries import book_now
from fiel.ledger.scope import program_transaction
from fiel.members.queries import member as member_named
from fiel.members.records import Person
from fiel.members.references import KeyKind, MemberKey, MemberRef
from fiel.platform.database import Database
from fiel.programs.publishing import open_program, publish
from fiel.programs.versions import Versions


def named(name: str) -> MemberKey:
    """One of the cast, by the name that the shop's own system knows."""
    return MemberKey(KeyKind.EXTERNAL_ID, name)


def balance_in(book: Book, unit: str) -> Balance:
    """What a book says of a unit."""
    return book.accounts[unit].balance() if unit in book.accounts else Balance()


@dataclass
class Till:
    """A till of one program, told at which moment each thing happens."""

    database: Database
    program_id: UUID = field(init=False)
    versions: Versions = field(default_factory=Versions)
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.database.posting, self.versions)

    async def publishes(self, source: str, *, now: datetime, shards: int = 1) -> None:
        """Put a program in force."""
        document = read_document(source)
        async with self.database.owner() as owner:
            self.program_id = await open_program(
                owner, document, sandbox=True, now=now, shards=shards
            )
        async with (
            self.database.connection() as connection,
            program_transaction(connection, self.program_id),
        ):
            await publish(
                connection,
                self.program_id,
                document,
                source=source,
                format="yaml",
                author="tests",
                now=now,
            )

    async def enrols(self, name: str, *, now: datetime, told: bytes = b"") -> Enrolled:
        """Enrol one of the cast."""
        enrolment = Enrolment(new_id(), Person(external_id=name, name=name), told, now)
        return await enrol_member(self.database.posting, self.versions, self.program_id, enrolment)

    def sale(
        self,
        price: str,
        *,
        to: str | None,
        now: datetime,
        number: str | None = None,
        at: datetime | None = None,
        lines: tuple[LineBody, ...] = (),
        paid: int = 0,
    ) -> Ask:
        """A sale of one thing, or of the lines given, to be recorded; points may pay of it."""
        member: MemberRef | None = named(to) if to else None
        one = LineBody(quantity=Decimal(1), unit_price=Decimal(price))
        content = SaleBody.model_construct(
            external_id=number,
            source="",
            member=member,
            occurred_at=at,
            store="",
            channel="",
            currency=None,
            exchange_rate=None,
            lines=list(lines) or [one],
            shipping=Decimal(0),
            coupons=[],
            points_payment=PointsPayment(unit="points", points=paid) if paid else None,
            offline=None,
        )
        return Ask(
            "sale",
            member,
            lambda program, received: understood_sale(content, program, received),
            now,
            external_id=number,
        )

    def activity(self, type_: str, *, by: str, now: datetime, number: str | None = None) -> Ask:
        """Something that a member did, to be recorded."""
        content = ActivityBody.model_construct(
            external_id=number,
            source="",
            member=named(by),
            type=type_,
            occurred_at=None,
            properties={},
        )
        return Ask(
            "activity",
            named(by),
            lambda _program, received: understood_action(content, received),
            now,
            external_id=number,
        )

    async def records(self, ask: Ask) -> Outcome:
        """Record one thing."""
        return await self.recorder.record(self.program_id, ask)

    async def sells(
        self, price: str, *, to: str | None, now: datetime, number: str | None = None
    ) -> Outcome:
        """Sell one thing."""
        return await self.records(self.sale(price, to=to, now=now, number=number))

    async def brings(
        self, name: str, points: int, *, lasts: datetime | None, number: str, now: datetime
    ) -> Brought:
        """Bring in points that a member had elsewhere."""
        balance = OpeningBalance(named(name), "points", points, now, lasts, "", number)
        (brought,) = await bring_balances(
            self.database.posting, self.versions, self.program_id, [balance], now=now
        )
        assert isinstance(brought, Brought), brought
        return brought

    async def book(self, name: str, *, now: datetime) -> Book:
        """What a member has of everything at a moment, and their tier."""
        async with (
            self.database.connection() as connection,
            program_transaction(connection, self.program_id),
        ):
            member = await member_named(connection, self.program_id, named(name))
            assert member is not None, f"{name} is a member"
            place = Place(self.program_id, member.shard)
            book = await book_now(connection, place, member.id, now)
        assert book is not None, "a member has a standing"
        return book

    async def balance(self, name: str, unit: str = "points", *, now: datetime) -> Balance:
        """What a member has at a moment."""
        return balance_in(await self.book(name, now=now), unit)

    async def tier(self, name: str, *, now: datetime) -> str | None:
        """The tier that a member holds at a moment."""
        return (await self.book(name, now=now)).standing.tier

    async def proof(self) -> Proof:
        """What the audit says."""
        async with self.database.owner() as owner:
            return await audit(owner)
