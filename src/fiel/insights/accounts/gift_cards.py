"""Gift cards apart from points: what was sold, what paid, what is still owed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from fiel.domain.accounting.entries import Entry
from fiel.domain.language import N_
from fiel.insights.accounts.asking import Span, asked_days, bounds_of, reader
from fiel.insights.accounts.books import Accountant
from fiel.insights.accounts.cards import CardKind, Cards, cards_at, tax_within
from fiel.insights.reporting.asked import Asked, Question
from fiel.insights.reporting.asked import Entry as ReportEntry
from fiel.insights.reporting.report import (
    Cell,
    Column,
    Definition,
    Kind,
    Report,
    Say,
    Statement,
    Table,
)
from fiel.ledger.scope import Connection

_COLUMNS = {
    Entry.CARDS_SOLD: Column("sold", N_("Sold"), Kind.MONEY),
    Entry.CARDS_GIVEN: Column("given", N_("Got for points"), Kind.MONEY),
    Entry.CARDS_PAID: Column("paid", N_("Paid with"), Kind.MONEY),
    Entry.CARDS_REFUNDED: Column("refunded", N_("Given back"), Kind.MONEY),
    Entry.CARDS_WITHDRAWN: Column("withdrawn", N_("Withdrawn"), Kind.MONEY),
    Entry.CARDS_EXPIRED: Column("expired", N_("Expired"), Kind.MONEY),
}
_PURPOSES = {
    "single_purpose": N_("for one rate of tax"),
    "multi_purpose": N_("for anything"),
}


@dataclass(frozen=True, slots=True)
class CardsOfDays:
    """Gift cards before and after some days."""

    span: Span
    before: Cards
    after: Cards
    as_of: datetime


async def prepare(connection: Connection, question: Question) -> CardsOfDays:
    """Read what moved gift cards in the days that are asked for."""
    books = await reader(connection, question)
    span = asked_days(question)
    before, after = [await _cards(books, day) for day in bounds_of([span])]
    return CardsOfDays(span, before, after, books.now)


async def _cards(books: Accountant, day: date) -> Cards:
    kept = books.kept_for(day)
    if kept is not None:
        return kept.cards
    return await cards_at(books.connection, books.program_id, books.over(day))


def make(asked: Asked) -> Report:
    """Tell it."""
    told = asked.prepared
    assert isinstance(told, CardsOfDays), "prepared"
    return Report(
        "gift-cards",
        N_("Gift cards"),
        told.span.since,
        told.span.until,
        told.as_of,
        (_table(told),),
        tuple(_statements(told)),
        _DEFINITIONS,
    )


def _table(told: CardsOfDays) -> Table:
    columns = (
        Column("purpose", N_("Purpose"), Kind.TEXT),
        Column("text", N_("In words"), Kind.TEXT),
        Column("tax_rate", N_("Rate of tax"), Kind.PERCENT),
        Column("cards", N_("Cards issued"), Kind.COUNT),
        Column("opening", N_("At the beginning"), Kind.MONEY),
        *_COLUMNS.values(),
        Column("closing", N_("Still owed"), Kind.MONEY),
        Column("tax_due", N_("Tax in what was sold"), Kind.MONEY),
    )
    rows = tuple(_row(kind, told) for kind in told.after.kinds)
    return Table("gift_cards", N_("Gift cards"), columns, rows)


def _row(kind: CardKind, told: CardsOfDays) -> tuple[Cell, ...]:
    purpose, rate = kind
    before, after = told.before, told.after
    moved = {
        entry: after.entered.get((kind, entry), 0) - before.entered.get((kind, entry), 0)
        for entry in _COLUMNS
    }
    return (
        purpose,
        Say(_PURPOSES[purpose]),
        Decimal(rate) if rate else None,
        after.issued.get(kind, 0) - before.issued.get(kind, 0),
        before.owed(kind),
        *moved.values(),
        after.owed(kind),
        tax_within(moved[Entry.CARDS_SOLD], rate),
    )


def _statements(told: CardsOfDays) -> Iterator[Statement]:
    purposes = {purpose for purpose, _ in told.after.kinds}
    if "single_purpose" in purposes:
        text = N_(
            "Of single-purpose cards the tax is due when they are sold, as EU law has it "
            "(Directive 2006/112/EC, article 30b(1)); it is told from the card's rate."
        )
        yield Statement("tax_when_sold", Say(text))
    if "multi_purpose" in purposes:
        text = N_(
            "Of multi-purpose cards no tax is due when they are sold: it is due with what they pay "
            "for, as EU law has it (Directive 2006/112/EC, article 30b(2))."
        )
        yield Statement("tax_when_paid", Say(text))
    if any(told.after.entered.get((kind, Entry.CARDS_EXPIRED)) for kind in told.after.kinds):
        text = N_(
            "What was left on expired cards is told apart. Whether it may be kept, and how it is "
            "taxed, is for the law of the place."
        )
        yield Statement("expired_cards", Say(text))


_DEFINITIONS = (
    Definition(
        "closing",
        N_("Still owed"),
        N_("What can still be paid with the cards: no revenue, but money that is owed."),
    ),
)

ENTRY = ReportEntry(make, prepare, frozenset(), needs_columns=False)
