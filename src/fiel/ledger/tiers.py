"""Tiers in members' books: how long they are held, their reviews, and what puts them right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from fiel.domain.decision import TierChange
from fiel.domain.program import Check, Program
from fiel.domain.reviewing import (
    Dropped,
    Review,
    TierTerm,
    falls_at_once,
    grounds,
    next_term,
    put_right,
    review,
    tier_term,
)
from fiel.domain.tiers import qualifying_total, rank_of
from fiel.domain.time import utc_text
from fiel.ledger.books import Book, Counted, Standing

type Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """A tier that changed for another reason than a climb, and that reason as it is kept."""

    change: TierChange
    reason: Record


def hold(standing: Standing, program: Program, tier: str | None, *, since: datetime) -> None:
    """Let a member hold a tier from then on, for the term that the program gives it."""
    standing.tier, standing.tier_since = tier, since
    if program.tiers is None:
        return
    day = since.astimezone(program.timezone).date()
    hold_for(standing, tier_term(program.tiers, tier, day, program.timezone))


def hold_for(standing: Standing, term: TierTerm | None) -> None:
    """Let a member hold the tier for a term; None holds it without one."""
    standing.tier_until = term.until if term else None
    standing.review_at = term.review_at if term else None
    standing.review_from = term.counts_from if term else None


def begin_term(standing: Standing, program: Program, now: datetime) -> bool:
    """Let a tier that was held without one have a term from today; whether it has one now."""
    if program.tiers is None:
        return False
    day = now.astimezone(program.timezone).date()
    hold_for(standing, tier_term(program.tiers, standing.tier, day, program.timezone))
    return standing.review_at is not None


def is_review_due(book: Book, now: datetime) -> bool:
    """Whether a member's tier is to be looked at, and all that counts for it is in the book."""
    standing = book.standing
    if standing.review_at is None or standing.review_at > now:
        return False
    assert standing.review_from is not None, "a review knows from when on it counts"
    return book.knows(standing.review_from)


def review_tier(book: Book, program: Program) -> Review | None:
    """Review a tier whose term and grace are over; None where there is nothing to look at."""
    standing, tiers = book.standing, program.tiers
    at, since, until = standing.review_at, standing.review_from, standing.tier_until
    assert at is not None, "it is due"
    assert since is not None, "and knows from when on it counts"
    assert until is not None, "and when its term ended"
    if tiers is None or standing.tier is None or tiers.downgrade is None:
        hold_for(standing, None)
        return None
    total = qualifying_total(tiers, book.counted_in(since, at))
    term = TierTerm(until, at, since)
    made = review(tiers, standing.tier, term=term, total=total, zone=program.timezone)
    if made.after != made.before:
        held_since = standing.tier_since or standing.joined_at
        _fall(standing, Dropped(made.before, held_since, until, since, at), made.after)
    hold_for(standing, made.term)
    return made


def put_tier_right(book: Book, program: Program, counted: Counted) -> Moved | None:
    """Give back a tier that was lost for want of what is told only now, if it would have kept it.

    What counted is in the book already.
    """
    standing, tiers = book.standing, program.tiers
    dropped = dropped_of(standing)
    if tiers is None or dropped is None or not dropped.reaches(counted.at):
        return None
    if not book.knows(dropped.counted_from):
        return None
    total = qualifying_total(tiers, book.counted_in(dropped.counted_from, dropped.at))
    level = put_right(tiers, standing.tier, dropped, total)
    if level is None:
        return None
    before = standing.tier
    is_whole = level.id == dropped.tier
    standing.tier = level.id
    standing.tier_since = dropped.held_since if is_whole else dropped.at
    hold_for(standing, next_term(tiers, level.id, dropped.until, program.timezone))
    if is_whole:
        standing.dropped = None
    reason = {
        "why": "put_right",
        "lost": dropped.tier,
        **_window(dropped.counted_from, dropped.at),
        "total": total,
        "threshold": level.threshold,
    }
    return Moved(TierChange(before, level.id), reason)


