"""Where a member stands: balances, tier, what ends when, and how far the next gifts are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fiel.domain.language import N_many, money_text, number_text, pick, say_many
from fiel.domain.milestones import SPEND, STREAK, Ahead, milestone_id
from fiel.domain.program import Milestone, Program, TierBy
from fiel.domain.telling import points_text
from fiel.domain.tiers import rank_of
from fiel.insights.explanation import last_day
from fiel.insights.naming import reward_name, unit_name
from fiel.intake.telling_milestones import Kept, told_badges
from fiel.ledger.accounts import Balance
from fiel.ledger.books import Book
from fiel.ledger.opening import Place
from fiel.ledger.posting import stood_after
from fiel.ledger.progress import progress_of_member, way_ahead
from fiel.ledger.queries import book_now
from fiel.ledger.scope import Connection
from fiel.members.records import Member
from fiel.programs.words.reaching import milestone_in_words
from fiel.programs.words.speaker import Speaker

MOST_STAMPS = 20  # what a card with a field for each can show


@dataclass(frozen=True, slots=True)
class Ending:
    """Points that end with a day."""

    text: str
    day: date
    days_left: int


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """What a member has of a unit; `worth` says what it pays, where it does."""

    id: str
    name: str
    available: int
    pending: int
    held: int
    debt: int
    worth: str
    endings: tuple[Ending, ...]


@dataclass(frozen=True, slots=True)
class TierStanding:
    """The tier of a member and the way to the next, in percent of it."""

    id: str
    name: str
    until: date | None
    next_name: str
    missing: str
    percent: int


@dataclass(frozen=True, slots=True)
class Way:
    """How far a member is towards a gift; `stamps` are the fields of a card, full ones true."""

    id: str
    name: str
    gift: str
    text: str
    done: str
    goal: str
    missing: str
    percent: int
    reached: int
    stamps: tuple[bool, ...]
    unit: str  # that a card is filled with; empty: it is no card


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge that a member holds."""

    name: str
    description: str
    icon: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands."""

    units: tuple[UnitStanding, ...]
    tier: TierStanding | None
    ways: tuple[Way, ...]
    badges: tuple[Badge, ...]


async def standing_of_member(
    connection: Connection,
    program: Program,
    member: Member,
    place: Place,
    *,
    now: datetime,
    language: str,
) -> Standing:
    """Where a member stands now, inside the program's transaction."""
    book = await book_now(connection, place, member.id, now, program)
    assert book is not None, "a member has a standing from the first day"
    kept = await progress_of_member(connection, place, member.id)
    speaker = Speaker(program, language)
    return Standing(
        units=tuple(_unit(unit, book, speaker, now) for unit in program.units),
        tier=_tier(book, speaker),
        ways=_ways(book, kept, speaker, now),
        badges=tuple(
            Badge(str(told["name"] or told["id"]), str(told["description"] or ""),
                  str(told["icon"] or ""))
            for told in told_badges(kept, program, language)
        ),
    )  # fmt: skip


def _unit(unit_id: str, book: Book, speaker: Speaker, now: datetime) -> UnitStanding:
    program, language = speaker.program, speaker.language
    account = book.accounts.get(unit_id)
    balance = account.balance() if account else Balance()
    today = now.astimezone(program.timezone).date()
    endings = []
    for expiring in balance.expiring:
        day = last_day(expiring.at, program)
        text = points_text(expiring.points, unit_id, program, language)
        endings.append(Ending(text, day, (day - today).days))
    return UnitStanding(
        id=unit_id,
        name=unit_name(program, unit_id, language),
        available=balance.available,
        pending=balance.pending,
        held=balance.held,
        debt=balance.debt,
        worth=_worth(unit_id, balance.available, speaker),
        endings=tuple(endings),
    )


def _worth(unit_id: str, points: int, speaker: Speaker) -> str:
    """What points are worth when they pay, where the program lets them."""
    program = speaker.program
    value = program.units[unit_id].value
    paying = program.pay_with_points
    if value is None or paying is None or paying.unit != unit_id or points < max(1, paying.least):
        return ""
    minor = int(value * points * program.currency.minor_per_major)
    return money_text(speaker.language, program.currency, minor)


