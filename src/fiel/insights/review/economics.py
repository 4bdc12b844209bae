"""What a program costs and gives back: per point, per sale, and against the margin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from fiel.domain.program import Event, Give, Program, Reward, RewardKind
from fiel.insights.review.evidence import Evidence

_WORTH_THEIR_AMOUNT = (RewardKind.DISCOUNT, RewardKind.VOUCHER, RewardKind.GIFT_CARD)


@dataclass(frozen=True, slots=True)
class RewardEconomics:
    """What a reward is worth to a member and costs the merchant, per point; minor units."""

    reward: str
    unit: str
    price: int
    worth: Fraction | None
    cost: Fraction | None

    @property
    def worth_of_point(self) -> Fraction | None:
        """What one point buys; None where the reward costs no points."""
        return self.worth / self.price if self.worth is not None and self.price else None

    @property
    def cost_of_point(self) -> Fraction | None:
        """What one point costs when it is redeemed for it."""
        return self.cost / self.price if self.cost is not None and self.price else None


@dataclass(frozen=True, slots=True)
class UnitEconomics:
    """What one unit gives back and costs.

    `worth` is the most that a member gets for one, `cost` the most that one costs; both in minor
    units and None where nothing says it. `given_per_sale_value` is how many are given for a minor
    unit of net, `measured` whether that was counted on past sales rather than read in the rules.
    """

    unit: str
    worth: Fraction | None
    cost: Fraction | None
    given_per_sale_value: Fraction | None
    measured: bool

    @property
    def return_rate(self) -> Fraction | None:
        """The share of what they spend that members get back, when they redeem everything."""
        if self.worth is None or self.given_per_sale_value is None:
            return None
        return self.worth * self.given_per_sale_value

    @property
    def cost_rate(self) -> Fraction | None:
        """The share of net that it costs, when they redeem everything."""
        if self.cost is None or self.given_per_sale_value is None:
            return None
        return self.cost * self.given_per_sale_value


@dataclass(frozen=True, slots=True)
class Economics:
    """The economics of a program. Rates are shares of net sales to members."""

    units: tuple[UnitEconomics, ...]
    rewards: tuple[RewardEconomics, ...]
    margin_rate: Fraction | None

    @property
    def return_rate(self) -> Fraction | None:
        """What members get back of what they spend, over all units; None: nothing says it."""
        return _sum([unit.return_rate for unit in self.units])

    @property
    def cost_rate(self) -> Fraction | None:
        """What it costs of what they spend, over all units; None: nothing says it."""
        return _sum([unit.cost_rate for unit in self.units])

    @property
    def break_even_lift(self) -> Fraction | None:
        """By how much sales must rise for the program to pay for itself; None: it cannot.

        With margin m and cost c as shares of net, (1 + lift) (m − c) = m.
        """
        margin, cost = self.margin_rate, self.cost_rate
        if margin is None or cost is None or margin <= cost:
            return None
        return cost / (margin - cost)


def economics_of(
    program: Program, evidence: Evidence | None, *, margin: Fraction | None = None
) -> Economics:
    """The economics of a program, on the merchant's past where there is one.

    `margin` is what the merchant says of it; it counts where no sale tells.
    """
    rewards = tuple(_rewards(program, evidence))
    units = tuple(_unit(program, unit, rewards, evidence) for unit in program.units)
    measured = evidence.margin_rate if evidence else None
    return Economics(units, rewards, margin if measured is None else measured)


def worth_of_reward(reward: Reward, evidence: Evidence | None) -> Fraction | None:
    """What a reward is worth to whoever gets it: what it would have cost to buy."""
    if reward.kind in _WORTH_THEIR_AMOUNT:
        if reward.amount is not None:
            return Fraction(reward.amount)
        if reward.percent is not None and evidence and evidence.average_sale is not None:
            return Fraction(reward.percent) / 100 * evidence.average_sale
        return None
    if reward.sku is not None and evidence:
        return evidence.prices.get(reward.sku)
    return None


def cost_of_reward(reward: Reward, evidence: Evidence | None) -> Fraction | None:
    """What a reward costs the merchant: as the document says, else what the goods cost."""
    if reward.cost is not None:
        return Fraction(reward.cost)
    if reward.kind in _WORTH_THEIR_AMOUNT:
        return worth_of_reward(reward, evidence)
    if reward.sku is not None and evidence:
        return evidence.costs.get(reward.sku)
    return None


def _rewards(program: Program, evidence: Evidence | None) -> Iterator[RewardEconomics]:
    for reward in program.rewards.values():
        if len(reward.price) != 1:
            continue  # free, or paid with several units: no one of them says what a point is worth
        unit, price = next(iter(reward.price.items()))
        yield RewardEconomics(
            reward.id,
            unit,
            price,
            worth_of_reward(reward, evidence),
            cost_of_reward(reward, evidence),
        )


def _unit(
    program: Program,
    unit: str,
    rewards: tuple[RewardEconomics, ...],
    evidence: Evidence | None,
) -> UnitEconomics:
    of_unit = [reward for reward in rewards if reward.unit == unit]
    worths = [worth for reward in of_unit if (worth := reward.worth_of_point) is not None]
    costs = [cost for reward in of_unit if (cost := reward.cost_of_point) is not None]
    for milestone in program.milestones:
        reward = program.rewards.get(milestone.reward or "")
        if milestone.of == unit and milestone.every and reward is not None:  # a stamp card
            if (worth_of := worth_of_reward(reward, evidence)) is not None:
                worths.append(worth_of / milestone.every)
            if (cost_of := cost_of_reward(reward, evidence)) is not None:
                costs.append(cost_of / milestone.every)
    value = program.units[unit].value
    if value is not None and (program.pay_with_points and program.pay_with_points.unit == unit):
        paid = value * program.currency.minor_per_major
        worths.append(paid)
        costs.append(paid)
    worth = max(worths, default=None)
    cost = max(costs, default=None)
    measured = evidence.units.get(unit) if evidence else None
    if evidence and measured is not None and evidence.net > 0:
        given: Fraction | None = Fraction(measured.issued, evidence.net)
    else:
        given = _given_by_rules(program, unit)
    return UnitEconomics(unit, worth, cost, given, measured is not None)


def _given_by_rules(program: Program, unit: str) -> Fraction | None:
    """What rules that always hold give for a minor unit of net; None where none gives by value."""
    rates = [
        rule.effect.amounts[unit] / rule.effect.per
        for rule in program.earn
        if isinstance(rule.effect, Give)
        and rule.event is Event.SALE
        and rule.effect.per is not None
        and unit in rule.effect.amounts
        and rule.when is None
    ]
    return sum(rates, Fraction(0)) if rates else None


def _sum(rates: list[Fraction | None]) -> Fraction | None:
    known = [rate for rate in rates if rate is not None]
    return sum(known, Fraction(0)) if known else None
