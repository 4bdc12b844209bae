"""Judging: what a program decides for the member of an open book. Nothing is read or written.

The road of every door decides by this, and so does whoever replays a past in memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from fiel.domain.activity import Activity, Occasion
from fiel.domain.deciding import Rulebook, decide
from fiel.domain.deciding.decide import tier_change
from fiel.domain.decision import Decision
from fiel.domain.holdout import is_held_out_of_all
from fiel.domain.member import MemberFacts, MemberState, Qualifying
from fiel.domain.program import Program
from fiel.domain.tiers import counts_at, window_of
from fiel.ledger.books import Book
from fiel.ledger.progress import milestone_facts
from fiel.ledger.tiers import tier_at
from fiel.members.facts import PersonFacts

type Window = tuple[datetime, datetime]


def judge(
    rulebook: Rulebook,
    book: Book,
    activity: Activity,
    *,
    person: PersonFacts | None,
    window: Window | None,
    budgets_left: Mapping[tuple[str, str], int],
    now: datetime,
    paying: Mapping[str, int] | None = None,
) -> Decision:
    """Decide for the member of a book that is settled up to `now`.

    `window` is the tier window that the activity falls in, where the program has tiers; `paying`
    are points that are about to be taken out of the book.

    Raises:
        TooManyPoints: an award is larger than can be counted.
    """
    if book.standing.status == "nameless":
        # A sale that nobody has claimed is kept and earns nothing.
        return Decision()
    standing, held_out = book.standing, rulebook.holdouts.of_member(book.member_id)
    state = MemberState(
        joined_at=standing.joined_at,
        facts=facts_of(rulebook, book, activity, person),
        window=book.window(*window) if window else Qualifying(),
        limits_used=book.limits,
        milestones=(
            milestone_facts(book, now, paying=paying) if rulebook.program.milestones else None
        ),
        held_out=held_out,
    )
    decision = decide(rulebook, state, activity, budgets_left=budgets_left)
    if window and state.facts.tier != standing.tier and not is_held_out_of_all(held_out):
        # Decided by the tier that was held then; climbed from the one that is held now.
        climb = tier_change(rulebook, standing.tier, state.window, decision.counted)
        return replace(decision, tier=climb)
    return decision


def facts_of(
    rulebook: Rulebook, book: Book, activity: Activity, person: PersonFacts | None
) -> MemberFacts:
    """What conditions may ask about the member, as of the activity."""
    standing, program = book.standing, rulebook.program
    joined_days = 0
    if "joined_days" in rulebook.reads_member or program.coupons:
        joined = standing.joined_at.astimezone(program.timezone).date()
        joined_days = (activity.occurred_at.astimezone(program.timezone).date() - joined).days
    is_midnight = isinstance(activity, Occasion)
    return MemberFacts(
        tier=tier_at(standing, activity.occurred_at, is_midnight=is_midnight),
        joined_days=joined_days,
        birthday_month=person.birthday.month if person and person.birthday else 0,
        segments=tuple(standing.segments),
        attributes=person.attributes if person else {},
        spend=standing.spend,
        visits=standing.visits,
    )


def window_for(program: Program, activity: Activity) -> Window | None:
    """The tier window that an activity falls in; None where the program has no tiers."""
    if program.tiers is None:
        return None
    return window_of(program.tiers, counts_at(program, activity), program.timezone)


def budgets_of(program: Program) -> dict[tuple[str, str], int]:
    """What rules may give out in all, by rule and unit."""
    return {
        (rule.id, unit): points
        for rule in program.earn
        if rule.budget
        for unit, points in rule.budget.amounts.items()
    }
