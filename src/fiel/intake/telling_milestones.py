"""Milestones as they are told: what was reached, what was given for it, what lies ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from fiel.domain.language import pick
from fiel.domain.milestones import SPEND, Ahead, Progress, badge_of, milestone_id
from fiel.domain.program import Badge, Milestone, Program, Texts
from fiel.ledger.books import Book
from fiel.ledger.progress import way_ahead
from fiel.programs.words.reaching import milestone_in_words
from fiel.programs.words.speaker import Speaker

type Told = dict[str, object]


def told_reached(decision: Mapping[str, Any], program: Program, language: str) -> list[Told]:
    """The milestones that an activity reached, in the order of the document."""
    times = _times(decision)
    return [
        {
            "id": milestone.id,
            "name": named(milestone.name, program, language),
            "times": times[milestone.id],
            "reward": milestone.reward,
            "badge": milestone.badge,
        }
        for milestone in program.milestones
        if times.get(milestone.id, 0) > 0
    ]


def told_granted(decision: Mapping[str, Any]) -> list[Told]:
    """The rewards that were given for them, each with what shows it."""
    return [dict(granted) for granted in decision.get("granted", ())]


type Kept = Mapping[str, tuple[Progress, datetime | None]]


def told_milestones(
    book: Book, kept: Kept, program: Program, now: datetime, language: str
) -> list[Told]:
    """Every milestone, with how far a member is; `kept` is all the member's progress."""
    book.progress.update({counter: progress for counter, (progress, _) in kept.items()})
    today = now.astimezone(program.timezone).date()
    speaker = Speaker(program, language)
    return [
        {
            "id": milestone.id,
            "name": named(milestone.name, program, language),
            "of": milestone.of,
            "period": milestone.period,
            "activity": milestone.activity,
            "gives": {
                "points": {unit: int(amount) for unit, amount in milestone.give.items()},
                "reward": milestone.reward,
                "badge": milestone.badge,
            },
            **_reached(milestone, kept),
            "next": _told_way(milestone, way_ahead(book, milestone, today), program, today),
            "text": milestone_in_words(speaker, milestone),
        }
        for milestone in program.milestones
    ]


def told_badges(kept: Kept, program: Program, language: str) -> list[Told]:
    """The badges that are held; one that the program does not name any more keeps its id."""
    held = {
        badge: reached_at
        for counter, (progress, reached_at) in kept.items()
        if (badge := badge_of(counter)) is not None and progress.reached > 0
    }
    known = [*(each for each in program.badges if each in held)]
    gone = [each for each in held if each not in program.badges]
    return [
        _told_badge(program.badges.get(badge) or Badge(badge), held[badge], program, language)
        for badge in (*known, *gone)
    ]


def _told_badge(badge: Badge, since: datetime | None, program: Program, language: str) -> Told:
    return {
        "id": badge.id,
        "name": named(badge.name, program, language),
        "description": named(badge.description, program, language),
        "icon": badge.icon,
        "since": in_utc(since),
    }


def _reached(milestone: Milestone, kept: Kept) -> Told:
    of_it = [each for counter, each in kept.items() if milestone_id(counter) == milestone.id]
    moments = [at for progress, at in of_it if at is not None and progress.reached > 0]
    return {
        "reached": sum(progress.reached for progress, _ in of_it),
        "reached_at": in_utc(max(moments, default=None)),
    }


def _told_way(
    milestone: Milestone, way: Ahead | None, program: Program, today: date
) -> Told | None:
    last = milestone.when.last if milestone.when else None
    if way is None or (last is not None and last < today):
        return None

    def told(count: int) -> str:
        return program.currency.decimal(count) if milestone.of == SPEND else str(count)

    return {"done": told(way.done), "goal": told(way.goal), "missing": told(way.missing)}


def in_utc(moment: datetime | None) -> datetime | None:
    """A moment as answers tell it."""
    return None if moment is None else moment.astimezone(UTC)


def named(texts: Texts, program: Program, language: str) -> str | None:
    """What something is called; None where nobody named it."""
    return pick(texts, language, program.locale) or None


def _times(decision: Mapping[str, Any]) -> dict[str, int]:
    times: dict[str, int] = {}
    for counter, _added, *rest in decision.get("m", ()):
        if rest and badge_of(counter) is None:
            identifier = milestone_id(counter)
            times[identifier] = times.get(identifier, 0) + rest[0]
    return times


def told_lost(decision: Mapping[str, Any], program: Program, language: str) -> list[Told]:
    """The milestones whose gifts a return took back."""
    names = {each.id: named(each.name, program, language) for each in program.milestones}
    return [
        {"id": identifier, "name": names.get(identifier), "times": -times}
        for identifier, times in _times(decision).items()
        if times < 0
    ]
