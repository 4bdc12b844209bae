"""What a member had at any moment, and by what is known will have.

The past is made from transfers, lots and draws alone: what happened by then counts, whenever it
was told. What fell due by then and is not booked yet, or falls due until a moment to come, is
settled in memory by the code that will book it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from fiel.domain.lots import inactive_at
from fiel.domain.program import Program
from fiel.ledger.accounts import Account, Balance
from fiel.ledger.accounts import Place as Where
from fiel.ledger.books import Book, OpenLot, Standing
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.settling import Move, look_ahead, settle
from fiel.ledger.statements import statement

type Row = tuple[Any, ...]

INSTANT = timedelta(microseconds=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stood:
    """What a member had: balances by unit, the lots that held it, and what was due unbooked.

    `ended` are the lots that what was due emptied; `inactive_at` tells of a unit when its points
    end if the member does nothing more.
    """

    balances: Mapping[str, Balance]
    lots: tuple[OpenLot, ...]
    ended: tuple[OpenLot, ...]
    due: tuple[Move, ...]
    inactive_at: Mapping[str, datetime]


async def stood_at(
    connection: Connection, place: Place, member_id: UUID, at: datetime, program: Program
) -> Stood:
    """What a member had at a moment: what starts or ends at it has started or ended.

    `program` is the version in force: by it points end that are not used.
    """
    rows = await _rows(connection, place, member_id, at + INSTANT, with_ends=False)
    ends = await _ends(connection, place, member_id, at)
    return _stood(member_id, rows, at, program, ends)


async def stood_before(
    connection: Connection, place: Place, member_id: UUID, until: datetime, program: Program
) -> Stood:
    """What a member had when a time was over: what ends with it has ended, no more has begun."""
    rows = await _rows(connection, place, member_id, until, with_ends=True)
    ends = await _ends(connection, place, member_id, until - INSTANT)
    return _stood(member_id, rows, until - INSTANT, program, ends, ends_early=INSTANT)


async def _rows(
    connection: Connection, place: Place, member_id: UUID, until: datetime, *, with_ends: bool
) -> list[Row]:
    cursor = await connection.execute(
        statement("history/stood"),
        {
            "program": place.program_id,
            "shard": place.shard,
            "member": member_id,
            "until": until,
            "with_ends": with_ends,
        },
    )
    rows: list[Row] = await cursor.fetchall()
    return rows


@dataclass(frozen=True, slots=True)
class _Ends:
    """What was told then of when points end, where it has changed since."""

    idle: Mapping[str, datetime] | None
    lots: Mapping[UUID, datetime | None]


async def _ends(connection: Connection, place: Place, member_id: UUID, at: datetime) -> _Ends:
    cursor = await connection.execute(
        statement("history/ends"),
        {"program": place.program_id, "shard": place.shard, "member": member_id, "at": at},
    )
    idle: dict[str, datetime] | None = None
    lots: dict[UUID, datetime | None] = {}
    for idle_until, changes in await cursor.fetchall():
        if idle_until is not None:
            idle = {unit: datetime.fromisoformat(text) for unit, text in idle_until.items()}
        for lot_id, before, _ in changes or ():
            # What a lot ended with then is what the first change since has replaced.
            lots.setdefault(UUID(lot_id), before and datetime.fromisoformat(before))
    return _Ends(idle, lots)


def _stood(
    member_id: UUID,
    rows: Iterable[Row],
    at: datetime,
    program: Program,
    ends: _Ends,
    *,
    ends_early: timedelta = timedelta(),
) -> Stood:
    """Settle a book as it was up to a moment; ends may count as so much earlier than they are."""

    def next_end(unit_id: str, idle_since: datetime) -> datetime | None:
        unit = program.units.get(unit_id)
        ends_at = inactive_at(unit, idle_since + ends_early, program.timezone) if unit else None
        return ends_at and ends_at - ends_early

    book = Book(member_id, Standing("active", at), lots_read=True)
    owed: dict[str, int] = {}
    for unit, held, debt, lifetime, idle_end, *held_lot in rows:
        if unit not in book.accounts:
            owed[unit] = debt
            book.accounts[unit] = Account(unit, held_in=held, issued=lifetime)
            ends_at = idle_end if ends.idle is None else ends.idle.get(unit)
            book.accounts[unit].inactive_at = ends_at and ends_at - ends_early
            book.lots[unit] = []
        if held_lot[0] is not None:
            if held_lot[0] in ends.lots:
                held_lot[4] = ends.lots[held_lot[0]]
            owed[unit] += _keep_lot(book, unit, held_lot, at, ends_early)
    for unit, account in book.accounts.items():
        # Told late, a debt can be paid before it was made: then it is the member's until then.
        account.debt_out = max(0, owed[unit])
        look_ahead(account, book.lots[unit])
    due = settle(book, at, next_end=next_end)
    balances = {}
    for unit, account in book.accounts.items():
        for lot in book.lots[unit]:
            lot.ends_at = lot.ends_at and lot.ends_at + ends_early
        account.inactive_at = account.inactive_at and account.inactive_at + ends_early
        look_ahead(account, book.lots[unit])
        account.available_in += max(0, -owed[unit])
        balances[unit] = account.balance()
    lots = sorted((lot for lots in book.lots.values() for lot in lots), key=spending_order)
    return Stood(
        balances,
        tuple(lot for lot in lots if lot.left),
        tuple(lot for lot in lots if not lot.left),
        tuple(_told_at_its_end(move, ends_early) for move in due),
        {unit: a.inactive_at for unit, a in book.accounts.items() if a.inactive_at is not None},
    )


def _keep_lot(book: Book, unit: str, row: list[Any], at: datetime, ends_early: timedelta) -> int:
    """Put a lot into the book; answers what was drawn on it before it had as much."""
    lot_id, points, drawn, starts_at, ends_at, activated, *more = row
    if drawn > points:
        return int(drawn - points)
    ends_at = ends_at and ends_at - ends_early
    started = activated and starts_at <= at
    lot = OpenLot(lot_id, unit, points, drawn, starts_at, ends_at, started, *more)
    book.lots[unit].append(lot)
    account = book.accounts[unit]
    if started:
        account.available_in += lot.left
    else:
        account.pending_in += lot.left
    return 0


def _told_at_its_end(move: Move, ends_early: timedelta) -> Move:
    return replace(move, at=move.at + ends_early) if move.credit is Where.EXPIRED else move


def spending_order(lot: OpenLot) -> tuple[datetime, UUID]:
    """What lots are spent by: those that end soonest first."""
    return lot.ends_at or _NEVER, lot.id
