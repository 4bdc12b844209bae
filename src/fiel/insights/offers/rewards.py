"""Rewards in numbers: how many went and when, to whom, what they cost, and what members did after.

What is told here was read from the columnar copy, of the 365 days up to a day. How much is left of
a stock or a budget is not: that changes with each redemption, and is read where it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import orjson

from fiel.insights.offers.pace import Pace, pace_of

if TYPE_CHECKING:
    from ibis import Table
    from ibis.expr.types import BooleanColumn

    from fiel.domain.program import Program, Reward
    from fiel.insights.columns.opening import Columns

DAYS = 365
BESIDE_DAYS = 30  # how long before and after a redemption what a member spent is looked at
_TAKEN = ("captured", "used")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the same members spent in the days before they first took a reward, and after.

    Of those only whose days after are over; amounts in minor units.
    """

    members: int = 0
    before: int = 0
    after: int = 0

    @property
    def change(self) -> Fraction | None:
        """By how many hundredths they spent more after; None where nothing was spent before."""
        return Fraction(100 * (self.after - self.before), self.before) if self.before else None


@dataclass(frozen=True, slots=True)
class RewardFigures:
    """A reward in the 365 days up to a day. `gifts` of them were given for a milestone.

    `margin` is that of all purchases of those who took it, as far as costs are known
    (`margin_known` says whether of all of them); None where none is.
    """

    by_day: Mapping[date, int] = field(default_factory=dict)
    taken: int = 0
    gifts: int = 0
    unused: int = 0
    members: int = 0
    by_tier: Mapping[str | None, int] = field(default_factory=dict)
    by_segment: Mapping[str, int] = field(default_factory=dict)
    points: Mapping[str, int] = field(default_factory=dict)
    margin: int | None = None
    is_margin_known: bool = True
    beside: Beside = field(default_factory=Beside)

    def pace(self, today: date) -> Pace:
        """How many go in a week."""
        return pace_of(self.by_day, today)


@dataclass(frozen=True, slots=True)
class AllRewards:
    """All rewards that anybody took, by id, and what all members' purchases left."""

    on: date
    rewards: Mapping[str, RewardFigures]
    margin: int | None
    is_margin_known: bool

    def of(self, reward_id: str) -> RewardFigures:
        """A reward's figures; nothing but zeros where nobody took it."""
        return self.rewards.get(reward_id, RewardFigures())

    def cost(self, program: Program) -> int:
        """What all that were taken cost the shop, as far as the program says what one does."""
        return sum(cost_of(each, self.of(each.id)) or 0 for each in program.rewards.values())


def cost_of(reward: Reward, figures: RewardFigures) -> int | None:
    """What those that were taken cost the shop; None where the program does not say."""
    return None if reward.cost is None else reward.cost * figures.taken


def reward_figures(columns: Columns, on: date) -> AllRewards:
    """All rewards in numbers, of the 365 days up to a day."""
    since = on - timedelta(days=DAYS - 1)
    taken = _taken(columns, since, on)
    days = _rows(columns, taken.group_by("reward", "day").agg(
        count=taken.quantity.sum().cast("int64")))  # fmt: skip
    totals = _rows(columns, taken.group_by("reward").agg(
        taken=taken.quantity.sum().cast("int64"),
        gifts=taken.quantity.sum(where=taken.milestone.notnull()).cast("int64"),
        unused=taken.quantity.sum(where=taken.status == "expired").cast("int64"),
        members=taken.member.nunique(),
    ))  # fmt: skip
    people = _people(columns, taken)
    points = _points(columns, since, on)
    margins, (margin, is_known) = _margins(columns, taken, since, on)
    beside = _beside(columns, taken, on)
    found: dict[str, RewardFigures] = {}
    for row in totals:
        reward = row["reward"]
        by_tier, by_segment = people.get(reward, ({}, {}))
        told, known = margins.get(reward, (None, True))
        found[reward] = RewardFigures(
            {each["day"]: each["count"] for each in days if each["reward"] == reward},
            row["taken"] or 0, row["gifts"] or 0, row["unused"] or 0, row["members"], by_tier,
            by_segment, points.get(reward, {}), told, known, beside.get(reward, Beside()),
        )  # fmt: skip
    return AllRewards(on, found, margin, is_known)


