"""History: what happened to members, read from the columnar copy in the order it was recorded."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import ibis
import orjson
from ibis import Table, _

from fiel.domain.activity import Action, Line, LineKind, Occasion, OccasionKind, Sale
from fiel.domain.returning.keeping import AllBack, AmountBack, Back, LineBack
from fiel.domain.time import end_of_day
from fiel.insights.columns.opening import Columns
from fiel.insights.simulation.happenings import (
    Bought,
    Brought,
    CameBack,
    Did,
    Key,
    Person,
    Redeemed,
    Timed,
)
from fiel.ledger.accounts import Place
from fiel.members.facts import PersonFacts

_ROWS_AT_ONCE = 20_000
_SALES_KEPT = 100_000
_A_MOMENT = timedelta(microseconds=1)
# What was told later than this was brought in from elsewhere: it is taken as told when it happened.
_LATE = ibis.interval(days=2)
type Piece = tuple[datetime, datetime]
type Ends = tuple[datetime, datetime]  # when the first and the last thing was told

_GONE = ("cancelled", "queued")
_SOURCES = (int(Place.ADJUSTED), int(Place.OPENING))  # where points come from that nobody earned


class Clock(StrEnum):
    """When what happened is taken to have been told."""

    AS_HAPPENED = "as_happened"  # what was told long after it happened, when it happened
    AS_TOLD = "as_told"  # as the ledger recorded it


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a simulation, both included; None has no end."""

    since: date | None = None
    until: date | None = None


