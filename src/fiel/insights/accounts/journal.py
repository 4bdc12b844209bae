"""The journal: what is to be entered into the merchant's books, in accounts of its own naming."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from fiel.domain.accounting.entries import (
    Entry,
    balance_of,
    entered_between,
    journal_lines,
)
from fiel.domain.accounting.settings import Account, Accounting
from fiel.domain.language import N_
from fiel.insights.accounts.asking import DAY, Span, bounds_of, late_table, reader, spans_of
from fiel.insights.accounts.books import Accountant
from fiel.insights.accounts.closed import Books
from fiel.insights.accounts.late import Late
from fiel.insights.accounts.moment import month_after
from fiel.insights.accounts.roll_forward import late_of
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

_MOST_SPANS = 60
TEXTS = {
    Entry.EARNED: N_("Part of the price of sales that belongs to points"),
    Entry.GRANTED: N_("Points that no sale gave"),
    Entry.BROUGHT_IN: N_("Points brought in from before"),
    Entry.REDEEMED: N_("Points redeemed"),
    Entry.BREAKAGE: N_("Points that will not be redeemed"),
    Entry.CARDS_SOLD: N_("Gift cards sold"),
    Entry.CARDS_GIVEN: N_("Gift cards got for points"),
    Entry.CARDS_PAID: N_("Gift cards that paid"),
    Entry.CARDS_REFUNDED: N_("Given back to gift cards"),
    Entry.CARDS_WITHDRAWN: N_("Gift cards withdrawn"),
    Entry.CARDS_EXPIRED: N_("Left on gift cards that expired"),
}

# Entry, unit, account, its number, debit and credit.
type Written = tuple[str, str, str, str, int, int]


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of some days, the books before and after it, and what was told late."""

    spans: tuple[tuple[Span, tuple[Written, ...]], ...]
    before: Books
    after: Books
    late: tuple[Late, ...]
    is_dated: bool
    as_of: datetime


async def journal(books: Accountant, spans: Sequence[Span]) -> Journal:
    """Write the journal of some days; of a closed month, as it was written then."""
    days = bounds_of(spans)
    is_dated = any(books.is_inside_closed(day) for day in days)
    stood = await (books.live(days) if is_dated else books.books(days))
    written = []
    for place, span in enumerate(spans):
        lines = None if is_dated else _closed_lines(books, span)
        if lines is None:
            entered = entered_between(stood[place].entered, stood[place + 1].entered)
            lines = tuple(
                (line.entry.value, line.unit, line.account.value, line.number, line.debit,
                 line.credit)
                for line in journal_lines(entered, books.program.accounting)
            )  # fmt: skip
        written.append((span, lines))
    late = tuple(await late_of(books, spans))
    return Journal(tuple(written), stood[0], stood[-1], late, is_dated, books.now)


def _closed_lines(books: Accountant, span: Span) -> tuple[Written, ...] | None:
    """The lines of a span that is one closed month."""
    for closed in books.closed:
        if span == Span(closed.month, month_after(closed.month) - DAY):
            return closed.lines
    return None


async def prepare(connection: Connection, question: Question) -> Journal:
    """Read the journal that is asked for; without a word, by month."""
    books = await reader(connection, question)
    every = question.options.get("every", "month")
    return await journal(books, spans_of(question, every=every, most=_MOST_SPANS))


def make(asked: Asked) -> Report:
    """Tell it."""
    told = asked.prepared
    assert isinstance(told, Journal), "prepared"
    accounting = asked.program.accounting
    return Report(
        "journal",
        N_("Journal"),
        told.spans[0][0].since,
        told.spans[-1][0].until,
        told.as_of,
        (_lines(told), _accounts(told, accounting), _ties(told), late_table(told.late)),
        tuple(_statements(told)),
        _DEFINITIONS,
    )


def _lines(told: Journal) -> Table:
    columns = (
        Column("from", N_("From"), Kind.DAY),
        Column("to", N_("To"), Kind.DAY),
        Column("entry", N_("Entry"), Kind.TEXT),
        Column("text", N_("What"), Kind.TEXT),
        Column("unit", N_("Unit"), Kind.TEXT),
        Column("account", N_("Account"), Kind.TEXT),
        Column("number", N_("Number"), Kind.TEXT),
        Column("debit", N_("Debit"), Kind.MONEY),
        Column("credit", N_("Credit"), Kind.MONEY),
    )
    rows = tuple(
        (
            span.since,
            span.until,
            entry,
            Say(TEXTS[Entry(entry)]),
            unit or None,
            account,
            number,
            debit,
            credit,
        )
        for span, lines in told.spans
        for entry, unit, account, number, debit, credit in lines
    )
    return Table("lines", N_("Entries"), columns, rows)


def _accounts(told: Journal, accounting: Accounting) -> Table:
    columns = (
        Column("account", N_("Account"), Kind.TEXT),
        Column("number", N_("Number"), Kind.TEXT),
        Column("opening", N_("At the beginning"), Kind.MONEY),
        Column("debit", N_("Debit"), Kind.MONEY),
        Column("credit", N_("Credit"), Kind.MONEY),
        Column("closing", N_("At the end"), Kind.MONEY),
    )
    lines = [line for _, lines in told.spans for line in lines]
    rows: list[tuple[Cell, ...]] = []
    for account in Account:
        own = [line for line in lines if line[2] == account.value]
        opening = balance_of(account, told.before.entered)
        debit, credit = sum(line[4] for line in own), sum(line[5] for line in own)
        if own or opening:
            number = accounting.number(account)
            closing = opening + credit - debit
            rows.append((account.value, number, opening, debit, credit, closing))
    return Table("accounts", N_("Accounts, credits less debits"), columns, tuple(rows))


def _ties(told: Journal) -> Table:
    """What the journal leaves on its accounts, beside what the reports say is owed."""
    columns = (
        Column("account", N_("Account"), Kind.TEXT),
        Column("journal", N_("In the journal"), Kind.MONEY),
        Column("report", N_("In its report"), Kind.MONEY),
        Column("difference", N_("Difference"), Kind.MONEY),
    )
    cards = told.after.cards
    owed = (
        (Account.DEFERRED, sum(each.deferred for each in told.after.positions)),
        (Account.GIFT_CARDS, sum(cards.owed(kind) for kind in cards.kinds)),
    )
    rows: list[tuple[Cell, ...]] = []
    for account, amount in owed:
        entered = balance_of(account, told.before.entered) + sum(
            line[5] - line[4]
            for _, lines in told.spans
            for line in lines
            if line[2] == account.value
        )
        rows.append((account.value, entered, amount, entered - amount))
    return Table("ties", N_("What ties"), columns, tuple(rows))


def _statements(told: Journal) -> Iterator[Statement]:
    if told.is_dated:
        text = N_(
            "The days begin or end inside a closed month: everything counts on its own day, "
            "whenever it was told. Ask for whole months to see them as they were closed."
        )
        yield Statement("by_own_date", Say(text))
    if told.after.cards.entered:
        text = N_(
            "Tax is not entered: of a single-purpose gift card it is due when the card is sold, of "
            "a multi-purpose one when it pays. The report on gift cards tells how much it is."
        )
        yield Statement("tax_not_entered", Say(text))


_DEFINITIONS = (
    Definition(
        "entries",
        N_("Entries"),
        N_(
            "Each has one debit and one credit of the same amount. Sales themselves, with their "
            "tax and payment, are entered by whoever keeps the books: these entries take the "
            "points' part out of them and bring it back as points are redeemed."
        ),
    ),
)

ENTRY = ReportEntry(make, prepare, frozenset({"every"}), needs_columns=False)
