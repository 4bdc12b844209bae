"""Reviews: how long a tier is held, what is decided when that is over, and what puts it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from fiel.domain.program import CalendarYear, Check, TierLevel, Tiers
from fiel.domain.tiers import rank_of, tier_for, window_days
from fiel.domain.time import end_of_day, start_of_day

_A_MOMENT = timedelta(microseconds=1)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TierTerm:
    """How long a tier is held.

    At `review_at`, when grace is over, what counted since `counts_from` decides what follows.
    """

    until: datetime
    review_at: datetime
    counts_from: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """What a review decides, with the numbers that led to it."""

    before: str
    after: str
    at: datetime
    counted_from: datetime
    total: int
    threshold: int
    term: TierTerm | None  # of the tier held from now on; None where it cannot be lost


@dataclass(frozen=True, slots=True)
class Dropped:
    """The last tier that was lost: a sale told late can show that it was lost for want of it."""

    tier: str
    held_since: datetime
    until: datetime
    counted_from: datetime
    at: datetime

    def reaches(self, moment: datetime) -> bool:
        """Whether what counts at a moment counted for the tier that was lost."""
        return self.counted_from <= moment < self.at


def tier_term(tiers: Tiers, tier: str | None, day: date, zone: tzinfo) -> TierTerm | None:
    """How long a tier is held that was reached on a day; None for one that cannot be lost.

    A rolling window's term is as long as the window; a calendar year's ends with the year.
    """
    if tiers.downgrade is None or rank_of(tiers, tier) <= 0:
        return None
    if isinstance(tiers.window, CalendarYear):
        last = day.replace(month=12, day=31)
    else:
        last = tiers.window.after(day)
    return TierTerm(
        until=end_of_day(last, zone).astimezone(UTC),
        review_at=end_of_day(tiers.downgrade.grace.after(last), zone).astimezone(UTC),
        counts_from=start_of_day(window_days(tiers, last)[0], zone).astimezone(UTC),
    )


def next_term(tiers: Tiers, tier: str | None, until: datetime, zone: tzinfo) -> TierTerm | None:
    """The term that follows one which ended then."""
    last = _last_day(until, zone)
    day = last + _A_DAY if isinstance(tiers.window, CalendarYear) else last
    return tier_term(tiers, tier, day, zone)


def review(
    tiers: Tiers,
    held: str,
    *,
    term: TierTerm,
    total: int,
    zone: tzinfo,
) -> Review:
    """Decide what follows a term: the tier again, one step down, or the level that was reached.

    A total at or above the threshold keeps the tier; a review never lifts. Who holds a tier that
    is no longer on the ladder gets the level that the total reaches.
    """
    after = _after_review(tiers, held, total)
    rank = rank_of(tiers, held)
    return Review(
        before=held,
        after=after.id,
        at=term.review_at,
        counted_from=term.counts_from,
        total=total,
        threshold=tiers.levels[rank].threshold if rank >= 0 else after.threshold,
        term=next_term(tiers, after.id, term.until, zone),
    )


def _after_review(tiers: Tiers, held: str, total: int) -> TierLevel:
    rank = rank_of(tiers, held)
    if rank < 0:
        return tier_for(tiers, total)
    level = tiers.levels[rank]
    if rank == 0 or tiers.downgrade is None or total >= level.threshold:
        return level
    return tiers.levels[rank - 1] if tiers.downgrade.one_step else tier_for(tiers, total)


def put_right(tiers: Tiers, held: str | None, dropped: Dropped, total: int) -> TierLevel | None:
    """The tier that a review would have left, had it known what counted; None for no higher one."""
    level = _after_review(tiers, dropped.tier, total)
    return level if rank_of(tiers, level.id) > rank_of(tiers, held) else None


def grounds(
    tiers: Tiers, until: datetime, now: datetime, zone: tzinfo
) -> tuple[tuple[datetime, datetime], ...]:
    """The windows on whose ground a tier is held until then: of the term before, and of today."""
    last = _last_day(until, zone)
    if isinstance(tiers.window, CalendarYear):
        before, today = date(last.year - 1, 12, 31), last
    else:
        before, today = tiers.window.before(last), now.astimezone(zone).date()
    grace = tiers.downgrade.grace.after(before) if tiers.downgrade else before
    return (
        _window(window_days(tiers, before)[0], grace, zone),
        _window(window_days(tiers, today)[0], today, zone),
    )


def falls_at_once(
    tiers: Tiers, held: str | None, totals: Iterable[tuple[int, int]]
) -> TierLevel | None:
    """The level that a return drops a member to; None where it takes no ground away.

    `totals` are what counted before and after the return, in each window on whose ground the tier
    is held.
    """
    rank = rank_of(tiers, held)
    if rank <= 0 or tiers.downgrade is None or tiers.downgrade.check is not Check.AT_ONCE:
        return None
    told = list(totals)
    threshold = tiers.levels[rank].threshold
    best_before = max(before for before, _ in told)
    best_after = max(after for _, after in told)
    if best_before < threshold or best_after >= threshold:
        return None
    if tiers.downgrade.one_step:
        return tiers.levels[rank - 1]
    return tier_for(tiers, best_after)


def _last_day(until: datetime, zone: tzinfo) -> date:
    return (until.astimezone(UTC) - _A_MOMENT).astimezone(zone).date()


def _window(first: date, last: date, zone: tzinfo) -> tuple[datetime, datetime]:
    return start_of_day(first, zone).astimezone(UTC), end_of_day(last, zone).astimezone(UTC)
