"""A member's book: all that a posting reads and changes about one member, in memory.

Books are opened under the members' locks, changed by one activity after another, and written by
one statement, so that a group of postings costs what one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from fiel.domain.lots import Draw, Lot
from fiel.domain.member import LimitKey, Qualifying
from fiel.domain.milestones import Progress
from fiel.domain.time import utc_text
from fiel.ledger.accounts import Account


@dataclass(slots=True)
class Standing:
    """Where a member stands. `window_*` hold what counted in [window_from, window_until).

    At `review_at` what counted since `review_from` decides about the tier; `dropped` tells of the
    last one that was lost (`tiers.dropped_of`).
    """

    status: str
    joined_at: datetime
    tier: str | None = None
    tier_since: datetime | None = None
    spend: int = 0
    visits: int = 0
    window_from: datetime | None = None
    window_until: datetime | None = None
    window_spend: int = 0
    window_points: int = 0
    window_visits: int = 0
    first_activity_at: datetime | None = None
    last_activity_at: datetime | None = None
    sequence: int = 0
    tier_until: datetime | None = None
    review_at: datetime | None = None
    review_from: datetime | None = None
    dropped: str | None = None
    segments: Sequence[str] = ()


@dataclass(slots=True)
class OpenLot:
    """A lot, as a posting works on it.

    `activity_id` earned it; `origin` is the lot that its points were earned in, where they were
    moved here from another member; `worth` is money (major units) of one point.
    """

    id: UUID
    unit: str
    points: int
    drawn: int
    starts_at: datetime
    ends_at: datetime | None
    activated: bool
    activity_id: UUID | None = None
    origin: UUID | None = None
    worth: Fraction | Decimal | None = None
    is_changed: bool = False

    @property
    def left(self) -> int:
        """The points that are still in it."""
        return self.points - self.drawn

    def plain(self) -> Lot:
        """The lot as the domain knows it."""
        return Lot(self.id, self.left, self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Counted:
    """What one activity counted towards a tier, and when."""

    at: datetime
    spend: int
    points: int
    visits: int


@dataclass(slots=True)
class Book:
    """One member's book.

    `lots` holds the lots made since the book was opened, and, once `lots_read`, every open one.
    `qualified` holds what counted since `known_from`, and all that this posting counts; `took_back`
    what it took back of that.
    """

    member_id: UUID
    standing: Standing
    accounts: dict[str, Account] = field(default_factory=dict)
    limits: dict[LimitKey, int] = field(default_factory=dict)
    progress: dict[str, Progress] = field(default_factory=dict)
    lots: dict[str, list[OpenLot]] = field(default_factory=dict)
    lots_read: bool = False
    qualified: list[Counted] = field(default_factory=list)
    known_from: datetime | None = None
    took_back: list[Counted] = field(default_factory=list)
    put_off: list[tuple[str, str | None, str]] = field(default_factory=list)
    key: str = field(init=False)  # the id as text, which many rows bear

    def __post_init__(self) -> None:
        self.key = str(self.member_id)

    def account(self, unit: str) -> Account:
        """The account of a unit, opened when the member has none."""
        found = self.accounts.get(unit)
        if found is None:
            found = self.accounts[unit] = Account(unit)
        return found

    def ends_record(self) -> dict[str, object]:
        """What an activity keeps of when points end: who looks back must know what was told.

        Until when something must be done, by unit, and the lots whose ends were put off by grace:
        [lot, end before, end now].
        """
        record: dict[str, object] = {}
        idle = {
            unit: utc_text(account.inactive_at)
            for unit, account in self.accounts.items()
            if account.inactive_at is not None
        }
        if idle:
            record["idle_until"] = idle
        if self.put_off:
            record["put_off"], self.put_off = self.put_off, []
        return record

    def is_due(self, now: datetime) -> bool:
        """Whether something fell due that is not booked."""
        review_at = self.standing.review_at
        return self.has_points_due(now) or (review_at is not None and review_at <= now)

    def has_points_due(self, now: datetime) -> bool:
        """Whether points start or end that are not booked so."""
        return any(
            (account.changes_at is not None and account.changes_at <= now)
            or (account.inactive_at is not None and account.inactive_at <= now)
            for account in self.accounts.values()
        )

    def knows(self, since: datetime) -> bool:
        """Whether all that counted since then is in the book."""
        return self.known_from is not None and self.known_from <= since

    def counted_in(self, since: datetime, until: datetime) -> Qualifying:
        """What counted between two moments, of what the book knows."""
        return _total(counted for counted in self.qualified if since <= counted.at < until)

    def window(self, since: datetime, until: datetime) -> Qualifying:
        """What counted in a window, before the activity at hand.

        The standing's own totals follow a window that moves forward; for a window that begins
        earlier the activities in it were read (`opening.spans_to_read`).
        """
        standing = self.standing
        if standing.window_from is None:
            return Qualifying()
        if since < standing.window_from:
            return _total(counted for counted in self.qualified if since <= counted.at < until)
        if since > standing.window_from:
            self._slide(since, until)
        return Qualifying(standing.window_spend, standing.window_points, standing.window_visits)

    def count(self, counted: Counted, since: datetime, until: datetime) -> None:
        """Add what an activity counted to the windows it falls in."""
        standing = self.standing
        if standing.window_until is None:
            standing.window_from, standing.window_until = since, until
        elif since == standing.window_from:
            # Six months before 29, 30 and 31 August begin on one day: the first of March.
            standing.window_until = max(standing.window_until, until)
        self.count_back(counted)

    def count_back(self, counted: Counted) -> None:
        """Add what counted at another time than now, where the window of today reaches it."""
        standing = self.standing
        self.qualified.append(counted)
        if standing.window_from is None or standing.window_until is None:
            return
        if standing.window_from <= counted.at < standing.window_until:
            standing.window_spend += counted.spend
            standing.window_points += counted.points
            standing.window_visits += counted.visits

    def _slide(self, since: datetime, until: datetime) -> None:
        standing = self.standing
        assert standing.window_from is not None
        gone = _total(
            counted for counted in self.qualified if standing.window_from <= counted.at < since
        )
        standing.window_spend -= gone.spend
        standing.window_points -= gone.points
        standing.window_visits -= gone.visits
        standing.window_from, standing.window_until = since, until

    def draw(self, unit: str, draws: Sequence[Draw]) -> None:
        """Take points out of lots, or put them back where a draw is below zero."""
        by_id = {lot.id: lot for lot in self.lots[unit]}
        for draw in draws:
            lot = by_id[draw.lot_id]
            lot.drawn += draw.points
            lot.is_changed = True


def _total(counted: Iterable[Counted]) -> Qualifying:
    spend = points = visits = 0
    for one in counted:
        spend += one.spend
        points += one.points
        visits += one.visits
    return Qualifying(spend, points, visits)