class History:
    """The past of a program's members in a span of days."""

    def __init__(
        self,
        columns: Columns,
        span: Span,
        *,
        per_major: int,
        clock: Clock = Clock.AS_HAPPENED,
        ends: Ends | None = None,
    ) -> None:
        """`ends` are those of the whole past, where the columns have a share of it."""
        self.columns = columns
        self.span = span
        self._per_major = per_major
        self._clock = clock
        self._kept: list[Timed] | None = None
        self._given = ends

    def people(self) -> list[Person]:
        """Every member, by number."""
        before = self.before()
        members = self.columns["members"].order_by("member")
        return [
            Person(
                row["member"],
                UUID(row["member_id"]),
                _utc(row["joined_at"]),
                PersonFacts(row["birthday"], orjson.loads(row["attributes"] or "{}")),
                tuple(orjson.loads(row["segments"] or "[]")),
                *before.get(row["member"], (0, 0)),
            )
            for row in _rows(members)
        ]

    def sales(self) -> int:
        """How many sales to members there are."""
        sales = self.within("sales")
        return int(sales.filter(sales.member.notnull()).count().to_pyarrow().as_py())

    def returned(self) -> set[int]:
        """The sales of which something came back."""
        numbers = self.within("returns").select("sale").distinct().to_pyarrow()["sale"]
        return {number for number in numbers.to_pylist() if number is not None}

    def who_returned(self) -> set[int]:
        """The members to whose sales something came back."""
        sales = self.columns["sales"]
        theirs = sales.semi_join(self.within("returns"), "sale").select("member").distinct()
        return {number for number in theirs.to_pyarrow()["member"].to_pylist() if number}

    def ends(self) -> Ends | None:
        """When the first and the last thing was told; None where nothing was."""
        first, last = self._ends("min"), self._ends("max")
        return (min(first), max(last)) if first and last else None

    def begins_at(self) -> datetime | None:
        """When the first thing was told; None where nothing was."""
        return min(self._ends("min"), default=None)

    def closes_at(self, zone: tzinfo) -> datetime | None:
        """The moment up to which a simulation lives; None where nothing happened.

        The end of the last day that was asked for, or as far as the copy goes.
        """
        last = max(self._ends("max"), default=None)
        if last is None:
            return None
        known = max(last, self.columns.as_of or last)
        if self.span.until is None:
            return known
        return min(known, end_of_day(self.span.until, zone).astimezone(UTC))

    def _ends(self, which: str) -> list[datetime]:
        if self._given is not None:
            return [self._given[0] if which == "min" else self._given[1]]
        found = [
            getattr(self.within(name).now, which)().to_pyarrow().as_py()
            for name in ("sales", "returns", "activities", "redemptions", "movements")
        ]
        return [_utc(each) for each in found if each is not None]

    def happenings(self) -> Iterable[Timed]:
        """Everything in the order in which it was told.

        A small past is kept for whoever tries several programs on it; of a large one only a month
        is in memory at once.
        """
        if self._kept is None and self.sales() <= _SALES_KEPT:
            self._kept = list(self._in_pieces(is_small=True))
        return self._in_pieces(is_small=False) if self._kept is None else self._kept

    def _in_pieces(self, *, is_small: bool) -> Iterator[Timed]:
        ends = self._ends("min") + self._ends("max")
        if not ends:
            return
        first, last = min(ends), max(ends)
        pieces = [(first, last + _A_MOMENT)] if is_small else _months(first, last)
        for piece in pieces:
            yield from heapq.merge(
                self._done(piece),
                self._brought(piece),
                self._bought(piece),
                self._redeemed(piece),
                self._came_back(piece),
                key=_key,
            )

    def within(self, name: str) -> Table:
        """A table of the span, with when each row was told as `now`."""
        table = self.columns[name]
        since, until = self.span.since, self.span.until
        if since is not None:
            table = table.filter(table.day >= since)
        if until is not None:
            table = table.filter(table.day <= until)
        if name == "redemptions":
            return table.mutate(now=table.made_at)
        if self._clock is Clock.AS_TOLD:
            return table.mutate(now=table.recorded_at)
        is_late = table.recorded_at > table.occurred_at + _LATE
        return table.mutate(now=ibis.ifelse(is_late, table.occurred_at, table.recorded_at))

    def before(self) -> dict[int, tuple[int, int]]:
        """What members had spent, and how often they had come, before the span."""
        since = self.span.since
        if since is None:
            return {}
        bought = (
            self.columns["sales"]
            .filter(_.member.notnull(), _.day < since)
            .group_by("member")
            .aggregate(net=_.net.sum(), visits=_.count())
        )
        came_back = (
            self.columns["returns"]
            .filter(_.member.notnull(), _.day < since)
            .group_by("member")
            .aggregate(net=_.net.sum())
        )
        lost = {row["member"]: int(row["net"]) for row in _rows(came_back)}
        return {
            row["member"]: (int(row["net"]) - lost.get(row["member"], 0), row["visits"])
            for row in _rows(bought)
        }

    def _bought(self, piece: Piece) -> Iterator[Timed]:
        sales = _of(self.within("sales"), piece).filter(_.member.notnull())
        lines = self.columns["lines"]
        of_sales = lines.join(sales.select("sale", "now"), "sale")
        in_order = _lines_by_sale(of_sales.order_by("now", "sale", "number"))
        pending = next(in_order, None)
        wanted = (
            "sale", "member", "occurred_at", "now", "store", "channel", "shipping", "paid_points",
        )  # fmt: skip
        for row in _rows(sales.select(*wanted).order_by("now", "sale")):
            number = row["sale"]
            told: Sequence[Line] = ()
            if pending is not None and pending[0] == number:
                told = pending[1]
                pending = next(in_order, None)
            yield (
                (_utc(row["now"]), 3, number),
                Bought(row["member"], number, _sale(row, tuple(told)), row["paid_points"]),
            )

    def _came_back(self, piece: Piece) -> Iterator[Timed]:
        returns = _of(self.within("returns"), piece)
        known = returns.filter(returns.sale.notnull(), returns.member.notnull())
        for place, row in enumerate(_rows(known.order_by("now", "recorded_at", "return_id"))):
            content = orjson.loads(row["content"] or "{}")
            yield (
                (_utc(row["now"]), 5, place),
                CameBack(
                    row["member"],
                    row["sale"],
                    _utc(row["occurred_at"]),
                    self._back(content, cancels=row["cancels"]),
                    row["cancels"],
                ),
            )

    def _back(self, content: Mapping[str, Any], *, cancels: bool) -> Back:
        if cancels or content.get("full") or content.get("cancelled"):
            return AllBack()
        if content.get("lines"):
            return tuple(
                LineBack(line["line"], Decimal(line["quantity"])) for line in content["lines"]
            )
        return AmountBack(int(Decimal(content["amount"]) * self._per_major))

    def _done(self, piece: Piece) -> Iterator[Timed]:
        activities = _of(self.within("activities"), piece)
        told = activities.filter(
            activities.member.notnull(), activities.kind.isin(("activity", "enrolment"))
        )
        for place, row in enumerate(_rows(told.order_by("now", "activity_id"))):
            at = _utc(row["occurred_at"])
            if row["kind"] == "enrolment":
                key = (_utc(row["now"]), 0, place)
                yield key, Did(row["member"], Occasion(at, OccasionKind.ENROLMENT))
            else:
                properties = orjson.loads(row["properties"] or "{}")
                key = (_utc(row["now"]), 3, place)
                yield key, Did(row["member"], Action(at, row["type"], properties))

    def redemptions(self) -> Table:
        """The rewards that were redeemed, and stayed so."""
        redemptions = self.within("redemptions")
        stands = redemptions.filter(
            redemptions.reward.notnull(),
            redemptions.milestone.isnull(),
            redemptions.status.notin(_GONE),
            (redemptions.status != "expired") | redemptions.captured_at.notnull(),
        )
        return stands.select("redemption_id", "member", "reward", "quantity", "now").distinct()

    def _redeemed(self, piece: Piece) -> Iterator[Timed]:
        once = _of(self.redemptions(), piece)
        for place, row in enumerate(_rows(once.order_by("now", "redemption_id"))):
            at = _utc(row["now"])
            yield (at, 4, place), Redeemed(row["member"], row["reward"], row["quantity"], at)

    def brought_in(self) -> Table:
        """The points that were brought in or corrected by hand."""
        movements = self.within("movements")
        return movements.filter(
            (movements.debit.isin(_SOURCES) & movements.credit.isin((1, 2)))
            | ((movements.credit == int(Place.ADJUSTED)) & movements.debit.isin((1, 2)))
        )

    def _brought(self, piece: Piece) -> Iterator[Timed]:
        told = _of(self.brought_in(), piece)
        for place, row in enumerate(_rows(told.order_by("now", "transfer_id"))):
            points = row["points"] if row["debit"] in _SOURCES else -row["points"]
            at = _utc(row["occurred_at"])
            yield (
                (_utc(row["now"]), 2, place),
                Brought(row["member"], row["unit"], points, at),
            )


