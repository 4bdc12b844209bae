"""Decisions: what a program does about an activity, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fiel.domain.member import LimitKey, Qualifying
from fiel.domain.slots import set_directly


@set_directly
@dataclass(frozen=True, slots=True)
class Award:
    """Points that one rule gives, and the numbers that led to them.

    `reason` is plain data that JSON can hold, see `deciding.reasons`. What a multiplier adds is
    an award of its own, named after the multiplying rule (or "tier"), whose reason names the rule
    that it added to; a factor below one adds less than nothing. `points` is never zero.
    """

    rule: str
    unit: str
    points: int
    reason: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A rule that gave nothing though it matched, or whose condition could not be evaluated.

    `why` is "limit", "budget", "condition" or "held_out". A rule whose condition failed on one
    line may have given on another. Of a multiplier that did not fit its budget, or that is not
    for the member, `of` names the rule that it would have added to. Who is kept out of the whole
    program has one for all rules, of the rule "".
    """

    rule: str
    why: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class TierChange:
    """A member's tier before and after; `before` is None for who had none."""

    before: str | None
    after: str


@set_directly
@dataclass(frozen=True, slots=True)
class Term:
    """When points of a unit start and end to be usable; `ends_at` None means never."""

    starts_at: datetime
    ends_at: datetime | None


@set_directly
@dataclass(frozen=True, slots=True)
class Advance:
    """What an activity does to how far a member is with a milestone, or to a badge.

    `counter` names what is counted (`milestones.counter_of`, `milestones.badge_counter`). `added`
    is what it adds to the total; `reached` how often the gift is given, below zero taken back;
    `kept` changes for how many levels nothing is given when they are reached again; `mark` is the
    number of the period of a streak that it falls in.
    """

    counter: str
    added: int = 0
    reached: int = 0
    kept: int = 0
    mark: int | None = None


@set_directly
@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to the member. All of it, or none of it, is posted.

    `terms` has a term for each unit awarded; `counted` is what the activity adds to spend, points
    and visits; `limits` and `budgets` what it uses of them; `pinned` the facts about the member
    that its rules asked for, and what else a replay must know, so that a return can replay the
    decision as it was made; `advances` what it does to milestones.
    """

    awards: tuple[Award, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    terms: Mapping[str, Term] = field(default_factory=dict)
    counted: Qualifying = field(default_factory=Qualifying)
    tier: TierChange | None = None
    limits: Mapping[LimitKey, int] = field(default_factory=dict)
    budgets: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (rule, unit) → points
    pinned: Mapping[str, object] = field(default_factory=dict)
    advances: tuple[Advance, ...] = ()

    def points(self) -> dict[str, int]:
        """Sum the awards by unit."""
        sums: dict[str, int] = {}
        for award in self.awards:
            sums[award.unit] = sums.get(award.unit, 0) + award.points
        return sums
