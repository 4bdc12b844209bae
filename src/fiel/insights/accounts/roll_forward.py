"""The points roll-forward: what there was, what changed it, what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fiel.domain.language import N_
from fiel.insights.accounts.asking import Span, asked_days, bounds_of, late_table, reader, spans_of
from fiel.insights.accounts.books import Accountant
from fiel.insights.accounts.late import Late
from fiel.insights.accounts.periods import late_of_open
from fiel.insights.accounts.standing import Totals, balance_of, changes
from fiel.insights.reporting.asked import Asked, Entry, Question
from fiel.insights.reporting.report import (
    Column,
    Definition,
    Kind,
    Report,
    Say,
    Statement,
    Table,
)
from fiel.ledger.scope import Connection

_MOST_SPANS = 400
_KINDS = {
    "earned": N_("Earned"),
    "reversed": N_("Taken back"),
    "redeemed": N_("Redeemed"),
    "restored": N_("Given back"),
    "expired": N_("Expired"),
    "revived": N_("Come back after expiring"),
    "adjusted": N_("Given or taken by hand"),
    "transferred": N_("From or to other memberships"),
    "brought_in": N_("Brought in from before"),
    "uncollected": N_("Let go"),
    "partner": N_("With partners"),
}


@dataclass(frozen=True, slots=True)
class Rolled:
    """A unit over some days. `told_later` is what was told of them after they were closed."""

    span: Span
    unit: str
    opening: int
    changes: Mapping[str, int]
    closing: int
    told_later: int

    @property
    def balance(self) -> int:
        """What members are told that they had when the last day was over."""
        return self.closing + self.told_later


@dataclass(frozen=True, slots=True)
class RollForward:
    """A roll-forward, and what was told late of closed months; `is_dated` says by own date."""

    rows: tuple[Rolled, ...]
    late: tuple[Late, ...]
    is_dated: bool
    as_of: datetime


async def roll_forward(books: Accountant, spans: Sequence[Span]) -> RollForward:
    """Roll points forward over days.

    Closed months are told as they were closed. Where days are asked for that begin or end inside
    of one, everything counts on its own day, whenever it was told.
    """
    days = bounds_of(spans)
    is_dated = any(books.is_inside_closed(day) for day in days)
    live = await books.totals(days)
    kept: list[Totals] = []
    for day, totals in zip(days, live, strict=True):
        closed = None if is_dated else books.kept_for(day)
        kept.append(totals if closed is None else closed.totals)
    units = dict.fromkeys([*books.program.units, *(unit for each in live for unit in each)])
    rows = [
        Rolled(
            span,
            unit,
            balance_of(kept[place], unit),
            changes(kept[place], kept[place + 1], unit),
            balance_of(kept[place + 1], unit),
            balance_of(live[place + 1], unit) - balance_of(kept[place + 1], unit),
        )
        for place, span in enumerate(spans)
        for unit in units
    ]
    return RollForward(tuple(rows), tuple(await late_of(books, spans)), is_dated, books.now)


async def late_of(books: Accountant, spans: Sequence[Span]) -> list[Late]:
    """What belongs to these days though it happened in months that were closed before."""
    late = [
        each
        for closed in books.closed
        if spans[0].since <= closed.month <= spans[-1].until
        for each in closed.late
    ]
    if not books.closed or spans[-1].until > books.closed[-1].month:
        late += await late_of_open(books) if _reaches_open(books, spans) else []
    return late


def _reaches_open(books: Accountant, spans: Sequence[Span]) -> bool:
    until = spans[-1].until
    return books.kept_for(until) is None and not books.is_inside_closed(until)


async def prepare(connection: Connection, question: Question) -> RollForward:
    """Read the roll-forward that is asked for."""
    books = await reader(connection, question)
    return await roll_forward(
        books, spans_of(question, every=question.options.get("every"), most=_MOST_SPANS)
    )


def make(asked: Asked) -> Report:
    """Tell it."""
    rolled = asked.prepared
    assert isinstance(rolled, RollForward), "prepared"
    whole = asked_days(asked.question)
    only = asked.options.get("unit")
    rows = [row for row in rolled.rows if only in (None, row.unit)]
    return Report(
        "roll-forward",
        N_("Points roll-forward"),
        whole.since,
        whole.until,
        rolled.as_of,
        (_table(rows), late_table([late for late in rolled.late if only in (None, late.unit)])),
        _statements(rolled),
        _DEFINITIONS,
    )


def _table(rows: Sequence[Rolled]) -> Table:
    return Table(
        "roll_forward",
        N_("Points"),
        (
            Column("from", N_("From"), Kind.DAY),
            Column("to", N_("To"), Kind.DAY),
            Column("unit", N_("Unit"), Kind.TEXT),
            Column("opening", N_("At the beginning"), Kind.POINTS),
            *(Column(kind, label, Kind.POINTS) for kind, label in _KINDS.items()),
            Column("closing", N_("At the end"), Kind.POINTS),
            Column("told_later", N_("Told later"), Kind.POINTS),
            Column("balance", N_("Members' balances"), Kind.POINTS),
        ),
        tuple(
            (
                row.span.since,
                row.span.until,
                row.unit,
                row.opening,
                *(row.changes.get(kind, 0) for kind in _KINDS),
                row.closing,
                row.told_later,
                row.balance,
            )
            for row in rows
        ),
    )


def _statements(rolled: RollForward) -> tuple[Statement, ...]:
    if not rolled.is_dated:
        return ()
    text = N_(
        "The days begin or end inside a closed month: everything counts on its own day, whenever "
        "it was told. Ask for whole months to see them as they were closed."
    )
    return (Statement("by_own_date", Say(text)),)


_DEFINITIONS = (
    Definition(
        "closing",
        N_("At the end"),
        N_(
            "What was there at the beginning and all changes: points that can be used, wait or are "
            "held, less what members owe. What has ended by then has expired, booked or not."
        ),
    ),
    Definition(
        "told_later",
        N_("Told later"),
        N_(
            "What was told of these days after their month was closed. It stands among the changes "
            "of the month that was open then; with it the end is what members' balances say."
        ),
    ),
)

ENTRY = Entry(make, prepare, frozenset({"every", "unit"}), needs_columns=False)
