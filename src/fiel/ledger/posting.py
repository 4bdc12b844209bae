"""Posting: what decisions do to books, and the rows that say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fiel.domain.deciding import decision_record
from fiel.domain.decision import Decision
from fiel.domain.lots import inactive_at
from fiel.domain.member import LimitKey, Qualifying
from fiel.domain.program import Program
from fiel.domain.tiers import next_tier, qualifying_total
from fiel.domain.time import utc_text
from fiel.ledger.accounts import Account, Place
from fiel.ledger.books import Book, Counted, OpenLot
from fiel.ledger.ids import new_id
from fiel.ledger.moving import credit
from fiel.ledger.settling import Move, settle

type Row = tuple[Any, ...]
type Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """An activity as it was told. `facts` is JSON; `fingerprint` tells a retry from a mistake.

    `about` is the activity that it is about, of a return its sale; `counts_at` when what it
    counts towards a tier counts, where that is not when it occurred.
    """

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
    about: UUID | None = None
    counts_at: datetime | None = None
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
    about: UUID | None = None
    counts_at: datetime | None = None


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
    lots: list[tuple[str, str, OpenLot]] = field(default_factory=list)
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
                self.transfer(book, told, move, now)
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
        extra: Record | None = None,
    ) -> Recorded:
        """Apply a decision to a member's book and keep the rows that say so.

        The book is settled up to `now` (`settle`) before the decision is taken. `window` is the
        tier window that the activity falls in, where the program has tiers. `opening` marks
        points brought in from elsewhere rather than issued here. `extra` is kept with the
        decision's record.
        """
        program = self.version.program
        source = Place.OPENING if opening else Place.ISSUED
        for unit_id, points in decision.points().items():
            term = decision.terms[unit_id]
            credit(self, book, told, program.units[unit_id], points, term, source=source, now=now)
        self._stand(book, told, decision, window)
        for key, used in decision.limits.items():
            self.use_limit(book, key, used)
        for budget, points in decision.budgets.items():
            self.use_budget(budget, points)
        record = decision_record(decision)
        if extra:
            record |= extra
        record["after"] = stood_after(book, program)
        self._announce(book, _EVENTS[told.kind], told.key, now)
        if decision.tier is not None:
            self._announce(book, "tier.changed", told.key, now)
        return self._record(book, told, record, now)

    def close(
        self,
        book: Book,
        told: Told,
        record: Record,
        *,
        now: datetime,
        event: str | None = None,
        touches: bool = False,
    ) -> Recorded:
        """Keep an activity that no rule decides: what it did to the book is done already.

        `event` is announced instead of the kind's own; `touches` counts it as the member's being
        active.
        """
        if touches:
            self._touch(book, told.occurred_at)
        else:
            self._keep_ends(book)
        record["after"] = stood_after(book, self.version.program)
        self._announce(book, event or _EVENTS[told.kind], told.key, now)
        return self._record(book, told, record, now)

    def announce(self, book: Book, type_: str, told: Told, now: datetime) -> None:
        """Tell of something more that an activity did."""
        self._announce(book, type_, told.key, now)

    def use_limit(self, book: Book, key: LimitKey, times: int) -> None:
        """Count uses of a rule's limit, or give them back where `times` is below zero."""
        total = book.limits.get(key, 0) + times
        book.limits[key] = total
        self.rows.limits[book.member_id, *key] = total

    def use_budget(self, budget: tuple[str, str], points: int) -> None:
        """Take points out of a locked budget, or give them back where they are below zero."""
        self.rows.budgets[budget] = self.rows.budgets.get(budget, 0) + points

    def count_back(self, book: Book, counted: Counted) -> None:
        """Count, for ever and towards the tier, what belongs to another time."""
        book.standing.spend += counted.spend
        book.standing.visits += counted.visits
        book.count_back(counted)

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
        self._touch(book, at)

    def _touch(self, book: Book, at: datetime) -> None:
        """Count something as the member's being active."""
        standing = book.standing
        first, last = standing.first_activity_at, standing.last_activity_at
        standing.first_activity_at = at if first is None or at < first else first
        standing.last_activity_at = at if last is None or at > last else last
        for account in book.accounts.values():
            account.inactive_at = self._inactive_at(account, standing.last_activity_at)

    def _keep_ends(self, book: Book) -> None:
        """Give an end to points that came without the member's being active."""
        last = book.standing.last_activity_at or book.standing.joined_at
        for account in book.accounts.values():
            if account.inactive_at is None and account.available:
                account.inactive_at = self._inactive_at(account, last)

    def _inactive_at(self, account: Account, last: datetime) -> datetime | None:
        unit = self.version.program.units.get(account.unit)
        # A unit that the program dropped keeps the end it has.
        if unit is None:
            return account.inactive_at
        return inactive_at(unit, last, self.version.program.timezone)

    def transfer(self, book: Book, told: Told, move: Move, now: datetime) -> UUID:
        """Keep a transfer that the book knows of already; its id."""
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
                move.pair_id,
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
            told.about,
            told.counts_at,
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
    "return": "sale.returned",
    "redemption": "reward.redeemed",
    "capture": "redemption.captured",
    "use": "redemption.used",
    "redemption_cancel": "redemption.cancelled",
    "adjustment": "points.adjusted",
    "transfer": "points.transferred",
    "merge": "member.merged",
    "unmerge": "member.unmerged",
    "erasure": "member.erased",
    "claim": "sale.claimed",
    "referral": "referral.rewarded",
    "referral_reversal": "referral.reversed",
    "carried": "activity.carried",
    "tier": "tier.reviewed",
}
