"""Rewards as their pages show them: what stands at once, and what the columnar copy adds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from babel.dates import format_date
from django.utils.translation import gettext as _

from fiel.domain.program import Program, Reward
from fiel.domain.redeeming import Left as LeftOf
from fiel.domain.redeeming import Status
from fiel.insights.naming import tier_name
from fiel.insights.offers.pace import by_week
from fiel.insights.offers.rewards import BESIDE_DAYS, AllRewards, Beside, RewardFigures, cost_of
from fiel.insights.segments.groups import GROUPS
from fiel.programs.words.speaker import Speaker
from fiel.web.console.offers.telling import (
    Left,
    a_week,
    direction,
    kind_name,
    percent_of,
    price_of,
)
from fiel.web.ui.charts import Chart, bars

WEEKS = 26
_SOON_DAYS = 21


@dataclass(frozen=True, slots=True)
class Taken:
    """What the columnar copy tells of a reward."""

    taken: int
    gifts: int
    unused: int
    members: int
    a_week: str
    gone_on: date | None
    is_gone_soon: bool
    is_gone: bool
    cost: int | None
    of_margin: str


@dataclass(frozen=True, slots=True)
class Row:
    """A reward in the list; `told` comes once it was read."""

    id: str
    name: str
    kind: str
    kind_id: str
    price: str
    stock: Left | None
    budget: Left | None
    held: int
    queued: int
    told: Taken | None

    @property
    def waiting(self) -> int:
        """How many redemptions of it wait."""
        return self.held + self.queued


def row_of(
    reward: Reward,
    speaker: Speaker,
    left: LeftOf,
    waiting: dict[Status, int],
    found: AllRewards | None,
    today: date,
) -> Row:
    """A reward as the list shows it."""
    return Row(
        reward.id,
        speaker.name(reward.name, reward.id),
        kind_name(reward.kind),
        str(reward.kind),
        price_of(reward, speaker),
        None if left.stock is None or reward.stock is None else Left(left.stock, reward.stock),
        None if left.budget is None or reward.budget is None else Left(left.budget, reward.budget),
        waiting.get(Status.HELD, 0),
        waiting.get(Status.QUEUED, 0),
        None if found is None else taken_of(reward, found, left, speaker.language, today),
    )


def taken_of(reward: Reward, found: AllRewards, left: LeftOf, language: str, today: date) -> Taken:
    """What the columnar copy tells of a reward."""
    figures = found.of(reward.id)
    pace = figures.pace(today)
    ends = [pace.ends_on(left.stock, today)]
    if left.budget is not None and reward.cost:
        ends.append(pace.ends_on(left.budget // reward.cost, today))
    gone_on = min((each for each in ends if each is not None), default=None)
    cost = cost_of(reward, figures)
    return Taken(
        figures.taken,
        figures.gifts,
        figures.unused,
        figures.members,
        a_week(pace.a_week, language),
        gone_on,
        gone_on is not None and (gone_on - today).days <= _SOON_DAYS,
        left.stock == 0 or (left.budget is not None and left.budget < (reward.cost or 0)),
        cost,
        percent_of(_share(cost, figures.margin), language),
    )


@dataclass(frozen=True, slots=True)
class Share:
    """One of those who took a reward: by tier, or by segment."""

    name: str
    count: int
    percent: int


def by_tier(figures: RewardFigures, program: Program, language: str) -> list[Share]:
    """Who took a reward, by the tier of today, the highest first."""
    order = [level.id for level in program.tiers.levels] if program.tiers else []
    found = sorted(
        figures.by_tier.items(), key=lambda each: -order.index(each[0]) if each[0] in order else 1
    )
    return [
        Share(tier_name(program, tier, language), count, _percent(count, figures.taken))
        for tier, count in found
    ]


def by_segment(figures: RewardFigures, speaker: Speaker) -> list[Share]:
    """Who took a reward, by the segments of today, which a member can be several of."""
    found = sorted(figures.by_segment.items(), key=lambda each: -each[1])
    return [
        Share(segment_name(speaker, segment), count, _percent(count, figures.taken))
        for segment, count in found
    ]


def segment_name(speaker: Speaker, segment: str) -> str:
    """What a segment of the program, or a group by buying habits, is called."""
    if segment in GROUPS:
        return speaker.say(GROUPS[segment][0])
    own = speaker.program.segments.get(segment)
    return speaker.name(own.name, segment) if own else segment


def course(figures: RewardFigures, today: date, language: str) -> Chart | None:
    """How many were redeemed in each of the last weeks."""
    if not figures.taken:
        return None
    weeks = by_week(figures.by_day, today, weeks=WEEKS)
    labels = [format_date(day, "d MMM", locale=language) for day, _count in weeks]
    series = {_("Redeemed"): [count for _day, count in weeks]}
    return bars(_("Redeemed in each week"), labels, series, first_heading=_("Week from"))


@dataclass(frozen=True, slots=True)
class After:
    """What the same members spent before and after, ready to be told."""

    members: int
    days: int
    before: int
    after: int
    change: str
    direction: str


def after_of(beside: Beside, language: str) -> After | None:
    """What members spent around a reward; None while nobody's days after are over."""
    if not beside.members:
        return None
    change = percent_of(beside.change, language, signed=True)
    return After(
        beside.members, BESIDE_DAYS, beside.before // beside.members,
        beside.after // beside.members, change, direction(beside.change),
    )  # fmt: skip


def _share(part: int | None, whole: int | None) -> Fraction | None:
    return None if part is None or not whole or whole < 0 else Fraction(100 * part, whole)


def _percent(part: int, whole: int) -> int:
    return (200 * part + whole) // (2 * whole) if whole else 0
