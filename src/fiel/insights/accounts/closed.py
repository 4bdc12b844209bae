"""Closed months: what the books said of them, kept for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from fractions import Fraction
from typing import Any, LiteralString
from uuid import UUID

import orjson

from fiel.domain.accounting.cohorts import Position, Source
from fiel.domain.accounting.entries import Entered, Entry
from fiel.domain.accounting.expectation import Method, Share
from fiel.insights.accounts.cards import Cards
from fiel.insights.accounts.late import Late
from fiel.insights.accounts.standing import Totals
from fiel.ledger.scope import Connection

READ: LiteralString = """
SELECT month, closed_at, closed_by, version, snapshot, content::text
FROM closed_month WHERE program_id = %s ORDER BY month
"""
KEEP: LiteralString = """
INSERT INTO closed_month (program_id, month, closed_at, closed_by, version, snapshot, content)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Books:
    """What the books say at a moment: all that ever moved, and where that leaves them.

    `shares` tells by unit what is expected to be redeemed, `entered` what the journal has.
    """

    totals: Totals
    positions: tuple[Position, ...]
    shares: Mapping[str, Share]
    entered: Entered
    cards: Cards


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A month whose books are closed: how they stood when it began, and when it was over.

    `lines` are the journal's lines as they were then: [entry, unit, account, number, debit,
    credit]; `late` what was told of earlier months and belongs to it.
    """

    month: date
    closed_at: datetime
    closed_by: str
    version: int
    snapshot: str
    opening: Books
    closing: Books
    lines: tuple[tuple[str, str, str, str, int, int], ...]
    late: tuple[Late, ...]


async def closed_months(connection: Connection, program_id: UUID) -> list[ClosedMonth]:
    """A program's closed months, oldest first; `connection` is inside its transaction."""
    cursor = await connection.execute(READ, (program_id,))
    rows: list[tuple[Any, ...]] = await cursor.fetchall()
    return [_closed(*row) for row in rows]


async def keep_closed(connection: Connection, program_id: UUID, closed: ClosedMonth) -> None:
    """Keep a month that is being closed.

    Raises:
        UniqueViolation: somebody else has closed it.
    """
    content = {
        "opening": _books_record(closed.opening),
        "closing": _books_record(closed.closing),
        "lines": closed.lines,
        "late": [_plain(asdict(each)) for each in closed.late],
    }
    await connection.execute(
        KEEP,
        (
            program_id, closed.month, closed.closed_at, closed.closed_by, closed.version,
            closed.snapshot, orjson.dumps(content).decode(),
        ),
    )  # fmt: skip


def _closed(
    month: date, closed_at: datetime, closed_by: str, version: int, snapshot: str, text: str
) -> ClosedMonth:
    content = orjson.loads(text)
    return ClosedMonth(
        month,
        closed_at,
        closed_by,
        version,
        snapshot,
        _books(content["opening"]),
        _books(content["closing"]),
        tuple(tuple(line) for line in content["lines"]),
        tuple(Late(date.fromisoformat(each.pop("day")), **each) for each in content["late"]),
    )


def _books_record(books: Books) -> dict[str, Any]:
    cards = books.cards
    return {
        "totals": books.totals,
        "positions": [_plain(asdict(position)) for position in books.positions],
        "shares": [_plain(asdict(share)) for share in books.shares.values()],
        "entered": [[entry, unit, amount] for (entry, unit), amount in books.entered.items()],
        "cards": [[*kind, entry, amount] for (kind, entry), amount in cards.entered.items()],
        "cards_issued": [[*kind, count] for kind, count in cards.issued.items()],
    }


def _books(record: dict[str, Any]) -> Books:
    return Books(
        record["totals"],
        tuple(_position(each) for each in record["positions"]),
        {share.unit: share for share in map(_share, record["shares"])},
        {(Entry(entry), unit): amount for entry, unit, amount in record["entered"]},
        Cards(
            {((purpose, rate), Entry(entry)): amount
             for purpose, rate, entry, amount in record["cards"]},
            {(purpose, rate): count for purpose, rate, count in record["cards_issued"]},
        ),
    )  # fmt: skip


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, Fraction | date) else value
        for name, value in record.items()
    }


def _position(record: dict[str, Any]) -> Position:
    known = {field.name: record[field.name] for field in fields(Position)}
    return Position(
        **known
        | {
            "month": date.fromisoformat(record["month"]),
            "source": Source(record["source"]),
            "share": None if record["share"] is None else Fraction(record["share"]),
            "value": Fraction(record["value"]),
            "expected_value": Fraction(record["expected_value"]),
        }
    )


def _share(record: dict[str, Any]) -> Share:
    more = {"share": Fraction(record["share"]), "method": Method(record["method"])}
    return Share(**record | more)


def newest(closed: Iterable[ClosedMonth]) -> ClosedMonth | None:
    """The month that was closed last."""
    return max(closed, key=lambda each: each.month, default=None)
