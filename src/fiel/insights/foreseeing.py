"""A usual customer's year under a program: what can be said before anything was sold.

The code that decides at the till decides here too, on purchases of one size, evenly through a year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from fiel.domain.activity import Activity, Line, LineKind, Occasion, OccasionKind, Sale
from fiel.domain.deciding import Rulebook, decide
from fiel.domain.member import LimitKey, MemberFacts, MemberState
from fiel.domain.milestones import SPEND
from fiel.domain.program import Program
from fiel.insights.review.economics import Economics, cost_of_reward, economics_of
from fiel.insights.review.evidence import Evidence, UnitEvidence

_DAYS = 365
_NOON = 12


@dataclass(frozen=True, slots=True)
class Usual:
    """A usual customer: a purchase in minor units, the margin's share of it, visits in a year."""

    ticket: int
    margin: Fraction
    visits: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a year comes to. Amounts are minor units; `points` is by unit.

    `cost` is what it costs if everything is redeemed, None where the program does not say what a
    reward costs; `lift` how much more must be sold to pay for it, None where that cannot be.
    """

    visits: int
    spend: int
    margin: Fraction
    points: dict[str, int]
    cost: Fraction | None

    @property
    def cost_rate(self) -> Fraction | None:
        """The cost as a share of what is spent."""
        return None if self.cost is None else self.cost / self.spend

    @property
    def margin_after(self) -> Fraction | None:
        """What is left of the margin."""
        return None if self.cost is None else self.margin - self.cost

    @property
    def lift(self) -> Fraction | None:
        """By how much sales must rise for the program to pay for itself."""
        if self.cost is None or self.margin <= self.cost:
            return None
        return self.cost / (self.margin - self.cost)


def a_usual_year(program: Program, usual: Usual, *, begins: datetime) -> Foreseen:
    """What a program comes to for a usual customer in the year from a moment on."""
    given: Counter[str] = Counter()
    rulebook, spend, visits = Rulebook.of(program), 0, 0
    limits: dict[LimitKey, int] = {}
    for activity in _activities(usual, begins):
        facts = MemberFacts(spend=spend, visits=visits)
        member = MemberState(begins, facts, limits_used=limits)
        decision = decide(rulebook, member, activity, budgets_left=None)
        given.update(decision.points())
        for key, used in decision.limits.items():
            limits[key] = limits.get(key, 0) + used
        if isinstance(activity, Sale):
            spend, visits = spend + activity.net, visits + 1
    evidence = Evidence(
        days=_DAYS, sales=visits, members=1, one_time_members=0, net=spend,
        margin=int(spend * usual.margin), net_with_margin=spend,
        units={unit: UnitEvidence(issued=given[unit]) for unit in program.units},
    )  # fmt: skip
    cost = _cost(program, economics_of(program, evidence), evidence, spend)
    return Foreseen(visits, spend, spend * usual.margin, dict(given), cost)


def _activities(usual: Usual, begins: datetime) -> Iterator[Activity]:
    yield Occasion(begins, OccasionKind.ENROLMENT)
    for visit in range(usual.visits):
        day = begins + timedelta(days=visit * _DAYS // usual.visits)
        yield _sale(usual, day.replace(hour=_NOON))
    yield Occasion(begins + timedelta(days=_DAYS // 2), OccasionKind.BIRTHDAY)
    yield Occasion(begins + timedelta(days=_DAYS), OccasionKind.ANNIVERSARY)


def _sale(usual: Usual, at: datetime) -> Sale:
    net = usual.ticket
    line = Line(1, "", "", "", LineKind.GOODS, 1, Decimal(net), net, net, int(net * usual.margin))
    return Sale(at.astimezone(UTC), "", "", (line,), 0, net, net, 1)


def _cost(
    program: Program, economics: Economics, evidence: Evidence, spend: int
) -> Fraction | None:
    """What points cost, and the rewards for levels of spending that were reached."""
    gifts = [
        cost_of_reward(program.rewards[milestone.reward], evidence)
        for milestone in program.milestones
        if milestone.reward and milestone.of == SPEND and milestone.at and milestone.at <= spend
    ]
    rate, known = economics.cost_rate, [gift for gift in gifts if gift is not None]
    if rate is None and not known:
        return None
    return (rate or Fraction(0)) * spend + sum(known, Fraction(0))