def _tier(book: Book, speaker: Speaker) -> TierStanding | None:
    program = speaker.program
    if program.tiers is None:
        return None
    level, _, *above = stood_after(book, program)["tier"]
    until = book.standing.tier_until
    rank = rank_of(program.tiers, level)
    next_name = missing = ""
    percent = 100
    if above:
        next_id, left = above
        next_name = speaker.tier(next_id)
        goal = program.tiers.levels[rank + 1].threshold
        missing = _counted(program.tiers.by, left, speaker)
        percent = max(0, goal - left) * 100 // goal if goal else 100
    name = speaker.tier(level) if level else ""
    day = last_day(until, program) if until else None
    return TierStanding(level or "", name, day, next_name, missing, percent)


def _counted(by: TierBy, count: int, speaker: Speaker) -> str:
    match by:
        case TierBy.SPEND:
            return speaker.money(count)
        case TierBy.VISITS:
            return say_many(speaker.language, *_PURCHASES, count)
        case TierBy.POINTS:
            tiers = speaker.program.tiers
            assert tiers is not None, "who climbs has a ladder"
            unit = tiers.unit or next(iter(speaker.program.units))
            return points_text(count, unit, speaker.program, speaker.language)


_PURCHASES = N_many("{count} purchase", "{count} purchases")
_ACTIVITIES = N_many("{count} time", "{count} times")
_STREAKS = {
    "day": N_many("{count} day", "{count} days"),
    "week": N_many("{count} week", "{count} weeks"),
    "month": N_many("{count} month", "{count} months"),
    "year": N_many("{count} year", "{count} years"),
}


def _ways(book: Book, kept: Kept, speaker: Speaker, now: datetime) -> tuple[Way, ...]:
    """The milestones that lie ahead, the nearest first."""
    program = speaker.program
    today = now.astimezone(program.timezone).date()
    book.progress.update({counter: progress for counter, (progress, _) in kept.items()})
    found = []
    for milestone in program.milestones:
        if milestone.when and milestone.when.last and milestone.when.last < today:
            continue
        ahead = way_ahead(book, milestone, today)
        if ahead is not None:
            found.append(_way(milestone, ahead, kept, speaker))
    return tuple(sorted(found, key=lambda way: -way.percent))


def _way(milestone: Milestone, ahead: Ahead, kept: Kept, speaker: Speaker) -> Way:
    program, language = speaker.program, speaker.language
    gift = _gift(milestone, speaker)
    done = max(0, ahead.done)
    is_card = milestone.of in program.units and ahead.goal <= MOST_STAMPS
    reached = sum(
        progress.reached
        for counter, (progress, _) in kept.items()
        if milestone_id(counter) == milestone.id
    )
    return Way(
        id=milestone.id,
        name=pick(milestone.name, language, program.locale) or gift,
        gift=gift,
        text=milestone_in_words(speaker, milestone),
        done=_bare(milestone, done, speaker),
        goal=_bare(milestone, ahead.goal, speaker),
        missing=_missing(milestone, ahead.missing, speaker),
        percent=min(100, done * 100 // ahead.goal) if ahead.goal else 0,
        reached=reached,
        stamps=tuple(place < done for place in range(ahead.goal)) if is_card else (),
        unit=milestone.of if is_card else "",
    )


def _gift(milestone: Milestone, speaker: Speaker) -> str:
    program, language = speaker.program, speaker.language
    if milestone.reward:
        return reward_name(program, milestone.reward, language)
    if milestone.give:
        return speaker.amounts(milestone.give)
    badge = program.badges.get(milestone.badge or "")
    return pick(badge.name, language, program.locale) or badge.id if badge else milestone.id


def _bare(milestone: Milestone, count: int, speaker: Speaker) -> str:
    if milestone.of == SPEND:
        return speaker.money(count)
    return number_text(speaker.language, count)


def _missing(milestone: Milestone, count: int, speaker: Speaker) -> str:
    """What is left to do, counted in what it is counted in."""
    language = speaker.language
    if milestone.of == SPEND:
        return speaker.money(count)
    if milestone.of in speaker.program.units:
        return points_text(count, milestone.of, speaker.program, language)
    if milestone.of == STREAK and milestone.period is not None:
        return say_many(language, *_STREAKS[str(milestone.period)], count)
    words = _PURCHASES if milestone.of == "visits" else _ACTIVITIES
    return say_many(language, *words, count)
