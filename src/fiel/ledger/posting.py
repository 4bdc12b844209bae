"""Posting: what decisions do to books, and the rows that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fiel.domain.deciding import decision_record
from fiel.domain.deciding.pinning import pinned_holdouts
from fiel.domain.decision import Advance, Decision, TierChange
from fiel.domain.holdout import is_held_out_of_all
from fiel.domain.lots import inactive_at
from fiel.domain.member import LimitKey, Qualifying
from fiel.domain.milestones import Progress, milestone_id
from fiel.domain.program import Program
from fiel.domain.tiers import is_above, next_tier, qualifying_total
from fiel.domain.time import utc_text
from fiel.ledger.accounts import Place
from fiel.ledger.books import Book, Counted, OpenLot
from fiel.ledger.ids import new_id
from fiel.ledger.living import live_on
from fiel.ledger.moving import credit, take
from fiel.ledger.progress import advance_book, events_of, ways_ahead
from fiel.ledger.settling import Move, settle
from fiel.ledger.tiers import (
    begin_term,
    begun_record,
    fall_at_once,
    hold,
    is_review_due,
    put_tier_right,
    review_record,
    review_tier,
)

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
    progress: dict[tuple[str, str], tuple[Progress, datetime | None]] = field(default_factory=dict)


@dataclass(slots=True)
class Posting:
    """Everything that a group of activities does to the members of one shard.

    Books change at once; the database when `writing.write` is called, all of it or nothing.
    """

    version: Version
    rows: Rows = field(default_factory=Rows)

    def settle(self, book: Book, now: datetime) -> None:
        """Book what fell due for a member up to `now`, as activities of the calendar.

        At one moment points start first, then the tier is looked at, then points end. Whoever
        settles a book of which points are due has read its lots.
        """
        while is_review_due(book, now):
            at = book.standing.review_at
            assert at is not None, "a review that is due has its moment"
            self._settle_points(book, at, now, ends_too=False)
            self._review(book, now)
        self._settle_points(book, now, now)

    def _settle_points(
        self, book: Book, until: datetime, now: datetime, *, ends_too: bool = True
    ) -> None:
        if not book.has_points_due(until):
            return
        moves = settle(book, until, ends_too=ends_too, next_end=self._next_end)
        # What falls due next is looked for anew, even where nothing moved.
        self.rows.books[book.member_id] = book
        if moves:
            told = Told(new_id(), "calendar", "", None, moves[0].at, b"")
            for move in moves:
                self.transfer(book, told, move, now)
            record = {"after": self._stands(book)}
            self._announce(book, _EVENTS[told.kind], told.key, now)
            self._record(book, told, record, now)

    def _review(self, book: Book, now: datetime) -> None:
        made = review_tier(book, self.version.program)
        self.rows.books[book.member_id] = book
        if made is None:
            return
        told = Told(new_id(), "tier", "", None, made.at, b"")
        self._announce(book, _EVENTS[told.kind], told.key, now)
        if made.after != made.before:
            self._announce(book, "tier.changed", told.key, now)
        record = review_record(made)
        record["after"] = self._stands(book)
        self._record(book, told, record, now)

    def begin_term(self, book: Book, now: datetime) -> None:
        """Give the tier that a member holds a term from today, where the program lets it fall."""
        standing, program = book.standing, self.version.program
        if standing.review_at is not None or not begin_term(standing, program, now):
            return
        told = Told(new_id(), "tier", "", None, now, b"")
        self._announce(book, _EVENTS[told.kind], told.key, now)
        record = begun_record(standing)
        record["after"] = self._stands(book)
        self._record(book, told, record, now)

    def _next_end(self, unit_id: str, at: datetime) -> datetime | None:
        unit = self.version.program.units.get(unit_id)
        return inactive_at(unit, at, self.version.program.timezone) if unit else None

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
        change, reason = self._stand(book, told, decision, window)
        for key, used in decision.limits.items():
            self.use_limit(book, key, used)
        for budget, points in decision.budgets.items():
            self.use_budget(budget, points)
        record = decision_record(decision)
        if extra:
            record |= extra
        if decision.advances and (consumed := self._advance(book, told, decision.advances, now)):
            record["consumed"] = consumed
        self._announce(book, _EVENTS[told.kind], told.key, now)
        for event in events_of(decision.advances):
            self._announce(book, event, told.key, now)
        if change is not None:
            self._announce(book, "tier.changed", told.key, now)
            record["r"] = [change.before, change.after]
        if reason is not None:
            record["tier"] = reason
        while is_review_due(book, now):
            # What is told late can reach a tier whose term is over by now.
            self._review(book, now)
        record["after"] = self._stands(book)
        if program.milestones and not is_held_out_of_all(pinned_holdouts(decision.pinned)):
            record["after"]["milestones"] = self._lies_ahead(book, now)
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
        active. What extends the life of points is for the unit to say.
        """
        if touches:
            self._touch(book, told.occurred_at)
        live_on(book, self.version.program, told.kind, told.occurred_at)
        self._announce(book, event or _EVENTS[told.kind], told.key, now)
        fallen = fall_at_once(book, self.version.program, now=now)
        if fallen is not None:
            self._announce(book, "tier.changed", told.key, now)
            record["r"] = [fallen.change.before, fallen.change.after]
            record["tier"] = fallen.reason
        record["after"] = self._stands(book)
        return self._record(book, told, record, now)

    def announce(self, book: Book, type_: str, told: Told, now: datetime) -> None:
        """Tell of something more that an activity did."""
        self._announce(book, type_, told.key, now)

    def keep(self, book: Book, told: Told, record: Record, *, now: datetime) -> Recorded:
        """Keep an activity of which nobody is told: it only says what counted elsewhere."""
        return self._record(book, told, record, now)

    def advance(
        self, book: Book, told: Told, advance: Advance, *, is_emptied: bool = False
    ) -> None:
        """Keep how far an advance brings a member; `is_emptied`: its period counts no more."""
        after = advance_book(book, advance, is_emptied=is_emptied)
        _, earlier = self.rows.progress.get((book.key, advance.counter), (None, None))
        at = told.occurred_at if advance.reached > 0 else earlier
        self.rows.progress[book.key, advance.counter] = after, at

    def _advance(
        self, book: Book, told: Told, advances: Sequence[Advance], now: datetime
    ) -> list[list[object]]:
        """Keep advances, and redeem what milestones consume: [counter, unit, points, transfer]."""
        consumed: list[list[object]] = []
        milestones = {milestone.id: milestone for milestone in self.version.program.milestones}
        for advance in advances:
            self.advance(book, told, advance)
            milestone = milestones.get(milestone_id(advance.counter))
            if milestone is None or not milestone.consume:
                continue
            assert milestone.every is not None, "what is consumed is consumed again and again"
            for _ in range(advance.reached):
                taken = take(
                    self, book, told, milestone.of, milestone.every, to=Place.REDEEMED, now=now
                )
                consumed.append([advance.counter, taken.unit, taken.points, str(taken.transfer_id)])
        return consumed

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
        if min(counted.spend, counted.points, counted.visits) < 0:
            book.took_back.append(counted)

    def _stand(
        self,
        book: Book,
        told: Told,
        decision: Decision,
        window: tuple[datetime, datetime] | None,
    ) -> tuple[TierChange | None, Record | None]:
        """Count what was decided; how the tier changed, and why where it was not climbed."""
        standing, counted, at = book.standing, decision.counted, told.occurred_at
        program, change, reason = self.version.program, decision.tier, None
        standing.spend += counted.spend
        standing.visits += counted.visits
        self._touch(book, min(at, told.counts_at or at))
        live_on(book, self.version.program, told.kind, told.occurred_at)
        if window is None:
            return change, reason
        told_counted = Counted(told.counts_at or at, counted.spend, counted.points, counted.visits)
        book.count(told_counted, *window)
        before = standing.tier
        right = put_tier_right(book, program, told_counted)
        if right is not None:
            change, reason = TierChange(before, right.change.after), right.reason
        if decision.tier is not None and is_above(program, decision.tier.after, standing.tier):
            hold(standing, program, decision.tier.after, since=told_counted.at)
            standing.tier_since = at
            change = TierChange(before, decision.tier.after)
        return change, reason

    def _touch(self, book: Book, at: datetime) -> None:
        """Count something as the member's being active."""
        standing = book.standing
        first, last = standing.first_activity_at, standing.last_activity_at
        standing.first_activity_at = at if first is None or at < first else first
        standing.last_activity_at = at if last is None or at > last else last

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

    def ended(self, book: Book) -> dict[UUID, int]:
        """The points that this posting books as expired, by lot."""
        ends = {
            UUID(row[1])
            for row in self.rows.transfers
            if row[0] == book.key and row[5] == Place.EXPIRED
        }
        ended: dict[UUID, int] = {}
        for _, transfer_id, lot_id, points in self.rows.draws:
            if transfer_id in ends:
                ended[lot_id] = ended.get(lot_id, 0) + points
        return ended

    def _stands(self, book: Book) -> Record:
        """What stands after an activity."""
        return stood_after(book, self.version.program)

    def _lies_ahead(self, book: Book, now: datetime) -> list[list[object]]:
        """How far the member is towards each milestone."""
        return ways_ahead(book, self.version.program, now)

    def _record(self, book: Book, told: Told, record: Record, now: datetime) -> Recorded:
        record |= book.ends_record()
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
        if standing.tier_until is not None:
            after["tier_until"] = utc_text(standing.tier_until)
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
    "redate": "points.redated",
    "segment_entered": "segment.entered",
    "segment_left": "segment.left",
    "alert": "alert.raised",
}
