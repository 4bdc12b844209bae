"""Closing a month: what the books say of it is written down, once, and never changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from psycopg.errors import UniqueViolation

from fiel.domain.accounting.entries import entered_between, journal_lines
from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.insights.accounts.books import Accountant, accountant
from fiel.insights.accounts.closed import ClosedMonth, keep_closed, newest
from fiel.insights.accounts.late import Late, late_since
from fiel.insights.accounts.moment import month_after
from fiel.insights.accounts.reading import read_broadly
from fiel.intake.recording import Lend
from fiel.ledger.scope import Connection, program_transaction
from fiel.programs.versions import Published, Versions


class PeriodNotOver(Refusal):
    """The month is not over yet."""

    code = "period_not_over"


class PeriodOutOfOrder(Refusal):
    """Months are closed one after the other."""

    code = "period_out_of_order"


async def close_month(
    lend: Lend, versions: Versions, program_id: UUID, month: date, *, author: str, wall: datetime
) -> tuple[ClosedMonth, Program, bool]:
    """Close a month; with the program in force, and whether it was closed before.

    All is read in one snapshot: whatever is being posted meanwhile is not in it, and belongs to
    the month that is open. The first month that is closed takes in all that was before it.

    Raises:
        PeriodNotOver: the month is not over yet.
        PeriodOutOfOrder: the month before it is open, or one after it is closed.
    """

    async def attempt() -> tuple[ClosedMonth, Program, bool]:
        async with lend() as connection, program_transaction(connection, program_id):
            await read_broadly(connection)
            published = await versions.in_force(connection, program_id)
            closing = await _accountant(connection, published, published.now(wall))
            closed, repeated = await _close(closing, published.number, month, author)
            return closed, published.program, repeated

    try:
        return await attempt()
    except UniqueViolation:  # somebody else was quicker
        return await attempt()


async def _accountant(connection: Connection, published: Published, now: datetime) -> Accountant:
    return await accountant(
        connection, published.program_id, published.program, shards=published.shards, now=now
    )


async def _close(
    closing: Accountant, version: int, month: date, author: str
) -> tuple[ClosedMonth, bool]:
    for each in closing.closed:
        if each.month == month:
            return each, True
    last = newest(closing.closed)
    if last is not None and month != month_after(last.month):
        raise PeriodOutOfOrder(
            N_("The next month to be closed is {month}."),
            facts={"next": f"{month_after(last.month):%Y-%m}"},
            month=f"{month_after(last.month):%Y-%m}",
        )
    today = closing.now.astimezone(closing.program.timezone).date()
    if month_after(month) > today:
        raise PeriodNotOver(N_("{month} is not over yet."), month=f"{month:%Y-%m}")
    last_day = month_after(month) - timedelta(days=1)
    opening, after = await closing.books([month - timedelta(days=1), last_day])
    cursor = await closing.connection.execute("SELECT pg_current_snapshot()::text")
    row = await cursor.fetchone()
    assert row is not None, "there always is a snapshot"
    closed = ClosedMonth(
        month,
        closing.now,
        author,
        version,
        row[0],
        opening,
        after,
        tuple(
            (line.entry.value, line.unit, line.account.value, line.number, line.debit, line.credit)
            for line in journal_lines(
                entered_between(opening.entered, after.entered), closing.program.accounting
            )
        ),
        tuple(await late_of_open(closing)),
    )
    await keep_closed(closing.connection, closing.program_id, closed)
    return closed, False


async def late_of_open(closing: Accountant) -> list[Late]:
    """What was told of closed months since the last of them was closed."""
    last = newest(closing.closed)
    if last is None:
        return []
    last_day = month_after(last.month) - timedelta(days=1)
    (live,) = await closing.totals([last_day])
    return await late_since(
        closing.connection,
        closing.program_id,
        closing.program,
        snapshot=last.snapshot,
        until=closing.over(last_day),
        frozen=last.closing.totals,
        live=live,
        last_day=last_day,
    )
