"""What a decision may know about a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from fiel.domain.milestones import MilestoneFacts
from fiel.domain.slots import set_directly


@set_directly
@dataclass(frozen=True, slots=True)
class MemberFacts:
    """The `member` of conditions, as of the activity. `spend` is lifetime net, in minor units."""

    tier: str | None = None
    joined_days: int = 0
    birthday_month: int = 0  # 0: not known
    segments: tuple[str, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict)
    spend: int = 0
    visits: int = 0


@set_directly
@dataclass(frozen=True, slots=True)
class Qualifying:
    """What counted towards a tier within its window: minor units, points, sales."""

    spend: int = 0
    points: int = 0
    visits: int = 0


type LimitKey = tuple[str, date]  # the rule and the first day of its period


@set_directly
@dataclass(frozen=True, slots=True)
class MemberState:
    """All that a decision reads about one member, before the activity.

    `window` holds what counted in the tier window that the activity falls in; `limits_used` how
    often a rule awarded this member in a period (absent: never); without `milestones` none is
    reached. `held_out` is what the member is kept out of (`holdout.Holdouts`).
    """

    joined_at: datetime
    facts: MemberFacts = field(default_factory=MemberFacts)
    window: Qualifying = field(default_factory=Qualifying)
    limits_used: Mapping[LimitKey, int] = field(default_factory=dict)
    milestones: MilestoneFacts | None = None
    held_out: frozenset[str] = frozenset()
