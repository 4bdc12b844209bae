"""Operations about a member's points: what there is, at any moment, and why."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from fiel.api.answers import Answer, ok, page
from fiel.api.bodies.queries import AtTime, Explained, LotsAt, Page, StatementTime
from fiel.api.call import Call
from fiel.api.headers import media_type
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import explaining as schemas
from fiel.api.schemas import members as of_members
from fiel.api.telling import Told, told_balances, told_time
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem
from fiel.insights.asked import time_of_statement
from fiel.insights.contents import explanation_content, movement_content, statement_content
from fiel.insights.explanation import explanation_of_member
from fiel.insights.movements import Narrator
from fiel.insights.plain import explanation_lines, statement_lines
from fiel.insights.statement import statement_of_member
from fiel.intake.contents.errors import invalid
from fiel.ledger.books import OpenLot
from fiel.ledger.entries import entries_of_member
from fiel.ledger.history import spending_order, stood_at
from fiel.ledger.opening import Place
from fiel.ledger.queries import book_now
from fiel.ledger.scope import Connection
from fiel.members.queries import member as find_one
from fiel.members.refusals import no_such_member
from fiel.staff.keys import Scope

_TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose points are asked about, and the transaction in which they are read."""

    connection: Connection
    place: Place
    member_id: UUID


async def read_balances(call: Call, member_id: UUID, query: Annotated[AtTime, Query()]) -> Answer:
    """What a member has of each unit now, or had or will have at any other moment."""
    async with _member(call, member_id) as asked:
        if query.at is None:
            book = await book_now(
                asked.connection, asked.place, asked.member_id, call.now, call.program
            )
            accounts = book.accounts if book else {}
            balances = {unit: account.balance() for unit, account in accounts.items()}
        else:
            stood = await stood_at(
                asked.connection, asked.place, asked.member_id, query.at, call.program
            )
            balances = dict(stood.balances)
    told = told_balances(balances, call.program)
    return ok({"member": asked.member_id, "at": told_time(query.at or call.now), "balances": told})


async def list_lots(call: Call, member_id: UUID, query: Annotated[LotsAt, Query()]) -> Answer:
    """The lots that hold a member's points, now or at any moment, as they are spent."""
    at = query.at or call.now
    after = None if query.cursor is None else _lot_place(call, query.cursor)
    async with _member(call, member_id) as asked:
        stood = await stood_at(asked.connection, asked.place, asked.member_id, at, call.program)
    lots = [lot for lot in stood.lots if after is None or spending_order(lot) > after]
    shown = lots[: query.limit]
    cursor = None
    if len(lots) > query.limit:
        ends_at, last = spending_order(shown[-1])
        cursor = call.house.cursors.write("lots", [ends_at.isoformat(), str(last)])
    return page([_told_lot(lot, at) for lot in shown], cursor)


async def list_ledger(call: Call, member_id: UUID, query: Annotated[Page, Query()]) -> Answer:
    """A member's transfers in words, newest first, each with what caused it."""
    before = None
    if query.cursor is not None:
        before = UUID(str(call.house.cursors.read("ledger", query.cursor)[0]))
    async with _member(call, member_id) as asked:
        entries = await entries_of_member(
            asked.connection, asked.place, asked.member_id, before=before, limit=query.limit + 1
        )
        narrator = _narrator(call, asked)
        shown = entries[: query.limit]
        items = [movement_content(await narrator.entry(entry)) for entry in shown]
    more = len(entries) > query.limit
    cursor = call.house.cursors.write("ledger", [str(shown[-1].id)]) if more else None
    return page(items, cursor)


async def read_statement(
    call: Call, member_id: UUID, query: Annotated[StatementTime, Query()]
) -> Answer:
    """What a member had, every movement in words, and what there is, of a time.

    As plain text where that is accepted.
    """
    since, until = time_of_statement(query.from_, query.to, call.program, call.now)
    async with _member(call, member_id) as asked:
        statement = await statement_of_member(
            _narrator(call, asked), since=since, until=until, now=call.now
        )  # fmt: skip
    if media_type(call.told.get(b"accept")) == _TEXT:
        return _text("\n".join(statement_lines(statement, call.program, call.language)))
    return ok(statement_content(asked.member_id, statement, call.program))


async def read_explanation(
    call: Call, member_id: UUID, query: Annotated[Explained, Query()]
) -> Answer:
    """Why a member has the balance: each lot, what earned it, what was drawn, when it ends.

    As plain text where that is accepted.
    """
    at = query.at or call.now
    async with _member(call, member_id) as asked:
        explained = await explanation_of_member(
            _narrator(call, asked), at=at, now=call.now, unit=query.unit
        )  # fmt: skip
    if not explained:
        text = N_("Say which unit; the program has: {units}.")
        units = {"units": ", ".join(call.program.units)}
        raise invalid([FieldProblem("unit", "unknown", text, units)])
    if media_type(call.told.get(b"accept")) == _TEXT:
        return _text("\n".join(explanation_lines(explained, call.program, call.language)))
    return ok(explanation_content(asked.member_id, at, explained, call.program))


@asynccontextmanager
async def _member(call: Call, member_id: UUID) -> AsyncIterator[_Asked]:
    """The member who is asked about, or who goes on for one who was merged.

    Raises:
        NotFound: there is no such member.
    """
    async with call.reading() as connection:
        found = await find_one(connection, call.program_id, member_id)
        if found is None:
            raise no_such_member()
        yield _Asked(connection, Place(call.program_id, found.shard), found.id)


def _narrator(call: Call, asked: _Asked) -> Narrator:
    return Narrator(
        asked.connection, call.house.versions, call.published, call.language,
        place=asked.place, member_id=asked.member_id,
    )  # fmt: skip


def _lot_place(call: Call, cursor: str) -> tuple[datetime, UUID]:
    ends_at, lot_id = call.house.cursors.read("lots", cursor)
    return datetime.fromisoformat(str(ends_at)), UUID(str(lot_id))


def _told_lot(lot: OpenLot, at: datetime) -> Told:
    return {
        "id": lot.id,
        "unit": lot.unit,
        "status": "pending" if lot.starts_at > at else "available",
        "points": lot.points,
        "left": lot.left,
        "earned_by": lot.activity_id,
        "worth": None if lot.worth is None else str(lot.worth),
        "starts_at": told_time(lot.starts_at),
        "ends_at": told_time(lot.ends_at),
    }


def _text(text: str) -> Answer:
    return Answer(200, f"{text}\n".encode(), b"text/plain; charset=utf-8", ((b"vary", b"accept"),))


_READ = Manner(Scope.READ)
OFFERS = (
    Offer(
        "GET", "/members/{member_id}/balances", read_balances, _READ, "Read balances",
        of_members.Balances, refusals=(404,), tag="members",
    ),
    Offer(
        "GET", "/members/{member_id}/lots", list_lots, _READ, "List lots", of_members.LotList,
        refusals=(404,), tag="members",
    ),
    Offer(
        "GET", "/members/{member_id}/ledger", list_ledger, _READ, "List transfers",
        schemas.LedgerPage, refusals=(404,), tag="members",
    ),
    Offer(
        "GET", "/members/{member_id}/statement", read_statement, _READ, "Read a statement",
        schemas.Statement, refusals=(404,), tag="members",
    ),
    Offer(
        "GET", "/members/{member_id}/explanation", read_explanation, _READ, "Explain a balance",
        schemas.BalanceExplanation, refusals=(404,), tag="members",
    ),
)  # fmt: skip
