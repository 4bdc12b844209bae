"""Posting: what decisions do to books, and the rows that say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from fiel.domain.deciding import decision_record
from fiel.domain.decision import Decision, Term
from fiel.domain.lots import Draw, inactive_at
from fiel.domain.member import Qualifying
from fiel.domain.program import Program, Unit
from fiel.domain.tiers import next_tier, qualifying_total
from fiel.domain.time import utc_text
from fiel.ledger.accounts import Account, Place
from fiel.ledger.books import Book, Counted, OpenLot
from fiel.ledger.ids import new_id
from fiel.ledger.settling import Move, settle

type Row = tuple[Any, ...]
type Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """An activity as it was told. `facts` is JSON; `fingerprint` tells a retry from a mistake."""

    id: UUID
    kind: str
    source: str
    external_id: str | None
    occurred_at: datetime
    fingerprint: bytes
    facts: str = "{}"
    store: str = ""
    channel: str = ""
    net: int = 0
    gross: int = 0
    key: str = field(init=False)  # the id as text, which many rows bear

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", str(self.id))


@dataclass(frozen=True, slots=True)
class Recorded:
    """An activity as it stands in the ledger; `decision` is its record with what stood after."""

    id: UUID
    member_id: UUID
    kind: str
    source: str
    external_id: str | None
    occurred_at: datetime
    recorded_at: datetime
    store: str
    channel: str
    net: int
    gross: int
    version: int
    facts: str
    decision: Record
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Version:
    """The published program that decides."""

    number: int
    program: Program


@dataclass(slots=True)
class Rows:
    """The rows that a posting writes, by table."""

    activities: list[tuple[str, str, Recorded]] = field(default_factory=list)
    transfers: list[Row] = field(default_factory=list)
    lots: list[tuple[str, str, Fraction | None, OpenLot]] = field(default_factory=list)
    draws: list[Row] = field(default_factory=list)
    keys: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    books: dict[UUID, Book] = field(default_factory=dict)
    limits: dict[tuple[UUID, str, Any], int] = field(default_factory=dict)
    budgets: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(slots=True)
class Posting:
    """Everything that a group of activities does to the members of one shard.

    Books change at once; the database when `writing.write` is called, all of it or nothing.
    """

    version: Version
    rows: Rows = field(default_factory=Rows)

    def settle(self, book: Book, now: datetime) -> None:
        """Book what fell due for a member, as an activity of the calendar."""
        moves = settle(book, now)
        if moves:
            told = Told(new_id(), "calendar", "", None, moves[0].at, b"")
            for move in moves:
                self._transfer(book, told, move, now)
            record = {"after": stood_after(book, self.version.program)}
            self._announce(book, _EVENTS[told.kind], told.key, now)
            self._record(book, told, record, now)

    def post(
        self,
        book: Book,
        told: Told,
        decision: Decision,
        *,
        now: datetime,
        window: tuple[datetime, datetime] | None = None,
        opening: bool = False,
    ) -> Recorded:
        """Apply a decision to a member's book and keep the rows that say so.

        The book is settled up to `now` (`settle`) before the decision is taken. `window` is the
        tier window that the activity falls in, where the program has tiers. `opening` marks
        points brought in from elsewhere rather than issued here.
        """
        program = self.version.program
        source = Place.OPENING if opening else Place.ISSUED
        for unit_id, points in decision.points().items():
            self._credit(book, told, program.units[unit_id], points, decision, source, now)
        self._stand(book, told, decision, window)
        for key, used in decision.limits.items():
            total = book.limits.get(key, 0) + used
            book.limits[key] = total
            self.rows.limits[book.member_id, *key] = total
        for budget, points in decision.budgets.items():
            self.rows.budgets[budget] = self.rows.budgets.get(budget, 0) + points
        record = decision_record(decision)
        record["after"] = stood_after(book, program)
        self._announce(book, _EVENTS[told.kind], told.key, now)
        if decision.tier is not None:
            self._announce(book, "tier.changed", told.key, now)
        return self._record(book, told, record, now)

    def _credit(
        self,
        book: Book,
        told: Told,
        unit: Unit,
        points: int,
        decision: Decision,
        source: Place,
        now: datetime,
    ) -> None:
        account = book.account(unit.id)
        term = decision.terms[unit.id]
        owed = min(account.debt, points) if term.starts_at <= now else 0
        if owed:
            account.move(source, Place.DEBT, owed)
            move = Move(unit.id, source, Place.DEBT, owed, told.occurred_at)
            self._transfer(book, told, move, now)
        if points > owed:
            self._open_lot(book, told, unit, points - owed, term, source, now)

    def _open_lot(
        self,
        book: Book,
        told: Told,
        unit: Unit,
        points: int,
        term: Term,
        source: Place,
        now: datetime,
    ) -> None:
        account = book.accounts[unit.id]
        started = term.starts_at <= now
        place = Place.AVAILABLE if started else Place.PENDING
        account.move(source, place, points)
        move = Move(unit.id, source, place, points, told.occurred_at)
        lot_id = self._transfer(book, told, move, now)
        lot = OpenLot(lot_id, unit.id, points, 0, term.starts_at, term.ends_at, started)
        self.rows.lots.append((book.key, told.key, unit.value, lot))
        book.lots.setdefault(unit.id, []).append(lot)
        if term.ends_at is not None and term.ends_at <= now:
            # Told late, over already: booked as ended at once.
            lot.drawn = points
            account.move(place, Place.EXPIRED, points)
            ended = Move(
                unit.id, place, Place.EXPIRED, points, term.ends_at, (Draw(lot_id, points),)
            )
            self._transfer(book, told, ended, now)
            return
        if not started:
            account.changes_no_later_than(term.starts_at)
        if term.ends_at is not None:
            account.changes_no_later_than(term.ends_at)
            account.expects_expiry(points, term.ends_at)

    def _stand(
        self,
        book: Book,
        told: Told,
        decision: Decision,
        window: tuple[datetime, datetime] | None,
    ) -> None:
        standing, counted, at = book.standing, decision.counted, told.occurred_at
        standing.spend += counted.spend
        standing.visits += counted.visits
        if window is not None:
            book.count(Counted(at, counted.spend, counted.points, counted.visits), *window)
        if decision.tier is not None:
            standing.tier, standing.tier_since = decision.tier.after, at
        first, last = standing.first_activity_at, standing.last_activity_at
        standing.first_activity_at = at if first is None or at < first else first
        standing.last_activity_at = at if last is None or at > last else last
        for account in book.accounts.values():
            account.inactive_at = self._inactive_at(account, standing.last_activity_at)

    def _inactive_at(self, account: Account, last: datetime) -> datetime | None:
        unit = self.version.program.units.get(account.unit)
        # A unit that the program dropped keeps the end it has.
        if unit is None:
            return account.inactive_at
        return inactive_at(unit, last, self.version.program.timezone)

    def _transfer(self, book: Book, told: Told, move: Move, now: datetime) -> UUID:
        transfer_id = new_id()
        self.rows.transfers.append(
            (
                book.key,
                str(transfer_id),
                told.key,
                move.unit,
                move.debit.value,
                move.credit.value,
                move.points,
                move.at,
                now,
            )
        )
        for draw in move.draws:
            self.rows.draws.append((book.key, transfer_id, draw.lot_id, draw.points))
        return transfer_id

    def _record(self, book: Book, told: Told, record: Record, now: datetime) -> Recorded:
        recorded = Recorded(
            told.id,
            book.member_id,
            told.kind,
            told.source,
            told.external_id,
            told.occurred_at,
            now,
            told.store,
            told.channel,
            told.net,
            told.gross,
            self.version.number,
            told.facts,
            record,
            told.fingerprint,
        )
        self.rows.activities.append((book.key, told.key, recorded))
        if told.external_id is not None:
            self.rows.keys.append((told.kind, told.source, told.external_id, book.key, told.key))
        self.rows.books[book.member_id] = book
        return recorded

    def _announce(self, book: Book, type_: str, activity: str, now: datetime) -> None:
        book.standing.sequence += 1
        self.rows.events.append((book.key, book.standing.sequence, type_, activity, now))


def stood_after(book: Book, program: Program) -> Record:
    """What stands after an activity, as its answer tells it: balances and tier."""
    balances = {}
    for unit, account in book.accounts.items():
        balance = account.balance()
        balances[unit] = [
            balance.available,
            balance.pending,
            balance.held,
            balance.debt,
            balance.lifetime,
            [[expiring.points, utc_text(expiring.at)] for expiring in balance.expiring],
        ]
    after: Record = {"balances": balances}
    if program.tiers is not None:
        standing = book.standing
        window = Qualifying(standing.window_spend, standing.window_points, standing.window_visits)
        above = next_tier(program.tiers, standing.tier, qualifying_total(program.tiers, window))
        after["tier"] = [
            standing.tier,
            utc_text(standing.tier_since) if standing.tier_since else None,
            *((above.level.id, above.missing) if above else ()),
        ]
    return after


_EVENTS = {
    "sale": "sale.recorded",
    "activity": "activity.recorded",
    "enrolment": "member.created",
    "birthday": "birthday.honoured",
    "anniversary": "anniversary.honoured",
    "balance": "balance.imported",
    "calendar": "points.settled",
}