def _standing(told: Table) -> BooleanColumn:
    """Whether a redemption was taken for good; what was held and let go was not."""
    return told.status.isin(_TAKEN) | ((told.status == "expired") & told.captured_at.notnull())


def _recent(columns: Columns, since: date, on: date) -> Table:
    told = columns["redemptions"]
    return told.filter(told.reward.notnull(), told.day.between(since, on), _standing(told))


def _taken(columns: Columns, since: date, on: date) -> Table:
    """A row for each redemption, in however many units it was paid."""
    told = _recent(columns, since, on)
    kept = told.select(
        "redemption_id", "reward", "member", "quantity", "status", "day", "milestone"
    ).distinct()
    return kept


def _people(
    columns: Columns, taken: Table
) -> dict[str, tuple[dict[str | None, int], dict[str, int]]]:
    """Who took a reward: by the tier and the segments that they are in today."""
    members = columns["members"]
    joined = taken.inner_join(members, taken.member == members.member)
    told = joined.group_by(taken.reward, members.tier, members.segments).agg(
        count=taken.quantity.sum().cast("int64")
    )
    found: dict[str, tuple[dict[str | None, int], dict[str, int]]] = {}
    for row in _rows(columns, told):
        by_tier, by_segment = found.setdefault(row["reward"], ({}, {}))
        by_tier[row["tier"]] = by_tier.get(row["tier"], 0) + row["count"]
        for segment in orjson.loads(row["segments"] or "[]"):
            by_segment[segment] = by_segment.get(segment, 0) + row["count"]
    return found


def _points(columns: Columns, since: date, on: date) -> dict[str, dict[str, int]]:
    told = _recent(columns, since, on)
    paid = told.filter(told.unit.notnull())
    summed = paid.group_by("reward", "unit").agg(points=paid.points.sum().cast("int64"))
    found: dict[str, dict[str, int]] = {}
    for row in _rows(columns, summed):
        found.setdefault(row["reward"], {})[row["unit"]] = row["points"]
    return found


def _margins(
    columns: Columns, taken: Table, since: date, on: date
) -> tuple[dict[str, tuple[int | None, bool]], tuple[int | None, bool]]:
    """What the purchases of those who took a reward left, and those of all members."""
    sales = columns["sales"]
    recent = sales.filter(sales.member.notnull(), sales.day.between(since, on))
    each = recent.group_by("member").agg(
        margin=recent.margin.sum().cast("int64"),
        unknown=recent.margin.isnull().cast("int64").sum().cast("int64"),
    )
    takers = taken.select("reward", "member").distinct()
    joined = takers.inner_join(each, takers.member == each.member)
    told = joined.group_by(takers.reward).agg(
        margin=each.margin.sum().cast("int64"), unknown=each.unknown.sum().cast("int64")
    )
    whole = _rows(columns, each.agg(
        margin=each.margin.sum().cast("int64"), unknown=each.unknown.sum().cast("int64")
    ))[0]  # fmt: skip
    of_each = {row["reward"]: (row["margin"], not row["unknown"]) for row in _rows(columns, told)}
    return of_each, (whole["margin"], not whole["unknown"])


def _beside(columns: Columns, taken: Table, on: date) -> dict[str, Beside]:
    """What members spent around the first time they took each reward."""
    # It takes a second to load, which whoever only shows what was made must not pay.
    import ibis  # noqa: PLC0415

    first = taken.group_by("reward", "member").agg(first=taken.day.min())
    over = first.filter(first.first <= on - timedelta(days=BESIDE_DAYS))
    sales = columns["sales"]
    joined = over.left_join(sales, over.member == sales.member)
    far = ibis.interval(days=BESIDE_DAYS)
    is_before = (sales.day < over.first) & (sales.day >= over.first - far)
    is_after = (sales.day > over.first) & (sales.day <= over.first + far)
    told = joined.group_by(over.reward).agg(
        members=over.member.nunique(),
        before=sales.net.sum(where=is_before).cast("int64"),
        after=sales.net.sum(where=is_after).cast("int64"),
    )
    return {
        row["reward"]: Beside(row["members"], row["before"] or 0, row["after"] or 0)
        for row in _rows(columns, told)
    }


def _rows(columns: Columns, table: Table) -> Sequence[dict[str, Any]]:
    found: list[dict[str, Any]] = columns.backend.to_pyarrow(table).to_pylist()
    return found
