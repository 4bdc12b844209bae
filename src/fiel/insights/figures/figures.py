"""The figures of one period, each as it is defined beside the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from fiel.insights.figures.customers import Customers
from fiel.insights.figures.enrolled import Enrolled
from fiel.insights.figures.flows import Flow
from fiel.insights.figures.periods import Period
from fiel.insights.figures.sold import Sold, SoldTo

YEAR_DAYS = 365
# Of the members' net sales, at least so many percent must have a margin for telling a ratio to it.
ENOUGH_MARGIN = 90

type Number = int | Fraction | None


def ratio(part: Number, whole: Number) -> Fraction | None:
    """A part of a whole; None where either cannot be said, or there is no whole."""
    return None if part is None or not whole else Fraction(part) / whole


def percent(part: Number, whole: Number) -> Fraction | None:
    """A part in percent of a whole; None where either cannot be said, or there is no whole."""
    share = ratio(part, whole)
    return None if share is None else 100 * share


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one period. Money is in minor units; None is what cannot be said.

    `members_counted` is None where members belong to no such thing: a store has sales, not members.
    """

    period: Period
    customer_days: int
    minor_per_major: int
    sold: SoldTo = field(default_factory=SoldTo)
    customers: Customers = field(default_factory=Customers)
    members_counted: Enrolled | None = None
    flows: Mapping[str, Flow] = field(default_factory=dict)

    # Members

    @property
    def members(self) -> int | None:
        """Members at the end of the period."""
        return None if self.members_counted is None else self.members_counted.members

    @property
    def new_members(self) -> int | None:
        """Members who joined within the period."""
        return None if self.members_counted is None else self.members_counted.new

    @property
    def active_members(self) -> int:
        """Members who bought within the period."""
        return self.customers.active

    @property
    def active_rate(self) -> Fraction | None:
        """Active members in percent of all at the end."""
        return percent(self.active_members, self.members)

    # Sales

    @property
    def all_sold(self) -> Sold:
        """What was sold with a member and without one."""
        return self.sold.members + self.sold.others

    @property
    def enrolment_rate(self) -> Fraction | None:
        """Purchases with a member in percent of all."""
        return percent(self.sold.members.purchases, self.all_sold.purchases)

    @property
    def enrolment_rate_net(self) -> Fraction | None:
        """Net sales with a member in percent of all."""
        return percent(self.sold.members.net, self.all_sold.net)

    @property
    def average_spend(self) -> Fraction | None:
        """Net sales of a purchase, all of them."""
        return ratio(self.all_sold.net, self.all_sold.purchases)

    @property
    def average_spend_members(self) -> Fraction | None:
        """Net sales of a purchase with a member."""
        return ratio(self.sold.members.net, self.sold.members.purchases)

    @property
    def average_spend_others(self) -> Fraction | None:
        """Net sales of a purchase without a member."""
        return ratio(self.sold.others.net, self.sold.others.purchases)

    @property
    def spend_difference(self) -> Fraction | None:
        """How much more a purchase with a member is, in percent of one without."""
        return change(self.average_spend_members, self.average_spend_others)

    @property
    def purchase_frequency(self) -> Fraction | None:
        """Purchases of an active member within the period."""
        return ratio(self.sold.members.purchases, self.active_members)

    # Staying

    @property
    def history_days(self) -> int:
        """Days from the first purchase of a member to the end of the period."""
        since = self.customers.since
        return 0 if since is None else max(0, (self.period.until - since).days + 1)

    @property
    def knows_start(self) -> bool:
        """Whether the copy reaches back as far as customers at the start are counted."""
        return self.history_days - self.period.days >= self.customer_days

    @property
    def retention_rate(self) -> Fraction | None:
        """(Customers at the end − new) ÷ customers at the start × 100."""
        stayed = self.customers.at_end - self.customers.new
        return percent(stayed, self.customers.at_start) if self.knows_start else None

    @property
    def strict_retention_rate(self) -> Fraction | None:
        """Customers at the start who are customers at the end, in percent of those at the start."""
        start = self.customers.at_start
        return percent(self.customers.stayed, start) if self.knows_start else None

    @property
    def reactivated(self) -> int:
        """Customers at the end who were none at the start and are not new."""
        return self.customers.at_end - self.customers.new - self.customers.stayed

    # Value

    @property
    def knows_lifetime(self) -> bool:
        """Whether members have bought for long enough, and again, for a lifetime to be told."""
        return self.history_days >= self.customer_days and self.customers.again > 0

    @property
    def purchase_value(self) -> Fraction | None:
        """Average purchase value: net sales of a purchase with a member, ever up to the end."""
        return ratio(self.sold.members_ever.net, self.sold.members_ever.purchases)

    @property
    def yearly_frequency(self) -> Fraction | None:
        """Average purchase frequency: purchases in a year of a customer's life."""
        years = Fraction(self.customers.lifetime_days, YEAR_DAYS)
        return ratio(self.sold.members_ever.purchases, years) if self.knows_lifetime else None

    @property
    def lifetime_years(self) -> Fraction | None:
        """Average customer lifetime, in years."""
        years = Fraction(self.customers.lifetime_days, YEAR_DAYS)
        return ratio(years, self.customers.ever) if self.knows_lifetime else None

    @property
    def yearly_value(self) -> Fraction | None:
        """What a customer brings in a year of life: average purchase value × frequency."""
        return _product(self.purchase_value, self.yearly_frequency)

    @property
    def lifetime_value(self) -> Fraction | None:
        """Average purchase value × average purchase frequency × average customer lifetime."""
        return _product(self.yearly_value, self.lifetime_years)

    # Points

    @property
    def points_cost(self) -> Fraction | None:
        """What the points issued are worth; None where no unit pays."""
        told = [flow.cost for flow in self.flows.values() if flow.cost is not None]
        return sum(told, Fraction()) * self.minor_per_major if told else None

    @property
    def margin_known(self) -> Fraction | None:
        """Net sales with members whose margin is known, in percent of all with members."""
        return percent(self.sold.members.net_of_margin, self.sold.members.net)

    @property
    def margin(self) -> Fraction | None:
        """Margin of purchases with members; what is not known is taken to bring as much."""
        known = self.margin_known
        if known is None or known < ENOUGH_MARGIN:
            return None
        return self.sold.members.margin * 100 / known

    @property
    def points_cost_of_margin(self) -> Fraction | None:
        """Points cost in percent of the margin of purchases with members."""
        margin = self.margin
        return None if margin is None or margin <= 0 else percent(self.points_cost, margin)

    @property
    def points_cost_of_sales(self) -> Fraction | None:
        """Points cost in percent of net sales with members."""
        return percent(self.points_cost, self.sold.members.net)


def redemption_rate(flow: Flow) -> Fraction | None:
    """Points redeemed in percent of the points issued in the same period."""
    return percent(flow.redeemed, flow.issued) if flow.issued > 0 else None


def breakage_rate(flow: Flow) -> Fraction | None:
    """Points that expired in percent of those that were redeemed or expired."""
    gone = flow.redeemed + flow.expired
    return percent(flow.expired, gone) if gone > 0 else None


def change(value: Number, before: Number) -> Fraction | None:
    """The change in percent of what was before; None where that is nothing or cannot be said."""
    if value is None or before is None or before <= 0:
        return None
    return 100 * (Fraction(value) - before) / before


def difference(value: Number, before: Number) -> Fraction | None:
    """The change of a percentage, in percentage points."""
    return None if value is None or before is None else Fraction(value) - before


def _product(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one * other