def _key(timed: Timed) -> Key:
    return timed[0]


def _months(first: datetime, last: datetime) -> Iterator[Piece]:
    """The months of UTC from one moment to another: what is read at once."""
    start = first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while start <= last:
        end = (start + timedelta(days=31)).replace(day=1)
        yield start, end
        start = end


def _of(table: Table, piece: Piece) -> Table:
    """The rows that were told in a piece of time."""
    start, end = (moment.replace(tzinfo=None) for moment in piece)
    return table.filter(table.now >= start, table.now < end)


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_pyarrow().to_batches(max_chunksize=_ROWS_AT_ONCE):
        yield from batch.to_pylist()


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _lines_by_sale(table: Table) -> Iterator[tuple[int, list[Line]]]:
    number: int | None = None
    lines: list[Line] = []
    for row in _rows(table):
        if row["sale"] != number:
            if number is not None:
                yield number, lines
            number, lines = row["sale"], []
        lines.append(_line(row))
    if number is not None:
        yield number, lines


def _line(row: Mapping[str, Any]) -> Line:
    quantity: Decimal = row["quantity"]
    whole = int(quantity)
    return Line(
        row["number"],
        row["sku"],
        row["name"],
        row["category"],
        LineKind(row["kind"]),
        whole if whole == quantity else quantity.normalize(),
        row["unit_price"],
        row["net"],
        row["gross"],
        row["net"] - (row["cost"] or 0),
    )


def _sale(row: Mapping[str, Any], lines: tuple[Line, ...]) -> Sale:
    goods = [line for line in lines if line.kind is LineKind.GOODS]
    return Sale(
        occurred_at=_utc(row["occurred_at"]),
        store=row["store"],
        channel=row["channel"],
        lines=lines,
        shipping=row["shipping"],
        net=sum(line.net for line in goods),
        gross=sum(line.gross for line in goods),
        items=sum(line.quantity for line in goods),
    )