def fall_at_once(book: Book, program: Program, *, now: datetime) -> Moved | None:
    """Drop a tier whose ground a return takes away, where the program looks at once."""
    standing, tiers, took = book.standing, program.tiers, book.took_back
    book.took_back = []
    if tiers is None or not took or standing.tier_until is None:
        return None
    windows = grounds(tiers, standing.tier_until, now, program.timezone)
    if not book.knows(min(since for since, _ in windows)):
        return None
    totals = []
    for since, until in windows:
        after = qualifying_total(tiers, book.counted_in(since, until))
        back = sum(
            getattr(counted, tiers.by.value) for counted in took if since <= counted.at < until
        )
        totals.append((after - back, after))
    level = falls_at_once(tiers, standing.tier, totals)
    if level is None or standing.tier is None:
        return None
    before = standing.tier
    (since, until), total = max(
        zip(windows, (after for _, after in totals), strict=True), key=_last
    )
    held_since = standing.tier_since or standing.joined_at
    _fall(
        standing, Dropped(before, held_since, standing.tier_until, since, min(until, now)), level.id
    )
    standing.tier_since = now
    if rank_of(tiers, level.id) == 0:
        hold_for(standing, None)
    reason = {
        "why": "return",
        **_window(since, until),
        "total": total,
        "threshold": tiers.levels[rank_of(tiers, before)].threshold,
    }
    return Moved(TierChange(before, level.id), reason)


def ground_from(program: Program, now: datetime, standing: Standing) -> datetime | None:
    """From when on a return must know what counted, to see whether it takes a tier's ground."""
    tiers = program.tiers
    if tiers is None or tiers.downgrade is None or standing.tier_until is None:
        return None
    if tiers.downgrade.check is not Check.AT_ONCE:
        return None
    windows = grounds(tiers, standing.tier_until, now, program.timezone)
    return min(since for since, _ in windows)


def tier_at(standing: Standing, moment: datetime, *, is_midnight: bool) -> str | None:
    """The tier that a member held when something happened that is told only now.

    What falls due at midnight comes before the tiers that are looked at then.
    """
    dropped = dropped_of(standing)
    if dropped is None or moment < dropped.held_since:
        return standing.tier
    if moment < dropped.at or (is_midnight and moment == dropped.at):
        return dropped.tier
    return standing.tier


def review_record(made: Review) -> Record:
    """A review as it is kept, with its reasons."""
    record: Record = {
        "tier": {
            "why": "term_over",
            "held": made.before,
            "holds": made.after,
            **_window(made.counted_from, made.at),
            "total": made.total,
            "threshold": made.threshold,
            "until": utc_text(made.term.until) if made.term else None,
        }
    }
    if made.after != made.before:
        record["r"] = [made.before, made.after]
    return record


def begun_record(standing: Standing) -> Record:
    """A term that began because the program lets tiers fall now, as it is kept."""
    until = utc_text(standing.tier_until) if standing.tier_until else None
    return {"tier": {"why": "term_begun", "holds": standing.tier, "until": until}}


def dropped_of(standing: Standing) -> Dropped | None:
    """The last tier that a member lost."""
    if standing.dropped is None:
        return None
    tier, *moments = orjson.loads(standing.dropped)
    return Dropped(tier, *(datetime.fromisoformat(moment) for moment in moments))


def _fall(standing: Standing, dropped: Dropped, tier: str) -> None:
    moments = (dropped.held_since, dropped.until, dropped.counted_from, dropped.at)
    standing.dropped = orjson.dumps([dropped.tier, *map(utc_text, moments)]).decode()
    standing.tier, standing.tier_since = tier, dropped.at


def _window(since: datetime, until: datetime) -> Record:
    return {"from": utc_text(since), "to": utc_text(until)}


def _last(pair: tuple[object, int]) -> int:
    return pair[1]
