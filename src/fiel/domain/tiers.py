"""Tiers: which level a member's qualifying total reaches, and over which window it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from fractions import Fraction

from fiel.domain.activity import Activity, Sale
from fiel.domain.member import Qualifying
from fiel.domain.program import CalendarYear, Program, TierBy, TierLevel, Tiers
from fiel.domain.time import end_of_day, start_of_day


@dataclass(frozen=True, slots=True)
class NextTier:
    """The level above, and what is still missing to reach it, in what the ladder counts."""

    level: TierLevel
    missing: int


def qualifying_total(tiers: Tiers, counted: Qualifying) -> int:
    """The part of what counted that the ladder climbs by."""
    match tiers.by:
        case TierBy.SPEND:
            return counted.spend
        case TierBy.POINTS:
            return counted.points
        case TierBy.VISITS:
            return counted.visits


def tier_for(tiers: Tiers, total: int) -> TierLevel:
    """The highest level that a total reaches; a threshold is reached at exactly its value."""
    reached = tiers.levels[0]
    for level in tiers.levels:
        if level.threshold > total:
            break
        reached = level
    return reached


def next_tier(tiers: Tiers, current: str | None, total: int) -> NextTier | None:
    """The level above the one a member holds and what is missing to it; None at the top.

    A member who holds none has the first level above.
    """
    above = rank_of(tiers, current) + 1
    if above == len(tiers.levels):
        return None
    level = tiers.levels[above]
    return NextTier(level, max(0, level.threshold - total))


def climbed_to(tiers: Tiers, current: str | None, total: int) -> TierLevel | None:
    """The level that a total lifts a member to, if it is above the one that is held."""
    reached = tier_for(tiers, total)
    return reached if rank_of(tiers, reached.id) > rank_of(tiers, current) else None


def rank_of(tiers: Tiers, tier: str | None) -> int:
    """The place of a tier on the ladder, from 0; -1 for none and for one no longer on it."""
    for rank, level in enumerate(tiers.levels):
        if level.id == tier:
            return rank
    return -1


def is_above(program: Program, tier: str, held: str | None) -> bool:
    """Whether a tier is higher on the program's ladder than the one that is held."""
    tiers = program.tiers
    return tiers is not None and rank_of(tiers, tier) > rank_of(tiers, held)


def multiplier_of(tiers: Tiers | None, tier: str | None) -> Fraction:
    """By how much a tier multiplies what is earned by value; 1 for no tier."""
    rank = rank_of(tiers, tier) if tiers else -1
    return tiers.levels[rank].multiply if tiers and rank >= 0 else Fraction(1)


def window_days(tiers: Tiers, day: date) -> tuple[date, date]:
    """The first and the last day of the window that counts on a day.

    A rolling window ends with that day and is as long as the duration says: twelve months up to
    1 March begin on 2 March of the year before.
    """
    if isinstance(tiers.window, CalendarYear):
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    return tiers.window.before(day) + timedelta(days=1), day


def window_of(tiers: Tiers, occurred_at: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The window that something which happened then falls in: from its start, to before its end."""
    first, last = window_days(tiers, occurred_at.astimezone(zone).date())
    return start_of_day(first, zone).astimezone(UTC), end_of_day(last, zone).astimezone(UTC)


def zone_of(program: Program, activity: Activity) -> tzinfo:
    """The zone whose day it was when something happened."""
    return program.zone_of(activity.store) if isinstance(activity, Sale) else program.timezone


def counts_at(program: Program, activity: Activity) -> datetime:
    """When what an activity counts towards a tier counts, on the program's clock.

    A sale in a store whose own day counts is put at that hour of that day.
    """
    zone = zone_of(program, activity)
    if zone is program.timezone:
        return activity.occurred_at
    local = activity.occurred_at.astimezone(zone)
    return local.replace(tzinfo=program.timezone).astimezone(UTC)
