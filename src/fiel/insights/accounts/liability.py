"""The liability: what is owed to members in points, by when they were earned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from fiel.domain.accounting.cohorts import Position, Source, at_share
from fiel.domain.accounting.expectation import LEAST_POINTS, Method, Share
from fiel.domain.accounting.settings import WithoutSale
from fiel.domain.language import N_
from fiel.insights.accounts.asking import asked_days, reader
from fiel.insights.accounts.closed import Books
from fiel.insights.accounts.standing import balance_of
from fiel.insights.reporting.asked import Asked, Entry, Question
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

# Percentage points by which the expectation is moved.
_MOVES = (-10, -5, -1, 0, 1, 5, 10)
_SOURCES = {
    Source.SALE: N_("sales"),
    Source.GRANTED: N_("no sale"),
    Source.BROUGHT_IN: N_("brought in"),
}
_METHODS = {
    Method.STATED: N_("as the program states"),
    Method.ESTIMATED: N_("estimated from months of which everything is over"),
    Method.UNKNOWN: N_("not known: all of them"),
}


@dataclass(frozen=True, slots=True)
class Liability:
    """The books when a day is over."""

    day: date
    books: Books
    is_closed: bool
    as_of: datetime


async def prepare(connection: Connection, question: Question) -> Liability:
    """Read the books of the last day that is asked for."""
    accountant = await reader(connection, question)
    day = asked_days(question).until
    kept = accountant.kept_for(day)
    (books,) = [kept] if kept else await accountant.live([day])
    return Liability(day, books, kept is not None, accountant.now)


def make(asked: Asked) -> Report:
    """Tell it."""
    liability = asked.prepared
    assert isinstance(liability, Liability), "prepared"
    books, only = liability.books, asked.options.get("unit")
    positions = [each for each in books.positions if only in (None, each.unit)]
    shares = [share for share in books.shares.values() if only in (None, share.unit)]
    return Report(
        "liability",
        N_("Liability"),
        None,
        liability.day,
        liability.as_of,
        (
            _units(positions, shares, books),
            _cohorts(positions),
            _expectations(shares),
            _sensitivity(positions, shares),
        ),
        tuple(_statements(asked, positions, shares, is_closed=liability.is_closed)),
        _DEFINITIONS,
    )


def _units(positions: Sequence[Position], shares: Sequence[Share], books: Books) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for share in shares:
        own = [each for each in positions if each.unit == share.unit]
        outstanding, balance = (
            sum(each.outstanding for each in own),
            balance_of(books.totals, share.unit),
        )
        rows.append(
            (
                share.unit,
                outstanding,
                outstanding - balance,
                balance,
                _sum(each.value for each in own),
                100 * share.share,
                _sum(each.expected_value for each in own),
                sum(each.allocated for each in own),
                sum(each.recognised for each in own),
                sum(each.deferred for each in own),
            )
        )
    columns = (
        Column("unit", N_("Unit"), Kind.TEXT),
        Column("outstanding", N_("Outstanding"), Kind.POINTS),
        Column("owed", N_("Owed by members"), Kind.POINTS),
        Column("balance", N_("Members' balances"), Kind.POINTS),
        Column("value", N_("Worth"), Kind.MONEY),
        Column("expected_redemption", N_("Expected to be redeemed"), Kind.PERCENT),
        Column("liability", N_("Liability"), Kind.MONEY),
        *_BOOKED,
    )
    return Table("liability", N_("What is owed"), columns, tuple(rows))


def _cohorts(positions: Sequence[Position]) -> Table:
    columns = (
        Column("unit", N_("Unit"), Kind.TEXT),
        Column("month", N_("Earned in the month of"), Kind.DAY),
        Column("source", N_("By"), Kind.TEXT),
        Column("earned", N_("Earned"), Kind.POINTS),
        Column("reversed", N_("Taken back"), Kind.POINTS),
        Column("redeemed", N_("Redeemed"), Kind.POINTS),
        Column("settled", N_("Paid debts"), Kind.POINTS),
        Column("expired", N_("Expired"), Kind.POINTS),
        Column("removed", N_("Taken by hand"), Kind.POINTS),
        Column("outstanding", N_("Outstanding"), Kind.POINTS),
        Column("expected_redemption", N_("Expected to be redeemed"), Kind.PERCENT),
        Column("value", N_("Worth"), Kind.MONEY),
        Column("liability", N_("Liability"), Kind.MONEY),
        *_BOOKED,
    )
    rows = tuple(
        (
            each.unit,
            each.month,
            Say(_SOURCES[each.source]),
            each.earned,
            each.reversed,
            each.redeemed,
            each.settled,
            each.expired,
            each.removed,
            each.outstanding,
            None if each.share is None else 100 * each.share,
            each.value,
            each.expected_value,
            each.allocated,
            each.recognised,
            each.deferred,
        )
        for each in positions
    )
    return Table("cohorts", N_("By the month of earning"), columns, rows)


def _expectations(shares: Sequence[Share]) -> Table:
    columns = (
        Column("unit", N_("Unit"), Kind.TEXT),
        Column("method", N_("How it is known"), Kind.TEXT),
        Column("how", N_("In words"), Kind.TEXT),
        Column("share", N_("Expected to be redeemed"), Kind.PERCENT),
        Column("months", N_("Months that are over"), Kind.COUNT),
        Column("points", N_("Points earned in them"), Kind.POINTS),
        Column("redeemed", N_("Redeemed of those"), Kind.POINTS),
    )
    rows = tuple(
        (
            each.unit,
            each.method.value,
            Say(_METHODS[each.method]),
            100 * each.share,
            each.months,
            each.points,
            each.redeemed,
        )
        for each in shares
    )
    return Table("expectations", N_("What is expected"), columns, rows)


def _sensitivity(positions: Sequence[Position], shares: Sequence[Share]) -> Table:
    columns = (
        Column("unit", N_("Unit"), Kind.TEXT),
        Column("move", N_("Percentage points more"), Kind.NUMBER),
        Column("expected_redemption", N_("Expected to be redeemed"), Kind.PERCENT),
        Column("liability", N_("Liability"), Kind.MONEY),
        Column("deferred", N_("Still deferred"), Kind.MONEY),
        Column("difference", N_("Difference"), Kind.MONEY),
    )
    rows: list[tuple[Cell, ...]] = []
    for share in shares:
        own = [each for each in positions if each.unit == share.unit]
        now = sum(each.deferred for each in own)
        for move in _MOVES if own else ():
            moved = share.share + Fraction(move, 100)
            if not 0 <= moved <= 1:
                continue
            told = [at_share(each, moved) for each in own]
            deferred = sum(deferred for _, deferred in told) if move else now
            value = _sum(value for value, _ in told)
            rows.append((share.unit, move, 100 * moved, value, deferred, deferred - now))
    return Table("sensitivity", N_("If more or less is redeemed"), columns, tuple(rows))


def _statements(
    asked: Asked, positions: Sequence[Position], shares: Sequence[Share], *, is_closed: bool
) -> Iterator[Statement]:
    if is_closed:
        text = N_("The month is closed: this is what the books said when it was.")
        yield Statement("closed", Say(text))
    for share in shares:
        own = [each for each in positions if each.unit == share.unit]
        if not own:
            continue
        if not any(each.value or each.allocated for each in own):
            text = N_(
                "Nothing says what one of “{unit}” is worth: write its value into the program, in "
                "its unit or under “accounting”, to see what is owed in money."
            )
            yield Statement("unit_without_value", Say(text, {"unit": share.unit}))
            continue
        if share.method is Method.UNKNOWN:
            text = N_(
                "Too little of “{unit}” is over to say how much is redeemed: {points} points, and "
                "{needed} are needed. Until then all of it is expected to be; a share can be "
                "stated in the program under “accounting”."
            )
            told = {"unit": share.unit, "points": share.points, "needed": LEAST_POINTS}
            yield Statement("expected_redemption_unknown", Say(text, told))
        if any(_is_beyond(each, share.share) for each in own):
            text = N_(
                "Of “{unit}”, some months had more redeemed already than was expected of them, "
                "and more can be: the expectation is too low."
            )
            yield Statement("expectation_exceeded", Say(text, {"unit": share.unit}))
    if asked.program.accounting.without_sale is WithoutSale.NONE and any(
        each.source is Source.GRANTED and each.outstanding and each.value for each in positions
    ):
        text = N_(
            "Nothing is deferred for points that no sale gave: no part of a price is theirs. The "
            "program can count them as a cost instead, under “accounting”."
        )
        yield Statement("granted_not_deferred", Say(text))


def _is_beyond(position: Position, share: Fraction) -> bool:
    kept = position.earned - position.reversed
    used = position.redeemed + position.settled
    return position.outstanding > 0 and used > share * kept


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, Fraction(0))


_BOOKED = (
    Column("allocated", N_("Deferred in all"), Kind.MONEY),
    Column("recognised", N_("Become revenue"), Kind.MONEY),
    Column("deferred", N_("Still deferred"), Kind.MONEY),
)
_DEFINITIONS = (
    Definition(
        "outstanding",
        N_("Outstanding"),
        N_("Points that can be used, wait or are held, and have not ended."),
    ),
    Definition(
        "value",
        N_("Worth"),
        N_("What outstanding points are worth by themselves, each as when it was earned."),
    ),
    Definition(
        "liability",
        N_("Liability"),
        N_("The part of that worth that is expected to be redeemed."),
    ),
    Definition(
        "deferred",
        N_("Still deferred"),
        N_(
            "The part of the price of sales that belongs to points and is not revenue yet. It was "
            "shared out by stand-alone value when the points were earned (IFRS 15.76, ASC "
            "606-10-32-31), over all the sales of a month together, and becomes revenue as points "
            "are redeemed, of all that are expected to be (IFRS 15.B46, ASC 606-10-55-48)."
        ),
    ),
)

ENTRY = Entry(make, prepare, frozenset({"unit"}), needs_columns=False)
